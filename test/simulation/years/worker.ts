/** Runs a stretch of the years in a process of its own, with a bug planted or none, and prints what came of it as JSON. */
import { plant } from '../bugs.ts';
import { YEARS_BUGS } from './bug-list.ts';
import type { YearsPlan } from './run.ts';

export interface Stretch extends YearsPlan {
  readonly bug?: string;
}

const stretch = JSON.parse(process.argv[2] ?? '{}') as Stretch;
if (stretch.bug !== undefined) plant(stretch.bug, YEARS_BUGS);
// After the bug is planted.
const { runYears } = await import('./run.ts');
const { happened, dayEnds, ...outcome } = await runYears(stretch);
process.stdout.write(JSON.stringify({ ...outcome, happened: [...happened], dayEnds: [...dayEnds] }));

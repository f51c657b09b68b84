/** Runs a share of the seeds in a process of its own, with a bug planted or none, and prints one line of JSON for each run. */
import { plant } from './bugs.ts';

export interface Share {
  readonly prefix: string;
  readonly first: number;
  readonly step: number;
  readonly runs: number;
  readonly instances?: number;
  /** The world that every plan is made into. */
  readonly world?: string;
  readonly bug?: string;
  /** No run begins after so long. */
  readonly seconds?: number;
  /** Ends after the first failure. */
  readonly untilFound?: boolean;
  /** Seeds that are left out. */
  readonly passOver?: readonly string[];
}

const share = JSON.parse(process.argv[2] ?? '{}') as Share;
if (share.bug !== undefined) plant(share.bug);
// After the bug is planted.
const { run } = await import('./run.ts');
const { drawPlan } = await import('./draw-plan.ts');
const { buildTown } = await import('./world/town.ts');

const town = await buildTown();
const { seconds = Infinity } = share;
for (let n = 0; n < share.runs && performance.now() < seconds * 1000; n++) {
  const seed = `${share.prefix}${share.first + n * share.step}`;
  if (share.passOver?.includes(seed)) continue;
  const { broken, trace, steps } = await run(drawPlan(seed, share.instances, share.world), town);
  process.stdout.write(`${JSON.stringify({ seed, broken, trace, steps })}\n`);
  if (broken.length > 0 && share.untilFound) break;
}

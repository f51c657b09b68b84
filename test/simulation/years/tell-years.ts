/** Runs years of days, or looks in them for deliberate bugs, and says what came of it. */
import { createHash } from 'node:crypto';
import { YEARS_BUGS } from './bug-list.ts';
import { inTurn, runStretch, stretchesOf, type Outcome, type Years } from './stretches.ts';
import type { Stretch } from './worker.ts';

export interface YearsAsked extends Years {
  /** Stretches that are run at once. */
  readonly workers: number;
  /** Name of a bug, several with commas, or `all`. */
  readonly bug?: string;
  readonly print: (line: string) => void;
}

/** Broken laws of a stretch that are printed. */
const MOST = 20;
/** Characters of a broken law in a row of the table: figures are long. */
const WIDEST = 100;
const DAY_MS = 86_400_000;

/** Sets the exit code where a law is broken; of several bugs, where one is not found. */
export async function tellYears(asked: YearsAsked): Promise<void> {
  const { bug } = asked;
  if (bug === 'all')
    await findAll(
      asked,
      YEARS_BUGS.map(({ name }) => name),
    );
  else if (bug?.includes(',')) await findAll(asked, bug.split(','));
  else await tell(asked);
}

async function tell({ workers, bug, print, ...years }: YearsAsked): Promise<void> {
  const began = performance.now();
  const stretches = stretchesOf(years).map((one): Stretch => ({ ...one, ...(bug !== undefined && { bug }) }));
  const outcomes = await inTurn(stretches, workers, runStretch);
  for (const [n, { broken, alarms }] of outcomes.entries()) {
    const { from } = stretches[n]!;
    for (const line of broken.slice(0, MOST)) print(`from ${from}: ${line}`);
    if (broken.length > MOST) print(`from ${from}: ${broken.length - MOST} more`);
    for (const line of new Set(alarms)) print(`from ${from}: ${line}`);
  }
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
  const happened = Map.groupBy(
    outcomes.flatMap((one) => one.happened),
    ([kind]) => kind,
  );
  const times = [...happened].map(([kind, found]) => `${kind} ${found.reduce((all, [, count]) => all + count, 0)}`);
  const hash = createHash('sha256');
  for (const { trace } of outcomes) hash.update(trace);
  print(
    `${sum((one) => one.days)} days, ${new Set(outcomes.flatMap((one) => one.dayEnds)).size} ends of the day; ${times.join(', ')}`,
  );
  print(
    `${sum((one) => one.posts)} summaries with ${sum((one) => one.corrections)} corrections, ${sum((one) => one.repeats)} marked repeats; ` +
      `${sum((one) => one.broken.length)} laws broken; ${((performance.now() - began) / 1000).toFixed(0)} s with ${workers} processes; ` +
      `trace ${hash.digest('hex').slice(0, 16)}`,
  );
  if (sum((one) => one.broken.length) > 0) process.exitCode = 1;
}

/** Plants each bug in turn and goes through the years until a law is broken; prints each as a row of a table. */
async function findAll({ workers, print, ...years }: YearsAsked, names: readonly string[]): Promise<void> {
  const stretches = stretchesOf(years);
  const clean = new Map<Stretch, Promise<boolean>>();
  const isClean = (stretch: Stretch): Promise<boolean> => {
    const found = clean.get(stretch) ?? runStretch(stretch).then(({ broken }) => broken.length === 0);
    clean.set(stretch, found);
    return found;
  };
  const rows = await inTurn(names, workers, async (bug) => {
    let before = 0;
    for (const stretch of stretches) {
      const { broken } = await runStretch({ ...stretch, bug });
      // A stretch that breaks a law without the bug too finds nothing.
      if (broken.length > 0 && (await isClean(stretch))) {
        const { day, line } = firstOf(broken);
        const days = Math.max(1, before + (Date.parse(day) - Date.parse(stretch.from)) / DAY_MS);
        return { found: true, row: `| \`${bug}\` | ${days} | ${broken.length} | ${line.slice(0, WIDEST)} |` };
      }
      before += stretch.days;
    }
    return { found: false, row: `| \`${bug}\` | not in ${before} | | |` };
  });
  for (const { row } of rows) print(row);
  const unfound = rows.filter(({ found }) => !found).length;
  print(unfound === 0 ? `all ${names.length} found` : `${unfound} of ${names.length} not found`);
  if (unfound > 0) process.exitCode = 1;
}

/** The line of a broken law with the earliest day; each names its own first, or the first and last of a week or month. */
const firstOf = (broken: readonly string[]): { readonly day: string; readonly line: string } =>
  broken
    .map((line) => ({ line, day: /(?:[\d-]{10} ~ )?(\d{4}-\d\d-\d\d)/.exec(line)?.[1] ?? '9999-12-31' }))
    .toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0))[0]!;

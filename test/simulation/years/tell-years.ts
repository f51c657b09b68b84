/** Divides years into stretches, one after another and each with a seed of its own, runs them in several processes, and says what came of them. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Stretch } from './worker.ts';
import type { YearsOutcome } from './run.ts';

export interface YearsAsked {
  readonly years: number;
  readonly seed: string;
  /** The first year. */
  readonly first: number;
  readonly workers: number;
  readonly bug?: string;
  readonly print: (line: string) => void;
}

type Outcome = Omit<YearsOutcome, 'happened' | 'dayEnds'> & {
  readonly happened: readonly (readonly [string, number])[];
  readonly dayEnds: readonly string[];
};

const DAYS_A_YEAR = 365.25;
/** Broken laws of a stretch that are printed. */
const MOST = 20;

/** Sets the exit code where a law is broken. */
export async function tellYears({ years, seed, first, workers, bug, print }: YearsAsked): Promise<void> {
  const began = performance.now();
  const days = Math.ceil((years * DAYS_A_YEAR) / workers);
  const start = Date.parse(`${first}-01-01`);
  const stretches = Array.from({ length: workers }, (_, n): Stretch => {
    const from = new Date(start + n * days * 86_400_000).toISOString().slice(0, 10);
    return { seed: `${seed}/${n}`, from, days, ...(bug !== undefined && { bug }) };
  });
  const outcomes = await Promise.all(stretches.map(run));
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
  print(
    `${sum((one) => one.days)} days, ${new Set(outcomes.flatMap((one) => one.dayEnds)).size} ends of the day; ${times.join(', ')}`,
  );
  print(
    `${sum((one) => one.posts)} summaries with ${sum((one) => one.corrections)} corrections, ${sum((one) => one.repeats)} marked repeats; ` +
      `${sum((one) => one.broken.length)} laws broken; ${((performance.now() - began) / 1000).toFixed(0)} s with ${workers} processes`,
  );
  if (sum((one) => one.broken.length) > 0) process.exitCode = 1;
}

async function run(stretch: Stretch): Promise<Outcome> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'worker.ts'), JSON.stringify(stretch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await text(child.stdout);
  if (said === '') throw new Error(`the stretch from ${stretch.from} ended without a word`);
  return JSON.parse(said) as Outcome;
}

/** Divides years into stretches, one after another and each with a seed of its own, and runs them in processes of their own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { YearsOutcome } from './run.ts';
import type { Stretch } from './worker.ts';

export interface Years {
  readonly years: number;
  readonly seed: string;
  /** The first year. */
  readonly first: number;
}

export type Outcome = Omit<YearsOutcome, 'happened' | 'dayEnds'> & {
  readonly happened: readonly (readonly [string, number])[];
  readonly dayEnds: readonly string[];
};

const DAYS_A_YEAR = 365.25;
const DAY_MS = 86_400_000;
/** More than a year, so that most ends of a year lie within one. */
const MOST_DAYS = 500;

/** The stretches are the same on every machine, however many processes it has. */
export function stretchesOf({ years, seed, first }: Years): readonly Stretch[] {
  const all = Math.ceil(years * DAYS_A_YEAR);
  const count = Math.ceil(all / MOST_DAYS);
  const days = Math.ceil(all / count);
  return Array.from({ length: count }, (_, n) => {
    const from = new Date(Date.parse(`${first}-01-01`) + n * days * DAY_MS).toISOString().slice(0, 10);
    return { seed: `${seed}/${n}`, from, days };
  });
}

export async function runStretch(stretch: Stretch): Promise<Outcome> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'worker.ts'), JSON.stringify(stretch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await text(child.stdout);
  if (said === '') throw new Error(`the stretch from ${stretch.from} ended without a word`);
  return JSON.parse(said) as Outcome;
}

/** Does something with each, so many at once; gives what came of them in their order. */
export async function inTurn<One, Result>(
  all: readonly One[],
  atOnce: number,
  run: (one: One) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < all.length) {
      const n = next++;
      results[n] = await run(all[n]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work));
  return results;
}

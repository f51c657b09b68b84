/** Two ways to load something, and what is read off the times. */
import { setTimeout as pause } from 'node:timers/promises';

/** So many a second, whether they are answered or not; resolves with all answers. Numbers go up from 0. */
export async function steadily<T>(perSecond: number, seconds: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const began = performance.now();
  const acts: Promise<T>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const early = began + (n * 1000) / perSecond - performance.now();
    if (early > 0) await pause(early);
    const acting = act(n);
    // The first that fails is told of at the end.
    acting.catch(() => undefined);
    acts.push(acting);
  }
  return await Promise.all(acts);
}

/** Always `atOnce` under way, for so long; resolves with how many were done in a second. */
export async function flatOut(atOnce: number, seconds: number, act: (n: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const end = began + seconds * 1000;
  let next = 0;
  let done = 0;
  const keepOn = async (): Promise<void> => {
    while (performance.now() < end) {
      await act(next++);
      done++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, keepOn));
  return done / ((performance.now() - began) / 1000);
}

/** What `share` of the values stay within: 0.5 is the median. */
export function within(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;
}

/** Kills the bot at every step of confirming a coupon and of posting a summary. Runs with KILL=1. */
import { describe, expect, it } from 'vitest';
import { killAt, killPosting, type CallFate } from './kill-sweep.ts';

/** Bots in parallel; each takes every third step until one is beyond the end. */
const SIDE_BY_SIDE = 3;

function* every(first: number): Iterable<number> {
  for (let n = first; n < 500; n += SIDE_BY_SIDE) yield n;
}

describe('killed between any two things it does', { timeout: 900_000 }, () => {
  it.each([
    ['answered', 15],
    ['lost after', 30],
    ['lost before', 40],
  ] as const)(
    'with the call %s: used once at most, ledger and books agree, and the chat knows how it ended',
    async (fate: CallFate, least) => {
      const kills = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, n) => killAt(fate, every(n + 1))));
      expect(kills.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(least);
    },
  );

  it('while a summary is posted: it comes once, or a second time with a mark', async () => {
    let repeats = 0;
    // Jobs of the night stand between its steps in another order each time: a round may miss the moment between sent and noted.
    for (let round = 0; round < 5 && repeats === 0; round += 1) {
      const sweeps = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, n) => killPosting(every(n + 1))));
      expect(sweeps.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(8);
      repeats = sweeps.reduce((sum, one) => sum + one.repeats, 0);
    }
    expect(repeats).toBeGreaterThan(0);
  });
});

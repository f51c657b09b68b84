/** Instances that die, sleep and lose the database while people verify coupons: a short form of `run.ts`. Runs with POSTGRES=1. */
import { afterEach, describe, expect, it } from 'vitest';
import { createChance, openWorld, type Blow, type World } from './world.ts';

/** Leases that the harness shortens end after some seconds, so an instance that was suspended for so long wakes up too late. */
const SUSPENDED_S = 9;

let world: World | undefined;
afterEach(() => world?.close(), 60_000);

const MINUTE = 60_000;

describe('two instances whose clocks are eight minutes apart', () => {
  it('use every coupon once and answer every chat, whatever strikes the one that hears', { timeout: 240_000 }, async () => {
    const aheadMs = [-4 * MINUTE, 4 * MINUTE];
    const opened = await openWorld({ instances: 2, people: 3, aheadMs, shortLeases: true, chance: createChance(1) });
    world = opened;
    const blows: readonly (readonly [Blow, number])[] = [
      ['kill', 1],
      ['stop', SUSPENDED_S],
      ['drop', 2],
      ['black-hole', 3],
      ['reset', 1],
    ];
    for (const [blow, seconds] of blows) {
      const silent = await opened.strike(await opened.leader(), blow, seconds);
      expect([blow, silent < 15_000]).toEqual([blow, true]);
    }
    const books = await opened.rest(MINUTE);
    expect(books.used).toBeGreaterThan(0);
    expect(books).toMatchObject({ usedTwice: 0, wrong: [], wrongCards: [], left: 0 });
    expect(books.fen.here).toBe(books.fen.there);
    expect(books.chats).not.toContain(undefined);
  });

  it('answer every message once, and post every summary once', { timeout: 240_000 }, async () => {
    const aheadMs = [-4 * MINUTE, 4 * MINUTE];
    const opened = await openWorld({ instances: 2, people: 3, aheadMs, latencyMs: 1_500, chance: createChance(2) });
    world = opened;
    await expect.poll(() => opened.summaries(), { timeout: 90_000, interval: 500 }).toEqual([1, 1, 1]);
    const books = await opened.rest(MINUTE);
    expect(books).toMatchObject({ usedTwice: 0, wrong: [], wrongCards: [], answeredTwice: [], summaries: [1, 1, 1], left: 0 });
  });
});

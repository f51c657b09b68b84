/** A long list is read page by page behind people: what they keep of the limit, and how long it makes them wait. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import type { Priority } from '../../../services/platforms/calls.ts';
import type { Coupon } from '../../../services/coupons/coupon.ts';
import type { Platform } from '../../../services/platforms/platform.ts';
import { rateLimited } from '../../../services/rate-limit/rate-limited.ts';
import { ownSlots } from '../../fixtures/own-slots.ts';
import { systemTime } from '../../../services/time/time.ts';
import { scriptedPlatform } from '../../doubles/scripted-platform.ts';

/** How long the platform takes to answer, and how long a slot is taken by a call: until it has rested. ms. */
const ANSWER_MS = 200;
const SLOT_MS = ANSWER_MS + 1_001;
const MINUTES = 5;
const PAGES = 1_000;
const session = { token: 'x', expiresAt: Infinity };
const now = () => Date.now();

let database: Database;
beforeEach(async () => {
  vi.useFakeTimers({ now: 1_795_000_000_000 });
  database = await openSqlite(':memory:');
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

/** A platform that answers by itself and notes who came when: people by their number, pages as `page`. */
function arriving(perSecond: number | undefined) {
  const arrivals: { readonly who: string; readonly at: number }[] = [];
  const answered = <A>(who: string, answer: A): Promise<A> => {
    arrivals.push({ who, at: now() });
    return systemTime.sleep(ANSWER_MS).then(() => answer);
  };
  const platform: Platform = {
    ...scriptedPlatform(now, perSecond).platform,
    perSecond,
    lookup: (_, __, code) => answered<Coupon>(code, { kind: 'coupon', code, title: code, remaining: 1 }),
    async records(_, __, ___, inTurn) {
      for (let page = 0; page < PAGES; page += 1) await inTurn(() => answered('page', undefined));
      return [];
    },
  };
  const slots = ownSlots(database.db, now);
  return { arrivals, limited: rateLimited(platform, { slots, now, sleep: systemTime.sleep }) };
}

interface Scene {
  /** When people come, in order. */
  readonly people: readonly number[];
  readonly list: boolean;
  /** What they come with: only look-ups, or presses too, which go first. */
  readonly presses?: boolean;
  readonly limit?: 'two a second' | 'none';
}

/** Gives when each person's call went out, and how many pages were read. */
async function run({ people, list: withList, presses = false, limit = 'two a second' }: Scene) {
  const { arrivals, limited } = arriving(limit === 'none' ? undefined : 2);
  const turn = (priority: Priority) => ({ account: withList ? 'list' : 'none', priority });
  const began = now();
  if (withList) void limited.records!(turn('background'), session, '5', '2026-11-22').catch(() => undefined);
  people.forEach((at, n) => {
    const priority = presses && n % 2 === 0 ? 'verify' : 'lookup';
    setTimeout(() => void limited.lookup(turn(priority), session, '5', String(n), 'meituan').catch(() => undefined), at);
  });
  await vi.advanceTimersByTimeAsync(MINUTES * 60_000);
  const started = new Map(arrivals.map(({ who, at }) => [who, at - began]));
  return {
    pages: arrivals.filter(({ who }) => who === 'page').length,
    starts: people.map((_, n) => started.get(String(n)) ?? Infinity),
  };
}

/** Times with gaps of the mean length, in bursts as they come; the same in every run. */
function comings(meanMs: number): readonly number[] {
  const times: number[] = [];
  let state = 42;
  for (let at = 500; at < (MINUTES - 1) * 60_000;) {
    times.push(Math.round(at));
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    at += -meanMs * Math.log((state + 1) / 2_147_483_649);
  }
  return times;
}

describe('a long list at two calls a second', () => {
  test('takes a fifth of the limit at most, where nobody else calls', async () => {
    const { pages } = await run({ people: [], list: true });
    const share = pages / (2 * MINUTES * 60);
    expect(share).toBeLessThanOrEqual(0.2 + 1 / (2 * MINUTES * 60));
    expect(share).toBeGreaterThan(0.15);
  });

  test.each([
    ['now and then', 5_000],
    ['every second', 1_000],
    ['nearly as many as go', 700],
  ])('makes nobody wait for more than one slot longer: people come %s', async (_, meanMs) => {
    const people = comings(meanMs);
    const alone = await run({ people, list: false });
    const beside = await run({ people, list: true });
    expect(beside.pages).toBeGreaterThan(0);
    expect(Math.max(...beside.starts.map((at, n) => at - alone.starts[n]!))).toBeLessThanOrEqual(SLOT_MS + 10);
  });

  test('delays no place in the queue by more than one slot, where presses go before look-ups', async () => {
    const people = comings(700);
    const ordered = async (list: boolean) => (await run({ people, list, presses: true })).starts.toSorted((a, b) => a - b);
    const alone = await ordered(false);
    const beside = await ordered(true);
    expect(Math.max(...beside.map((at, n) => at - alone[n]!))).toBeLessThanOrEqual(SLOT_MS + 10);
  });

  test('leaves more than four slots in five to people while they wait', async () => {
    // More than the limit lets through, in rounds that fill the queue.
    const people = Array.from({ length: 2 * 60 * (MINUTES - 1) }, (_, n) => 500 + 10_000 * Math.floor(n / 20));
    const { pages, starts } = await run({ people, list: true, presses: true });
    const through = starts.filter((at) => Number.isFinite(at)).length;
    expect(through / (through + pages)).toBeGreaterThan(0.8);
  });
});

describe('a long list of a platform without a limit', () => {
  test('is read at five pages a second at most, and nobody waits for it', async () => {
    const people = comings(300);
    const { pages, starts } = await run({ people, list: true, limit: 'none' });
    expect(starts).toEqual(people);
    expect(pages).toBeLessThanOrEqual(5 * MINUTES * 60);
    expect(pages).toBeGreaterThan(MINUTES * 60);
  });
});

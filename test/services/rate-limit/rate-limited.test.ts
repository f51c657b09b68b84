/** The rate limit is never exceeded, people come before background work, and the queue is bounded. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rateLimited, type RateLimitedPlatform, type Priority } from '../../../services/rate-limit/rate-limited.ts';
import { PlatformFault, type Platform } from '../../../services/platforms/platform.ts';
import { ownSlots } from '../../fixtures/own-slots.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { scriptedPlatform, type Begun } from '../../doubles/scripted-platform.ts';
import { systemTime } from '../../../services/time/time.ts';

let database: Database;
let begun: Begun[];
let polite: RateLimitedPlatform;
const now = () => Date.now();
const session = { token: 'x', expiresAt: Infinity };

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_734_278_764_000 });
  database = await openSqlite(':memory:');
  const scripted = scriptedPlatform(now);
  begun = scripted.begun;
  polite = rateLimited(scripted.platform, {
    slots: ownSlots(database.db, now),
    now,
    sleep: systemTime.sleep,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

const lookup = (code: string, priority: Priority = 'lookup', account = 'a', signal?: AbortSignal) =>
  polite.lookup({ account, priority, ...(signal && { signal }) }, session, '5', code, 'meituan');
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const codes = () => begun.map(({ code }) => code).join('');
const outcomes: unknown[] = [];
const ask = (word: string, priority?: Priority): void => {
  for (const code of word) {
    const call = lookup(code, priority).catch((error: unknown) => error);
    void call.then((outcome) => outcomes.push(outcome));
  }
};

describe('the limit', () => {
  test('two go at once, the third 1,001 ms after an answer and not a moment sooner', async () => {
    ask('abc');
    await pass(500);
    expect(codes()).toBe('ab');
    begun[0]!.answer();
    await pass(1_000);
    expect(codes()).toBe('ab');
    await pass(10);
    expect(codes()).toBe('abc');
  });

  test('the caller has the answer at once', async () => {
    const answer = lookup('a');
    await pass(5);
    begun[0]!.answer();
    expect(await answer).toHaveProperty('code', 'a');
  });

  test.each([
    ['lost: three seconds, for it may still arrive', new PlatformFault('unreachable', 'not-done', ''), 3_000],
    ['a defect: as after a loss', new Error('oops'), 3_000],
    ['refused as too many: two seconds', new PlatformFault('busy', 'not-done', ''), 2_000],
    ['nonsense: it was an answer', new PlatformFault('nonsense', 'unknown', ''), 1_001],
  ])('after a call that was %s', async (_, error, rest) => {
    ask('abc');
    await pass(5);
    for (const call of begun) call.fail(error);
    await pass(rest - 2);
    expect(codes()).toBe('ab');
    await pass(10);
    expect(codes()).toBe('abc');
  });

  test('is each account’s own', async () => {
    ask('ab');
    void lookup('c', 'lookup', 'another');
    await pass(5);
    expect(begun.map(({ code }) => code).toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('outlives a restart: until the platform has forgotten the calls of before', async () => {
    ask('ab');
    await pass(5);
    begun[0]!.answer();
    begun[1]!.answer();
    await pass(1);
    const scripted = scriptedPlatform(now);
    const restarted = rateLimited(scripted.platform, {
      slots: ownSlots(database.db, now),
      now,
      sleep: systemTime.sleep,
    });
    void restarted.lookup({ account: 'a', priority: 'lookup' }, session, '5', 'c', 'meituan');
    await pass(2_990);
    expect(scripted.begun).toHaveLength(0);
    await pass(20);
    expect(scripted.begun).toHaveLength(1);
  });

  test('does not exist for a platform without one', async () => {
    const scripted = scriptedPlatform(now, undefined);
    const free = ownSlots(database.db, now);
    const straight = rateLimited({ ...scripted.platform, perSecond: undefined }, { slots: free, now, sleep: systemTime.sleep });
    for (const code of 'abcdef') void straight.lookup({ account: 'a', priority: 'lookup' }, session, '5', code, 'meituan');
    expect(scripted.begun).toHaveLength(6);
    expect(straight.waiting('a', 'lookup')).toEqual({ place: 0, ms: 0 });
  });

  test('of patience holds there too: a call that was aborted during a long login is not sent', async () => {
    const scripted = scriptedPlatform(now, undefined);
    const free = ownSlots(database.db, now);
    const straight = rateLimited({ ...scripted.platform, perSecond: undefined }, { slots: free, now, sleep: systemTime.sleep });
    const turn = { account: 'a', priority: 'verify', signal: AbortSignal.abort() } as const;
    await expect(straight.lookup(turn, session, '5', 'a', 'meituan')).rejects.toMatchObject({
      kind: 'busy',
      outcome: 'not-done',
    });
    expect(scripted.begun).toHaveLength(0);
  });
});

describe('the order', () => {
  const answerAll = async () => {
    for (let n = 0; n < begun.length; n += 1) {
      begun[n]!.answer();
      await pass(1_010);
    }
  };

  test('verify, undo, lookup, query, in whatever order they came', async () => {
    ask('12');
    await pass(5);
    ask('s', 'query');
    ask('l', 'lookup');
    ask('u', 'undo');
    ask('v', 'verify');
    await answerAll();
    expect(codes()).toBe('12vuls');
  });

  test('background has a fifth of the limit at most, however short the queue is', async () => {
    ask('abcdefgh', 'background');
    for (let second = 0; second < 10; second += 1) {
      for (const call of begun) call.answer();
      await pass(990);
    }
    expect(codes()).toBe('abcd');
  });

  test('background does not stand in the way of people', async () => {
    ask('b', 'background');
    ask('12', 'lookup');
    await pass(5);
    expect(begun).toHaveLength(2);
    ask('xyz', 'background');
    ask('v', 'verify');
    begun[0]!.answer();
    await pass(1_010);
    expect(begun[2]?.code).toBe('v');
  });
});

describe('waiting', () => {
  test('has a place and an end that come true', async () => {
    expect(polite.waiting('a', 'lookup')).toEqual({ place: 0, ms: 0 });
    ask('12345');
    await pass(5);
    begun[0]!.answer();
    begun[1]!.answer();
    await pass(1);
    expect(polite.waiting('a', 'lookup')).toMatchObject({ place: 4 });
    expect(polite.waiting('a', 'verify')).toMatchObject({ place: 1 });
    const { ms } = polite.waiting('a', 'verify');
    expect(ms).toBeGreaterThan(980);
    expect(ms).toBeLessThan(1_010);
    expect(polite.waiting('another', 'lookup').ms).toBe(0);
  });

  test('is forgotten when all is over', async () => {
    ask('12');
    await pass(5);
    for (const call of begun) call.answer();
    await pass(1_010);
    expect(polite.waiting('a', 'lookup')).toEqual({ place: 0, ms: 0 });
  });

  test('ends for the least urgent call when the queue is full: busy, and nothing was done', async () => {
    outcomes.length = 0;
    ask('x'.repeat(42));
    await pass(200);
    expect([begun.length, outcomes.length]).toEqual([2, 0]);
    const verify = lookup('v', 'verify');
    await pass(10);
    expect(outcomes).toMatchObject([{ name: 'PlatformFault', kind: 'busy', outcome: 'not-done' }]);
    const refused = lookup('y').catch((error: unknown) => error);
    await pass(10);
    expect(await refused).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    begun[0]!.answer();
    await pass(1_010);
    begun[2]!.answer();
    expect(await verify).toHaveProperty('code', 'v');
  });

  test('can be given up, and the call is never made', async () => {
    ask('12');
    await pass(5);
    const control = new AbortController();
    const third = lookup('3', 'lookup', 'a', control.signal).catch((error: unknown) => error);
    await pass(5);
    control.abort();
    expect(await third).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    expect(polite.waiting('a', 'lookup').place).toBe(1);
    for (const call of begun) call.answer();
    await pass(5_000);
    expect(codes()).toBe('12');
  });

  test('a call that has begun is not given up', async () => {
    const control = new AbortController();
    const call = lookup('1', 'lookup', 'a', control.signal);
    await pass(5);
    control.abort();
    begun[0]!.answer();
    expect(await call).toHaveProperty('code', '1');
  });

  test('of a process that stood still with a slot in its hands waits for another one: that one has been given away', async () => {
    const scripted = scriptedPlatform(now);
    const slots = ownSlots(database.db, now);
    const limited = rateLimited(scripted.platform, { slots, now, sleep: systemTime.sleep });
    let stood = false;
    const before = (): Promise<void> => {
      // Longer than a slot is held; meanwhile others take both.
      if (!stood) vi.setSystemTime(now() + 31_000);
      const others = stood ? [] : [slots.take('a', [0, 1]), slots.take('a', [0, 1])];
      stood = true;
      return Promise.all(others).then(() => undefined);
    };
    void limited.lookup({ account: 'a', priority: 'lookup', before }, session, '5', '1', 'meituan');
    await pass(5_000);
    expect(scripted.begun).toEqual([]);
    await pass(26_000);
    expect(scripted.begun).toHaveLength(1);
    scripted.begun[0]!.answer();
  });

  test.each(['lookup', 'background'] as const)(
    'is over at once when the slots cannot be read (%s): nothing was done',
    async (priority) => {
      const scripted = scriptedPlatform(now);
      const broken = rateLimited(scripted.platform, {
        slots: { take: () => Promise.reject(new Error('disk full')) },
        now,
        sleep: systemTime.sleep,
      });
      const call = broken.lookup({ account: 'a', priority }, session, '5', '1', 'meituan').catch((error: unknown) => error);
      await pass(5);
      expect(await call).toMatchObject({ kind: 'busy', outcome: 'not-done' });
      expect(scripted.begun).toEqual([]);
    },
  );
});

describe('unproven logins', () => {
  const CREDENTIALS = { email: 'owner@example.com', password: 'wrong' };
  let logins: { at: number; answer(): void }[];
  let answers: unknown[];
  beforeEach(() => {
    logins = [];
    answers = [];
    const { platform, begun: lookups } = scriptedPlatform(now);
    begun = lookups;
    const login: Platform['login'] = () =>
      new Promise((resolve) => {
        logins.push({ at: now(), answer: () => resolve({ kind: 'refused', reason: 'unauthorised' }) });
      });
    polite = rateLimited({ ...platform, login }, { slots: ownSlots(database.db, now), now, sleep: systemTime.sleep });
  });
  const guess = (times: number, signal?: AbortSignal): void => {
    for (let n = 0; n < times; n++)
      void polite
        .login({ account: 'a', priority: 'unproven', ...(signal && { signal }) }, CREDENTIALS)
        .catch((error: unknown) => error)
        .then((outcome) => answers.push(outcome));
  };

  test('have a tenth of the limit, one at a time, whatever waits', async () => {
    guess(4);
    for (let second = 0; second < 19; second += 1) {
      await pass(1_000);
      for (const login of logins) login.answer();
    }
    const starts = logins.map(({ at }) => at);
    expect(starts).toHaveLength(4);
    for (const [n, at] of starts.slice(1).entries()) expect(at - starts[n]!).toBeGreaterThanOrEqual(5_000);
  });

  test('leave the merchant a slot, and do not lengthen the queue, even while the platform never answers them', async () => {
    guess(4);
    await pass(30);
    expect(logins).toHaveLength(1);
    expect(polite.waiting('a', 'lookup')).toEqual({ place: 0, ms: 0 });
    ask('1');
    await pass(30);
    begun[0]!.answer();
    await pass(9_000);
    expect(logins).toHaveLength(1);
    ask('2');
    await pass(30);
    expect(codes()).toBe('12');
  });

  test('are refused at once when four are there already: busy, and nothing was done', async () => {
    guess(45);
    await pass(30);
    expect(answers).toHaveLength(41);
    expect(answers[0]).toMatchObject({ name: 'PlatformFault', kind: 'busy', outcome: 'not-done' });
    for (const login of logins) login.answer();
    await pass(10);
    expect(answers).toHaveLength(42);
    guess(1);
    await pass(5_010);
    expect(logins).toHaveLength(2);
  });

  test('can be given up while they wait, and are never made', async () => {
    guess(1);
    await pass(30);
    const control = new AbortController();
    guess(1, control.signal);
    await pass(30);
    control.abort();
    await pass(5);
    expect(answers).toMatchObject([{ kind: 'busy', outcome: 'not-done' }]);
    logins[0]!.answer();
    await pass(11_000);
    expect(logins).toHaveLength(1);
    guess(1);
    await pass(1_010);
    expect(logins).toHaveLength(2);
  });
});

describe('a call with something to be looked at before it leaves', () => {
  const held = (code: string, before: () => Promise<void>) =>
    polite.lookup({ account: 'a', priority: 'lookup', before }, session, '5', code, 'meituan').catch((error: unknown) => error);

  test('looks in its turn, after the wait in the queue', async () => {
    ask('ab');
    const looked = vi.fn(() => Promise.resolve());
    void held('c', looked);
    await pass(500);
    expect(looked).not.toHaveBeenCalled();
    begun[0]!.answer();
    await pass(1_010);
    expect(looked).toHaveBeenCalledTimes(1);
    expect(codes()).toBe('abc');
  });

  test('is not sent where that fails, and its slot goes to the next at once', async () => {
    const over = new PlatformFault('busy', 'not-done', 'its time is over');
    const outcome = held('a', () => Promise.reject(over));
    ask('bcd');
    await pass(50);
    expect(await outcome).toBe(over);
    expect(codes()).toBe('bc');
  });

  test('is not sent where nobody waits for it any more after that', async () => {
    const giveUp = new AbortController();
    const before = () => Promise.resolve(giveUp.abort());
    const turn = { account: 'a', priority: 'lookup', before, signal: giveUp.signal } as const;
    const outcome = polite.lookup(turn, session, '5', 'a', 'meituan').catch((error: unknown) => error);
    await pass(50);
    expect(await outcome).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    expect(codes()).toBe('');
  });
});

/** Attempts whose outcome is not known yet: many at once are no failures, and no more may fail than the limit says. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAttempts, isPaused, type AttemptLimit, type Paused } from '../../../services/database/attempts.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createFailureBudget, type Admitted, type FailureBudget } from '../../../services/rate-limit/failure-budget.ts';

const LIMIT: AttemptLimit = { failures: 5, firstPauseMs: 60_000, longestPauseMs: 1_800_000 };

let database: Database;
let enter: FailureBudget;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  enter = createFailureBudget(createAttempts({ db: database.db, now: () => 1_000_000 }));
});
afterEach(() => database.close());

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const admitted = async (key = 'till'): Promise<Admitted> => {
  const one = await enter(key, LIMIT);
  if (isPaused(one)) throw new Error(`paused for ${one.ms} ms`);
  return one;
};

it('as many as may fail are under way at once, and the next waits for what they turn out to be', async () => {
  const first = await Promise.all(Array.from({ length: 5 }, () => admitted()));
  let late: Admitted | undefined;
  const waiting = admitted().then((one) => (late = one));
  await turn();
  expect(late).toBeUndefined();
  await admitted('another till');
  first[0]!.end();
  first[0]!.end();
  await waiting;
  expect(late!.failures).toBe(0);
});

it('of many that fail at once as many are tried as the limit says, and the others hear of the pause', async () => {
  let tried = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const one = await enter('thief', LIMIT);
      if (isPaused(one)) return 'paused';
      tried += 1;
      await turn();
      return (await one.fail()) ? 'reached' : 'failed';
    }),
  );
  expect(tried).toBe(5);
  expect(outcomes.filter((one) => one === 'failed')).toHaveLength(4);
  expect(outcomes.filter((one) => one === 'reached')).toHaveLength(1);
});

it('after four failures they go one by one, and one that ends well lets the next go on', async () => {
  for (let n = 0; n < 4; n += 1) expect(await (await admitted()).fail()).toBeUndefined();
  let most = 0;
  let now = 0;
  const each = async (): Promise<void> => {
    const one = await admitted();
    now += 1;
    most = Math.max(most, now);
    await turn();
    now -= 1;
    one.end();
  };
  await Promise.all(Array.from({ length: 8 }, each));
  expect(most).toBe(1);
  expect((await admitted()).failures).toBe(4);
});

it('a failure that could not be counted holds nobody up', async () => {
  const broken = createFailureBudget({
    standing: () => Promise.resolve({ failures: 4 }),
    begin: () => Promise.reject(new Error('the disk is full')),
  });
  for (let n = 0; n < 2; n += 1) {
    const one = await broken('till', LIMIT);
    await expect((one as Admitted).fail()).rejects.toThrow('the disk is full');
  }
});

it('a failure that is counted while the next one looks is seen by it', async () => {
  let failures = 0;
  let look: () => void = () => undefined;
  const slow = createFailureBudget({
    async standing() {
      const seen = failures;
      // What was read is told later.
      await new Promise<void>((resolve) => (look = resolve));
      return seen < 5 ? { failures: seen } : { kind: 'paused', ms: 60_000 };
    },
    begin: () =>
      Promise.resolve({
        failures: (failures += 1),
        passed: () => Promise.resolve(),
        announce: () => Promise.resolve(true),
      }),
  });
  const looked = async (entering: Promise<Admitted | Paused>): Promise<Admitted | Paused> => {
    await turn();
    look();
    return await entering;
  };
  failures = 3;
  const first = (await looked(slow('thief', LIMIT))) as Admitted;
  // It reads three failures, and there are four before it is told.
  const second = slow('thief', LIMIT);
  await turn();
  await first.fail();
  look();
  await turn();
  expect(await looked(second)).toMatchObject({ failures: 4 });
});

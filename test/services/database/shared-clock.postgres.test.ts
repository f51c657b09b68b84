/** Instances whose clocks differ go by one time. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseCheck } from '../../../bot/doctor/storage.ts';
import { createAccounts } from '../../../services/accounts/accounts.ts';
import { createAttempts, isPaused } from '../../../services/database/attempts.ts';
import { openPostgres, type Database } from '../../../services/database/database.ts';
import { databaseClock } from '../../../services/database/queues/claim.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createSharedClock } from '../../../services/database/shared-clock.ts';
import { createSteps } from '../../../services/verification/countdown.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { createServerDatabase, type ServerDatabase } from '../../fixtures/server-database.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const MINUTE = 60_000;

let server: ServerDatabase;
let database: Database;
beforeAll(async () => {
  server = await createServerDatabase();
  database = await openPostgres(server.url);
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0, look_at: 0 };
  await database.db.insertInto('account').values(account).execute();
  await database.db.insertInto('store').values(storeRow('shop')).execute();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const clockAhead = (ms: number) => () => Date.now() + ms;

describe('clocks that differ', () => {
  it.each([-5 * MINUTE, 5 * MINUTE, 8 * 60 * MINUTE])('by %d ms tell the database’s time', async (ms) => {
    const clock = createSharedClock(database.db, clockAhead(ms));
    await clock.compare();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(500);
    expect(Math.abs(clock.aheadMs() - ms)).toBeLessThan(500);
  });

  it('are compared anew after one was set', async () => {
    let ahead = 0;
    const clock = createSharedClock(database.db, () => Date.now() + ahead);
    await clock.compare();
    ahead = -8 * 60 * MINUTE;
    await clock.compare();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(500);
  });

  it.each([
    [4 * MINUTE, []],
    [-4 * MINUTE, []],
    [7 * MINUTE, ["this machine's clock is 7 minutes ahead of the database's: let it set its time"]],
    [-480 * MINUTE, ["this machine's clock is 480 minutes behind the database's: let it set its time"]],
  ])('by %d ms are complained about beyond five minutes', async (ms, complaints) => {
    const clock = createSharedClock(database.db, clockAhead(ms));
    await clock.compare();
    expect(clock.complaints()).toEqual(complaints);
    const check = { database: { kind: 'postgres', url: server.url } as const, dataDir: '', secretKey: undefined };
    const found = await databaseCheck(check, (_, en) => en, clockAhead(ms)).run();
    expect(found.kind).toBe(complaints.length === 0 ? 'ok' : 'bad');
    expect(found.words).toContain(complaints.length === 0 ? 'opens' : complaints[0]!.split(':')[0]!);
  });
});

describe('what is due is due by the database’s clock, and one of two instances has it', () => {
  /** The same twice, by clocks that are ten minutes apart. */
  const twice = async <T>(run: (now: () => number) => Promise<T>): Promise<readonly [T, T]> => [
    await run(clockAhead(5 * MINUTE)),
    await run(clockAhead(-5 * MINUTE)),
  ];
  const due = { check_at: Date.now() - 1_000, step_at: Date.now() - 1_000, undo_until: Date.now() + 20 * MINUTE };

  it('an account', async () => {
    const seal = createSeal(randomBytes(32));
    const claimed = await twice((now) =>
      createAccounts({
        db: database.db,
        seal,
        now,
        newId: () => 'x',
        clock: databaseClock,
        term: () => undefined,
        secret: () => undefined,
      }).claimDue(MINUTE, 5),
    );
    expect(claimed.map((accounts) => accounts.length)).toEqual([1, 0]);
  });

  it('a lost answer, and a step of the countdown', async () => {
    await database.db
      .insertInto('verification')
      .values([
        { ...verificationRow('due', 'shop', { state: 'unsure', ...due }), code: '1' },
        { ...verificationRow('later', 'shop', { state: 'unsure', check_at: Date.now() + 2 * MINUTE }), code: '2' },
      ])
      .execute();
    const claimed = await twice((now) =>
      createRepository(database.db, databaseClock).claimDue(now(), 75_000, 5, (error) => {
        throw error;
      }),
    );
    expect(claimed.map((rows) => rows.map(({ id }) => id))).toEqual([['due'], []]);
    const shown = await twice(async (now) => {
      const onDefect = (error: unknown) => {
        throw error;
      };
      const steps = createSteps({ db: database.db, now, clock: databaseClock, onDefect });
      return await Promise.all((await steps.due()).map((v) => steps.take(v, () => Promise.resolve())));
    });
    expect(shown.map((taken) => taken.length)).toEqual([1, 0]);
  });

  it('a pause after too many attempts', async () => {
    const limit = { failures: 1, firstPauseMs: MINUTE, longestPauseMs: MINUTE };
    const begun = await twice((now) => createAttempts({ db: database.db, now, clock: databaseClock }).begin('person', limit));
    expect(begun.map(isPaused)).toEqual([false, true]);
    expect(begun[1]).toMatchObject({ ms: expect.closeTo(MINUTE, -4) });
  });
});

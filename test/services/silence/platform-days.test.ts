/** Calls that a platform answered or not, counted by business day. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createPlatformDays, silentPlatformsOn, type CallCount } from '../../../services/silence/platform-days.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const AT = Date.parse('2026-11-22T12:00+08:00');
const DAY = '2026-11-22';
let database: Database;
let calls: CallCount[];
let rests = 0;

beforeEach(async () => {
  database = await openSqlite(':memory:');
  const { db } = database;
  await db
    .insertInto('account')
    .values({ id: 'account', platform: 'umember', identity: 'a', sealed: '', refused_at: null, created_at: 0 })
    .execute();
  await db.insertInto('store').values(storeRow('s1')).execute();
  await db
    .insertInto('listing')
    .values({ id: 'l1', store_id: 's1', account_id: 'account', external_id: '5', name: '球馆', since: 0 })
    .execute();
});
afterEach(() => database.close());

const open = () => {
  const { db } = database;
  return createPlatformDays({ db, now: () => AT, sleep: async () => void (rests += 1), takeCalls: () => calls.splice(0) });
};
const silent = () => silentPlatformsOn(database.db, 's1', DAY);
const failed = (count: number): CallCount => ({ accountId: 'account', at: AT, answered: 0, failed: count });

it('a count that could not be written is written with the next ones, once', async () => {
  const days = open();
  const { db } = database;
  calls = [failed(2)];
  await sql`alter table platform_day rename to away`.execute(db);
  await expect(days.note()).rejects.toThrow();
  await sql`alter table away rename to platform_day`.execute(db);
  calls = [failed(1)];
  await days.note();
  await days.note();
  expect(await silent()).toEqual([{ platform: 'umember', calls: 3 }]);
});

it.each([
  ['a use that it confirmed', { state: 'verified', decided: 0 }, []],
  ['a coupon that it refused', { state: 'refused', decided: 0 }, []],
  ['a use that a person decided about', { state: 'verified', decided: 1 }, [{ platform: 'umember', calls: 1 }]],
] as const)('beside %s it is told only what the ledger does not contradict', async (_, changes, told) => {
  calls = [failed(1)];
  await open().note();
  const row = verificationRow('v1', 's1', { ...changes, listing_id: 'l1', business_day: DAY, submitted_at: AT, changed_at: AT });
  await database.db.insertInto('verification').values(row).execute();
  expect(await silent()).toEqual(told);
});

it('many counts of an account are one row, written in pieces with rests between', async () => {
  rests = 0;
  calls = Array.from({ length: 45 }, (_, n) => ({ ...failed(1), at: AT + n }));
  await open().note();
  expect([await silent(), rests]).toEqual([[{ platform: 'umember', calls: 45 }], 2]);
});

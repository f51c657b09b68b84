/** Call slots in the database: what several instances take and give back. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgres, type Database } from '../../../services/database/database.ts';
import { createSharedSlots } from '../../../services/rate-limit/shared-slots.ts';
import type { Slots } from '../../../services/rate-limit/slots.ts';
import { systemTime } from '../../../services/time/time.ts';

let database: Database;
let slots: Slots;
let account: string;
const now = () => Date.now();

beforeEach(async () => {
  account = `umember:${Math.random()}`;
  database = await openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', 'platforms_test');
  slots = createSharedSlots({ db: database.db, now, sleep: systemTime.sleep });
});
afterEach(() => database.close());

const rows = () => database.db.selectFrom('call_slot').selectAll().where('account', '=', account).orderBy('slot').execute();
const inUse = async () => (await rows()).filter(({ free_at }) => free_at > now() + 20_000).length;

test('each is taken by one', async () => {
  await Promise.all([slots.take(account, [0, 1]), slots.take(account, [0, 1])]);
  expect(await inUse()).toBe(2);
});

test('a third waits until one is free, to the moment', async () => {
  const first = await slots.take(account, [0, 1]);
  await slots.take(account, [0, 1]);
  await first.release(40);
  const freed = performance.now();
  await slots.take(account, [0, 1]);
  expect(performance.now() - freed).toBeGreaterThan(35);
  expect(await inUse()).toBe(2);
});

test('accounts do not wait for each other', async () => {
  await Promise.all([slots.take(account, [0]), slots.take(`${account}x`, [0])]);
  expect(await inUse()).toBe(1);
});

test('whoever releases too late frees nobody else’s', async () => {
  const slot = await slots.take(account, [0]);
  const another = now() + 25_000;
  await database.db.updateTable('call_slot').set({ free_at: another }).where('account', '=', account).execute();
  await slot.release(0);
  expect(await inUse()).toBe(1);
});

test('a dead holder’s is free after half a minute, and not before', async () => {
  await slots.take(account, [0]);
  const [row] = await rows();
  expect(row!.free_at - now()).toBeGreaterThan(29_000);
  expect(row!.free_at - now()).toBeLessThanOrEqual(30_000);
});

test('one that seems taken for hours was taken by a clock that is turned back now', async () => {
  await slots.take(account, [0]);
  await database.db
    .updateTable('call_slot')
    .set({ free_at: now() + 7_200_000 })
    .where('account', '=', account)
    .execute();
  await slots.take(account, [0]);
  expect((await rows())[0]!.free_at - now()).toBeLessThanOrEqual(30_000);
});

test('of eight takers at once none gets a slot that another has', async () => {
  const taken = await Promise.all(Array.from({ length: 8 }, () => slots.take(account, [0, 1, 2, 3, 4, 5, 6, 7])));
  expect(taken).toHaveLength(8);
  expect(await inUse()).toBe(8);
});

test('those of an account without a call for a month are swept', async () => {
  const day = 24 * 3_600_000;
  const [old, young] = [`${account} old`, `${account} young`];
  await database.db
    .insertInto('call_slot')
    .values([
      { account: old, slot: 0, free_at: now() - 31 * day },
      { account: young, slot: 0, free_at: now() - 29 * day },
    ])
    .execute();
  await slots.sweep();
  const left = await database.db.selectFrom('call_slot').select('account').where('account', 'in', [old, young]).execute();
  expect(left).toEqual([{ account: young }]);
});

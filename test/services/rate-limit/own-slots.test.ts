/** Call slots in memory: nobody gets one that another call has or that rests, and a restart breaks no limit. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import type { Slots } from '../../../services/rate-limit/slots.ts';
import { ownSlots } from '../../fixtures/own-slots.ts';

const START = 1_734_278_764_000;

let database: Database;
let slots: Slots;
/** How far the machine's clock was set forward, ms. The other one is never set. */
let set: number;
beforeEach(async () => {
  set = 0;
  vi.useFakeTimers({ now: START });
  database = await openSqlite(':memory:');
  slots = restarted();
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

function restarted(): Slots {
  return ownSlots(
    database.db,
    () => Date.now() + set,
    () => Date.now() - START,
  );
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Tells when it was taken, ms from now; undefined while it was not. */
function takes(of = slots, account = 'a', numbers = [0, 1]): { after?: number } {
  const from = Date.now();
  const taking: { after?: number } = {};
  void of.take(account, numbers).then(() => (taking.after = Date.now() - from));
  return taking;
}

test('of eight takers at once none gets a slot that another has', async () => {
  const taking = Array.from({ length: 8 }, () => takes());
  await pass(29_000);
  expect(taking.filter(({ after }) => after !== undefined)).toHaveLength(2);
});

test('a third waits until one is free, to the moment', async () => {
  const first = await slots.take('a', [0, 1]);
  await slots.take('a', [0, 1]);
  await first.release(40);
  const third = takes();
  await pass(39);
  expect(third.after).toBeUndefined();
  await pass(1);
  expect(third.after).toBe(40);
});

test('neither accounts nor slots of other numbers wait for each other', async () => {
  await slots.take('a', [0, 1]);
  await slots.take('a', [0, 1]);
  const others = [takes(slots, 'b'), takes(slots, 'a', [2])];
  await pass(0);
  expect(others).toEqual([{ after: 0 }, { after: 0 }]);
});

test('one that is held for half a minute is free again, and whoever releases it too late frees nobody else’s', async () => {
  const slot = await slots.take('a', [0]);
  await pass(26_999);
  expect(slot.isOver()).toBe(false);
  await pass(2);
  expect(slot.isOver()).toBe(true);
  const second = takes(slots, 'a', [0]);
  await pass(2_998);
  expect(second.after).toBeUndefined();
  await pass(1_100);
  expect(second.after).toBeDefined();
  await slot.release(0);
  const third = takes(slots, 'a', [0]);
  await pass(20_000);
  expect(third.after).toBeUndefined();
});

test('after a restart all rest for three seconds where a call may have been under way, however long ago it began', async () => {
  await slots.take('a', [0, 1]);
  await pass(20_000);
  const after = restarted();
  const [first, second] = [takes(after), takes(after, 'b')];
  await pass(2_999);
  expect([first, second]).toEqual([{}, {}]);
  await pass(1);
  expect([first, second]).toEqual([{ after: 3_000 }, { after: 3_000 }]);
});

test('after a restart nobody waits where the last call is long over, or never was', async () => {
  const never = takes(restarted());
  await pass(0);
  expect(never.after).toBe(0);
  await pass(31_001);
  const over = takes(restarted());
  await pass(0);
  expect(over.after).toBe(0);
});

test('the three seconds count from the start, not from the first call', async () => {
  await slots.take('a', [0]);
  const after = restarted();
  await pass(10_000);
  const late = takes(after);
  await pass(0);
  expect(late.after).toBe(0);
});

test.each([
  ['back', -8 * 3_600_000],
  ['forward', 8 * 3_600_000],
])('a clock set %s changes nothing for who waits', async (_, by) => {
  const slot = await slots.take('a', [0]);
  await slot.release(1_001);
  set = by;
  const next = takes(slots, 'a', [0]);
  await pass(1_000);
  expect(next.after).toBeUndefined();
  await pass(1);
  expect(next.after).toBe(1_001);
});

test('after a restart by a clock that was set back nobody rests longer than three seconds', async () => {
  await slots.take('a', [0]);
  set = -8 * 3_600_000;
  const after = takes(restarted(), 'a', [0]);
  await pass(2_999);
  expect(after.after).toBeUndefined();
  await pass(1);
  expect(after.after).toBe(3_000);
});

test('a minute of calls is noted once a second at most, and never too late', async () => {
  const { db } = database;
  const noted = new Set<number>();
  for (let n = 0; n < 600; n += 1) {
    const slot = await slots.take(`account ${n}`, [0]);
    await slot.release(0);
    const { expires } = await db.selectFrom('kv').select('expires').executeTakeFirstOrThrow();
    expect(expires).toBeGreaterThanOrEqual(Date.now() + 30_000);
    noted.add(expires!);
    await pass(100);
  }
  expect(noted.size).toBeGreaterThan(50);
  expect(noted.size).toBeLessThanOrEqual(60);
  expect(await db.selectFrom('kv').selectAll().execute()).toHaveLength(1);
});

test('nothing is taken while the calls cannot be noted', async () => {
  await slots.take('b', [0]);
  await pass(2_000);
  await database.db.schema.alterTable('kv').renameTo('gone').execute();
  await expect(slots.take('a', [0])).rejects.toThrow('kv');
  await database.db.schema.alterTable('gone').renameTo('kv').execute();
  const next = takes(slots, 'a', [0]);
  await pass(0);
  expect(next.after).toBe(0);
});

test('a sweep forgets what is free, and nothing that rests', async () => {
  const slot = await slots.take('a', [0]);
  await slots.sweep();
  const waiting = takes(slots, 'a', [0]);
  await pass(1_000);
  expect(waiting.after).toBeUndefined();
  await slot.release(500);
  await slots.sweep();
  await pass(400);
  expect(waiting.after).toBeUndefined();
  await pass(1_001);
  expect(waiting.after).toBeDefined();
});

/** What call slots must do, on whichever database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSlots, type Slots } from '../../../services/rate-limit/slots.ts';
import type { Database } from '../../../services/database/database.ts';
import { systemTime } from '../../../services/time/time.ts';

export function slotsSuite(name: string, open: () => Promise<Database>): void {
  describe(`call slots on ${name}`, () => {
    let database: Database;
    let slots: Slots;
    let ahead: number;
    let account: string;
    const now = () => Date.now() + ahead;

    beforeEach(async () => {
      ahead = 0;
      account = `umember:${Math.random()}`;
      database = await open();
      slots = createSlots({ db: database.db, clock: database.embedded ? 'ours' : 'database', now, sleep: systemTime.sleep });
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

    test('after a restart a dead holder’s is free in three seconds, and what is free sooner stays so', async () => {
      await slots.take(account, [0, 1]);
      const other = await slots.take(account, [0, 1]);
      await other.release(500);
      await slots.recover();
      const left = (await rows()).map(({ free_at }) => free_at - now()).toSorted((a, b) => a - b);
      expect(left[0]).toBeLessThanOrEqual(500);
      expect(left[1]).toBeGreaterThan(2_500);
      expect(left[1]).toBeLessThanOrEqual(3_000);
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
  });
}

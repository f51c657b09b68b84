/** Sets by which calendar a store's business days go: its time zone, and the end of the day. */
import { createAccountFacts } from '../accounts/account-facts.ts';
import type { TellChange } from '../accounts/store-settings.ts';
import { writeSettings, type Store } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import type { By } from '../facts/by.ts';
import { boundsOf, changed, dayAt, type Rule } from '../time/calendar.ts';
import { moveToRunningDay } from '../verification/repository/repository.ts';
import { scheduleOwnerGroup } from './owner-groups.ts';

export interface StoreCalendars {
  /**
   * Sets the end of the business day, `HH:MM`. Where the day before goes on by it, what was verified since moves there, and that
   * day is posted in the chats where it was not. Returns the store as it is then.
   */
  setDayEnd(store: Store, dayEnd: string, by: By): Promise<Store>;
  /** Sets the time zone, an IANA name. Days that are over keep their bounds, and the running one goes on by the new clock. */
  setZone(store: Store, zone: string, by: By, tell?: TellChange): Promise<Store>;
}

export function createStoreCalendars({ db, now }: { db: Db; now: () => number }): StoreCalendars {
  const facts = createAccountFacts({ db, now });

  const set = ({ id }: Store, rule: Partial<Rule>, by: By, tell?: TellChange): Promise<Store> =>
    db.transaction().execute(async (tx) => {
      const { before, after } = await writeSettings(tx, id, (calendar) =>
        changed(calendar, { ...calendar, ...rule }, now(), rule.dayEnd !== undefined),
      );
      if (before === after) return before;
      const fact = { subject: id, by };
      if (before.dayEnd !== after.dayEnd)
        await facts.recordAt(tx, id, { ...fact, kind: 'store.day-end', from: before.dayEnd, to: after.dayEnd });
      if (before.zone !== after.zone)
        await facts.recordAt(tx, id, { ...fact, kind: 'store.zone', from: before.zone, to: after.zone });
      const running = dayAt(now(), after);
      await moveToRunningDay(tx, id, running, now());
      await reschedule(tx, after, running);
      await tell?.(tx);
      return after;
    });

  return {
    setDayEnd: (store, dayEnd, by) => set(store, { dayEnd }, by),
    setZone: (store, zone, by, tell) => set(store, { zone }, by, tell),
  };
}

/** Moves the next summary of the chats to the new end of the day. Chats that were posted to meanwhile are looked at again. */
async function reschedule(tx: Tx, store: Store, running: string): Promise<void> {
  for (let moved = false; !moved;) {
    const groups = await tx
      .selectFrom('owner_group')
      .leftJoin('posted_day as told', (join) =>
        join
          .onRef('told.store_id', '=', 'owner_group.store_id')
          .onRef('told.chat_id', '=', 'owner_group.chat_id')
          .on('told.business_day', '=', running),
      )
      .select(['owner_group.chat_id', 'owner_group.next_day', 'told.business_day as told'])
      .where('owner_group.store_id', '=', store.id)
      .execute();
    moved = true;
    for (const { chat_id, next_day: untold, told } of groups) {
      // A change at night makes the previous day current again; where it was posted, additions become a correction.
      const next_day = told === null && running < untold ? running : untold;
      const next = { next_day, next_at: boundsOf(next_day, store).to };
      if (!(await scheduleOwnerGroup(tx, store.id, chat_id, untold, next))) moved = false;
    }
  }
}

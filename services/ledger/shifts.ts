/** Hand-overs between the people at a store: what was verified since the last one, by whom, and both names. */
import { createAccountFacts } from '../accounts/account-facts.ts';
import type { Store } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import type { ShiftTable } from '../database/schema/tables.ts';
import type { Principal } from '../facts/by.ts';
import { boundsOf, dayAt } from '../time/calendar.ts';
import { reckon, type Figures } from './ledger.ts';

interface Person {
  readonly id: string;
  readonly name: string;
}

/** A shift that was handed over. */
export interface Shift {
  readonly id: string;
  readonly storeId: string;
  /** ms, half-open: `at` belongs to the next one. */
  readonly since: number;
  readonly at: number;
  readonly from: Person;
  /** Undefined until somebody took over. */
  readonly to: Person | undefined;
  readonly figures: Figures;
}

export interface Shifts {
  /** The running shift: since the last hand-over, else since the business day began. */
  running(store: Store): Promise<{ readonly since: number; readonly figures: Figures }>;
  /** The latest hand-overs, the newest first. */
  latest(storeId: string, limit: number): Promise<readonly Shift[]>;
  get(id: string): Promise<Shift | undefined>;
  /** Ends the shift that began at `since`, once; undefined where it has ended already. */
  handOver(store: Store, since: number, by: Principal): Promise<Shift | undefined>;
  /** Takes over, once; undefined where somebody has. */
  take(store: Store, id: string, by: Principal): Promise<Shift | undefined>;
}

export function createShifts({ db, now, newId }: { db: Db; now: () => number; newId: () => string }): Shifts {
  const facts = createAccountFacts({ db, now });

  const figuresOf = async (on: Db | Tx, store: Store, from: number, to: number): Promise<Figures> => {
    const rows = await on
      .selectFrom('verification')
      .select(['state', 'title', 'person', 'person_name', 'count', 'amount'])
      .where('store_id', '=', store.id)
      .where('business_day', '>=', dayAt(from, store))
      .where('submitted_at', '>=', from)
      .where('submitted_at', '<', to)
      .execute();
    return reckon(rows);
  };
  const latest: Shifts['latest'] = async (storeId, limit) => {
    const rows = await db
      .selectFrom('shift')
      .selectAll()
      .where('store_id', '=', storeId)
      .orderBy('at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(read);
  };
  const startOf = async (store: Store): Promise<number> => {
    const day = dayAt(now(), store);
    return (await latest(store.id, 1))[0]?.at ?? boundsOf(day, store).from;
  };

  return {
    async running(store) {
      const since = await startOf(store);
      return { since, figures: await figuresOf(db, store, since, Number.MAX_SAFE_INTEGER) };
    },
    latest,
    async get(id) {
      const row = await db.selectFrom('shift').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    async handOver(store, since, by) {
      const at = now();
      if (since >= at || since !== (await startOf(store))) return undefined;
      return await db.transaction().execute(async (tx) => {
        const figures = await figuresOf(tx, store, since, at);
        const row = await tx
          .insertInto('shift')
          .values({
            id: newId(),
            store_id: store.id,
            since,
            at,
            from_person: by.id,
            from_name: by.name,
            to_person: null,
            to_name: null,
            figures: JSON.stringify(figures),
          })
          // A shift ends once: of two presses the first.
          .onConflict((c) => c.columns(['store_id', 'since']).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        await facts.recordAt(tx, store.id, { kind: 'shift.handed-over', subject: row.id, by });
        return read(row);
      });
    },
    take: (store, id, by) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('shift')
          .set({ to_person: by.id, to_name: by.name })
          .where('id', '=', id)
          .where('store_id', '=', store.id)
          .where('to_person', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        await facts.recordAt(tx, store.id, { kind: 'shift.taken', subject: row.id, by });
        return read(row);
      }),
  };
}

/** Makes the shifts that somebody handed over or took another's. */
export async function moveShifts(tx: Tx, from: string, to: { readonly id: string; readonly name: string }): Promise<void> {
  await tx.updateTable('shift').set({ from_person: to.id, from_name: to.name }).where('from_person', '=', from).execute();
  await tx.updateTable('shift').set({ to_person: to.id, to_name: to.name }).where('to_person', '=', from).execute();
}

const read = (row: ShiftTable): Shift => ({
  id: row.id,
  storeId: row.store_id,
  since: row.since,
  at: row.at,
  from: { id: row.from_person, name: row.from_name },
  to: row.to_person === null ? undefined : { id: row.to_person, name: row.to_name ?? '' },
  figures: JSON.parse(row.figures) as Figures,
});

/** The table `reconciliation`: what became of comparing a store's closed days, and when a day is looked at again. */
import { backoff } from '../backoff.ts';
import type { Db, Tx } from '../database/database.ts';
import type { ReconciliationTable } from '../database/schema/tables.ts';
import type { Reconciliation } from './reconcile.ts';
import { isLack, LATE_MS } from './compare.ts';

export interface StoredReconciliation {
  readonly storeId: string;
  readonly day: string;
  /** Undefined until it was had. */
  readonly result: Reconciliation | undefined;
  /** Looks so far. */
  readonly looks: number;
  /** Whether the next look is the last one. */
  readonly isLast: boolean;
}

export interface Reconciliations {
  get(storeId: string, day: string): Promise<StoredReconciliation | undefined>;
  /** Stores the first look; does nothing where one is stored. */
  begin(storeId: string, day: string, result: Reconciliation): Promise<void>;
  /** Gives what is known, to tell of it; where nothing is, a look is due, and what it finds is news. */
  known(tx: Tx, storeId: string, day: string): Promise<Pick<StoredReconciliation, 'result'>>;
  /**
   * Stores a later look, in one transaction with `tell`, which gets what was known before. Nothing where another instance was
   * first.
   */
  again(seen: StoredReconciliation, result: Reconciliation, tell: (tx: Tx) => Promise<void>): Promise<void>;
  /** The days to be looked at again, the oldest first. */
  due(): Promise<readonly StoredReconciliation[]>;
  /** Deletes days that were compared more than 60 days ago. */
  sweep(): Promise<void>;
}

/** Waits for a list that cannot be had, ms; for a late one it is `LATE_MS`. */
const RETRY_MS = 5 * 60_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;
/** With the waits between them, three days. */
const MOST_LOOKS = 18;
/** Further looks at a list that lacks something, after 2, 8 and 32 hours. */
const LACKING_LOOKS = 3;
const KEPT_MS = 60 * 24 * 3_600_000;
/** Days of one run. */
const AT_ONCE = 50;

export function createReconciliations({ db, now }: { db: Db; now: () => number }): Reconciliations {
  const nextLook = (result: Reconciliation | undefined, looks: number): number | null => {
    if (result === undefined) return now();
    if (looks >= MOST_LOOKS) return null;
    if (result.some(({ kind }) => kind === 'unavailable'))
      return now() + backoff(looks, { firstMs: RETRY_MS, longestMs: LONGEST_RETRY_MS });
    const compared = result.filter((account) => account.kind === 'compared');
    if (compared.some(({ pending }) => pending > 0)) return now() + LATE_MS;
    // The list may have it later still.
    const lacks = compared.some(({ differences }) => differences.some(isLack));
    return lacks && looks <= LACKING_LOOKS ? now() + LATE_MS * 4 ** looks : null;
  };
  const get = async (on: Db | Tx, storeId: string, day: string): Promise<StoredReconciliation | undefined> => {
    const row = await on
      .selectFrom('reconciliation')
      .selectAll()
      .where('store_id', '=', storeId)
      .where('business_day', '=', day)
      .executeTakeFirst();
    return row && read(row);
  };
  const insert = async (on: Db | Tx, storeId: string, day: string, result: Reconciliation | undefined): Promise<void> => {
    const looks = result === undefined ? 0 : 1;
    await on
      .insertInto('reconciliation')
      .values({
        store_id: storeId,
        business_day: day,
        result: result === undefined ? null : JSON.stringify(result),
        looks,
        check_at: nextLook(result, looks),
        changed_at: now(),
      })
      .onConflict((c) => c.columns(['store_id', 'business_day']).doNothing())
      .execute();
  };
  return {
    get: (storeId, day) => get(db, storeId, day),
    begin: (storeId, day, result) => insert(db, storeId, day, result),
    async known(tx, storeId, day) {
      const found = await get(tx, storeId, day);
      if (!found) await insert(tx, storeId, day, undefined);
      return { result: found?.result };
    },
    again: ({ storeId, day, looks }, result, tell) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('reconciliation')
          .set({
            result: JSON.stringify(result),
            looks: looks + 1,
            check_at: nextLook(result, looks + 1),
            changed_at: now(),
          })
          .where('store_id', '=', storeId)
          .where('business_day', '=', day)
          // The count of looks is the claim: one instance of several stores this look, and tells of it.
          .where('looks', '=', looks)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows > 0n) await tell(tx);
      }),
    async due() {
      const rows = await db
        .selectFrom('reconciliation')
        .selectAll()
        .where('check_at', '<=', now())
        .orderBy('check_at')
        .limit(AT_ONCE)
        .execute();
      return rows.map(read);
    },
    async sweep() {
      await db
        .deleteFrom('reconciliation')
        .where('changed_at', '<', now() - KEPT_MS)
        .execute();
    },
  };
}

const read = (row: ReconciliationTable): StoredReconciliation => ({
  storeId: row.store_id,
  day: row.business_day,
  result: row.result === null ? undefined : (JSON.parse(row.result) as Reconciliation),
  looks: row.looks,
  isLast: row.looks >= MOST_LOOKS - 1,
});

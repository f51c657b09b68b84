/**
 * The sums of a store's days. Those of closed days are kept and brought up to date by what has changed since, so that a year of
 * the books costs what a year has days, however many verifications there were.
 */
import { readStore, storesOf, writeTotalsUntil, type Store } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { relaxed } from '../database/relaxed.ts';
import type { DayTotalTable } from '../database/schema/book-tables.ts';
import type { Log } from '../log.ts';
import { dayAt } from '../time/calendar.ts';
import type { Sleep } from '../time/time.ts';
import type { Figures, Ledger } from './ledger.ts';

/** `Figures` of a business day, without what they consist of. */
export type DaySum = Omit<Figures, 'byProduct' | 'byPerson'> & { readonly day: string };

export interface DayTotals {
  /** The closed days of a store from `from` on that have something, oldest first: as the ledger has them at this moment. */
  since(store: Store, from: string): Promise<readonly DaySum[]>;
  /** The first business day on which anything was confirmed in the store. */
  first(storeId: string): Promise<string | undefined>;
  /** Brings stores up to date that were not for a while; a periodic job. */
  refresh(): Promise<void>;
}

/** How old kept sums may be before the job looks after them, ms: what has changed since then is read with the next view. */
const STALE_MS = 12 * 3_600_000;
/** Stores of one run of the job, and the rest after each, ms, in which messages are answered: all together took 45 ms. */
const A_RUN = 20;
const REST_MS = 5;
/** How far back the sums of a store are made when they are made first, ms: twelve months and the one that runs. */
const BACK_MS = 400 * 86_400_000;

export interface DayTotalsParts {
  readonly db: Db;
  readonly ledger: Pick<Ledger, 'figures' | 'changedDays'>;
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly log?: Pick<Log, 'error'> | undefined;
}

export function createDayTotals({ db, ledger, now, sleep, log }: DayTotalsParts): DayTotals {
  /** The first day of the store from `from` on with verifications. */
  async function next(storeId: string, from: string): Promise<string | undefined> {
    const row = await db
      .selectFrom('verification')
      .select('business_day')
      .where('store_id', '=', storeId)
      .where('business_day', 'is not', null)
      .where('business_day', '>=', from)
      .orderBy('business_day')
      .limit(1)
      .executeTakeFirst();
    return row?.business_day ?? undefined;
  }

  async function daysBetween(storeId: string, from: string, before: string): Promise<readonly string[]> {
    const days: string[] = [];
    // Nothing sorts between a day and the same with a tilde.
    for (let day = await next(storeId, from); day !== undefined && day < before; day = await next(storeId, `${day}~`))
      days.push(day);
    return days;
  }

  async function bringUpToDate(store: Store): Promise<void> {
    const at = now();
    const { totals_until: until } = await db
      .selectFrom('store')
      .select('totals_until')
      .where('id', '=', store.id)
      .executeTakeFirstOrThrow();
    const dayOf = (moment: number): string => dayAt(moment, store);
    const today = dayOf(at);
    const never = until <= 0;
    // Days that have closed since, and closed ones that have changed.
    const closed = await daysBetween(store.id, dayOf(never ? at - BACK_MS : until), today);
    const changed = never ? [] : await ledger.changedDays(db, store.id, today, Math.min(until, at));
    const sums: DaySum[] = [];
    for (const day of new Set([...closed, ...changed])) {
      const { byProduct: _, byPerson: __, ...sum } = await ledger.figures(store.id, day);
      sums.push({ ...sum, day });
      // Others have their turn.
      await sleep(0);
    }
    // Of a clock that was set back the past is read again.
    if (sums.length === 0 && at >= until && at - until < STALE_MS / 2) return;
    // Together: of two who do this at once, what the last one has seen is what the next one goes on from.
    await db.transaction().execute(async (tx) => {
      if (sums.length > 0) await keep(tx, store.id, sums);
      await writeTotalsUntil(tx, store.id, at);
    });
  }

  return {
    async since(store, from) {
      await bringUpToDate(store);
      const rows = await db
        .selectFrom('day_total')
        .selectAll()
        .where('store_id', '=', store.id)
        .where('business_day', '>=', from)
        // The end of the day may have been moved: a day that was closed runs again.
        .where('business_day', '<', dayAt(now(), store))
        .orderBy('business_day')
        .execute();
      return rows.map(readSum);
    },
    first: (storeId) => next(storeId, ''),
    async refresh() {
      const at = now();
      const stale = await db
        .selectFrom('store')
        .innerJoin('account', 'account.id', 'store.account_id')
        .selectAll('store')
        .select('account.platform')
        .where((e) => e.or([e('store.totals_until', '<', at - STALE_MS), e('store.totals_until', '>', at)]))
        .orderBy('store.totals_until')
        .limit(A_RUN)
        .execute();
      for (const row of stale) {
        await bringUpToDate(readStore(row)).catch((error: unknown) => {
          log?.error('the sums of a store cannot be made', { store: row.id, error });
        });
        await sleep(REST_MS);
      }
    },
  };
}

async function keep(tx: Tx, storeId: string, sums: readonly DaySum[]): Promise<void> {
  const query = tx
    .insertInto('day_total')
    .values(sums.map((sum) => ({ store_id: storeId, business_day: sum.day, ...columnsOf(sum) })))
    .onConflict((c) =>
      c.columns(['store_id', 'business_day']).doUpdateSet((e) => ({
        count: e.ref('excluded.count'),
        total: e.ref('excluded.total'),
        unpriced: e.ref('excluded.unpriced'),
        undone: e.ref('excluded.undone'),
        undone_total: e.ref('excluded.undone_total'),
        refused: e.ref('excluded.refused'),
        unsure: e.ref('excluded.unsure'),
      })),
    );
  await tx.executeQuery(relaxed(query.compile()));
}

const columnsOf = ({ count, total, unpriced, undone, undoneTotal, refused, unsure }: DaySum) => ({
  count,
  total,
  unpriced,
  undone,
  undone_total: undoneTotal,
  refused,
  unsure,
});

const readSum = ({
  business_day: day,
  count,
  total,
  unpriced,
  undone,
  undone_total,
  refused,
  unsure,
}: DayTotalTable): DaySum => ({
  day,
  count,
  total,
  unpriced,
  undone,
  undoneTotal: undone_total,
  refused,
  unsure,
});

/** Deletes the sums of an account's stores. */
export async function deleteDayTotals(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('day_total').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

/** Counts the calls of each business day that a platform answered, and those it did not: a day without answers is not one without guests. */
import { storesListedBy, storesOf } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { relaxed, relaxedSessions } from '../database/relaxed.ts';
import type { PlatformDayTable } from '../database/schema/book-tables.ts';
import type { PlatformName } from '../platforms/names.ts';
import { knownDayAt } from '../time/calendar.ts';
import type { Sleep } from '../time/time.ts';

/** Calls of an account within a minute, which begins at `at` (ms). */
export interface CallCount {
  readonly accountId: string;
  readonly at: number;
  readonly answered: number;
  readonly failed: number;
}

/** A platform that answered none of a day's calls. */
export interface SilentPlatform {
  readonly platform: PlatformName;
  readonly calls: number;
}

export interface PlatformDays {
  /** Adds the calls that were counted since it was done last. */
  note(): Promise<void>;
  sweep(): Promise<void>;
}

const KEPT_MS = 60 * 24 * 3_600_000;

/** Accounts whose counts are written at once, and the rest after them, ms, in which messages are answered: 2,000 together took 74 ms. */
const AT_ONCE = 20;
const REST_MS = 5;

export function createPlatformDays(parts: {
  readonly db: Db;
  /** Takes the counts, which are new from then on. */
  readonly takeCalls: () => readonly CallCount[];
  readonly now: () => number;
  readonly sleep: Sleep;
}): PlatformDays {
  const { db, takeCalls, now, sleep } = parts;

  /** A row for each store that an account of these counts lists, with the store's own day. */
  const rowsOf = async (counts: readonly CallCount[]): Promise<readonly PlatformDayTable[]> => {
    const listed = await storesListedBy(db, [...new Set(counts.map(({ accountId }) => accountId))]);
    const byAccount = Map.groupBy(listed, ({ accountId }) => accountId);
    const rows = new Map<string, PlatformDayTable>();
    for (const { accountId, at, answered, failed } of counts)
      for (const { store } of byAccount.get(accountId) ?? []) {
        const business_day = knownDayAt(at, store);
        if (business_day === undefined) continue;
        const key = `${store.id} ${business_day} ${accountId}`;
        const before = rows.get(key);
        rows.set(key, {
          store_id: store.id,
          business_day,
          account_id: accountId,
          answered: answered + (before?.answered ?? 0),
          failed: failed + (before?.failed ?? 0),
          changed_at: now(),
        });
      }
    return [...rows.values()];
  };

  const add = async (counts: readonly CallCount[]): Promise<void> => {
    const rows = await rowsOf(counts);
    if (rows.length === 0) return;
    const query = db
      .insertInto('platform_day')
      .values([...rows])
      .onConflict((c) =>
        c.columns(['store_id', 'business_day', 'account_id']).doUpdateSet((e) => ({
          answered: e('platform_day.answered', '+', e.ref('excluded.answered')),
          failed: e('platform_day.failed', '+', e.ref('excluded.failed')),
          changed_at: e.ref('excluded.changed_at'),
        })),
      );
    await relaxedSessions(db).executeQuery(relaxed(query.compile()));
  };

  /** Counts that are not written yet: those of a write that failed stay. */
  let waiting: readonly CallCount[] = [];

  return {
    async note() {
      waiting = [...waiting, ...takeCalls()];
      while (waiting.length > 0) {
        const taken = waiting.slice(0, AT_ONCE);
        waiting = waiting.slice(AT_ONCE);
        try {
          await add(taken);
          if (waiting.length > 0) await sleep(REST_MS);
        } catch (error) {
          waiting = [...taken, ...waiting];
          throw error;
        }
      }
    },
    async sweep() {
      await db
        .deleteFrom('platform_day')
        .where('changed_at', '<', now() - KEPT_MS)
        .execute();
    },
  };
}

/**
 * The platforms of a store that answered no call of the day, though some were made. None of which the ledger has an answer: the
 * last minute's counts end with a process that is killed.
 */
export async function silentPlatformsOn(on: Db | Tx, storeId: string, day: string): Promise<readonly SilentPlatform[]> {
  const rows = await on
    .selectFrom('platform_day')
    .innerJoin('account', 'account.id', 'platform_day.account_id')
    .select(['account.platform', 'platform_day.failed'])
    .where('platform_day.store_id', '=', storeId)
    .where('platform_day.business_day', '=', day)
    .where('platform_day.answered', '=', 0)
    .where('platform_day.failed', '>', 0)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('verification')
            .leftJoin('listing', 'listing.id', 'verification.listing_id')
            .select('verification.id')
            .where('verification.store_id', '=', storeId)
            .where('verification.business_day', '=', day)
            .where('verification.state', 'in', ['verified', 'undone', 'refused'])
            .where('verification.decided', '=', 0)
            .whereRef((w) => w.fn.coalesce('listing.account_id', 'verification.account_id'), '=', 'platform_day.account_id'),
        ),
      ),
    )
    .orderBy('account.platform')
    .execute();
  return rows.map(({ platform, failed }) => ({ platform: platform as PlatformName, calls: failed }));
}

/** Forgets them with the account's stores. */
export async function deletePlatformDays(tx: Tx, accountId: string): Promise<void> {
  await tx
    .deleteFrom('platform_day')
    .where((e) => e.or([e('account_id', '=', accountId), e('store_id', 'in', storesOf(tx, accountId))]))
    .execute();
}

/** Counts the calls of each business day that a platform answered, and those it did not: a day without answers is not one without guests. */
import { storesOf, type Stores } from '../accounts/stores.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import type { PlatformDayTable } from '../database/schema/book-tables.ts';
import type { PlatformName } from '../platforms/names.ts';
import { knownDayAt } from '../time/calendar.ts';

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

export function createPlatformDays(parts: {
  readonly db: Db;
  /** Takes the counts, which are new from then on. */
  readonly takeCalls: () => readonly CallCount[];
  readonly stores: Pick<Stores, 'get' | 'listedBy'>;
  readonly now: () => number;
}): PlatformDays {
  const { db, takeCalls, stores, now } = parts;

  /** The rows of all stores that the account lists, each with its own day. */
  const rowsOf = async ({ accountId, at, answered, failed }: CallCount): Promise<readonly PlatformDayTable[]> => {
    const ids = new Set((await stores.listedBy(accountId)).map(({ storeId }) => storeId));
    const rows: PlatformDayTable[] = [];
    for (const id of ids) {
      const store = await stores.get(id);
      const business_day = store && knownDayAt(at, store);
      if (business_day !== undefined)
        rows.push({ store_id: id, business_day, account_id: accountId, answered, failed, changed_at: now() });
    }
    return rows;
  };

  const add = async (count: CallCount): Promise<void> => {
    const rows = await rowsOf(count);
    if (rows.length === 0) return;
    await db
      .insertInto('platform_day')
      .values([...rows])
      .onConflict((c) =>
        c.columns(['store_id', 'business_day', 'account_id']).doUpdateSet((e) => ({
          answered: e('platform_day.answered', '+', sql.lit(count.answered)),
          failed: e('platform_day.failed', '+', sql.lit(count.failed)),
          changed_at: now(),
        })),
      )
      .execute();
  };

  /** Counts that are not written yet: those of a write that failed stay. */
  const waiting: CallCount[] = [];

  return {
    async note() {
      waiting.push(...takeCalls());
      for (let count = waiting.shift(); count; count = waiting.shift()) {
        try {
          await add(count);
        } catch (error) {
          waiting.unshift(count);
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

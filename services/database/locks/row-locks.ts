/** Locks for the rest of a transaction: a merchant's accounts, who is whom, and passing over others' rows. SQLite has and needs none. */
import { sql, SqliteAdapter, type RawBuilder } from 'kysely';
import type { Db, Tx } from '../database.ts';
import { prepared } from '../prepared.ts';

/** Locks the accounts of a store for the rest of a transaction: confirmations of one merchant are serialised. */
export type LockAccounts = (tx: Tx, storeId: string) => Promise<void>;

export function createLockAccounts(db: Db): LockAccounts {
  if (isSqlite(db)) return () => Promise.resolve();
  // Weaker than `for update`: inserts of rows that refer to the account do not wait. In one order, so that two never wait for
  // each other.
  const lock = prepared(db, ({ id }: { id: string }) =>
    db
      .selectFrom('account')
      .select('id')
      .where((e) =>
        e.or([
          e('id', 'in', e.selectFrom('store').select('account_id').where('store.id', '=', id)),
          e(
            'id',
            'in',
            e.selectFrom('listing').select('listing.account_id').where('store_id', '=', id).where('removed_at', 'is', null),
          ),
        ]),
      )
      .orderBy('id')
      .forNoKeyUpdate(),
  );
  return async (tx, id) => void (await lock({ id }, tx));
}

/** Locks one account for the rest of a transaction. */
export function createLockAccount(db: Db): (tx: Tx, id: string) => Promise<void> {
  if (isSqlite(db)) return () => Promise.resolve();
  const lock = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('account').select('id').where('id', '=', id).forNoKeyUpdate(),
  );
  return async (tx, id) => void (await lock({ id }, tx));
}

/**
 * Who is whom, for the rest of a transaction and before its other locks. `hold`: it stays as it is; for whoever writes a right,
 * many at a time. `change`: alone, as rights follow.
 */
export async function lockIdentities(tx: Tx, how: 'hold' | 'change'): Promise<void> {
  if (isSqlite(tx)) return;
  await (
    how === 'hold' ? sql`lock table identity in row exclusive mode` : sql`lock table identity in share row exclusive mode`
  ).execute(tx);
}

/** The end of a `select … for update` that passes over rows which others have locked. */
export const passLocked = (db: Db): RawBuilder<unknown> => (isSqlite(db) ? sql`` : sql`for update skip locked`);

/** Its transactions begin immediate, so each holds the database's only write lock already. */
const isSqlite = (db: Db): boolean => db.getExecutor().adapter instanceof SqliteAdapter;

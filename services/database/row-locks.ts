/** Row locks: a store's, for the rest of a transaction, and passing over those of others. SQLite has and needs none. */
import { sql, SqliteAdapter, type RawBuilder } from 'kysely';
import type { Db, Tx } from './database.ts';
import { prepared } from './prepared.ts';

/** Locks a store for the rest of a transaction: confirmations of one store are serialised. */
export type LockStore = (tx: Tx, storeId: string) => Promise<void>;

export function createLockStore(db: Db): LockStore {
  if (isSqlite(db)) return () => Promise.resolve();
  // Weaker than `for update`: inserts of rows that refer to the store do not wait.
  const lock = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('store').select('id').where('id', '=', id).forNoKeyUpdate(),
  );
  return async (tx, id) => void (await lock({ id }, tx));
}

/** The end of a `select … for update` that passes over rows which others have locked. */
export const passLocked = (db: Db): RawBuilder<unknown> => (isSqlite(db) ? sql`` : sql`for update skip locked`);

/** Its transactions begin immediate, so each holds the database's only write lock already. */
const isSqlite = (db: Db): boolean => db.getExecutor().adapter instanceof SqliteAdapter;

/** Locks a store's row for the length of a transaction: what is decided about one store is decided by one at a time. */
import { SqliteAdapter } from 'kysely';
import type { Db, Tx } from './database.ts';
import { prepared } from './prepared.ts';

export type LockStore = (tx: Tx, storeId: string) => Promise<void>;

export function createLockStore(db: Db): LockStore {
  // SQLite's transactions begin immediate: each has the database's only write lock already.
  if (db.getExecutor().adapter instanceof SqliteAdapter) return () => Promise.resolve();
  // Rows that refer to the store are written all the same.
  const lock = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('store').select('id').where('id', '=', id).forNoKeyUpdate(),
  );
  return async (tx, id) => void (await lock({ id }, tx));
}

/** Locks a store for the rest of a transaction: confirmations of one store are serialised. */
import { SqliteAdapter } from 'kysely';
import type { Db, Tx } from './database.ts';
import { prepared } from './prepared.ts';

export type LockStore = (tx: Tx, storeId: string) => Promise<void>;

export function createLockStore(db: Db): LockStore {
  // SQLite transactions begin immediate, so each holds the database's only write lock already.
  if (db.getExecutor().adapter instanceof SqliteAdapter) return () => Promise.resolve();
  // Weaker than `for update`: inserts of rows that refer to the store do not wait.
  const lock = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('store').select('id').where('id', '=', id).forNoKeyUpdate(),
  );
  return async (tx, id) => void (await lock({ id }, tx));
}

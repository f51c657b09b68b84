/** Reads in one snapshot: everything as it is at the first query, whatever is written meanwhile. */
import { SqliteAdapter } from 'kysely';
import type { Db, Tx } from './database.ts';

export function inSnapshot<R>(db: Db, read: (tx: Tx) => Promise<R>): Promise<R> {
  const transaction = db.transaction();
  // SQLite has no other level than the strictest.
  const embedded = db.getExecutor().adapter instanceof SqliteAdapter;
  return (embedded ? transaction : transaction.setIsolationLevel('repeatable read')).execute(read);
}

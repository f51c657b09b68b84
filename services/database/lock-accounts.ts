/** Locks the accounts of a store for the rest of a transaction: confirmations of one merchant are serialised. */
import { SqliteAdapter } from 'kysely';
import type { Db, Tx } from './database.ts';
import { prepared } from './prepared.ts';

export type LockAccounts = (tx: Tx, storeId: string) => Promise<void>;

export function createLockAccounts(db: Db): LockAccounts {
  // SQLite transactions begin immediate, so each holds the database's only write lock already.
  if (db.getExecutor().adapter instanceof SqliteAdapter) return () => Promise.resolve();
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

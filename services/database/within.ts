/** Runs several writes together: in the transaction that is given, or in one of their own. */
import type { Db, Tx } from './database.ts';

export const within = <R>(on: Db | Tx, run: (tx: Tx) => Promise<R>): Promise<R> =>
  on.isTransaction ? run(on as Tx) : on.transaction().execute(run);

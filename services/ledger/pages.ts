/** Pages through the verifications of a store, newest first: each page begins where the one before it ended. */
import { sql, type Db } from '../database/database.ts';
import { ofCodes } from './of-code.ts';
import { read } from '../verification/repository/row-mapping.ts';
import type { State, Verification } from '../verification/verification.ts';

/** The place of a verification in the order of pages. */
export interface Position {
  readonly day: string;
  /** When it was confirmed, ms. */
  readonly at: number;
  readonly id: string;
}

/** All that are given must match. */
export interface Filter {
  /** Business days, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly states?: readonly State[] | undefined;
  readonly code?: string | undefined;
}

/** At most `limit` verifications after this position, or from the newest on. Cards that nobody confirmed are none. */
export type ReadPage = (storeId: string, filter: Filter, limit: number, after?: Position) => Promise<readonly Verification[]>;

/** The position after a verification that was confirmed. */
export const positionOf = ({ id, businessDay, submittedAt }: Verification): Position => ({
  id,
  day: businessDay ?? '',
  at: submittedAt ?? 0,
});

export function createReadPage(db: Db): ReadPage {
  return async (storeId, { from, to, states, code }, limit, after) => {
    let query = db
      .selectFrom('verification')
      .selectAll()
      .where('business_day', 'is not', null)
      .orderBy('business_day', 'desc')
      .orderBy('submitted_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (from !== undefined) query = query.where('business_day', '>=', from);
    // The day of the position bounds the range of the index; the row comparison alone would not.
    const until = after && (to === undefined || after.day < to) ? after.day : to;
    if (until !== undefined) query = query.where('business_day', '<=', until);
    if (states) query = query.where('state', 'in', states);
    // By code, the indexes of codes are used; within a store by its days, SQLite would scan the whole of it.
    if (code === undefined) query = query.where('store_id', '=', storeId);
    else query = query.where('id', 'in', ofCodes(db, storeId, [code]));
    if (after) query = query.where(sql<boolean>`(business_day, submitted_at, id) < (${after.day}, ${after.at}, ${after.id})`);
    return (await query.execute()).map(read);
  };
}

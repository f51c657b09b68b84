/** The audit trail: what happened in a store or an account over some days, by whom. */
import type { Store } from '../accounts/store.ts';
import type { Db } from '../database/database.ts';
import { boundsOf, type Calendar } from '../time/calendar.ts';
import { readFact, type Fact, type Stream } from './facts.ts';

/** Days, `YYYY-MM-DD`, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The most facts of one answer, the oldest ones. */
export const LONGEST_TRAIL = 1000;

export interface Trail {
  /** The store's business days: its verifications, and what its account did there or as a whole. Oldest first. */
  ofStore(store: Pick<Store, 'id' | 'accountId'> & Calendar, days: Days): Promise<readonly Fact[]>;
  /** Calendar days of a zone: all stores of the account, its people, bindings and settings. Oldest first. */
  ofAccount(accountId: string, zone: string, days: Days): Promise<readonly Fact[]>;
}

export function createTrail(db: Db): Trail {
  const read = async (streams: readonly Stream[], { from, to }: { from: number; to: number }): Promise<readonly Fact[]> => {
    const rows = await db
      .selectFrom('fact')
      .selectAll()
      .where('stream', 'in', streams)
      .where('at', '>=', from)
      .where('at', '<', to)
      .orderBy('at')
      .orderBy('stream')
      .orderBy('sequence')
      .limit(LONGEST_TRAIL)
      .execute();
    return rows.map(readFact);
  };
  const bounds = ({ from, to }: Days, calendar: Calendar) => ({
    from: boundsOf(from, calendar).from,
    to: boundsOf(to, calendar).to,
  });
  return {
    async ofStore({ id, accountId, ...calendar }, days) {
      const found = await read([`store:${id}`, `account:${accountId}`], bounds(days, calendar));
      return found.filter(({ detail: { store = id } }) => store === id);
    },
    async ofAccount(accountId, zone, days) {
      const stores = await db.selectFrom('store').select('id').where('account_id', '=', accountId).execute();
      const streams: Stream[] = [`account:${accountId}`, ...stores.map(({ id }): Stream => `store:${id}`)];
      return await read(streams, bounds(days, { zone, dayEnd: '00:00' }));
    },
  };
}

/** What customers verified by themselves on a business day: counted for the limits, and listed for the owner. */
import { sql, type Db, type Tx } from '../database/database.ts';
import type { VerificationState } from '../database/schema/tables.ts';
import type { Usage } from './admission.ts';

/** States that count: used, or perhaps used. */
const COUNTED = [
  'submitting',
  'unsure',
  'person',
  'verified',
  'undoing',
  'undo-unsure',
] as const satisfies readonly VerificationState[];

/** Confirmed by a customer, or by a rule for one. */
const BROUGHT_BY_CUSTOMERS = sql<boolean>`(by_kind = 'customer' or (by_kind = 'rule' and sender_kind = 'customer'))`;

/** One of the last verifications. */
export interface Recent {
  readonly id: string;
  readonly title: string;
  readonly place: string;
  readonly name: string;
  readonly state: VerificationState;
  /** ms. */
  readonly at: number;
}

export interface Today {
  /** Uses that went through, and those still under way. */
  readonly verified: number;
  readonly underWay: number;
  /** By place, most first. */
  readonly byPlace: readonly { readonly name: string; readonly count: number }[];
  /** Newest first. */
  readonly last: readonly Recent[];
}

/** Counts the uses of a person at a store, and of everybody at one of its places. */
export async function usageOf(
  on: Db | Tx,
  { storeId, day, person, placeId }: { storeId: string; day: string; person: string; placeId: string },
): Promise<Usage> {
  const uses = sql<number>`case when count > 1 then count else 1 end`;
  return await on
    .selectFrom('verification')
    .select([
      sql<number>`cast(coalesce(sum(case when ${person} in (person, sender) then ${uses} else 0 end), 0) as integer)`.as(
        'person',
      ),
      sql<number>`cast(coalesce(sum(case when place_id = ${placeId} then ${uses} else 0 end), 0) as integer)`.as('place'),
    ])
    .where('store_id', '=', storeId)
    .where('business_day', '=', day)
    .where(BROUGHT_BY_CUSTOMERS)
    .where('state', 'in', COUNTED)
    .executeTakeFirstOrThrow();
}

/** Reads what happened at a store today, with the last few. */
export async function readToday(on: Db | Tx, storeId: string, day: string, last: number): Promise<Today> {
  const rows = await on
    .selectFrom('verification')
    .select(['id', 'title', 'place', 'person_name', 'sender_name', 'state', 'count', 'submitted_at'])
    .where('store_id', '=', storeId)
    .where('business_day', '=', day)
    .where(BROUGHT_BY_CUSTOMERS)
    .orderBy('submitted_at', 'desc')
    .execute();
  const counted = rows.filter(({ state }) => COUNTED.some((one) => one === state));
  const uses = (of: readonly { count: number }[]): number => of.reduce((sum, { count }) => sum + Math.max(1, count), 0);
  const verified = counted.filter(({ state }) => state === 'verified');
  const places = Map.groupBy(counted, ({ place }) => place ?? '');
  return {
    verified: uses(verified),
    underWay: uses(counted) - uses(verified),
    byPlace: [...places].map(([name, of]) => ({ name, count: uses(of) })).toSorted((a, b) => b.count - a.count),
    last: rows.slice(0, last).map((row) => ({
      id: row.id,
      title: row.title,
      place: row.place ?? '',
      name: row.sender_name ?? row.person_name ?? '',
      state: row.state,
      at: row.submitted_at ?? 0,
    })),
  };
}

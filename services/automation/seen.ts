/** What an owner chooses from for a rule: deals as they were seen, and chats of the store. */
import { hash } from 'node:crypto';
import type { Db } from '../database/database.ts';
import type { Coupon } from '../coupons/coupon.ts';
import type { Deal } from './rule.ts';

export interface SeenChat {
  readonly id: string;
  readonly title: string;
}

/** A short name for one of the things that are offered, for its button: the list may be another when that is pressed. */
export const offeredAs = (...parts: readonly (string | undefined)[]): string =>
  hash('sha256', JSON.stringify(parts), 'hex').slice(0, 10);

/** The verifications that are looked through, newest first. */
const LOOKED = 500;
/** The most that are offered. */
const MOST = 12;

/** The deals that were verified at a store lately, the most frequent first. */
export async function seenDeals(db: Db, storeId: string): Promise<readonly Deal[]> {
  const rows = await db
    .selectFrom('verification')
    .select(['title', 'coupon'])
    .where('store_id', '=', storeId)
    .where('business_day', 'is not', null)
    .orderBy('business_day', 'desc')
    .orderBy('submitted_at', 'desc')
    .limit(LOOKED)
    .execute();
  const deals = rows.map(({ coupon }): Deal => {
    const { title, dealId } = JSON.parse(coupon) as Coupon;
    return dealId === undefined ? { title } : { title, dealId };
  });
  const groups = [...Map.groupBy(deals, ({ title, dealId }) => JSON.stringify([title, dealId])).values()];
  return groups
    .toSorted((a, b) => b.length - a.length)
    .slice(0, MOST)
    .map(([deal]) => deal!);
}

/** The chats that are bound to a store, those last heard of first. */
export async function seenChats(db: Db, storeId: string): Promise<readonly SeenChat[]> {
  return await db
    .selectFrom('chat')
    .select(['id', 'title'])
    .where('store_id', '=', storeId)
    .orderBy('updated_at', 'desc')
    .limit(MOST)
    .execute();
}

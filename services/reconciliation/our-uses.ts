/** Reads the verifications of the ledger that a platform's list is compared with. */
import { storesOfMerchant } from '../accounts/same-merchant.ts';
import type { Fen } from '../coupons/coupon.ts';
import type { Market } from '../coupons/markets.ts';
import { sql, type Db } from '../database/database.ts';
import { read } from '../verification/repository/row-mapping.ts';
import type { Verification } from '../verification/verification.ts';

/** A verification of the ledger, as far as it is compared. */
export interface OurUse {
  readonly id: string;
  readonly storeId: string;
  /** `StoreAccount.id` it went through. */
  readonly listingId: string | undefined;
  readonly code: string;
  /** The coupon's market, where it is known. */
  readonly market: Market | undefined;
  readonly dealId: string | undefined;
  /** Other numbers by which the platform may list it. */
  readonly ids: readonly string[];
  readonly title: string;
  readonly state: Verification['state'];
  /** True where it was refused because somebody else had used the coupon. */
  readonly usedByOthers: boolean;
  readonly day: string;
  /** ms: when it was settled, else when it was submitted. */
  readonly at: number;
  readonly undoneAt: number | undefined;
  /** Whether the coupon had more uses than these. */
  readonly partial: boolean;
  readonly count: number;
  readonly amount: Fen | undefined;
}

/** Names a use as its platform does: `Platform.recordIds` of the account that it went through. */
export type IdsOf = (listingId: string | undefined, receiptHandle: string) => readonly string[];

/** The states of what was pressed. */
const PRESSED: readonly Verification['state'][] = [
  'submitting',
  'unsure',
  'person',
  'verified',
  'refused',
  'undoing',
  'undo-unsure',
  'undone',
];
/** Codes in one query: SQLite takes 32,766 values. */
const AT_ONCE = 500;

/** Reads a store's verifications of these business days. */
export async function usesOnDays(db: Db, storeId: string, days: readonly string[], idsOf: IdsOf): Promise<readonly OurUse[]> {
  const rows = await db
    .selectFrom('verification')
    .selectAll()
    .where('store_id', '=', storeId)
    .where('business_day', 'in', days)
    .where('state', 'in', PRESSED)
    .execute();
  return rows.map(read).map((v) => ourUse(v, idsOf));
}

/** Reads the sales of these codes in the merchant's other stores since then, ms. */
export async function usesElsewhere(
  db: Db,
  { storeId, codes, since }: { readonly storeId: string; readonly codes: readonly string[]; readonly since: number },
  idsOf: IdsOf,
): Promise<readonly OurUse[]> {
  const found: OurUse[] = [];
  for (let from = 0; from < codes.length; from += AT_ONCE) {
    const rows = await db
      .selectFrom('verification')
      .selectAll()
      .where('code', 'in', codes.slice(from, from + AT_ONCE))
      .where(sql<boolean>`store_id in (${storesOfMerchant(storeId)})`)
      .where('store_id', '<>', storeId)
      .where('submitted_at', '>=', since)
      .execute();
    found.push(...rows.map(read).map((v) => ourUse(v, idsOf)));
  }
  return found;
}

function ourUse(v: Verification, idsOf: IdsOf): OurUse {
  return {
    id: v.id,
    storeId: v.storeId,
    listingId: v.listingId,
    code: v.code,
    market: v.coupon.market,
    dealId: v.coupon.dealId,
    ids: v.receiptHandle === undefined ? [] : idsOf(v.listingId, v.receiptHandle),
    title: v.coupon.title,
    state: v.state,
    usedByOthers: v.refusal?.reason === 'used',
    day: v.businessDay ?? '',
    at: v.settledAt ?? v.submittedAt ?? v.openedAt,
    undoneAt: v.undoneAt,
    partial: v.coupon.remaining > v.count,
    count: v.count,
    amount: v.amount,
  };
}

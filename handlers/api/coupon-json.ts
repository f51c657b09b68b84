/** A coupon as other programs see it, before it is verified. */
import { createHash } from 'node:crypto';
import type { Store } from '../../services/accounts/stores.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import { isoMoment } from '../../services/time/iso.ts';
import type { OpenCard } from '../../services/verification/verification.ts';

/** Times are ISO 8601 with the store's offset, money is fen, what the platform does not say is null. */
export interface CouponJson {
  readonly code: string;
  readonly title: string;
  /** The price of one use. */
  readonly amount: number | null;
  readonly market_amount: number | null;
  readonly uses_left: number;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly platform: PlatformName;
  readonly order_id: string | null;
  /** Names this coupon among several with one code; the same at every lookup. */
  readonly choice: string;
}

/** `platform` is that of the account that found it. */
export function couponJson({ coupon }: OpenCard, { zone }: Store, platform: PlatformName): CouponJson {
  const moment = (at: number | undefined): string | null => (at === undefined ? null : isoMoment(at, zone));
  return {
    code: coupon.code,
    title: coupon.title,
    amount: coupon.price ?? null,
    market_amount: coupon.marketPrice ?? null,
    uses_left: coupon.remaining,
    valid_from: moment(coupon.validFrom),
    valid_until: moment(coupon.validUntil),
    platform,
    order_id: coupon.orderId ?? null,
    choice: choiceOf({ coupon }, platform),
  };
}

/** The name of a coupon among several: of what stays the same from one lookup to the next. */
export function choiceOf({ coupon }: Pick<OpenCard, 'coupon'>, platform: PlatformName): string {
  const { code, market, dealId, orderId, title } = coupon;
  const facts = JSON.stringify([platform, code, market, dealId, orderId, title]);
  return createHash('sha256').update(facts).digest('hex').slice(0, 12);
}

/** The coupon of every platform: what its card shows and what verifying it needs. */
import type { Market } from './markets.ts';

/** Whole fen (分), the hundredth of a yuan. */
export type Fen = number;

/** When a coupon may be used, where the platform says; people judge it, and the platform has the last word. */
export interface UseTimes {
  /** The hours of a day in which it may be used, `HH:mm` in China. */
  readonly hours?: readonly { readonly from: string; readonly to: string; readonly nextDay?: true }[];
  /** The days on which it may not be used, 1 (Monday) to 7. */
  readonly offDays?: readonly number[];
  /** The spans in which it may not be used, ms. */
  readonly offDates?: readonly { readonly from: number; readonly to: number }[];
}

/** A coupon that can be verified now. */
export interface Coupon {
  readonly kind: 'coupon';
  readonly code: string;
  readonly title: string;
  /** Sale price of one use; undefined where the platform does not say. */
  readonly price?: Fen;
  /** Sale price of each use that is left, in their order, where they differ. */
  readonly prices?: readonly Fen[];
  readonly marketPrice?: Fen;
  /** What the customer paid for one use, where that is not its price. */
  readonly paid?: Fen;
  /** Uses left under this code, at least 1. */
  readonly remaining: number;
  /** Set where the code is a card of several visits (次卡); else its uses are vouchers (张). */
  readonly timesCard?: true;
  /** The most uses that one verification takes; all of them by default. */
  readonly atOnce?: number;
  /** ms; the first and the last moment it is valid. */
  readonly validFrom?: number;
  readonly validUntil?: number;
  readonly useTimes?: UseTimes;
  /** Masked, as the platform gives it: `178****1807`. */
  readonly phone?: string;
  /** Identifies the order: equal for all its coupons, and for a coupon before and after its code was renewed. */
  readonly orderId?: string;
  readonly dealId?: string;
  /** Set where coupons of several markets have this code. */
  readonly market?: Market;
  /** Opaque to all but its platform, which gets it back at `verify`; a string, so that it survives JSON. */
  readonly handle?: string;
}

/** The most uses that one verification of this coupon takes. */
export const usesAtOnce = ({ remaining, atOnce = remaining }: Coupon): number => Math.min(remaining, atOnce);

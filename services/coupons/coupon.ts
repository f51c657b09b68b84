/** A coupon as a platform shows it, and the money and times in it. */

import type { Market } from './markets.ts';

/** Whole fen (分), the hundredth of a yuan. */
export type Fen = number;

/** A coupon that may be used: what its card shows. */
export interface Coupon {
  readonly kind: 'coupon';
  readonly code: string;
  readonly title: string;
  /** Sale price of one use; undefined where the platform does not say. */
  readonly price?: Fen;
  readonly marketPrice?: Fen;
  /** Uses left under this code, at least 1. */
  readonly remaining: number;
  /** The most of them that one confirmation can take; all, unless told. */
  readonly atOnce?: number;
  /** ms; the last moment it is valid. */
  readonly validUntil?: number;
  /** Masked, as the platform gives it: `178****1807`. */
  readonly phone?: string;
  /** Whatever is the same for all coupons of one order, and for a coupon whose code has changed. */
  readonly orderId?: string;
  readonly dealId?: string;
  /** Where it was sold, where coupons of several markets have this code. */
  readonly market?: Market;
  /** What the platform needs again at `verify`; opaque to everybody else, survives JSON. */
  readonly handle?: string;
}

/** How many uses one confirmation may take. */
export const usesAtOnce = ({ remaining, atOnce = remaining }: Coupon): number => Math.min(remaining, atOnce);

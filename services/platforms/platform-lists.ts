/** What platforms list of a store: deals on sale, uses, and figures of their own. Times ms, money fen. */
import type { Fen } from '../coupons/coupon.ts';

export interface Deal {
  readonly id: string;
  readonly title: string;
  readonly price?: Fen;
  readonly marketPrice?: Fen;
}

/** A use as the platform lists it, through whatever means it came about. */
export interface PlatformRecord {
  readonly code: string;
  readonly title?: string;
  readonly at?: number;
  readonly amount?: Fen;
  /** Who verified, and by what means, in the platform's words. */
  readonly by?: string;
  readonly via?: string;
}

/** The platform's own figures of a store over some days. Each counts, but for money (fen) and the time on a page (s). */
export type StatName =
  | 'consumed-money'
  | 'consumed-count'
  | 'paid-money'
  | 'paid-count'
  | 'reserved-money'
  | 'reserved-count'
  | 'bookings'
  | 'bookings-by-adverts'
  | 'bookings-by-phone'
  | 'viewers'
  | 'visitors'
  | 'buyers'
  | 'users'
  | 'bookers'
  | 'page-seconds';

export interface Stats {
  readonly figures: readonly { readonly name: StatName; readonly value: number }[];
  /** Deals by what was consumed of them. */
  readonly deals: readonly { readonly title: string; readonly count: number; readonly total: Fen }[];
}

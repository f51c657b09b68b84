/** The lists of a store at a platform: deals on sale, uses, and the platform's own figures. Times ms, money fen. */
import type { Fen } from '../coupons/coupon.ts';

export interface Deal {
  readonly id: string;
  readonly title: string;
  readonly price?: Fen;
  readonly marketPrice?: Fen;
}

/** A use as the platform lists it, made through this program or otherwise. */
export interface PlatformRecord {
  readonly code: string;
  readonly title?: string;
  readonly at?: number;
  readonly amount?: Fen;
  /** The person and the means of the verification, in the platform's words. */
  readonly by?: string;
  readonly via?: string;
  /** Other numbers of the use: first its own (of the transaction, of the verification), then its coupon's besides `code`. */
  readonly ids?: readonly string[];
  /** The uses it stands for, where the platform says. */
  readonly count?: number;
  /** ms; present where the platform lists the use as taken back. */
  readonly undoneAt?: number;
  /** True where the list is of all stores of an account and does not say which of them it was. */
  readonly anyStore?: boolean;
}

/** The platform's own figures of a store over some days: counts, but for money (fen) and the time on a page (s). */
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
  /** The uses of each deal. */
  readonly deals: readonly { readonly title: string; readonly count: number; readonly total: Fen }[];
}

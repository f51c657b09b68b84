/** The port of messages that a platform posts by itself. They may be lost, repeated and forged: each is a hint, and is read back. */
import type { Fen } from '../coupons/coupon.ts';

/** What a message says has happened to a coupon. */
export interface News {
  readonly what: 'used' | 'refunded';
  /** The account, as `Platform.identity` names it. */
  readonly identity: string;
  /** The platform's numbers for the order and the coupon. */
  readonly order: string;
  readonly coupon: string;
}

export type Message =
  /** Not signed by the platform, or no message of its. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'malformed' }
  /** The platform tries the address; it wants this back. */
  | { readonly kind: 'challenge'; readonly answer: object }
  /** `id`: equal for all repeats. Without `news` there is nothing to do. */
  | { readonly kind: 'message'; readonly id: string; readonly news?: News };

/** Reads what arrives at `PUBLIC_URL/<platform>/webhook`. `header` gives a header by its name; `body` is as it was sent. */
export interface Messages {
  read(header: (name: string) => string | undefined, body: Buffer): Message;
}

/** A coupon as the platform has it now. */
export interface CouponState {
  readonly title?: string;
  readonly amount?: Fen;
  readonly refunded: boolean;
  /** The uses that stand. `mark`: text in the handle of the item that was booked for this use. Time in ms. */
  readonly uses: readonly { readonly id: string; readonly mark: string; readonly at?: number; readonly store?: string }[];
}

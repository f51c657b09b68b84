/** What is usual for a store: the price of a deal, and how often uses are undone; pure. */
import type { Fen } from '../coupons/coupon.ts';

/** The uses that make a deal's usual price. */
export const PRICES = 30;
/** Fewer say nothing: the first customers of a new deal often pay with vouchers. */
const ENOUGH = 5;
/** A difference below a tenth is the split of a discount or of a 次卡, rounded to fen. */
const NEAR = 0.1;
/** A price that so many of these uses had is a second usual one: weekdays and weekends, a voucher that many have. */
const SEEN = 3;

/** Judges the price of one use beside those before it, the newest first. `near`: it is the usual one. */
export function judgePrice(price: Fen, before: readonly Fen[]): { readonly usual: Fen; readonly near: boolean } | undefined {
  const latest = before.slice(0, PRICES);
  if (latest.length < ENOUGH) return undefined;
  const sorted = latest.toSorted((a, b) => a - b);
  // Of an even number the lower middle: a price that somebody paid.
  const usual = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const near = Math.abs(price - usual) <= usual * NEAR || latest.filter((one) => one === price).length >= SEEN;
  return { usual, near };
}

/** What was undone in a store on a day, and what of it was verified again. */
export interface Undone {
  readonly undone: number;
  readonly again: number;
}

/**
 * A person errs once or twice a day (the wrong one of two cards, a customer who goes home). Five, or three coupons to and fro,
 * are more than the busiest of the shops we know has by mistake; a coupon that is undone while the customer plays on costs its price.
 */
const PERSON: Undone = { undone: 5, again: 3 };
/** Of all people together a busy shop has more: one in twenty of the day's uses. */
const SHARE = 0.05;

export const isMuchForPerson = ({ undone, again }: Undone): boolean => undone >= PERSON.undone || again >= PERSON.again;

/** `uses`: of the day, those undone included. */
export const isMuchForStore = ({ undone, again }: Undone, uses: number): boolean =>
  undone >= Math.max(PERSON.undone, uses * SHARE) || again >= Math.max(PERSON.again, uses * SHARE);

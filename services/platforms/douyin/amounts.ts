/** Reads amounts, which are whole fen here, as a certificate, a use of a times card or a record has them. */
import type { Fen } from '../../coupons/coupon.ts';
import { countOf, type Fields } from '../../fields.ts';

/**
 * What the shop turns over: the price of the coupon less the merchant's own discount. Commissions come off it later. Where that is
 * not told it is what the customer and the payment channel paid, then what the customer paid.
 */
export function turnoverOf(amount: Fields): Fen | undefined {
  const original = countOf(amount['original_amount']);
  const merchant = countOf(amount['merchant_ticket_amount']) ?? 0;
  if (original !== undefined && original >= merchant) return original - merchant;
  return countOf(amount['coupon_pay_amount']) ?? paidOf(amount);
}

/** What the customer really paid. */
export const paidOf = (amount: Fields): Fen | undefined => countOf(amount['pay_amount']);

/** The one amount that all have; undefined where they differ or one is unknown. */
export function sameFor(amounts: readonly (Fen | undefined)[]): Fen | undefined {
  const [first] = amounts;
  return amounts.every((amount) => amount === first) ? first : undefined;
}

/** All amounts, where each is known and they differ. */
export const pricesOf = (amounts: readonly (Fen | undefined)[]): readonly Fen[] | undefined =>
  sameFor(amounts) === undefined && amounts.every((amount) => amount !== undefined) ? amounts : undefined;

/** Reads what `prepare` lists: the unused coupons of one order, shown as one coupon with several uses. */
import type { Coupon } from '../../coupons/coupon.ts';
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import { parseTime } from '../../time/platform-time.ts';
import type { Refusal } from '../platform.ts';
import { refuse } from '../refuse.ts';
import { paidOf, pricesOf, sameFor, turnoverOf } from './amounts.ts';
import { fieldsIn, nonsense, rowsIn } from './envelope.ts';
import { writeHandle, type Certificate, type TimesCard } from './handles.ts';
import { useTimesOf } from './use-times.ts';
import { isTimesCard, verificationsOf } from './verifications.ts';

/** Coupons of one order that one call verifies at most. */
const MOST = 10;

/** The known values of `status`; others are for the merchant's own app to explain. */
const [UNUSED, USED, REFUND_ASKED, REFUNDED, REFUND_FAILED, REFUNDING] = ['1', '2', '3', '4', '5', '6'];

/**
 * Reads the answer to `prepare`. `code` is what people know the coupon by; a scanned one has none and goes by the id of its
 * certificate. Reservations hold names and identity numbers: they are not read.
 */
export function readCoupon(data: Fields, code: string | undefined, now: number): Coupon | Refusal {
  const listed = certificatesIn(data);
  const [shown] = listed;
  if (!shown) return refuse('unusable');
  const usable = listed.filter((row) => !obstacle(row, now) && isSame(row, shown));
  const [first] = usable;
  if (!first) return obstacle(shown, now) ?? refuse('unusable');
  const token = textOf(data['verify_token']);
  if (token === undefined) throw nonsense(false, 'a coupon without a token');
  const order = textOf(data['order_id']);
  const card = cardOf(first);
  const rows = card ? [first] : usable.slice(0, MOST);
  const certificates = rows.flatMap(readCertificate);
  const own = certificates[0];
  if (!own) throw nonsense(false, 'a coupon without a code to verify');
  const sku = fieldsIn(first['sku']);
  const uses = card ? usesOf(first, card) : [];
  const amounts = card ? uses.map((use) => turnoverOf(use)) : certificates.map(({ amount }) => amount);
  const paid = card ? uses.map((use) => paidOf(use)) : rows.map((row) => paidOf(fieldsIn(row['amount'])));
  return {
    kind: 'coupon',
    code: code ?? own.id,
    title: textOf(sku['title']) ?? '',
    remaining: card ? card.left : certificates.length,
    handle: writeHandle({ token, certificates, ...present({ order, card }) }),
    ...present({
      timesCard: card ? true : undefined,
      price: sameFor(amounts),
      prices: pricesOf(amounts),
      paid: sameFor(paid),
      marketPrice: card ? undefined : countOf(sku['market_price']),
      validFrom: parseTime(first['start_time']),
      validUntil: parseTime(first['expire_time']),
      useTimes: useTimesOf(first),
      orderId: order,
      dealId: textOf(sku['sku_id']),
    }),
  };
}

/** The certificates of an answer; the newer list has the same shape. */
export function certificatesIn(data: Fields): readonly Fields[] {
  const listed = rowsIn(data['certificates']);
  return listed.length > 0 ? listed : rowsIn(data['certificates_v2']);
}

/** Coupons of another deal in the same order are not counted in. */
const isSame = (row: Fields, shown: Fields): boolean =>
  textOf(fieldsIn(row['sku'])['sku_id']) === textOf(fieldsIn(shown['sku'])['sku_id']);

/** Gives the refusal of a listed coupon that cannot be used: expired ones stay in the list for a while. */
function obstacle(row: Fields, now: number): Refusal | undefined {
  switch (textOf(row['status'])) {
    case USED:
      return refuse('used');
    case REFUND_ASKED:
    case REFUNDED:
    case REFUNDING:
      return refuse('refunded');
    case UNUSED:
    case REFUND_FAILED:
    case undefined:
      break;
    default:
      return refuse('unusable');
  }
  const [from, until] = [parseTime(row['start_time']), parseTime(row['expire_time'])];
  if (until !== undefined && until < now) return refuse('expired');
  return from !== undefined && from > now ? refuse('not-yet') : undefined;
}

function readCertificate(row: Fields): readonly Certificate[] {
  const [id, sealed] = [textOf(row['certificate_id']), textOf(row['encrypted_code'])];
  if (id === undefined || sealed === undefined) return [];
  return [{ id, sealed, ...present({ amount: turnoverOf(fieldsIn(row['amount'])) }) }];
}

/** Reads a times card; each of its uses may have an amount of its own. */
function cardOf(row: Fields): TimesCard | undefined {
  if (!isTimesCard(row)) return undefined;
  const card = fieldsIn(row['time_card']);
  const used = countOf(card['times_used']) ?? 0;
  const left = Math.max(1, (countOf(card['times_count']) ?? used + 1) - used);
  const amounts = rowsIn(card['serial_amount_list']).flatMap((entry) => {
    const [number, amount] = [countOf(entry['serial_numb']), turnoverOf(fieldsIn(entry['amount']))];
    return number === undefined || amount === undefined ? [] : [[String(number), amount] as const];
  });
  const stood = verificationsOf(row).flatMap((use) => textOf(use['verify_id']) ?? []);
  return { used, left, amounts: Object.fromEntries(amounts), stood };
}

/** The amounts of the uses that are left. */
function usesOf(row: Fields, { used, left }: TimesCard): readonly Fields[] {
  const listed = rowsIn(fieldsIn(row['time_card'])['serial_amount_list']);
  return Array.from({ length: left }, (_, n) => {
    const entry = listed.find((one) => countOf(one['serial_numb']) === used + n + 1);
    return fieldsIn(entry?.['amount']);
  });
}

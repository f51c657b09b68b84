/** Judges a lost call by what the coupons of the order are now. */
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import { parseTime } from '../../time/platform-time.ts';
import { isOutside, type Seen } from '../judge-lost-call.ts';
import type { CouponState } from '../messages.ts';
import type { LostCall, Receipt, Refusal } from '../platform.ts';
import { turnoverOf } from './amounts.ts';
import { fieldsIn } from './envelope.ts';
import type { Query } from './gateway.ts';
import { markOf, readItemHandle, taken, type Certificate, type CouponHandle, type ItemHandle } from './handles.ts';
import { amountOfUse, receiptOf, type Use } from './receipt.ts';
import { isTimesCard, verificationsOf } from './verifications.ts';

/** How a verification was made: by the customer, by the shop's own scanner or keyboard. 4 is an open interface, as this one. */
const BY_HAND: ReadonlySet<string | undefined> = new Set(['1', '2', '3']);
const isByHand = (use: Fields): boolean => BY_HAND.has(textOf(use['verify_type']));
const USED = '2';
const REFUNDED = '4';
const GONE: ReadonlySet<string | undefined> = new Set([REFUNDED, '6']);
/** A call that seems to have taken effect in part is looked at so often before it is believed. */
const PARTLY = 2;

export interface Sight {
  readonly seen: Seen;
  readonly uses: readonly Use[];
  /** Time of the latest of them, ms. */
  readonly at?: number | undefined;
}

const UNCLEAR: Sight = { seen: 'unclear', uses: [] };

/** Judges a lost verification. Douyin keeps no request id, so that a use within the time of the call is only likely to be its own. */
export function sightOfUse(rows: readonly Fields[], lost: LostCall, handle: CouponHandle, now: number): Sight {
  const asked = taken(handle, lost.count) ?? [];
  const looks = [...new Set(asked)].map((certificate) => {
    const row = rows.find((one) => textOf(one['certificate_id']) === certificate.id);
    return row && look(row, certificate, lost, handle, now);
  });
  if (looks.length === 0 || looks.includes(undefined)) return UNCLEAR;
  const known = looks.filter((one) => one !== undefined);
  const found = known.flatMap(({ uses }) => uses).slice(0, lost.count);
  const uses = found.map(({ use }) => use);
  const at = found.map((one) => one.at).findLast((time) => time !== undefined);
  if (uses.length === lost.count) return { seen: 'used', uses, at };
  if (uses.length > 0) return lost.asked < PARTLY ? UNCLEAR : { seen: 'used', uses, at };
  const [first] = known;
  return { seen: first && known.every((one) => one.without === first.without) ? first.without : 'unclear', uses };
}

interface Found {
  readonly use: Use;
  readonly at: number | undefined;
}

/** Looks at one coupon: the uses that may be the call's, or what it is without one. */
function look(row: Fields, certificate: Certificate, lost: LostCall, { card }: CouponHandle, now: number) {
  // A number of a use that was undone may be given again: uses of before are known by their ids, as far as those were told.
  const before = new Set([...(lost.booked ?? []).map((handle) => readItemHandle(handle)?.verification), ...(card?.stood ?? [])]);
  const listed = verificationsOf(row).filter((one) => !before.has(textOf(one['verify_id'])));
  const mayBeBefore = (one: Fields): boolean =>
    card !== undefined && card.stood.length < card.used && (countOf(one['times_card_serial_num']) ?? card.used + 1) <= card.used;
  const inDoubt = listed.filter((one) => mayBeBefore(one) && !isOutside(parseTime(one['verify_time']), lost, now));
  const since = listed.filter((one) => !mayBeBefore(one));
  const inTime = since.filter((one) => !isOutside(parseTime(one['verify_time']), lost, now));
  const likely = inTime.filter((one) => {
    const shop = textOf(one['poi_id']);
    return !isByHand(one) && (shop === undefined || shop === '0' || shop === lost.store);
  });
  const uses = likely.map((one, n): Found => {
    const number = countOf(one['times_card_serial_num']) ?? (card ? card.used + n + 1 : 0);
    const amount = card ? amountOfUse(fieldsIn(one['verify_amount_info']), card.amounts, number) : certificate.amount;
    return { use: { certificate, verification: textOf(one['verify_id']) ?? '', amount }, at: parseTime(one['verify_time']) };
  });
  return { uses, without: seenWithout(row, { since, inTime: [...inTime, ...inDoubt], used: card?.used }) };
}

/** What a coupon is that shows no use of the call's. */
function seenWithout(
  row: Fields,
  { since, inTime, used }: { since: readonly Fields[]; inTime: readonly Fields[]; used: number | undefined },
): Seen {
  const status = textOf(row['status']);
  if (used !== undefined) {
    const now = countOf(fieldsIn(row['time_card'])['times_used']) ?? used;
    return inTime.length > 0 || now > used ? 'unclear' : GONE.has(status) ? 'void' : 'unused';
  }
  // Used once, and at a till: that is no interface's use.
  if (inTime.length > 0) return inTime.every(isByHand) ? 'others' : 'unclear';
  if (since.length > 0) return 'others';
  // Used, and nobody says by whom.
  if (status === USED) return 'used';
  return GONE.has(status) ? 'void' : 'unused';
}

/** Builds the receipt of a yes that was found. Coupons of the call that were not used are usable still. */
export function laterReceipt({ uses, at }: Sight, lost: LostCall, order: string | undefined): Receipt {
  const { count, submittedAt } = lost;
  const receipt = receiptOf(uses, [], order, at ?? submittedAt, submittedAt);
  if (uses.length === 0) return { ...receipt, items: [{ count }] };
  const unused: Refusal = { kind: 'refused', reason: 'lost' };
  return {
    ...receipt,
    items: [...receipt.items, ...Array.from({ length: count - uses.length }, () => ({ count: 1, refusal: unused }))],
  };
}

/** Judges a lost undo: the use that was to be undone stands, or stands no longer. */
export function sightOfUndo(rows: readonly Fields[], item: ItemHandle): Seen {
  const row = rows.find((one) => textOf(one['certificate_id']) === item.certificate);
  if (!row) return 'unclear';
  return verificationsOf(row).some((one) => textOf(one['verify_id']) === item.verification) ? 'unused' : 'ours';
}

/** What a coupon is now, for a message about it. */
export function stateIn(row: Fields): CouponState {
  const uses = verificationsOf(row).map((one) => {
    const [id, shop] = [textOf(one['verify_id']) ?? '', textOf(one['poi_id'])];
    return { id, mark: markOf(id), ...present({ at: parseTime(one['verify_time']), store: shop === '0' ? undefined : shop }) };
  });
  const [title, amount] = [textOf(fieldsIn(row['sku'])['title']), turnoverOf(fieldsIn(row['amount']))];
  return {
    refunded: textOf(row['status']) === REFUNDED,
    uses,
    ...present({ title, amount: isTimesCard(row) ? undefined : amount }),
  };
}

/** What a query asks by: the order, which has all its coupons, or the one coupon. */
export const subjectOf = ({ order, sealed }: { readonly order?: string; readonly sealed?: string | undefined }): Query =>
  order === undefined ? { encrypted_code: sealed ?? '' } : { order_id: order };

/** Reads umember's coupons, deals and stores, in both shapes that were seen: the documented one and the later, richer one. */
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import type { Coupon } from '../../coupons/coupon.ts';
import { countOf, isRecord, present, textOf, type Fields } from '../../fields.ts';
import { meaningOf } from '../phrases.ts';
import { refuse } from '../refuse.ts';
import type { Deal } from '../platform-lists.ts';
import { PlatformFault, type PlatformStore, type Refusal, type RefusalReason } from '../platform.ts';

/**
 * The state of a coupon. `uses`: the uses left, which only the richer shape tells: of a 次卡 under its code, of any other coupon
 * in its order, whose other coupons have codes of their own.
 */
export type Sight =
  | { readonly state: 'unused'; readonly uses?: number; readonly timesCard: boolean }
  | { readonly state: 'refused'; readonly reason: RefusalReason; readonly words: string };

const UNUSED = '未使用';
/** The `bizType` of a 次卡. */
const TIMES_CARD = 205;

/** Reads the state in the `data` of a detail: `status_code` 0 or 1 where present, else `status` in words, where 未使用 is unused. */
export function sightOf(data: unknown): Sight {
  if (!isRecord(data)) throw new PlatformFault('nonsense', 'not-done', 'a detail without data');
  const words = textOf(data['status']);
  const code = textOf(data['status_code']);
  if (words === undefined && code === undefined) throw new PlatformFault('nonsense', 'not-done', 'a detail without status');
  const meaning = words === undefined || words === UNUSED ? 'other' : meaningOf(words);
  const known = meaning === 'other' || meaning === 'busy' || meaning === 'temporary' ? undefined : meaning;
  if (known) return { state: 'refused', reason: known, words: words ?? '' };
  const unused = code === undefined ? words === UNUSED : code === '0';
  const raw = rawOf(data);
  if (unused) return { state: 'unused', timesCard: isTimesCard(raw), ...present({ uses: countOf(raw['count']) }) };
  return { state: 'refused', reason: code === '1' ? 'used' : 'other', words: words === UNUSED ? '' : (words ?? '') };
}

/** Reads a coupon. Its `handle` keeps the uses left where there are several: the status does not change after one of them. */
export function readCoupon(data: unknown, code: string): Coupon | Refusal {
  const sight = sightOf(data);
  if (sight.state === 'refused') return refuse(sight.reason, sight.words);
  if (!isRecord(data)) throw new PlatformFault('nonsense', 'not-done', 'a detail without data');
  const raw = rawOf(data);
  const named = readName(textOf(data['sku_name']) ?? textOf(raw['dealTitle']) ?? '');
  return {
    kind: 'coupon',
    code,
    title: named.title,
    remaining: Math.max(1, sight.uses ?? 1),
    ...present({
      // A call consumes one use of a code, so a card may offer one.
      atOnce: sight.uses !== undefined && sight.uses > 1 ? 1 : undefined,
      // For a 次卡 all other prices are those of the whole card.
      price: sight.timesCard
        ? parseFen(raw['timesCardUnitPrice']) || undefined
        : (parseFen(data['price']) ?? named.price ?? parseFen(raw['dealPrice'])),
      marketPrice: parseFen(raw['dealMarketPrice']),
      validUntil: parseTime(raw['receiptEndDate'], 'end'),
      phone: textOf(raw['mobile']),
      orderId: textOf(data['order_id']),
      dealId: textOf(data['sku_id']) ?? named.id,
      handle: sight.uses !== undefined && sight.uses > 1 ? `uses:${sight.uses}` : undefined,
    }),
  };
}

/** Reads from a handle the uses that were left when the coupon was shown. */
export function usesOf(handle: string | undefined): number {
  return countOf(handle?.replace(/^uses:/, '')) ?? 1;
}

/** Splits `畅玩4小时[49.00元][1206941234]`: the documented shape keeps price and id nowhere else. */
function readName(name: string): { title: string; price?: number; id?: string } {
  const match = /\[(\d+(?:\.\d+)?)元\](?:\[(\d+)\])?$/.exec(name);
  if (!match) return { title: name };
  return { title: name.slice(0, match.index).trimEnd(), ...present({ price: parseFen(match[1]), id: match[2] }) };
}

/** Whether Meituan marks it as a 次卡, which has one code for several uses. */
const isTimesCard = (raw: Fields): boolean =>
  raw['tgTimesCardFlag'] === true || raw['tgTimesCardFlag'] === 'true' || countOf(raw['bizType']) === TIMES_CARD;

/** Gives Meituan's own fields, where the gateway passes them on. */
function rawOf(data: Fields): Fields {
  const raw = data['rawData'];
  return isRecord(raw) ? raw : {};
}

/** Reads a deal. `sku_name` and `product_name` are equal; amounts are yuan as text. */
export function readDeal(row: unknown): readonly Deal[] {
  if (!isRecord(row)) return [];
  const id = textOf(row['sku_id']);
  const { title, price } = readName(textOf(row['sku_name']) ?? textOf(row['product_name']) ?? '');
  if (id === undefined || title === '') return [];
  return [
    { id, title, ...present({ price: parseFen(row['actual_amount']) ?? price, marketPrice: parseFen(row['origin_amount']) }) },
  ];
}

const AUTHORISED = { '1': 'never', '2': 'yes', '3': 'expired' } as const;

/** Reads a store. `status`: 1 not authorised, 2 authorised, 3 expired; later lists omit it, which is not a no. */
export function readStore(row: unknown): readonly PlatformStore[] {
  if (!isRecord(row)) return [];
  const id = textOf(row['store_id']);
  if (id === undefined) return [];
  const status = textOf(row['status']);
  return [
    {
      id,
      name: textOf(row['store_name']) ?? id,
      ...present({
        address: textOf(row['address']),
        authorised: status === '1' || status === '2' || status === '3' ? AUTHORISED[status] : undefined,
        quota: countOf(row['request_count']),
      }),
    },
  ];
}

/** Gives the rows of a list; none where `data` is missing, which may stand for an empty list. */
export function rowsOf(data: unknown): readonly unknown[] {
  if (data === undefined || data === null) return [];
  if (!Array.isArray(data)) throw new PlatformFault('nonsense', 'not-done', 'a list that is none');
  return data;
}

/** Reads `consume_details` of a verification: `[{amount: "￥59.9"}]`. Undefined for several: whether they add up is unknown. */
export function amountOf(details: unknown): number | undefined {
  if (!Array.isArray(details) || details.length !== 1) return undefined;
  const [only] = details as readonly unknown[];
  return isRecord(only) ? parseFen(only['amount']) : undefined;
}

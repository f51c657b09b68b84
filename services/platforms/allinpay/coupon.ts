/** Reads Allinpay's answer to `prepare`: a coupon of one of the four kinds, and its handle. */
import type { Coupon } from '../../coupons/coupon.ts';
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import { nonsense } from './gateway.ts';
import { likelyKind, type Kind } from './kinds.ts';
import { hasAny, named, recordsOf } from './tolerant-shapes.ts';

/** One of Douyin's vouchers under a code. `num`: the uses left, of a card of several times only. */
export interface Certificate {
  readonly id: string;
  readonly num?: number;
}

/** `Coupon.handle`. */
export interface CouponHandle {
  readonly kind: Kind;
  /** The uses left when it was shown. */
  readonly left: number;
  readonly certificates?: readonly Certificate[];
}

/** Reads a handle; without one the kind follows the form of the code. */
export const couponHandle = (handle: string | undefined, code: string): CouponHandle =>
  handle === undefined ? { kind: likelyKind(code), left: 1 } : (JSON.parse(handle) as CouponHandle);

/** The fields that mark an answer as a coupon, of whatever kind. */
export const COUPON_MARKS = ['couponName', 'couponValue', 'couponBuyPrice', 'initAmount'] as const;

/** The names of the part for each kind: 到综 and 大众点评 share one in the description, but not in the example. */
const PARTS: Readonly<Record<Kind, readonly string[]>> = {
  meituan: ['meiTuan'],
  tiktok: ['tikTok'],
  dianping: ['dianPing', 'mtdz'],
  mtdz: ['mtdz', 'dianPing'],
};

export const partOf = (data: unknown, kind: Kind): readonly Fields[] => recordsOf(named(data, ...PARTS[kind]));

export function readCoupon(answer: unknown, kind: Kind, code: string): Coupon {
  const [data] = recordsOf(answer);
  if (!data || !hasAny(data, COUPON_MARKS)) throw nonsense(false, 'prepared without a coupon');
  const part = partOf(data, kind)[0] ?? {};
  const own = kind === 'tiktok' ? ofDouyin(data, part) : ofMeituan(data, part, kind);
  const name = textOf(data['couponName']);
  const title = kind === 'meituan' ? (name ?? own.title) : (own.title ?? name);
  const remaining = Math.max(1, own.left ?? countOf(data['initAmount']) ?? 1);
  const { certificates } = own;
  return {
    kind: 'coupon',
    code,
    title: title ?? '',
    remaining,
    ...present({
      price: own.price,
      marketPrice: own.marketPrice,
      // The text is empty where there is no end.
      validUntil: parseTime(data['validityEndDate'], 'end'),
      dealId: own.dealId,
    }),
    handle: JSON.stringify({ kind, left: remaining, ...present({ certificates }) } satisfies CouponHandle),
  };
}

interface Own {
  readonly title: string | undefined;
  readonly price: number | undefined;
  readonly marketPrice: number | undefined;
  readonly dealId: string | undefined;
  readonly left: number | undefined;
  readonly certificates?: readonly Certificate[];
}

/** Reads the part of Meituan or Dianping, in yuan. The market price of 到餐 has another name. */
function ofMeituan(data: Fields, part: Fields, kind: Kind): Own {
  return {
    title: textOf(part['dealTitle']),
    price: parseFen(part['dealPrice']) ?? parseFen(data['couponBuyPrice']),
    marketPrice: parseFen(part[kind === 'meituan' ? 'dealValue' : 'dealMarketPrice']) ?? parseFen(data['couponValue']),
    dealId: textOf(part['dealId']),
    left: countOf(part['count']),
  };
}

/** Reads the part of Douyin. Its market price alone is in fen; `sku` stands beside the certificates or within each. */
function ofDouyin(data: Fields, part: Fields): Own {
  const rows = recordsOf(named(part, 'tiktokCertificateList'));
  const certificates = rows.flatMap((row): readonly Certificate[] => {
    const id = textOf(row['certificateId']);
    return id === undefined ? [] : [{ id, ...present({ num: countOf(row['num']) }) }];
  });
  const sku = recordsOf(part['sku'] ?? rows[0]?.['sku'])[0] ?? {};
  // Whether the price of a card of several times is the card's or one time's is not documented.
  const several = certificates.some(({ num = 1 }) => num > 1);
  return {
    title: textOf(sku['title']),
    price: several ? undefined : parseFen(data['couponBuyPrice']),
    marketPrice: several ? undefined : (countOf(sku['marketPrice']) ?? parseFen(data['couponValue'])),
    dealId: textOf(sku['skuId']),
    left: certificates.length === 0 ? undefined : certificates.reduce((sum, { num = 1 }) => sum + num, 0),
    ...(certificates.length > 0 && { certificates }),
  };
}

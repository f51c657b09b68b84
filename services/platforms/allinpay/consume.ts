/** Consumption at Allinpay: builds its request, and reads the consumed items from its yes. */
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { present, textOf, type Fields } from '../../fields.ts';
import type { Item, Receipt, VerifyRequest } from '../platform.ts';
import { couponHandle, partOf, type Certificate, type CouponHandle } from './coupon.ts';
import { undoUntil, type Kind } from './kinds.ts';
import { named, recordsOf } from './tolerant-shapes.ts';

/** The `Item.handle` that `cancel` needs. */
export interface ItemHandle {
  readonly kind: Kind;
  readonly tranNo: string;
  /** The order of the use. */
  readonly orderId: string;
  /** Present for one of several that were used together. */
  readonly couponNo?: string;
}

export const itemHandle = (handle: string | undefined): ItemHandle | undefined =>
  handle === undefined ? undefined : (JSON.parse(handle) as ItemHandle);

/** Distributes the uses over the certificates, in their order; undefined where there are fewer uses than that. */
export function taken({ certificates, left }: CouponHandle, count: number): readonly Certificate[] | undefined {
  let wanted = count;
  const parts = (certificates ?? []).flatMap(({ id, num }): readonly Certificate[] => {
    const part = Math.min(num ?? 1, wanted);
    wanted -= part;
    return part === 0 ? [] : [{ id, ...(num === undefined ? {} : { num: part }) }];
  });
  if (certificates === undefined) return count <= left ? [] : undefined;
  return wanted === 0 ? parts : undefined;
}

/** Builds the business part. The request's id is in it twice: as the order, and as the remark, which the list of uses shows. */
export function consumption({ handle, code, requestId, count }: VerifyRequest, operator: string): Fields | undefined {
  const coupon = couponHandle(handle, code);
  const { kind } = coupon;
  const base = { type: kind, orderId: requestId, couponNo: code, operUserId: operator, remark: requestId };
  // Meituan and Dianping refuse too many uses themselves.
  if (kind !== 'tiktok') return { ...base, num: count };
  const parts = taken(coupon, count);
  if (!parts) return undefined;
  if (parts.length === 0) return { ...base, num: count };
  return { ...base, tiktokCertificateList: parts.map(({ id, num }) => ({ certificateId: id, num })) };
}

/** The fields that mark an answer as a consumption. */
export const CONSUMED_MARKS = ['tranNo', 'consumeTime'] as const;

/** Reads a receipt. `sentAt`: the time before the request was sent. */
export function readReceipt(data: unknown, request: VerifyRequest, sentAt: number, now: number): Receipt {
  const { code, count } = request;
  const { kind } = couponHandle(request.handle, code);
  const fields = recordsOf(data)[0] ?? {};
  // The description has no list for Douyin; it is read under the request's name for it.
  const rows = kind === 'tiktok' ? recordsOf(named(fields, 'tiktokCertificateList')) : partOf(fields, kind);
  const codes = rows.flatMap((row) => textOf(row['receiptCode']) ?? textOf(row['certificateId']) ?? []);
  // Whether the price of several uses is that of one or of all is not documented.
  const amount = count === 1 ? parseFen(fields['couponBuyPrice']) : undefined;
  const at = parseTime(fields['consumeTime']) ?? now;
  return receiptOf({ at, sentAt, tranNo: textOf(fields['tranNo']), codes, amount }, request);
}

export interface Consumed {
  readonly at: number;
  readonly sentAt: number;
  /** The number of the use, without which it cannot be undone. */
  readonly tranNo: string | undefined;
  /** The consumed codes, where the answer lists them. */
  readonly codes: readonly string[];
  readonly amount?: number | undefined;
}

export function receiptOf({ at, sentAt, tranNo, codes, amount }: Consumed, request: VerifyRequest): Receipt {
  const { kind } = couponHandle(request.handle, request.code);
  const handleOf = (couponNo?: string): string | undefined =>
    tranNo && JSON.stringify({ kind, tranNo, orderId: request.requestId, ...present({ couponNo }) } satisfies ItemHandle);
  const parts = kind === 'tiktok' ? byCertificate(codes, request) : byReceipt(codes, request);
  const several = parts.filter(({ refusal }) => !refusal).length > 1;
  const items: readonly Item[] =
    parts.length > 1
      ? parts.map((part) =>
          part.refusal ? part : { ...part, ...present({ handle: handleOf(several ? part.code : undefined) }) },
        )
      : [{ count: request.count, ...present({ amount, handle: handleOf() }) }];
  return { kind: 'verified', at, ...(tranNo === undefined ? {} : { undoUntil: undoUntil(kind, sentAt) }), items };
}

/** Splits a receipt of Meituan's or Dianping's: a code for each use, or one for all. */
const byReceipt = (codes: readonly string[], { count }: VerifyRequest): readonly Item[] =>
  codes.length === count && new Set(codes).size === count ? codes.map((code) => ({ code, count: 1 })) : [];

/**
 * Splits a receipt of Douyin's: certificates that were sent and are not listed were not consumed. A list of others tells
 * nothing.
 */
function byCertificate(codes: readonly string[], { handle, code, count }: VerifyRequest): readonly Item[] {
  const sent = taken(couponHandle(handle, code), count) ?? [];
  if (!sent.some(({ id }) => codes.includes(id))) return [];
  return sent.map(({ id, num = 1 }) =>
    codes.includes(id) ? { code: id, count: num } : { code: id, count: num, refusal: { kind: 'refused', reason: 'other' } },
  );
}

/**
 * Reads Allinpay's two lists of uses: `consumeHistory`, made through Allinpay, and `verifyHistory`, all of 到餐 at a shop on a
 * day.
 */
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { present, textOf, type Fields } from '../../fields.ts';
import type { PlatformRecord } from '../platform-lists.ts';
import type { Refusal } from '../platform.ts';
import type { Call } from './gateway.ts';
import { hasAny, named, recordsOf } from './tolerant-shapes.ts';

/** A row of `consumeHistory`: a use or an undo. */
export interface Entry {
  readonly kind: 'use' | 'undo';
  readonly tranNo: string | undefined;
  /** The coupon's numbers: the code itself, and in the details one that may be Allinpay's own. */
  readonly codes: readonly string[];
  /** Remarks and order, which hold our own request ids. */
  readonly marks: readonly string[];
  /** The login that made it. */
  readonly login: string | undefined;
  /** `changeSource`. */
  readonly source: string | undefined;
  readonly at: number | undefined;
  readonly record: PlatformRecord | undefined;
}

/** The fields that mark a row, also in an answer without a code. */
const ENTRY_MARKS = ['changeId', 'tranNo', 'couponNo'] as const;

export const consumeHistory = (business: Fields): Call => ({
  method: 'thirdCouponService.consumeHistory',
  business,
  marks: ENTRY_MARKS,
});

export const verifyHistory = (date: string, pageNo: number, pageSize: number): Call => ({
  method: 'thirdCouponService.verifyHistory',
  business: { date, pageNo, pageSize },
  marks: ['couponVerifyHistoryList', 'total'],
});

/** The sources that are no calls: the till (34) and a shop assistant (35). */
const BY_HAND = ['34', '35'];
/** The sources of undos: 134 and 135 by hand, 312 by a call. */
const UNDOING = ['134', '135', '312'];
const SOURCES: Readonly<Record<string, string>> = { '34': 'POS', '35': '导购', '42': '接口' };

export const byHand = ({ source = '' }: Entry): boolean => BY_HAND.includes(source);

/** Whether a list was refused because it is empty. */
export const isEmpty = ({ reason, words = '' }: Refusal): boolean => reason === 'not-found' || NOTHING.test(words);
const NOTHING = /^(?:未找到|没有找到|没有|查不到|暂无|无)(?:相关|该券|此券)?的?(?:核销|验券|消费|交易)?(?:记录|数据|流水)$/;

/**
 * Reads the entries. `balanceChanged` is described as a number of coupons and is -400 in the example of a use: how many uses a row
 * stands for is not told. The list is described as one object, but a shop has more than one use.
 */
export const readEntries = (data: unknown): readonly Entry[] =>
  recordsOf(data)
    .filter((row) => hasAny(row, ENTRY_MARKS))
    .map(readEntry);

function readEntry(row: Fields): Entry {
  const tranNo = textOf(row['tranNo']);
  const details = recordsOf(named(row, 'couponDetails'));
  const source = textOf(row['changeSource']);
  // In the example the coupon's number is that of the use.
  const own = textOf(row['couponNo']);
  const codes = [own === tranNo ? undefined : own, ...details.map((detail) => textOf(detail['couponNo']))].filter(isText);
  const at = parseTime(row['tranDateTime']) ?? parseTime(row['createTime']);
  const code = codes[0] ?? own;
  return {
    kind: source !== undefined && UNDOING.includes(source) ? 'undo' : 'use',
    tranNo,
    codes,
    marks: [row, ...details].flatMap((part) => [textOf(part['remark']), textOf(part['orderId'])]).filter(isText),
    login: textOf(row['userId']),
    source,
    at,
    record:
      code === undefined
        ? undefined
        : {
            code,
            ...present({
              title: textOf(details[0]?.['couponName']) ?? textOf(row['couponName']),
              at,
              amount: parseFen(row['couponBuyPrice']),
              by: textOf(row['createUserName']) ?? textOf(row['userId']),
              via: source === undefined ? undefined : (SOURCES[source] ?? source),
            }),
            ids: [tranNo, ...codes].filter((id) => isText(id) && id !== code) as string[],
          },
  };
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** Reads a page of `verifyHistory`. Its `dealValue` is described as the sale price and is the market price. */
export function readVerified(data: unknown): readonly PlatformRecord[] {
  return recordsOf(named(data, 'couponVerifyHistoryList')).flatMap((row) => {
    const code = textOf(row['couponCode']);
    if (code === undefined) return [];
    const via = textOf(row['verifyType']);
    return [
      {
        code,
        ...present({
          title: textOf(row['dealTitle']),
          at: parseTime(row['couponUseTime']),
          amount: parseFen(row['couponBuyPrice']),
          by: textOf(textOf(row['verifyAcct'])?.replace(/^账号[:：]/, '')),
          via,
        }),
      },
    ];
  });
}

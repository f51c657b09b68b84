/** Reads coupons, deals and uses, which both dialects write alike. */
import type { Coupon, Fen } from '../../coupons/coupon.ts';
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import type { Deal, PlatformRecord } from '../platform-lists.ts';
import { writeHandle } from './handles.ts';
import { rowsOf } from './field-names.ts';

/** The most uses that one call consumes. */
const MOST = 100;
/** The `biz_type` of a 次卡; 0 is ordinary, 203 拼团, 217 通兑标品. */
const TIMES_CARD = 205;
/** The `sale_status` on sale; 1 is not yet, 3 is over. */
const ON_SALE = 2;
/** The known values of `verify_channel`. */
const CHANNELS: Readonly<Record<string, string>> = { '15': '第三方验证' };

/** Reads a coupon that `prepare` or `scanprepare` found usable, under the code that was asked for. */
export function readCoupon(row: Fields, code: string): Coupon {
  const remaining = Math.max(1, countOf(row['count']) ?? countOf(row['availablecount']) ?? 1);
  const dealId = textOf(row['dealid']);
  return {
    kind: 'coupon',
    code,
    title: textOf(row['dealtitle']) ?? '',
    remaining,
    handle: writeHandle({ ...present({ dealId }), remaining, timesCard: isTimesCard(row) }),
    ...present({
      timesCard: isTimesCard(row) || undefined,
      atOnce: remaining > MOST ? MOST : undefined,
      price: priceOf(row),
      marketPrice: parseFen(row['dealmarketprice']),
      validUntil: parseTime(row['receiptenddate'], 'end'),
      phone: textOf(row['mobile']),
      orderId: orderOf(row),
      dealId,
    }),
  };
}

export const isTimesCard = (row: Fields): boolean =>
  countOf(row['biztype']) === TIMES_CARD || row['tgtimescardflag'] === true || row['tgtimescardflag'] === 'true';

/**
 * Reads the price of one use. The deal's price of a 次卡 is that of the whole card; other coupons may have a 0 as the card's
 * price per use.
 */
export const priceOf = (row: Fields, card = isTimesCard(row)): Fen | undefined =>
  parseFen(row['timescardunitprice']) || (card ? undefined : parseFen(row['dealprice']));

/**
 * Reads the order, which stays the same when a coupon's code changes. 北极星 does not give it before a coupon is used, but a
 * payment's id begins with it: `4926962768587886220NWL850101`.
 */
function orderOf(row: Fields): string | undefined {
  const payment = textOf(rowsOf(row['paymentdetail'])?.[0]?.['paymentdetailid']);
  return textOf(row['orderid']) ?? /^\d+(?=[A-Za-z])/.exec(payment ?? '')?.[0];
}

/** Sums the payments of the whole order. Every coupon of an order carries the same list. */
export function paidFor(row: Fields): Fen | undefined {
  const amounts = rowsOf(row['paymentdetail'])?.flatMap((payment) => parseFen(payment['amount']) ?? []) ?? [];
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Reads a deal that is on sale now. */
export function readDeal(row: Fields): readonly Deal[] {
  const id = textOf(row['dealid']);
  const title = textOf(row['title']);
  if (id === undefined || title === undefined || countOf(row['salestatus']) !== ON_SALE) return [];
  return [{ id, title, ...present({ price: parseFen(row['price']), marketPrice: parseFen(row['marketprice']) }) }];
}

/** Reads a use in the list of a day. */
export function readRecord(row: Fields): readonly PlatformRecord[] {
  const code = textOf(row['receiptcode']);
  if (code === undefined) return [];
  const channel = textOf(row['verifychannel']);
  const flow = textOf(row['flowid']);
  return [
    {
      code,
      ...present({
        title: textOf(row['dealtitle']),
        at: parseTime(row['verifytime']),
        amount: priceOf(row),
        by: verifierOf(row),
        via: channel && (CHANNELS[channel] ?? channel),
        ids: flow === undefined ? undefined : [flow],
      }),
    },
  ];
}

/** Reads the account that verified, without the word 账号 that some of Meituan's lists put before it. */
export const verifierOf = (row: Fields): string | undefined =>
  textOf(textOf(row['verifyaccount'])?.replace(/^[账帐]号[:：]/, ''));

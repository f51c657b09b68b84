/** Coupons, deals and uses as both dialects show them. */
import type { Coupon, Fen } from '../../coupons/coupon.ts';
import { parseFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { countOf, present, textOf, type Fields } from '../fields.ts';
import type { Deal, PlatformRecord } from '../platform-lists.ts';
import { writeHandle } from './handles.ts';
import { rowsOf } from './field-names.ts';

/** The most that one call consumes. */
const MOST = 100;
/** `biz_type` of a 次卡; 0 is ordinary, 203 拼团, 217 通兑标品. */
const TIMES_CARD = 205;
/** `sale_status`: 1 not yet, 2 on sale, 3 over. */
const ON_SALE = 2;
/** `verify_channel`: others are not listed. */
const CHANNELS: Readonly<Record<string, string>> = { '15': '第三方验证' };

/** A coupon that `prepare` or `scanprepare` found usable, under the code that was asked for. */
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

/** What one use costs. Of a 次卡 the deal's price is that of the whole card; others may name a price of 0 for a card's use. */
export const priceOf = (row: Fields, card = isTimesCard(row)): Fen | undefined =>
  parseFen(row['timescardunitprice']) || (card ? undefined : parseFen(row['dealprice']));

/**
 * The order, the same for a coupon before and after its code changed. 北极星 does not say it before a coupon is used, but a
 * payment's id begins with it: `4926962768587886220NWL850101`.
 */
function orderOf(row: Fields): string | undefined {
  const payment = textOf(rowsOf(row['paymentdetail'])?.[0]?.['paymentdetailid']);
  return textOf(row['orderid']) ?? /^\d+(?=[A-Za-z])/.exec(payment ?? '')?.[0];
}

/** What was paid for the whole order, by all means together. Every coupon of an order carries this same list. */
export function paidFor(row: Fields): Fen | undefined {
  const amounts = rowsOf(row['paymentdetail'])?.flatMap((payment) => parseFen(payment['amount']) ?? []) ?? [];
  return amounts.length === 0 ? undefined : amounts.reduce((sum, amount) => sum + amount, 0);
}

/** A deal that is on sale now. */
export function readDeal(row: Fields): readonly Deal[] {
  const id = textOf(row['dealid']);
  const title = textOf(row['title']);
  if (id === undefined || title === undefined || countOf(row['salestatus']) !== ON_SALE) return [];
  return [{ id, title, ...present({ price: parseFen(row['price']), marketPrice: parseFen(row['marketprice']) }) }];
}

/** A use in the list of a day. */
export function readRecord(row: Fields): readonly PlatformRecord[] {
  const code = textOf(row['receiptcode']);
  if (code === undefined) return [];
  const channel = textOf(row['verifychannel']);
  return [
    {
      code,
      ...present({
        title: textOf(row['dealtitle']),
        at: parseTime(row['verifytime']),
        amount: priceOf(row),
        by: verifierOf(row),
        via: channel && (CHANNELS[channel] ?? channel),
      }),
    },
  ];
}

/** Whose account verified it. Elsewhere in Meituan's lists the word 账号 stands before it. */
export const verifierOf = (row: Fields): string | undefined =>
  textOf(textOf(row['verifyaccount'])?.replace(/^[账帐]号[:：]/, ''));

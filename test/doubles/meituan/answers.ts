/** Answers of the fake Meituan, in the fields of each dialect. */
import { chinaTime } from '../../../services/time/platform-time.ts';
import { codeIn, nameIn, type Lists } from '../lies.ts';
import type { Books, No, Shop, Ticket, Use } from './state.ts';
import type { DialectName } from './authorisation.ts';

/** `data` of a yes; undefined leaves it out. */
export const yes = (dialect: DialectName, data: unknown) =>
  dialect === 'dianping'
    ? { code: 200, msg: '成功', ...(data === undefined ? {} : { data }) }
    : { code: 'OP_SUCCESS', msg: '成功', ...(data === undefined ? {} : { data }), traceId: '5601' };

/** 北极星 has numbers for its noes; which names the successor has nobody knows. */
export const no = (dialect: DialectName, { code, words, ticket }: No, books: Books) =>
  dialect === 'dianping'
    ? { code, msg: words, ...(ticket ? { data: coupon(dialect, ticket, books) } : {}) }
    : { code: 'OP_BIZ_ERROR', msg: words, ...(ticket ? { data: coupon(dialect, ticket, books) } : {}), traceId: '5602' };

export const list = (dialect: DialectName, rows: readonly unknown[]) => (dialect === 'dianping' ? rows : { result: rows });

/** Price of the deal: of a 次卡 the whole card. `yuan` is the price of a use. */
const dealPrice = ({ yuan, uses }: Ticket): number => Math.round(Number(yuan) * 100 * uses) / 100;
const bizType = ({ uses }: Ticket): number => (uses > 1 ? 205 : 0);

/** The same list stands beside every coupon of an order. */
function payments(dialect: DialectName, ticket: Ticket, books: Books) {
  const size = [...books.tickets.values()].filter(({ order }) => order === ticket.order).length;
  const yuan = (dealPrice(ticket) * size).toFixed(2);
  const id = `${ticket.order}NWL850101`;
  return dialect === 'dianping'
    ? [{ payment_detail_id: id, amount: Number(yuan), amount_type: 10 }]
    : [{ paymentDetailId: id, amount: yuan, amountType: 10 }];
}

/** `prepare`, and what comes with the no that says a coupon is used. */
export function coupon(dialect: DialectName, ticket: Ticket, books: Books) {
  const count = books.available(ticket);
  const { code, dealId, dealGroupId, title, yuan, until, uses } = ticket;
  return dialect === 'dianping'
    ? {
        count,
        receipt_code: code,
        deal_id: dealId,
        dealgroup_id: dealGroupId,
        deal_title: title,
        deal_price: dealPrice(ticket),
        deal_marketprice: 98,
        biz_type: bizType(ticket),
        mobile: '178****1807',
        receiptEndDate: until,
        payment_detail: payments(dialect, ticket, books),
        receipt_info_map: null,
      }
    : {
        count,
        orderId: ticket.order,
        receiptCode: code,
        dealId,
        dealGroupId,
        dealTitle: title,
        dealPrice: dealPrice(ticket),
        dealMarketPrice: 98,
        bizType: bizType(ticket),
        mobile: '178****1807',
        receiptEndDate: until,
        tgTimesCardFlag: uses > 1,
        ...(uses > 1 ? { timesCardUnitPrice: yuan, purchaseToConsumeRatio: String(uses) } : {}),
        paymentDetail: payments(dialect, ticket, books),
      };
}

/** An entry of `consume`: the successor spells two of its fields otherwise than in `prepare`. */
export function consumed(dialect: DialectName, ticket: Ticket, books: Books) {
  const { count: _, ...shown } = coupon(dialect, ticket, books);
  if (dialect === 'dianping')
    return { ...shown, order_id: `1693${ticket.order}8`, open_shop_uuid: ticket.shop, disclose_mobile_no: 0 };
  const { dealGroupId, ...rest } = shown as Record<string, unknown>;
  return { ...rest, dealgroupId: dealGroupId, receiptEndDate: String(ticket.until), flowId: flowOf(ticket, ticket.used.at(-1)) };
}

/** The number of a transaction, which all coupons that one call consumed share. */
const flowOf = ({ order }: Ticket, made: Use | undefined): string => `F${order}${made?.at ?? ''}`;

export function scanned(ticket: Ticket, books: Books) {
  const { code, dealId, dealGroupId, title } = ticket;
  return {
    receipt_code: code,
    available_count: books.available(ticket),
    deal_id: dealId,
    dealgroup_id: dealGroupId,
    deal_title: title,
    deal_price: dealPrice(ticket),
    biz_type: bizType(ticket),
  };
}

/** `getconsumed` and the rows of a day. */
export function use(dialect: DialectName, ticket: Ticket, made: Use, lists: Lists) {
  const { account: sent, name, at } = made;
  const account = nameIn(lists, sent, name);
  const { code, dealId, dealGroupId, title } = ticket;
  const time = chinaTime(at);
  return dialect === 'dianping'
    ? {
        receipt_code: codeIn(lists, code),
        deal_id: dealId,
        dealgroup_id: dealGroupId,
        deal_title: title,
        deal_price: dealPrice(ticket),
        biz_type: bizType(ticket),
        verify_account: account,
        verify_channel: '15',
        verify_time: time,
      }
    : {
        receiptCode: codeIn(lists, code),
        dealId,
        dealGroupId,
        dealTitle: title,
        dealPrice: dealPrice(ticket),
        bizType: bizType(ticket),
        verifyAccount: account,
        verifyChannel: '15',
        verifyTime: time,
        flowId: flowOf(ticket, made),
      };
}

/** Those not on sale any more are listed too. */
export function deals(dialect: DialectName, tickets: readonly Ticket[]) {
  const byDeal = new Map(tickets.map((ticket) => [ticket.dealId, ticket]));
  const row = (dealId: number, dealGroupId: number, title: string, price: number, status: number) =>
    dialect === 'dianping'
      ? {
          deal_id: dealId,
          dealgroup_id: dealGroupId,
          title,
          price,
          marketprice: 98,
          reveipt_end_date: '2030-01-01 00:00',
          sale_status: status,
        }
      : { dealId, dealGroupId, title, price, marketPrice: 98, receiptEndDate: '2030-01-01 00:00', saleStatus: status };
  return [
    ...[...byDeal.values()].map((one) => row(one.dealId, one.dealGroupId, one.title, Number(one.yuan), 2)),
    row(1, 1, '去年的套餐', 1, 3),
  ];
}

export const shopRow = ({ id, name, branch, city, address }: Shop) => ({
  open_shop_uuid: id,
  shopname: name,
  branchname: branch,
  cityname: city,
  shop_address: address,
});

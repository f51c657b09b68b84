/** Answers of the fake umember: its envelope, and its data in both shapes seen in production. */
import { chinaTime } from '../china-time.ts';
import type { Books, Shop, Ticket } from './state.ts';

/** Variants of the answers; tests change them at run time. */
export interface Shape {
  /** `plain` is the documented shape, `rich` the later one with rawData, price and status_code. */
  flavour: 'plain' | 'rich';
  ids: 'number' | 'string';
  /** The rate limit's refusal: by HTTP status, or HTTP 200 and another code. */
  busy: 'http' | 'code';
  /** The refusal of a bad token. */
  bad: 'http' | 'code';
  success: 'success' | 'Success';
}

export const no = (code: number | string, msg: string, now: number) => ({
  code,
  msg,
  data: null,
  count: 0,
  date_time: chinaTime(now),
});

export const yes = (shape: Shape, data: unknown, now: number) => ({
  code: 10_000,
  msg: shape.success,
  ...(data === undefined ? {} : { data }),
  count: Array.isArray(data) ? data.length : 1,
  date_time: chinaTime(now),
});

export function shopRow(shop: Shop) {
  const { id, name, requests, status } = shop;
  const place = { address: '万达金街5-1079号', area_id: 330_102, city_id: 330_100, province_id: 330_000 };
  const row = { store_id: id, store_name: name, request_count: requests };
  // The later list leaves status and address out together.
  return status === null ? { ...row, coupon_channel: 'meituan' } : { ...row, ...place, status };
}

export function dealRows(books: Books, store: number) {
  const titles = new Map([...books.tickets.values()].filter((t) => t.store === store).map((t) => [t.title, t]));
  return [...titles.values()].map((t) => ({
    actual_amount: Number(t.yuan).toFixed(1),
    origin_amount: '78.0',
    product_name: t.title,
    sku_id: t.sku,
    sku_name: t.title,
  }));
}

export function detail(ticket: Ticket, shape: Shape, now: number) {
  const usedUp = ticket.used.length >= ticket.uses;
  const status = ticket.fate ?? (usedUp ? '已使用' : ticket.until < now ? '已过期' : '未使用');
  const plain = {
    order_id: ticket.order,
    sku_id: shape.ids === 'string' ? String(ticket.sku) : ticket.sku,
    sku_name: `${ticket.title}[${ticket.yuan}元][${ticket.sku}]`,
    status,
  };
  if (shape.flavour === 'plain') return plain;
  return {
    ...plain,
    sku_name: ticket.title,
    price: Number(ticket.yuan),
    status_code: status === '未使用' ? 0 : 1,
    coupon_channel: 'meituan',
    coupon_code: ticket.code,
    rawData: {
      bizType: ticket.uses > 1 ? 205 : 0,
      count: ticket.uses - ticket.used.length,
      dealGroupId: ticket.sku,
      dealId: 1_394_185_271,
      dealMarketPrice: 79,
      dealPrice: Number(ticket.yuan),
      dealTitle: ticket.title,
      mobile: '151****9212',
      paymentDetail: [{ paymentDetailId: '1', amount: ticket.yuan, amountType: 10 }],
      receiptCode: ticket.code,
      receiptEndDate: ticket.until,
      tgTimesCardFlag: ticket.uses > 1,
      ...(ticket.uses > 1 && { timesCardUnitPrice: ticket.yuan }),
    },
  };
}

/** A verification's data; `why` is a refusal's reason. */
export function verdict(ticket: Ticket | undefined, why: string | undefined, shape: Shape) {
  const plain = { verify_message: why ?? '验证成功', verify_success: why === undefined };
  if (shape.flavour === 'plain') return plain;
  const details = { amount: `￥${Number(ticket?.yuan ?? 0)}`, amountName: '用户支付', amountSubName: '', hasPayment: true };
  return { ...plain, coupon_code: ticket?.code, coupon_channel: 'meituan', consume_details: why === undefined ? [details] : [] };
}

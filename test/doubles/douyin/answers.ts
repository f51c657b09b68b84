/** Answers of the fake Douyin, with ids as bare numbers where the real one has them. */
import { codeIn, type Lists } from '../lies.ts';
import type { Books, Ticket, Use } from './state.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);
/** A number of 19 digits as it is. */
export const bare = (digits: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);

export const yes = (data: object = {}): object => ({
  data: { error_code: 0, description: '', ...data },
  extra: { error_code: 0, description: '', sub_error_code: 0, sub_description: '', logid: 'L1', now: 1_754_000_000 },
});

/** A no: `data` holds nothing else. */
export const no = (code: number | string, words: string, sub = 0): object => ({
  data: { error_code: code, description: words },
  extra: { error_code: code, description: words, sub_error_code: sub, sub_description: words, logid: 'L2', now: 1_754_000_000 },
});

export function amountOf({ original, merchant, platform }: Pick<Ticket, 'original' | 'merchant' | 'platform'>): object {
  const pay = original - merchant - platform;
  return {
    original_amount: original,
    list_market_amount: original * 2,
    pay_amount: pay,
    coupon_pay_amount: pay,
    merchant_ticket_amount: merchant,
    payment_discount_amount: 0,
    platform_discount_amount: platform,
  };
}

const serialAmount = ({ amounts }: Ticket, serial: number): object => {
  const original = amounts[serial - 1] ?? 0;
  return { serial_numb: serial, amount: amountOf({ original, merchant: 0, platform: 0 }) };
};

const verification = (ticket: Ticket, use: Use): object => ({
  verify_id: use.id,
  certificate_id: ticket.id,
  verify_time: seconds(use.at),
  can_cancel: true,
  verify_type: use.type,
  verifier_unique_id: '开放平台API',
  poi_id: bare(use.shop),
  times_card_serial_num: use.serial,
});

/** A certificate of `prepare` and `query`. What is not there is missing, not null. */
export function certificate(ticket: Ticket, books: Books): object {
  const standing = books.standing(ticket);
  const latest = standing.at(-1);
  const card = ticket.amounts.length > 0;
  const { title, sku, order: _, amounts } = ticket;
  return {
    encrypted_code: ticket.sealed,
    certificate_id: bare(ticket.id),
    status: ticket.refunded ? 4 : books.left(ticket) === 0 ? 2 : 1,
    start_time: 1_753_900_000,
    expire_time: seconds(ticket.until),
    sku: { sku_id: sku, title, groupon_type: card ? 3 : 1, market_price: 12_800, account_id: '7170000000000000001' },
    amount: amountOf(ticket),
    verify: latest ? verification(ticket, latest) : {},
    verify_records: standing.map((use) => verification(ticket, use)),
    reserve_info: {
      order_reserve_user_info_list: [{ name: '王小明', phone: '13800000000', credential_numb: '110101199001011234' }],
    },
    ...(card && {
      time_card: {
        times_count: amounts.length,
        times_used: standing.length,
        serial_amount_list: amounts.map((__, n) => serialAmount(ticket, n + 1)),
      },
    }),
  };
}

export const done = (ticket: Ticket, use: Use): object => ({
  result: 0,
  msg: '履约成功',
  code: ticket.sealed,
  verify_id: use.id,
  certificate_id: ticket.id,
  order_id: ticket.order,
  origin_code: ticket.code,
  account_id: '7170000000000000001',
  ...(ticket.amounts.length > 0 && { verify_amount_info: { times_card_serial_amount: serialAmount(ticket, use.serial) } }),
});

/** A row of the list. Whether it says the shop is not described. */
export const record = (ticket: Ticket, use: Use, cursor: string, lists: Lists): object => ({
  ...verification(ticket, use),
  ...(lists.shops === 'untold' && { poi_id: undefined }),
  status: use.undone === undefined ? 1 : 2,
  ...(use.undone !== undefined && { cancel_time: seconds(use.undone) }),
  code: codeIn(lists, ticket.code),
  certificate_status: 2,
  cursor,
  amount: amountOf(ticket),
  ...(ticket.amounts.length > 0 && { verify_amount_info: { times_card_serial_amount: serialAmount(ticket, use.serial) } }),
  sku: { sku_id: ticket.sku, title: ticket.title },
});

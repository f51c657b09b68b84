/** The calls of the fake Douyin over its books, without HTTP: each as it is documented, or as a fault tells it. */
import type { Fault } from '../faults.ts';
import { listedRows, pageOfRows, type Lists } from '../lies.ts';
import { bare, certificate, done, no, record, yes } from './answers.ts';
import type { Arrival } from './requests.ts';
import type { Books } from './state.ts';
import type { Tokens } from './tokens.ts';

/** The merchant who owns all shops, and has authorised the application. */
export const ACCOUNT = '7170000000000000001';

/** `used`: 已核销, whatever happened. `result`: the envelope is good, and each coupon's result is `code` with `words`. */
export type DouyinFault = Fault<'used' | 'result'>;

const BAD = no(2_100_005, '参数不合法');
const isText = (value: unknown): value is string => typeof value === 'string';

export function createCalls(books: Books, tokens: Tokens, lists: Lists, now: () => number) {
  /** The orders behind what `prepare` gave out, and what was answered to it before. */
  const prepared = new Map<string, { readonly order: string; results?: object[] }>();
  /** What a used coupon gets: an empty list, or a no. */
  const used: { code: 'empty' | number } = { code: 'empty' };
  /** Scanned ids, and the order each stands for. */
  const scanned = new Map<string, string>();

  const prepare = ({ query }: Arrival): object => {
    const [code, sealed] = [query.get('code'), query.get('encrypted_data')];
    if ((code === null) === (sealed === null)) return no(1502, '券码不能为空');
    const shop = query.get('poi_id') ?? '';
    const behind = code === null ? books.tickets.find(({ order }) => order === scanned.get(sealed!)) : books.find(code);
    if (!behind) return code === null ? no(45_005_117, '动态码已过期') : no(1212, '券码不存在');
    if (behind.shop !== shop) return no(3_000_002, '该门店不可用');
    if (behind.refunded) return no(3_000_001, '该券已退款');
    const all = books.tickets.filter(({ order }) => order === behind.order);
    const open = all.filter((ticket) => books.left(ticket) > 0 && !ticket.refunded);
    if ((open.length === 0 || books.left(behind) === 0) && used.code !== 'empty') return no(used.code, '券码不可用');
    const token = `vt-${prepared.size + 1}`;
    prepared.set(token, { order: behind.order });
    return yes({ verify_token: token, order_id: behind.order, certificates: open.map((ticket) => certificate(ticket, books)) });
  };

  const verify = ({ body }: Arrival): object => {
    const { verify_token: token, poi_id: shop, encrypted_codes: codes, order_id: order } = body;
    const before = isText(token) ? prepared.get(token) : undefined;
    const known = isText(shop) && books.shops.some(({ id }) => id === shop);
    if (!before || !known || !Array.isArray(codes) || !codes.every(isText) || order !== before.order) return BAD;
    const asked = codes.map((code) => books.tickets.find(({ sealed }) => sealed === code));
    if (asked.some((ticket) => ticket && ticket.shop !== shop)) return no(3_000_002, '该门店不可用');
    before.results ??= asked.map((ticket, n): object => {
      const wrong = books.wrongWith(ticket);
      return wrong || !ticket ? { ...wrong, code: codes[n] } : done(ticket, books.use(ticket, shop, 4));
    });
    // In another order than asked.
    return yes({ verify_results: before.results.toReversed() });
  };

  const cancel = ({ body }: Arrival): object => {
    const { verify_id: id, certificate_id: of, times_card_cancel_count: count } = body;
    if (!isText(id) || !isText(of)) return BAD;
    const ticket = books.tickets.find((one) => one.id === of);
    const made = ticket?.uses.filter((use) => use.undone === undefined) ?? [];
    const meant = id === '0' ? made.slice(-Number(count)) : made.filter((use) => use.id === id);
    if (!ticket || meant.length === 0) return no(3_000_001, '券状态不支持该操作');
    const late = meant.some((use) => books.undo(use) === 'late');
    return late ? no(3_000_001, '已超过可撤销时限,无法撤销核销', 2_034_000_910) : yes();
  };

  const uses = () => books.tickets.flatMap((ticket) => ticket.uses.map((use) => ({ ticket, use, at: use.at })));

  const act = (arrival: Arrival): object => {
    const { call, query, token } = arrival;
    if (call === 'client_token' || call === 'stable_client_token') return tokens.answer(arrival);
    if (!tokens.isValid(token)) return no(2_190_008, 'access_token过期');
    const account = query.get('account_id');
    switch (call) {
      case 'prepare':
        return prepare(arrival);
      case 'verify':
        return verify(arrival);
      case 'cancel':
        return cancel(arrival);
      case 'query': {
        const [sealed, order] = [query.get('encrypted_code'), query.get('order_id')];
        const found = books.tickets.filter((ticket) => ticket.sealed === sealed || ticket.order === order);
        return found.length === 0 ? no(4_000_001, '无数据') : yes({ certificates: found.map((one) => certificate(one, books)) });
      }
      case 'records': {
        const [from, to, cursor] = ['start_time', 'end_time', 'cursor'].map((name) => Number(query.get(name)));
        const size = Number(query.get('size'));
        if (account !== ACCOUNT || !(size >= 1 && size <= 20)) return account === ACCOUNT ? BAD : no(2_119_005, '商家未授权');
        const shop = query.get('poi_ids');
        const there = uses().filter(({ use }) => shop === null || lists.shops === 'untold' || use.shop === shop);
        const inSpan = there.filter(({ at }) => at >= from! * 1000 && at < (to! + 1) * 1000);
        const all = listedRows(lists, inSpan, now());
        const page = pageOfRows(lists, all, cursor!, size);
        return yes({
          total: all.length,
          records: page.map(({ ticket, use }) => record(ticket, use, String(all.findIndex((one) => one.use === use) + 1), lists)),
        });
      }
      case 'shops': {
        const [page, size] = [Number(query.get('page')), Number(query.get('size'))];
        if (account !== ACCOUNT) return no(2_119_005, '商家未授权该应用');
        const listed = books.shops.slice((page - 1) * size, page * size);
        const pois = listed.map(({ id, name }) => ({ poi: { poi_id: bare(id), poi_name: name, address: '人民路1号' } }));
        return yes({ total: books.shops.length, ...(pois.length > 0 && { pois }) });
      }
      case 'goods': {
        const deals = new Map(books.tickets.map((ticket) => [ticket.sku, ticket]));
        const products = [...deals.values()].map(({ sku, title, original }) => ({
          online_status: 1,
          product: { product_id: bare(sku), product_name: title },
          sku: { sku_id: sku, sku_name: title, actual_amount: original, origin_amount: original * 2 },
        }));
        return yes({ products, next_cursor: '', has_more: false });
      }
    }
  };

  /** Answers a call. Whether it took effect is for the fault to say, and what is answered. */
  const told = (arrival: Arrival, fault: DouyinFault | undefined): object => {
    const { words = '', code } = fault ?? {};
    switch (fault?.kind) {
      case 'busy':
        return no(2_119_003, '请求过于频繁');
      case 'login-over':
        return no(2_119_005, '商家未授权该应用');
      case 'no':
      case 'result':
      case 'used': {
        if (fault.applied ?? fault.kind === 'used') act(arrival);
        if (fault.kind === 'no') return no(code ?? 9_999_999, words);
        const codes = Array.isArray(arrival.body['encrypted_codes']) ? arrival.body['encrypted_codes'] : [];
        const one = fault.kind === 'used' ? { result: 1208, msg: '该券已核销' } : { result: code ?? 7777, msg: words };
        if (arrival.call === 'cancel') {
          const { verify_id } = arrival.body;
          return yes({ cancel_results: [{ verify_id, result_code: one.result, result_msg: one.msg }] });
        }
        return yes({ verify_results: codes.map((sealed: unknown) => ({ ...one, code: sealed })) });
      }
      case 'no-data':
        if (fault.applied !== false) act(arrival);
        return { data: { error_code: 0, description: '' } };
      default:
        return fault?.applied === false ? no(2_100_004, '系统繁忙') : act(arrival);
    }
  };

  return { told, prepared, used, scanned };
}

/**
 * A fake Allinpay: its gateway as an HTTP server on loopback, with state, faults and verified signatures.
 *
 *     const allinpay = await startAllinpay();
 *     const code = allinpay.books.coupon({ type: 'mtdz', yuan: '49.00' });
 *     allinpay.fail('consume', { kind: 'reset' });           // applied, but the answer is lost
 *     allinpay.books.used(code);                             // every use that really happened
 *     allinpay.asked('consume');                             // business parameters, as they arrived
 *
 * Transport and signature follow the rules that Allinpay publishes; what they leave open is in `seal` and `shape`.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { cancelled, consumed, no, prepared, shapeOfExamples, state, yes } from './allinpay/answers.ts';
import { createBooks, type Wish } from './allinpay/state.ts';
import { history, REPORTS, verified } from './allinpay/lists.ts';
import { sealed, sealOfExamples } from './allinpay/envelope.ts';
import { objection } from './allinpay/signature.ts';
import { chinaTime } from './china-time.ts';
import { honestLists } from './lies.ts';
import { answer, createFaults, type Fault as CommonFault } from './faults.ts';

export { KEY, PRIVATE_KEY, PRIVATE_KEY_PKCS1, PUBLIC_KEYS, SM2_PRIVATE_KEY } from './allinpay/signature.ts';
export type { Shape } from './allinpay/answers.ts';
export type { Type } from './allinpay/state.ts';

/** A method without `allinpay.shopoint.` and its service. */
export type CallName = keyof typeof SERVICES;
/** `three`: code 3 with `words`; applied as a `no` is. `forbidden`: HTTP 403. */
export type Fault = CommonFault<'three' | 'forbidden'>;

const SERVICES = {
  prepare: 'thirdCouponService',
  consume: 'thirdCouponService',
  cancel: 'thirdCouponService',
  queryById: 'thirdCouponService',
  consumeHistory: 'thirdCouponService',
  verifyHistory: 'thirdCouponService',
  meituanBooking: 'thirdDataService',
  meituanConsumption: 'thirdDataService',
  meituanDealGroupsConsumption: 'thirdDataService',
  meituanPoiTraffic: 'thirdDataService',
  meituanSetMealList: 'thirdDataService',
  meituanProductList: 'thirdDataService',
  tiktokProductQuery: 'thirdDataService',
} as const;

type Asked = Readonly<Record<string, unknown>>;

export interface Arrival {
  readonly call: CallName;
  readonly parameters: Readonly<Record<string, string>>;
  readonly business: Asked;
  readonly contentType: string | undefined;
}

export type FakeAllinpay = Awaited<ReturnType<typeof startAllinpay>>;

export async function startAllinpay({ now = Date.now, port: wanted = 0 }: { now?: () => number; port?: number } = {}) {
  const books = createBooks(now);
  const faults = createFaults<CallName, 'three' | 'forbidden'>();
  const shape = shapeOfExamples();
  const seal = sealOfExamples();
  const lists = honestLists();
  const arrivals: Arrival[] = [];
  const apps = new Set(['1234567890']);

  const wishOf = ({ type, couponNo, num, shopId, tiktokCertificateList: list }: Asked): Wish => {
    const certificates = (Array.isArray(list) ? (list as { certificateId: string; num?: number }[]) : []).map((row) => ({
      id: row.certificateId,
      count: row.num ?? 1,
    }));
    const count = certificates.length > 0 ? certificates.reduce((sum, row) => sum + row.count, 0) : Number(num ?? 1);
    return {
      type: String(type),
      code: String(couponNo),
      shop: Number(shopId),
      count,
      ...(list === undefined ? {} : { certificates }),
    };
  };

  /** Performs and answers a call, faults aside. */
  const act = (call: CallName, asked: Asked): unknown => {
    const shop = books.shops.get(Number(asked['shopId']));
    if (!shop) return no(3, '店铺不存在');
    switch (call) {
      case 'prepare': {
        const wish = { ...wishOf(asked), count: 1 };
        const why = books.obstacle(wish);
        return why === undefined
          ? yes(shape, prepared(books.find(wish.code, wish.type)!.ticket, books, shape), { code: '0' })
          : no(3, why);
      }
      case 'consume': {
        const { orderId, remark, operUserId: operator } = asked;
        const note = { orderId: String(orderId), remark: String(remark), operator: String(operator), source: 42 };
        const wish = wishOf(asked);
        const use = books.use(wish, note);
        return typeof use === 'string' ? no(3, use) : yes(shape, consumed(use, wish.code, shape));
      }
      case 'cancel': {
        const { type, tranNo, couponNo, remark } = asked;
        const number = typeof couponNo === 'string' ? couponNo : undefined;
        const use = books.cancel(String(type), shop.id, String(tranNo), number, String(remark));
        return typeof use === 'string' ? no(3, use) : yes(shape, cancelled(use, String(remark), shape));
      }
      case 'queryById': {
        const found = books.find(String(asked['couponNo']), String(asked['type']));
        if (found?.ticket.shop !== shop.id) return no(3, '券码不存在');
        const { ticket, own } = found;
        const used = (own?.left ?? books.leftOf(ticket)) === 0;
        return yes(shape, state(ticket, used ? books.lastUse(ticket) : undefined));
      }
      case 'consumeHistory':
        return yes(shape, history(books, asked, shape, { ...lists, now: now() }));
      case 'verifyHistory':
        return yes(shape, verified(books, asked), { wrapped: false });
      default:
        return yes(shape, REPORTS[call]!(asked, books));
    }
  };

  /** Whether the call took effect, and what it answers. */
  const effect = (fault: Fault | undefined, really: () => unknown): unknown => {
    if (fault?.kind === 'no' || fault?.kind === 'three') {
      // An aggregator that lost its upstream's answer says no all the same.
      if (fault.applied) really();
      return fault.kind === 'no' ? no(fault.code ?? 50_000, fault.words ?? 'error') : no(3, fault.words ?? '核销失败');
    }
    if (fault?.kind === 'used') {
      if (fault.applied !== false) really();
      return no(3, fault.words ?? `该券已核销，核销时间 ${chinaTime(now())}`);
    }
    if (fault?.kind === 'yes') {
      const before = books.uses.length;
      const answered = really();
      books.forget(before);
      return answered;
    }
    if (fault?.kind === 'login-over') return no(40_005, '授权已过期');
    const answered = fault?.applied === false ? no(50_000, '') : really();
    return fault?.kind === 'no-data' ? { code: 0 } : answered;
  };

  const server = createServer((request, response) => {
    void (async () => {
      const parameters = await parametersOf(request);
      const [service = '', call = ''] = (parameters['method'] ?? '').replace(/^allinpay\.shopoint\./, '').split('.');
      if (request.method !== 'POST' || !isCall(call) || SERVICES[call] !== service) {
        return void response.writeHead(404).end('<html>404</html>');
      }
      const business = JSON.parse(parameters['bizContent'] ?? '{}') as Asked;
      arrivals.push({ call, parameters, business, contentType: request.headers['content-type'] });
      const signed = (body: unknown): object => sealed(body as object, parameters, seal, now());
      const wrong = objection(parameters, apps, now());
      if (wrong) return void response.end(JSON.stringify(signed(no(...wrong))));
      const fault = faults.due(call);
      if (fault?.kind === 'busy') {
        if (shape.busy === 'http') response.writeHead(429);
        return void response.end(JSON.stringify(signed(no(shape.busy === 'three' ? 3 : 40_029, '请求过于频繁'))));
      }
      if (fault?.kind === 'forbidden') return void response.writeHead(403).end('{}');
      if (fault?.heldMs !== undefined) await pause(fault.heldMs);
      answer(request, response, signed(effect(fault, () => act(call, business))), fault);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    books,
    shape,
    seal,
    /** Applications whose key is known. */
    apps,
    arrivals,
    fail: faults.fail,
    /** What lists show, and when; tests change it at run time. */
    lists,
    failOften: faults.failOften,
    forgetFaults: faults.forgetFaults,
    /** The business parts of all calls of this kind. */
    asked: (call: CallName): readonly Asked[] => arrivals.filter((past) => past.call === call).map(({ business }) => business),
    calls: (call: CallName): number => arrivals.filter((past) => past.call === call).length,
    port,
    url: `http://127.0.0.1:${port}/gateway`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isCall = (name: string): name is CallName => name in SERVICES;

/** A form, or a JSON object of texts. */
async function parametersOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = request.headers['content-type']?.startsWith('application/json');
  return isJson ? (JSON.parse(text) as Record<string, string>) : Object.fromEntries(new URLSearchParams(text));
}

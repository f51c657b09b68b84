/**
 * A fake Meituan: 北极星 and its successor over one state, as an HTTP server on loopback.
 *
 *     const meituan = await startMeituan({ now });
 *     const answer = await meituan.approve(platform.authorisation.page('state'));   // the merchant says yes
 *     const [one, two] = meituan.books.order(2);             // an order of two coupons
 *     meituan.fail('consume', { kind: 'reset' });            // applied, but the answer is lost
 *     meituan.books.used(one);                               // every use that really happened
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { chinaTime } from './china-time.ts';
import { answer, createFaults, type Fault } from './faults.ts';
import { honestLists, listedRows, pageOfRows } from './lies.ts';
import { arrived, fieldsOf, type Arrival, type CallName } from './meituan/requests.ts';
import { consumed, coupon, deals, list, no, scanned, shopRow, use, yes } from './meituan/answers.ts';
import { createBooks, type No } from './meituan/state.ts';
import { APP, createPermits, wrongIn, type DialectName } from './meituan/authorisation.ts';

export type { Arrival, CallName } from './meituan/requests.ts';
export { APP } from './meituan/authorisation.ts';
export type { DialectName } from './meituan/authorisation.ts';

export interface MeituanOptions {
  readonly now?: () => number;
  /** Return address of the successor's page: set in its console, not by the page. */
  readonly returnTo?: string;
}

/** The merchant that owns all shops, as 北极星 names it. */
const BID = '857d16528a9c1abc3329fd390ad0b488';

export type FakeMeituan = Awaited<ReturnType<typeof startMeituan>>;

export async function startMeituan({ now = Date.now, returnTo = 'http://localhost/oauth/meituan' }: MeituanOptions = {}) {
  const books = createBooks(now);
  const permits = createPermits(now);
  const faults = createFaults<CallName>();
  const lists = honestLists();
  const arrivals: Arrival[] = [];

  const SESSION_OVER: Readonly<Record<DialectName, No>> = {
    dianping: { code: 1101, words: 'session已过期' },
    meituan: { code: 0, words: 'appAuthToken无效' },
  };
  const BAD: No = { code: 1001, words: '参数有误' };

  /** Tokens: 北极星 answers flat, the successor with a number for a code. */
  const tokens = ({ dialect, call, parameters: p }: Arrival): unknown => {
    if (dialect === 'dianping') {
      if (p.get('app_key') !== APP.key || p.get('app_secret') !== APP.secret) return { code: 1102, msg: '应用密钥错误' };
      const fresh = p.get('grant_type') === 'authorization_code';
      const given = fresh
        ? permits.give('code', p.get('auth_code') ?? '', dialect, p.get('redirect_url') ?? '')
        : permits.give('refresh', p.get('refresh_token') ?? '', dialect);
      if (!given) return { code: 1103, msg: fresh ? 'auth_code无效' : 'refresh_token无效' };
      const rest = { token_type: 'bearer', expires_in: given.seconds, remain_refresh_count: given.remaining, bid: given.whose };
      return {
        code: 200,
        msg: 'success',
        access_token: given.access,
        refresh_token: given.refresh,
        scope: '["tuangou"]',
        ...rest,
      };
    }
    const wrong = wrongIn(dialect, p, now());
    if (wrong) return { code: 1, msg: wrong };
    if (call === 'refresh' && p.get('scope') !== 'all') return { code: 1, msg: '参数有误' };
    const given = permits.give(
      call === 'token' ? 'code' : 'refresh',
      p.get(call === 'token' ? 'code' : 'refreshToken') ?? '',
      dialect,
    );
    if (!given) return { code: 1, msg: call === 'token' ? 'code无效' : 'refreshToken无效' };
    const { access: accessToken, refresh: refreshToken, seconds: expireIn, whose: opBizCode } = given;
    const opBizName = books.shops.get(opBizCode)?.name;
    return { code: 0, msg: 'success', data: { accessToken, refreshToken, expireIn, scope: 'tuangou', opBizCode, opBizName } };
  };

  /** Performs and answers a signed call, faults aside. */
  const act = (arrival: Arrival): unknown => {
    const { dialect, call, parameters } = arrival;
    if (call === 'token' || call === 'refresh') return tokens(arrival);
    const refuse = (why: No) => no(dialect, why, books);
    const wrong = wrongIn(dialect, parameters, now());
    if (wrong) return refuse({ code: 1102, words: wrong });
    const session = parameters.get(dialect === 'dianping' ? 'session' : 'appAuthToken') ?? '';
    const holder = permits.holder(session, dialect);
    if (holder === undefined) return refuse(SESSION_OVER[dialect]);
    const field = fieldsOf(arrival);
    const [offset, limit] = [Number(field('offset')), Number(field('limit'))];
    if (call === 'scope') {
      if (field('bid') !== holder || limit > 100) return refuse(BAD);
      return yes(dialect, [...books.shops.values()].slice(offset, offset + limit).map(shopRow));
    }
    const shop = dialect === 'dianping' ? field('open_shop_uuid') : holder;
    if (!books.shops.has(shop)) return refuse({ code: 1016, words: '门店无权限' });
    const code = field('receipt_code', 'receiptCode');
    const account = field('app_shop_account', 'appShopAccount');
    const name = field('app_shop_accountname', 'appShopAccountName');
    const ticket = books.tickets.get(code);
    switch (call) {
      case 'prepare': {
        const why = books.obstacle(code, shop);
        return why || !ticket ? refuse(why ?? BAD) : yes(dialect, coupon(dialect, ticket, books));
      }
      case 'scanprepare': {
        // A coupon's own code, or a customer's: all that the customer may use here.
        const behind = [...books.tickets.values()].filter(
          (one) => field('qr_code') === `user:${one.shop}` || field('qr_code') === one.code,
        );
        const usable = behind.filter((one) => !books.obstacle(one.code, shop));
        return usable.length === 0
          ? refuse({ code: 1006, words: '券码不存在' })
          : yes(
              dialect,
              usable.map((one) => scanned(one, books)),
            );
      }
      case 'consume': {
        const requestId = field('requestid', 'requestId');
        const count = Number(field('count'));
        if (!requestId || !account || !name || !(count >= 1 && count <= 100)) return refuse(BAD);
        const result = books.consume({ code, count, shop, account, name, requestId });
        if ('words' in result) return refuse(result);
        return yes(
          dialect,
          list(
            dialect,
            result.map((one) => consumed(dialect, one, books)),
          ),
        );
      }
      case 'getconsumed': {
        const last = ticket && listedRows({ ...lists, order: 'newest' }, books.standing(ticket), now())[0];
        return ticket && last ? yes(dialect, use(dialect, ticket, last, lists)) : refuse({ code: 1020, words: '该券未被验证' });
      }
      case 'reverseconsume': {
        if (!account || !name) return refuse(BAD);
        const result = books.reverse(code, shop, field('app_deal_id', 'dealId'));
        return 'words' in result
          ? refuse(result)
          : yes(dialect, list(dialect, [use(dialect, { ...result, code }, result.used.at(-1)!, lists)]));
      }
      case 'querylistbydate': {
        const uses = listedRows(lists, books.usesOn(shop, field('date')), now());
        const records = pageOfRows(lists, uses, offset, limit).map((one) => use(dialect, one.ticket, one.use, lists));
        return yes(
          dialect,
          dialect === 'dianping' ? { total_count: String(uses.length), records } : { totalCount: uses.length, records },
        );
      }
      case 'queryshopdeal': {
        const all = deals(
          dialect,
          [...books.tickets.values()].filter((one) => one.shop === shop),
        );
        return yes(dialect, list(dialect, all.slice((offset - 1) * limit, offset * limit)));
      }
    }
  };

  /** Whether it took effect is for the fault to say, and what is answered. */
  const told = (arrival: Arrival, fault: Fault | undefined): unknown => {
    const { dialect } = arrival;
    if (fault?.kind === 'busy') return no(dialect, { code: 1429, words: '请求过于频繁' }, books);
    if (fault?.kind === 'login-over') return no(dialect, SESSION_OVER[dialect], books);
    if (fault?.kind === 'no') {
      // A system that lost its own backend's answer says no all the same.
      if (fault.applied) act(arrival);
      const { code, words = '' } = fault;
      return { ...no(dialect, { code: 9999, words }, books), ...(code === undefined ? {} : { code }) };
    }
    if (fault?.kind === 'used') {
      if (fault.applied !== false) act(arrival);
      const ticket = books.tickets.get(fieldsOf(arrival)('receipt_code', 'receiptCode'));
      const words = fault.words ?? `此券号已于 ${chinaTime(now())} 被消费!`;
      return no(dialect, { code: 1008, words, ...(ticket && { ticket }) }, books);
    }
    if (fault?.kind === 'yes') return books.without(fieldsOf(arrival)('requestid', 'requestId'), () => act(arrival));
    const answered = fault?.applied === false ? no(dialect, { code: 9998, words: '' }, books) : act(arrival);
    return fault?.kind === 'no-data' ? yes(dialect, undefined) : answered;
  };

  /** The merchant's browser on a page: it is sent to another host to sign in, says yes there at once, and is sent back. */
  const page = (dialect: DialectName, url: URL, request: IncomingMessage, response: ServerResponse): void => {
    const { host = '' } = request.headers;
    if (!host.startsWith('localhost')) {
      const signIn = `http://${host.replace('127.0.0.1', 'localhost')}${request.url}`;
      return void response.writeHead(302, { location: signIn }).end();
    }
    const query = url.searchParams;
    const fine =
      dialect === 'dianping'
        ? query.get('app_key') === APP.key && query.get('scope') === '["tuangou"]'
        : wrongIn(dialect, query, now()) === undefined && query.get('businessId') === '58' && query.get('scope') === 'tuangou';
    const back = URL.parse(dialect === 'dianping' ? (query.get('redirect_url') ?? '') : returnTo);
    if (!fine || !back) return void response.writeHead(400).end('<html>参数有误</html>');
    const whose = dialect === 'dianping' ? BID : [...books.shops.keys()][0]!;
    back.searchParams.set(
      dialect === 'dianping' ? 'auth_code' : 'code',
      permits.approve(dialect, whose, dialect === 'dianping' ? (query.get('redirect_url') ?? '') : undefined),
    );
    back.searchParams.set('state', query.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/dz-open/merchant/auth') return page('dianping', url, request, response);
    if (url.pathname === '/general/auth') return page('meituan', url, request, response);
    const arrival = await arrived(request, url);
    if (!arrival) return void response.writeHead(404).end('<html>404</html>');
    arrivals.push(arrival);
    const fault = faults.due(arrival.call);
    if (fault?.heldMs !== undefined) await pause(fault.heldMs);
    answer(request, response, told(arrival, fault), fault);
  };

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    books,
    permits,
    arrivals,
    fail: faults.fail,
    /** What lists show, and when; tests change it at run time. */
    lists,
    failOften: faults.failOften,
    forgetFaults: faults.forgetFaults,
    calls: (call: CallName): number => arrivals.filter((past) => past.call === call).length,
    /** Opens a page of authorisation as a merchant who says yes, and gives what it is sent back with. */
    approve: async (address: string): Promise<URLSearchParams> => {
      const signIn = await fetch(address, { redirect: 'manual' });
      const { headers } = await fetch(signIn.headers.get('location') ?? '', { redirect: 'manual' });
      return new URL(headers.get('location') ?? '').searchParams;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

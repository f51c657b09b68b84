/**
 * A fake umember: its gateway as an HTTP server on loopback, with state, faults and a strict rate limit.
 *
 *     const umember = await startUmember();
 *     const code = umember.books.coupon({ yuan: '49.00' });
 *     umember.fail('verify', { kind: 'reset' });             // applied, but the answer is lost
 *     umember.books.used(code);                              // every use that really happened
 *     umember.windowsOver();                                 // seconds with more than two arrivals
 *
 * `node test/doubles/umember.ts ['{"latencyMs":5}']` runs it as a process of its own: it prints `{"port":…}`, and
 * `POST /__control {"do":"coupon","with":[{…}]}` calls its functions (`CONTROLS`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { dealRows, detail, no, shopRow, verdict, yes, type Shape } from './umember/answers.ts';
import { createBooks } from './umember/state.ts';
import { answer, createFaults, type Fault as CommonFault } from './faults.ts';

export type { Shape } from './umember/answers.ts';

export type CallName = 'login' | 'stores' | 'deals' | 'detail' | 'verify';
/** `false`: verify_success false with `words`; applied as a `no` is. */
export type Fault = CommonFault<'false'>;

export interface Arrival {
  readonly account: string;
  readonly call: CallName;
  /** ms of a clock that only goes forward, when the request arrived here. */
  readonly at: number;
}

export interface UmemberOptions {
  readonly now?: () => number;
  /** Above this many in a second it refuses; null or undefined: it only counts. Default 2. */
  readonly perSecond?: number | null | undefined;
  /** Processing time of a call. */
  readonly latencyMs?: number;
  /** Longest latency of each way; random. */
  readonly jitterMs?: number;
  readonly port?: number;
}

const PATHS: Readonly<Record<string, CallName>> = {
  'POST /open/login': 'login',
  'GET /open/user/meituan/store/list': 'stores',
  'GET /open/user/meituan/coupon/list': 'deals',
  'GET /open/user/meituan/coupon/detail': 'detail',
  'POST /open/user/meituan/coupon/verify': 'verify',
};
const TOKEN_MS = 86_400_000;

export type FakeUmember = Awaited<ReturnType<typeof startUmember>>;

export async function startUmember(options: UmemberOptions = {}) {
  const { now = Date.now, latencyMs = 0, jitterMs = 0 } = options;
  const perSecond = 'perSecond' in options ? (options.perSecond ?? undefined) : 2;
  const books = createBooks(now);
  const faults = createFaults<CallName, 'false'>();
  const shape: Shape = { flavour: 'plain', ids: 'number', busy: 'http', bad: 'code', success: 'success' };
  const tokens = new Map<string, { readonly email: string; readonly until: number }>();
  const arrivals: Arrival[] = [];
  /** The latest arrivals of each account. */
  const last = new Map<string, readonly number[]>();
  const way = () => pause(Math.random() * jitterMs);

  const ownerOf = (request: IncomingMessage, { email }: Record<string, unknown>): string =>
    tokens.get(String(request.headers.authorization))?.email ?? (typeof email === 'string' ? email : 'nobody');

  /** Performs and answers a call, faults aside. */
  const act = (call: CallName, request: IncomingMessage, url: URL, body: Record<string, unknown>): unknown => {
    const at = now();
    if (call === 'login') {
      const known = books.accounts.get(String(body['email']));
      if (!known || known.password !== body['password']) return no(10_001, '邮箱或密码错误', at);
      const token = `eyJhbGciOiJIUzI1NiJ9.${tokens.size}.double`;
      tokens.set(token, { email: known.email, until: at + TOKEN_MS });
      return yes(shape, { id: 9, phone: '18500511234', token, username: '张三' }, at);
    }
    const login = tokens.get(String(request.headers.authorization));
    if (!login || login.until <= at) return undefined;
    if (call === 'stores') {
      const mine = [...books.shops.values()].filter((shop) => shop.owner === login.email);
      return yes(shape, mine.map(shopRow), at);
    }
    const store = call === 'verify' ? body['store_id'] : Number(url.searchParams.get('store_id'));
    const shop = typeof store === 'number' ? books.shops.get(store) : undefined;
    if (!shop || shop.owner !== login.email) return no(10_002, '店铺不存在', at);
    if (call === 'deals') return yes(shape, dealRows(books, shop.id), at);
    if (shop.status === 1 || shop.status === 3) return no(10_003, shop.status === 1 ? '店铺未授权' : '店铺授权已过期', at);
    if (shop.requests <= 0) return no(10_004, '请求次数用完，请充值', at);
    shop.requests -= 1;
    const code = call === 'verify' ? body['coupon_code'] : url.searchParams.get('coupon_code');
    if (typeof code !== 'string') return no(10_005, '参数错误', at);
    const ticket = books.tickets.get(code);
    if (call === 'verify') return yes(shape, verdict(ticket, books.use(code, shop.id, `verify ${arrivals.length}`), shape), at);
    if (!ticket || ticket.store !== shop.id) return no(10_006, books.obstacle(code, shop.id) ?? '', at);
    return yes(shape, detail(ticket, shape, at), at);
  };

  const refuse = (response: ServerResponse, how: 'http' | 'code', status: number, msg: string): void => {
    if (how === 'http') response.writeHead(status);
    response.end(JSON.stringify(no(status, msg, now())));
  };

  const serve = async (
    call: CallName,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: Record<string, unknown>,
  ) => {
    await way();
    const account = ownerOf(request, body);
    const at = performance.now();
    arrivals.push({ account, call, at });
    const before = last.get(account) ?? [];
    last.set(account, [...before, at].slice(-1 - (perSecond ?? 0)));
    if (perSecond !== undefined && at - (before.at(-perSecond) ?? -Infinity) < 1_000)
      return refuse(response, shape.busy, 429, '请求过于频繁');
    const fault = faults.due(call);
    if (fault?.kind === 'busy') return refuse(response, shape.busy, 429, '请求过于频繁');
    if (fault?.heldMs !== undefined) await pause(fault.heldMs);
    const [applied, told] = effect(fault, () => act(call, request, url, body));
    await pause(latencyMs);
    await way();
    if (applied && told === undefined) return refuse(response, shape.bad, 401, 'token已过期，请重新登录');
    answer(request, response, told, fault);
  };

  /** Whether the call took effect, and what it answers. */
  const effect = (fault: Fault | undefined, really: () => unknown): readonly [boolean, unknown] => {
    if (fault?.kind === 'login-over') return [true, undefined];
    if (fault?.kind === 'no' || fault?.kind === 'false') {
      // An aggregator that lost its upstream's answer says no all the same.
      if (fault.applied && really() === undefined) return [true, undefined];
      const { code = 50_000, words } = fault;
      if (fault.kind === 'no') return [false, no(code, words ?? 'error', now())];
      return [false, yes(shape, { verify_message: words ?? '核销失败', verify_success: false }, now())];
    }
    if (fault?.kind === 'used') {
      if (fault.applied !== false && really() === undefined) return [true, undefined];
      return [false, yes(shape, { verify_message: fault.words ?? '该券已核销', verify_success: false }, now())];
    }
    if (fault?.kind === 'yes') {
      const takeBack = books.remember();
      const told = really();
      takeBack();
      return [true, told];
    }
    const answered = fault?.applied === false ? no(50_000, '', now()) : really();
    return [true, fault?.kind === 'no-data' ? yes(shape, undefined, now()) : answered];
  };

  const double = {
    books,
    shape,
    tokens,
    arrivals,
    fail: faults.fail,
    failOften: faults.failOften,
    forgetFaults: faults.forgetFaults,
    /** Every token given so far is refused from now on. */
    endLogins: () => tokens.clear(),
    /** A token nobody logged in for. */
    token: (token: string, email = 'owner@example.com'): void => void tokens.set(token, { email, until: now() + TOKEN_MS }),
    calls: (call: CallName): number => arrivals.filter((past) => past.call === call).length,
    /** Counts the windows of one second with more calls of one account than allowed. */
    windowsOver: (limit = 2): number => {
      const byAccount = Map.groupBy(arrivals, ({ account }) => account).values();
      return [...byAccount].reduce(
        (sum, list) => sum + list.filter((a, n) => (list[n + limit]?.at ?? Infinity) - a.at < 1_000).length,
        0,
      );
    },
  };

  /** Functions that another process can call. */
  const CONTROLS: Readonly<Record<string, (...args: never[]) => unknown>> = {
    coupon: books.coupon,
    account: books.account,
    shop: books.shop,
    used: books.used,
    useElsewhere: books.useElsewhere,
    fate: books.fate,
    fail: faults.fail,
    shape: (change: Partial<Shape>) => Object.assign(shape, change),
    endLogins: double.endLogins,
    token: double.token,
    calls: double.calls,
    windowsOver: double.windowsOver,
    arrivals: () => arrivals,
  };

  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const body = await bodyOf(request);
      if (url.pathname === '/__control') {
        const control = CONTROLS[String(body['do'])] as (...args: unknown[]) => unknown;
        return void response.end(JSON.stringify(control(...((body['with'] as unknown[]) ?? [])) ?? null));
      }
      const call = PATHS[`${request.method} ${url.pathname}`];
      if (!call) return void response.writeHead(404).end('<html>404</html>');
      await serve(call, request, response, url, body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...double,
    port,
    url: `http://127.0.0.1:${port}`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

if (import.meta.main) {
  const { port } = await startUmember(JSON.parse(process.argv[2] ?? '{}') as UmemberOptions);
  process.stdout.write(`${JSON.stringify({ port })}\n`);
}

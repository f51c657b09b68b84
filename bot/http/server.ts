/** The one HTTP listener: readiness, metrics, and the routes that channels mount. */
import { serve, type HttpBindings, type ServerType } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { ServerResponse } from 'node:http';
import type { Log } from '../../services/log.ts';
import type { Time } from '../../services/time/time.ts';
import { limitConnections } from './connections.ts';
import { guardMetrics, type MetricsAccess } from '../telemetry/metrics-access.ts';

export interface Http {
  /** Adds routes; before `start`. */
  mount(app: Hono): void;
  /** Listens; resolves with the port in use (a free one when `port` is 0). Rejects with a sentence. */
  start(): Promise<number>;
  /** Graceful shutdown: accepts no new requests, ends event streams at once, drains other requests for up to `STOP_MS`. */
  stop(): Promise<void>;
  /** The application, for tests without a port. */
  readonly app: Hono;
}

/** Timeout for the head of a request, ms: a stalled one is closed within 4/3 of it. */
const ARRIVE_MS = 15_000;
/** The timeout of a whole request, in timeouts of its head: a picture of 10 MB from a phone that sends 180 kB a second. */
const WITH_BODY = 4;
/** Connections at a time: a thousand open pages and as many requests. Each takes about 20 kB. */
const CONNECTIONS = 2000;
/** Length limit of a path in the log, characters. */
const PATH = 200;
/** Drain timeout of a shutdown, ms. */
const STOP_MS = 10_000;
/** Timeout of a readiness check, ms: probes give up soon, so a slower answer counts as not ready. */
const HEALTH_MS = 5_000;
/** Cache lifetime of a readiness answer, ms: the check is a write, and anybody may request it. */
const CACHED_MS = 1_000;
/** The methods that routes use here; HEAD is answered wherever GET is. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Creates the listener. `health` gives the reasons why the program is not ready, as sentences without secrets; an empty list
 * when it is. It runs once at a time, at most once a second. `metrics` gives Prometheus text to clients that `metricsAccess`
 * admits. Only routes read bodies. Every response carries security headers whose policy allows no foreign origin; an error
 * becomes one plain sentence.
 */
export function createHttp({
  port,
  host,
  health,
  metrics,
  metricsAccess = { kind: 'loopback' },
  arriveMs = ARRIVE_MS,
  time,
  log,
}: {
  port: number;
  host: string;
  health: () => Promise<readonly string[]>;
  metrics: () => Promise<string>;
  metricsAccess?: MetricsAccess;
  /** Timeout for the head of a request, ms; default 15 s. The body, which is read only for known senders, may take longer. */
  arriveMs?: number;
  time: Pick<Time, 'monotonic' | 'sleep'>;
  log: Pick<Log, 'info' | 'error'>;
}): Http {
  const app = new Hono();
  const streams = new Set<ServerResponse>();
  let server: ServerType | undefined;
  let stopping = false;

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      // HSTS belongs to the proxy that terminates TLS: this program does not know whether every client uses https.
      strictTransportSecurity: false,
      // A page may set a policy of its own.
      overwrite: false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    // A keep-alive connection would hold up the shutdown for seconds.
    if (stopping) c.header('connection', 'close');
    // The body of a HEAD response has no reader: a stream would stay open for ever.
    if (c.req.method === 'HEAD') await c.res.body?.cancel();
    // Under `app.request()` there is no connection.
    const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
    if (!outgoing || !c.res.headers.get('content-type')?.startsWith('text/event-stream')) return;
    streams.add(outgoing);
    outgoing.once('close', () => streams.delete(outgoing));
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status < 500) return c.text(error.message || 'Bad request.', error.status);
    const facts = { method: c.req.method, path: c.req.path.slice(0, PATH) };
    if (brokenOff(c)) log.info('a request broke off', facts);
    else log.error('a request failed', { error, ...facts });
    return c.text('Something went wrong here. Please try again.', 500);
  });
  app.notFound((c) => {
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length === 0 || allowed.includes(c.req.method)) return c.text('There is nothing at this address.', 404);
    c.header('allow', [...allowed, 'OPTIONS'].join(', '));
    return c.req.method === 'OPTIONS' ? c.body(null, 204) : c.text(`This address takes ${allowed.join(', ')}.`, 405);
  });

  const healthNow = cached(CACHED_MS, time, () =>
    within(HEALTH_MS, time, health(), [`no answer from the database within ${HEALTH_MS / 1000} s`]),
  );
  app.get('/healthz', async (c) => {
    const reasons = await healthNow();
    return reasons.length === 0 ? c.text('ok') : c.text(`${reasons.join('\n')}\n`, 503);
  });
  app.get('/metrics', guardMetrics(metricsAccess), async (c) =>
    c.body(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );

  return {
    app,
    mount: (routes) => void app.route('/', routes),
    start: () =>
      new Promise((resolve, reject) => {
        const serverOptions = {
          requestTimeout: WITH_BODY * arriveMs,
          headersTimeout: arriveMs,
          connectionsCheckingInterval: arriveMs / 3,
        };
        const starting = serve({ fetch: app.fetch, port, hostname: host, serverOptions }, (address) => resolve(address.port));
        starting.maxConnections = CONNECTIONS;
        limitConnections(starting);
        starting.once('error', (cause: NodeJS.ErrnoException) => reject(new Error(whyNot(cause, port, host), { cause })));
        server = starting;
      }),
    async stop() {
      stopping = true;
      if (!server?.listening) return;
      const open = server;
      const closed = new Promise<void>((resolve) => {
        open.close(() => resolve());
      });
      for (const stream of streams) stream.destroy();
      await within(STOP_MS, time, closed, undefined);
      if ('closeAllConnections' in open) open.closeAllConnections();
      await closed;
    },
  };
}

/** Caches the answer of `ask` for `ms`; concurrent callers share one call. */
function cached<T>(ms: number, { monotonic }: Pick<Time, 'monotonic'>, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = Infinity;
  return () => {
    if (answer && monotonic() < until) return answer;
    until = Infinity;
    const keep = (): void => void (until = monotonic() + ms);
    answer = ask();
    answer.then(keep, keep);
    return answer;
  };
}

/** Whether the client disconnected before its request was complete. */
function brokenOff(c: Context): boolean {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return incoming !== undefined && incoming.destroyed && !incoming.complete;
}

/** The methods with a route at this path. Middleware matches every method and does not count. */
function methodsAt(app: Hono, at: string): string[] {
  const handlers = (method: string): number => app.router.match(method, at)[0].length;
  const none = handlers('NONE');
  return METHODS.filter((method) => handlers(method) > none).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** The result of `asked`, or `late` after a timeout of `ms`. */
async function within<T>(ms: number, { sleep }: Pick<Time, 'sleep'>, asked: Promise<T>, late: T): Promise<T> {
  const answered = new AbortController();
  const waited = sleep(ms, answered.signal).then(() => late);
  return await Promise.race([asked, waited]).finally(() => answered.abort());
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `PORT: ${port} is already in use; set another one · 端口已被占用：请换一个`;
    case 'EACCES':
      return `PORT: this user may not listen on ${port}; set one above 1023 · 本用户不能用这个端口：请设 1023 以上的`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST: this machine has no address ${host}; set 0.0.0.0 or one of its own · 本机没有这个地址：请设 0.0.0.0 或本机的地址`;
    default:
      return `HOST, PORT: cannot listen on ${host}:${port} (${error.code ?? 'unknown reason'}) · 无法监听`;
  }
}

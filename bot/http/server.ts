/** The one HTTP listener: health, metrics, and whatever the channels mount on it. */
import { serve, type HttpBindings, type ServerType } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { ServerResponse } from 'node:http';
import type { Log } from '../../services/log.ts';
import { guardMetrics, type MetricsAccess } from '../telemetry/metrics-access.ts';

export interface Http {
  /** Adds routes; before `start`. */
  mount(app: Hono): void;
  /** Listens; resolves with the port in use (another than asked for when that was 0). Rejects with a sentence. */
  start(): Promise<number>;
  /** Takes no new requests, ends event streams at once, lets other answers finish for up to `STOP_MS`. */
  stop(): Promise<void>;
  /** For tests that need no port. */
  readonly app: Hono;
}

/** How long the head of a request may take to arrive, ms; its end is noticed within 4/3 of it. */
const ARRIVE_MS = 15_000;
/** How many times as long a whole request may take: a picture of 10 MB from a phone that sends 180 kB a second. */
const WITH_BODY = 4;
/** Connections at a time; a thousand open pages and as many requests. Each takes some 20 kB. */
const CONNECTIONS = 2000;
/** Characters of a path in the log. */
const PATH = 200;
/** How long answers may take to finish once stopping began, ms. */
const STOP_MS = 10_000;
/** Whoever asks for health gives up himself before long: what takes longer to find out is no health, ms. */
const HEALTH_MS = 5_000;
/** How long health is believed, ms: finding out is a write, and anybody may ask. */
const BELIEVED_MS = 1_000;
/** What the routes here are asked by; HEAD is answered wherever GET is. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * `health` gives the reasons why the program cannot serve, in words for anybody; none when it can. It is asked once at a time
 * and once a second. `metrics` gives Prometheus text to those whom `metricsAccess` names. Bodies are read by the routes alone.
 * Every answer carries security headers with a policy that allows nothing from elsewhere; an error becomes one plain sentence.
 */
export function createHttp({
  port,
  host,
  health,
  metrics,
  metricsAccess = { kind: 'loopback' },
  arriveMs = ARRIVE_MS,
  log,
}: {
  port: number;
  host: string;
  health: () => Promise<readonly string[]>;
  metrics: () => Promise<string>;
  metricsAccess?: MetricsAccess;
  /** How long the head of a request may take to arrive, 15 s unless told; a body, which is read only from whom we know, longer. */
  arriveMs?: number;
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
      // Whether this address is only ever reached by https is for whoever puts TLS in front of it to say.
      strictTransportSecurity: false,
      // A page may have a policy of its own.
      overwrite: false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    // Else a browser holds its connection open for seconds, and stopping waits for it.
    if (stopping) c.header('connection', 'close');
    // Of HEAD nobody reads the body: what streams would wait for a reader for ever.
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

  const healthNow = remembered(BELIEVED_MS, () =>
    within(HEALTH_MS, health(), [`no answer from the database within ${HEALTH_MS / 1000} s`]),
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
      const late = setTimeout(() => {
        if ('closeAllConnections' in open) open.closeAllConnections();
      }, STOP_MS);
      await closed;
      clearTimeout(late);
    },
  };
}

/** What `ask` says, asked again once `ms` are over since the last answer; whoever comes meanwhile gets the same. */
function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  const forget = (): void => void setTimeout(() => (answer = undefined), ms).unref();
  return () => {
    if (answer) return answer;
    answer = ask();
    answer.then(forget, forget);
    return answer;
  };
}

/** Whether its sender was gone before all of the request was here. */
function brokenOff(c: Context): boolean {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return incoming !== undefined && incoming.destroyed && !incoming.complete;
}

/** The methods some route takes at this path; middleware takes any and counts for none. */
function methodsAt(app: Hono, at: string): string[] {
  const handlers = (method: string): number => app.router.match(method, at)[0].length;
  const none = handlers('NONE');
  return METHODS.filter((method) => handlers(method) > none).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** What `asked` says, or `late` when it takes longer than `ms`. */
async function within<T>(ms: number, asked: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<T>((resolve) => (timer = setTimeout(resolve, ms, late)));
  return await Promise.race([asked, waited]).finally(() => clearTimeout(timer));
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

/** The one HTTP listener: health, metrics, and whatever the channels mount on it. */
import { serve, type HttpBindings, type ServerType } from '@hono/node-server';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { ServerResponse } from 'node:http';
import type { Log } from '../services/log.ts';

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

/** Largest body of a request: WeCom callbacks and forms are far below. Only the practice page posts pictures. */
const BODY_BYTES = 1024 * 1024;
const PICTURE_BYTES = 10 * BODY_BYTES;
const PICTURES = '/photo';
/** How long a request may take to arrive, ms. */
const ARRIVE_MS = 30_000;
/** How long answers may take to finish once stopping began, ms. */
const STOP_MS = 10_000;
/** Whoever asks for health gives up himself before long: what takes longer to find out is no health, ms. */
const HEALTH_MS = 5_000;

/**
 * `health` gives the reasons why the program cannot serve, in words; none when it can. `metrics` gives Prometheus text.
 * Every answer carries security headers with a policy that allows nothing from elsewhere; an error becomes one plain sentence.
 */
export function createHttp({
  port,
  host,
  health,
  metrics,
  log,
}: {
  port: number;
  host: string;
  health: () => Promise<readonly string[]>;
  metrics: () => Promise<string>;
  log: Pick<Log, 'error'>;
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
  const limits = { ordinary: limit(BODY_BYTES), pictures: limit(PICTURE_BYTES) };
  app.use((c, next) => (c.req.path === PICTURES ? limits.pictures : limits.ordinary)(c, next));
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
    log.error('a request failed', { error, method: c.req.method, path: c.req.path });
    return c.text('Something went wrong here. Please try again.', 500);
  });
  app.notFound((c) => c.text('There is nothing at this address.', 404));

  app.get('/healthz', async (c) => {
    const reasons = await within(HEALTH_MS, health(), [`no answer from the database within ${HEALTH_MS / 1000} s`]);
    return reasons.length === 0 ? c.text('ok') : c.text(`${reasons.join('\n')}\n`, 503);
  });
  app.get('/metrics', async (c) => c.body(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }));

  return {
    app,
    mount: (routes) => void app.route('/', routes),
    start: () =>
      new Promise((resolve, reject) => {
        const starting = serve(
          { fetch: app.fetch, port, hostname: host, serverOptions: { requestTimeout: ARRIVE_MS } },
          (address) => resolve(address.port),
        );
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

const limit = (bytes: number): MiddlewareHandler => {
  const onError = (c: Context) => c.text(`The request is too large: at most ${bytes / 1024 / 1024} MB.`, 413);
  const measured = bodyLimit({ maxSize: bytes, onError });
  // Measuring begins a stream, which costs more than most answers; HTTP ends a body where its announced length ends.
  return async (c, next) => {
    const announced = c.req.header('content-length');
    if (announced === undefined) return await measured(c, next);
    return Number(announced) > bytes ? onError(c) : await next();
  };
};

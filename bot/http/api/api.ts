/** `/api/v1`: the HTTP API for merchants' own systems. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { problem, type Answer } from '../../../handlers/api/answer.ts';
import type { LookupCoupon } from '../../../handlers/api/lookup-coupon.ts';
import type { ReadLedger } from '../../../handlers/api/read-ledger.ts';
import type { Repeated } from '../../../handlers/api/repeatable.ts';
import type { UndoVerification } from '../../../handlers/api/undo-verification.ts';
import type { VerifyCoupon } from '../../../handlers/api/verify-coupon.ts';
import type { Bodies, Unread } from '../body.ts';
import { createAuthenticate, type AuthenticateParts, type Env } from './authenticate.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { createDocument, mountDocument } from './document.ts';
import { answerProblem } from './problem.ts';
import { createRoutes } from './routes.ts';

export interface ApiParts extends AuthenticateParts {
  readonly lookups: Pick<LookupCoupon, 'tell'>;
  readonly verify: VerifyCoupon;
  readonly undo: UndoVerification;
  readonly ledger: ReadLedger;
  readonly bodies: Bodies;
  readonly version: string;
}

export const BASE = '/api/v1';
/** Far above any request, bytes. */
const BODY = { bytes: 16 * 1024, chunked: true } as const;

const UNREAD: Readonly<Record<Unread, () => Parameters<typeof answerProblem>[1]>> = {
  400: () => problem('malformed', 'The body broke off.'),
  411: () => problem('malformed', 'The body has no length.'),
  413: () => problem('too_large', `The body is longer than ${BODY.bytes} bytes.`),
  503: () => problem('overloaded', 'Too many requests are being read.', { retryMs: 1000 }),
};

/**
 * Creates the routes, to be mounted at the root. A call is authenticated by its headers before its body is read; whatever is
 * wrong with it is a problem, never a 500.
 */
export function createApi(parts: ApiParts): Hono {
  const { lookups, verify, undo, ledger, bodies } = parts;
  const app = new OpenAPIHono<Env>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = result.error.issues.map(({ path, message }) => ({ at: path.join('.'), message }));
      return answerProblem(c, problem('malformed', 'The request does not match the schema.'), { errors });
    },
  }).basePath(BASE);

  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status < 500)
      return answerProblem(c, problem('malformed', 'The body is not valid JSON.'));
    // The listener logs it, and tells no more than that something is wrong.
    throw error;
  });
  app.use('*', async (c, next) => {
    c.header('cache-control', 'no-store');
    await next();
  });

  const read = bodies.limited(BODY, (c, why) => answerProblem(c, UNREAD[why]()));
  const routes = createRoutes(async (c, next) => {
    if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
      return answerProblem(c, problem('media_type', 'Send Content-Type: application/json.'));
    return await read(c, next);
  });
  mountDocument(app, () => createDocument(Object.values(routes), parts.version));

  app.use('*', createAuthenticate(parts));

  const of = <T>(c: Context<Env>, answer: Answer<T>, done: 200 | 201): Response =>
    answer.kind === 'problem' ? answerProblem(c, answer) : c.json(answer.value, answer.kind === 'done' ? done : 202);
  const repeated = <T>(c: Context<Env>, { answer, replayed }: Repeated<T>, done: 200 | 201): Response => {
    if (replayed) c.header('idempotency-replayed', 'true');
    return of(c, answer, done);
  };

  app.openapi(routes.store, async (c) => c.json(await ledger.store(c.get('caller')), 200));
  app.openapi(routes.lookup, async (c) => of(c, await lookups.tell(c.req.valid('json').code, c.get('caller')), 200));
  app.openapi(routes.verify, async (c) => {
    const key = c.req.valid('header')['idempotency-key'];
    return repeated(c, await verify(c.req.valid('json'), key, c.get('caller')), 201);
  });
  app.openapi(routes.verification, async (c) => of(c, await ledger.verification(c.req.valid('param').id, c.get('caller')), 200));
  app.openapi(routes.page, async (c) => {
    const { cursor, ...ask } = c.req.valid('query');
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (cursor !== undefined && !after) return answerProblem(c, problem('malformed', 'The cursor is none of ours.'));
    if (ask.from !== undefined && ask.to !== undefined && ask.from > ask.to)
      return answerProblem(c, problem('malformed', '`from` is after `to`.'));
    const { data, next } = await ledger.page({ ...ask, after }, c.get('caller'));
    return c.json({ data, next_cursor: next ? writeCursor(next) : null }, 200);
  });
  app.openapi(routes.undo, async (c) => {
    const key = c.req.valid('header')['idempotency-key'];
    return repeated(c, await undo(c.req.valid('param').id, key, c.get('caller')), 200);
  });
  app.openapi(routes.summary, async (c) => c.json(await ledger.summary(c.req.valid('param').day, c.get('caller')), 200));

  for (const path of new Set(Object.values(routes).map((route) => route.getRoutingPath())))
    app.all(path, (c) => {
      const methods = Object.values(routes).flatMap((route) =>
        route.getRoutingPath() === path ? [route.method.toUpperCase()] : [],
      );
      c.header('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', '));
      return answerProblem(c, problem('method_not_allowed', `This address takes ${methods.join(', ')}.`));
    });
  app.all('*', (c) => answerProblem(c, problem('not_found', 'There is nothing at this address.')));
  return new Hono().route('/', app);
}

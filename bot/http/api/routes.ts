/** The routes of the API as data: paths, what they take, and everything that they answer. */
import { createRoute, type RouteConfig, type z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { requires, type Env } from './authenticate.ts';
import * as schemas from './schemas.ts';

const json = <S extends z.ZodType>(schema: S) => ({ 'application/json': { schema } });
const rateLimit = {
  'RateLimit-Policy': { description: 'The limit of the key: calls `q` in `w` seconds.', schema: { type: 'string' } },
  RateLimit: { description: 'Calls left `r`, and seconds `t` until there are all again.', schema: { type: 'string' } },
} as const;
const answers = <S extends z.ZodType>(description: string, schema: S) => ({
  description,
  content: json(schema),
  headers: rateLimit,
});
const problem = (
  description: string,
  headers: Record<string, { description: string; schema: { type: 'string' } }> = {},
): RouteConfig['responses'][string] => ({
  description,
  content: { 'application/problem+json': { schema: schemas.Problem } },
  headers,
});
const retry = { 'Retry-After': { description: 'Seconds.', schema: { type: 'string' } } } as const;
const replayed = {
  'Idempotency-Replayed': { description: '`true`: an earlier call with this key was carried out.', schema: { type: 'string' } },
} as const;

const always = {
  400: problem('The request is malformed: `malformed`.'),
  401: problem('No key in force: `unauthenticated`.'),
  403: problem('The key lacks the scope: `scope`.'),
  429: problem('Too many calls, too many without a valid key, or too many unknown codes in a row: `rate_limit`.', retry),
};
const withBody = {
  413: problem('The body is longer than 16 KB: `too_large`.'),
  415: problem('The body is not JSON: `media_type`.'),
  503: problem('The platform cannot be asked now: `platform`. Or this program is overloaded: `overloaded`.', retry),
};
const notFound = { 404: problem('This store has no such verification: `not_found`.') };
const refused = (more: string) => ({
  409: problem('Another call is under way with this key or for this coupon: `in_progress`.', retry),
  422: problem(`The coupon is refused, and \`code\` says why. ${more}`),
});
const security = [{ key: [] }];

/** `jsonBody` reads a body within its limit, and only after the key was checked. */
export function createRoutes(jsonBody: MiddlewareHandler<Env>) {
  const read = { security, middleware: [requires('read')] };

  return {
    store: createRoute({
      method: 'get',
      path: '/store',
      operationId: 'getStore',
      summary: 'The store of this key',
      ...read,
      responses: { 200: answers('The store.', schemas.Store), ...always },
    }),
    lookup: createRoute({
      method: 'post',
      path: '/lookups',
      operationId: 'lookUpCoupon',
      summary: 'Looks a coupon up; uses nothing',
      security,
      middleware: [requires('read'), jsonBody],
      request: { body: { required: true, content: json(schemas.LookupAsk) } },
      responses: {
        200: answers('The coupon can be used now.', schemas.Looked),
        ...always,
        ...withBody,
        ...refused('`several`: with `coupons`.'),
      },
    }),
    verify: createRoute({
      method: 'post',
      path: '/verifications',
      operationId: 'verifyCoupon',
      summary: 'Verifies a coupon: its uses are consumed at the platform',
      security,
      middleware: [requires('verify'), jsonBody],
      request: { headers: schemas.KeyHeader, body: { required: true, content: json(schemas.VerifyAsk) } },
      responses: {
        201: { ...answers('Verified.', schemas.Verified), headers: { ...rateLimit, ...replayed } },
        202: {
          ...answers(
            '`unsure`: the platform’s answer was lost. It is found out; poll it, or repeat this call.',
            schemas.Verified,
          ),
          headers: { ...rateLimit, ...replayed },
        },
        ...always,
        ...withBody,
        ...refused('`several`: with `coupons`; repeat with a `choice`. `idempotency_mismatch`: the key stands for another call.'),
      },
    }),
    verification: createRoute({
      method: 'get',
      path: '/verifications/{id}',
      operationId: 'getVerification',
      summary: 'One verification',
      ...read,
      request: { params: schemas.IdPath },
      responses: { 200: answers('The verification.', schemas.Verification), ...always, ...notFound },
    }),
    page: createRoute({
      method: 'get',
      path: '/verifications',
      operationId: 'listVerifications',
      summary: 'Verifications, newest first, page by page',
      ...read,
      request: { query: schemas.PageQuery },
      responses: { 200: answers('A page; `next_cursor` leads to the next one.', schemas.Page), ...always },
    }),
    undo: createRoute({
      method: 'post',
      path: '/verifications/{id}/undo',
      operationId: 'undoVerification',
      summary: 'Undoes a verification, while the platform allows it',
      security,
      middleware: [requires('undo')],
      request: { params: schemas.IdPath, headers: schemas.KeyHeader },
      responses: {
        200: { ...answers('Undone.', schemas.Verification), headers: { ...rateLimit, ...replayed } },
        202: {
          ...answers('The platform’s answer was lost; it is found out. Poll it, or repeat this call.', schemas.Verification),
          headers: { ...rateLimit, ...replayed },
        },
        ...always,
        ...notFound,
        503: withBody[503],
        ...refused('`undo_late`: the platform’s time is over.'),
      },
    }),
    summary: createRoute({
      method: 'get',
      path: '/summaries/{day}',
      operationId: 'getSummary',
      summary: 'The figures of a business day, as the daily summary has them',
      ...read,
      request: { params: schemas.DayPath },
      responses: { 200: answers('The figures; zeros on a day without any.', schemas.Summary), ...always },
    }),
  };
}

/** Answers problems as RFC 9457 has them: `application/problem+json` with a code for programs and a sentence for people. */
import type { Context } from 'hono';
import { PROBLEMS, type Problem, type ProblemCode } from '../../../handlers/api/answer.ts';

/** What is told beyond the problem itself. */
interface More {
  /** What is wrong with the request, and where. */
  readonly errors?: readonly { readonly at: string; readonly message: string }[];
}

const TITLES: Readonly<Record<keyof typeof PROBLEMS, string>> = {
  malformed: 'The request is malformed',
  unauthenticated: 'No valid key',
  scope: 'The key may not do this',
  not_found: 'Nothing is here',
  method_not_allowed: 'The method is not allowed here',
  in_progress: 'It is under way',
  too_large: 'The request is too large',
  media_type: 'The request is not JSON',
  idempotency_mismatch: 'The Idempotency-Key stands for another request',
  several: 'Several coupons have this code',
  rate_limit: 'Too many requests',
  platform: 'The platform cannot be asked now',
  overloaded: 'Too much is under way',
};

/** The HTTP status of a problem. */
export const statusOf = (code: ProblemCode): (typeof PROBLEMS)[keyof typeof PROBLEMS] => (isOurs(code) ? PROBLEMS[code] : 422);
const isOurs = (code: ProblemCode): code is keyof typeof PROBLEMS => Object.hasOwn(PROBLEMS, code);

/** `Retry-After` is in whole seconds, rounded up. */
export function answerProblem(
  c: Context,
  { code, detail, retryMs, verification, coupons }: Problem,
  { errors }: More = {},
): Response {
  const status = statusOf(code);
  if (retryMs !== undefined) c.header('retry-after', String(Math.max(1, Math.ceil(retryMs / 1000))));
  const body = {
    type: 'about:blank',
    title: isOurs(code) ? TITLES[code] : 'The coupon is refused',
    status,
    detail,
    code,
    ...(verification !== undefined && { verification }),
    ...(coupons && { coupons }),
    ...(errors && { errors }),
  };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

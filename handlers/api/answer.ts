/** What a call of the API is answered with: a value, or a problem with its code. */
import type { ApiKey } from '../../services/accounts/api-keys.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Words } from '../../locales/index.ts';
import type { CouponJson } from './coupon-json.ts';
import type { RefusalCode } from './verification-json.ts';

/** Who calls: a key, the one store it is for, and the language of sentences. */
export interface Caller {
  readonly key: ApiKey;
  readonly store: Store;
  readonly words: Words;
}

/** The codes of problems that are not about a coupon, with their HTTP status. */
export const PROBLEMS = {
  malformed: 400,
  unauthenticated: 401,
  scope: 403,
  not_found: 404,
  method_not_allowed: 405,
  in_progress: 409,
  too_large: 413,
  media_type: 415,
  idempotency_mismatch: 422,
  several: 422,
  rate_limit: 429,
  platform: 503,
  overloaded: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEMS | RefusalCode;

export interface Problem {
  readonly kind: 'problem';
  readonly code: ProblemCode;
  /** A sentence for people. */
  readonly detail: string;
  /** When it makes sense to try again, ms. */
  readonly retryMs?: number;
  /** The verification of this store that it is about. */
  readonly verification?: string;
  /** `several`: the coupons to choose from. */
  readonly coupons?: readonly CouponJson[];
}

/** `done`: the value is final. `pending`: it is not known yet what becomes of it. */
export type Answer<T> = { readonly kind: 'done' | 'pending'; readonly value: T } | Problem;

export const problem = (code: ProblemCode, detail: string, more: Omit<Problem, 'kind' | 'code' | 'detail'> = {}): Problem => ({
  kind: 'problem',
  code,
  detail,
  ...more,
});

/** The wait told to programs before they ask again about something that is under way, ms. */
export const SOON_MS = 1_000;
export const UNDER_WAY = problem('in_progress', 'The first request with this Idempotency-Key is still under way.', {
  retryMs: SOON_MS,
});

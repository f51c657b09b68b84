/** Authenticates calls by their key, limits how often each key calls, and checks what it may do. */
import type { MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import { problem, type Caller } from '../../../handlers/api/answer.ts';
import type { Words } from '../../../locales/index.ts';
import type { ApiKeys, Scope } from '../../../services/accounts/api-keys.ts';
import type { Stores } from '../../../services/accounts/stores.ts';
import { businessDay } from '../../../services/time/business-day.ts';
import { answerProblem } from './problem.ts';

/** What the routes know of a call. */
export interface Env {
  Variables: { caller: Caller };
}

/** Calls of one key within `WINDOW_MS`, at one instance: five a second, more than any platform takes. */
export const CALLS = 300;
export const WINDOW_MS = 60_000;
/** Keys whose calls are counted; beyond that, the one silent for longest starts anew. */
const KEYS = 10_000;

export interface AuthenticateParts {
  readonly apiKeys: Pick<ApiKeys, 'recognise' | 'used'>;
  readonly stores: Pick<Stores, 'get'>;
  /** The language of sentences. */
  readonly words: Words;
  readonly now: () => number;
}

/** 401 without a key in force, 429 beyond its limit. Headers alone are read. */
export function createAuthenticate({ apiKeys, stores, words, now }: AuthenticateParts): MiddlewareHandler<Env> {
  const windows = new LRUCache<string, { readonly until: number; calls: number }>({ max: KEYS });

  return async (c, next) => {
    const secret = /^bearer +(\S{1,100})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const key = secret === undefined ? undefined : await apiKeys.recognise(secret);
    const store = key && (await stores.get(key.storeId));
    if (!key || !store) {
      c.header('www-authenticate', 'Bearer realm="Hexiao"');
      return answerProblem(
        c,
        problem('unauthenticated', 'Send Authorization: Bearer, with a key that is in force: an owner makes it by /api.'),
      );
    }
    const at = now();
    const kept = windows.get(key.id);
    // A window that ends too late began before the clock was set back.
    const window = kept && at < kept.until && kept.until <= at + WINDOW_MS ? kept : { until: at + WINDOW_MS, calls: 0 };
    window.calls += 1;
    windows.set(key.id, window);
    const left = Math.ceil((window.until - at) / 1000);
    c.header('ratelimit-policy', `"key";q=${CALLS};w=${WINDOW_MS / 1000}`);
    c.header('ratelimit', `"key";r=${Math.max(0, CALLS - window.calls)};t=${left}`);
    if (window.calls > CALLS)
      return answerProblem(c, problem('rate_limit', 'This key calls too often.', { retryMs: window.until - at }));
    await apiKeys.used(key, businessDay(at, store.zone, store.dayEnd));
    c.set('caller', { key, store, words });
    return await next();
  };
}

/** 403 where the key lacks the scope. */
export const requires =
  (scope: Scope): MiddlewareHandler<Env> =>
  async (c, next) => {
    const { key } = c.get('caller');
    if (key.scopes.includes(scope)) return await next();
    return answerProblem(c, problem('scope', `This key may ${key.scopes.join(', ')}; this call takes ${scope}.`));
  };

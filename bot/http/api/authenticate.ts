/** Authenticates calls by their key, limits how often each key calls, and checks what it may do. */
import type { MiddlewareHandler } from 'hono';
import type { LRUCache } from 'lru-cache';
import { hash } from 'node:crypto';
import { problem, type Caller } from '../../../handlers/api/answer.ts';
import type { Words } from '../../../locales/index.ts';
import type { ApiKeys, Scope } from '../../../services/accounts/api-keys.ts';
import type { Stores } from '../../../services/accounts/stores.ts';
import { createLru } from '../../../services/lru.ts';
import { dayAt } from '../../../services/time/calendar.ts';
import { addressOf } from '../address.ts';
import { answerProblem } from './problem.ts';

/** What the routes know of a call. */
export interface Env {
  Variables: { caller: Caller };
}

/** Calls of one key within `WINDOW_MS`, at one instance: five a second, more than any platform takes. */
export const CALLS = 300;
export const WINDOW_MS = 60_000;
/** Calls without a key in force, of one address within `WINDOW_MS`. */
export const FAILURES = 30;
/** Keys, and addresses, whose calls are counted; beyond that, the one silent for longest starts anew. */
const KEYS = 10_000;

export interface AuthenticateParts {
  readonly apiKeys: Pick<ApiKeys, 'recognise' | 'used'>;
  readonly stores: Pick<Stores, 'get'>;
  /** The language of sentences. */
  readonly words: Words;
  readonly now: () => number;
}

interface Window {
  readonly until: number;
  calls: number;
}

/**
 * 401 without a key in force, 429 beyond its limit. An address that sent many wrong keys gets 429 for any more without a look
 * into the database, but for keys that were in force here before. Headers alone are read.
 */
export function createAuthenticate({ apiKeys, stores, words, now }: AuthenticateParts): MiddlewareHandler<Env> {
  const windows = createLru<Window>(KEYS);
  const failures = createLru<Window>(KEYS);
  /** Digests of secrets that were in force. */
  const good = createLru<true>(KEYS);

  /** The window that a call at this time falls into. One that ends too late began before the clock was set back. */
  function windowOf(counted: LRUCache<string, Window>, key: string, at: number): Window {
    const kept = counted.get(key);
    return kept && at < kept.until && kept.until <= at + WINDOW_MS ? kept : { until: at + WINDOW_MS, calls: 0 };
  }

  return async (c, next) => {
    const at = now();
    const secret = /^bearer +(\S{1,100})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const digest = secret === undefined ? '' : hash('sha256', secret);
    const address = addressOf(c);
    const failed = windowOf(failures, address, at);
    if (failed.calls >= FAILURES && !good.has(digest))
      return answerProblem(c, problem('rate_limit', 'Too many calls without a valid key.', { retryMs: failed.until - at }));
    const key = secret === undefined ? undefined : await apiKeys.recognise(secret);
    const store = key && (await stores.get(key.storeId));
    if (!key || !store) {
      good.delete(digest);
      failed.calls += 1;
      failures.set(address, failed);
      c.header('www-authenticate', 'Bearer realm="Hexiao"');
      return answerProblem(
        c,
        problem('unauthenticated', 'Send Authorization: Bearer, with a key that is in force: an owner makes it by /api.'),
      );
    }
    good.set(digest, true);
    const window = windowOf(windows, key.id, at);
    window.calls += 1;
    windows.set(key.id, window);
    const left = Math.ceil((window.until - at) / 1000);
    c.header('ratelimit-policy', `"key";q=${CALLS};w=${WINDOW_MS / 1000}`);
    c.header('ratelimit', `"key";r=${Math.max(0, CALLS - window.calls)};t=${left}`);
    if (window.calls > CALLS)
      return answerProblem(c, problem('rate_limit', 'This key calls too often.', { retryMs: window.until - at }));
    await apiKeys.used(key, dayAt(at, store));
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

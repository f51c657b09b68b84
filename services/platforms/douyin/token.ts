/**
 * Keeps the application's one access token, for all merchants and all instances: fetching a token ends the former one. It is
 * sealed in the database, and one caller of all instances fetches at a time.
 */
import { createHash } from 'node:crypto';
import { countOf, textOf } from '../../fields.ts';
import type { Collection } from '../../collection.ts';
import type { Mutex } from '../../database/locks/mutex.ts';
import type { JsonHttp } from '../json-http.ts';
import { PlatformFault } from '../platform.ts';
import { fieldsIn } from './envelope.ts';
import { APP_REFUSED, TOKEN_TOO_OFTEN } from './errors.ts';

/** A token; ms since the epoch. It is renewed from `renewAt` on. */
export interface AppToken {
  readonly token: string;
  readonly renewAt: number;
}

/** The life of a token, ms, where the answer does not say. */
export const TOKEN_MS = 7_200_000;
/** A token is used for this part of its life. */
const PART = 0.9;
/** The pause after a refused key or secret, ms: asking on with it ends in a limit. */
const REFUSED_MS = 60_000;
/** The shortest use of a token, ms, so that a short life does not become a fetch for each call. */
const SHORTEST_MS = 5_000;

export interface AppTokenParts {
  /** Answers within the lease of `mutex`. */
  readonly http: JsonHttp;
  readonly baseUrl: string;
  readonly clientKey: string;
  readonly clientSecret: string;
  readonly tokens: Collection<AppToken>;
  readonly mutex: Mutex;
  readonly now: () => number;
}

/** The application's key and secret are refused. */
export interface AppRefused {
  readonly code: string;
  readonly words: string;
}

/** Gives a valid token. `stale` is one that was refused: another is given. Throws `PlatformFault`, `not-done`. */
export type GetAppToken = (stale?: string) => Promise<string | AppRefused>;

export function createAppToken(parts: AppTokenParts): GetAppToken {
  const { http, baseUrl, clientKey, clientSecret, tokens, mutex, now } = parts;
  const key = createHash('sha256').update(`${clientKey}\n${clientSecret}`).digest('base64url');
  let held: AppToken | undefined;
  let fetching: Promise<AppToken | AppRefused> | undefined;
  /** Whether the call that repeats a valid token works here; it is known by its name alone. */
  let stable = true;
  let refused: { readonly answer: AppRefused; readonly until: number } | undefined;

  const usable = (kept: AppToken | undefined, stale: string | undefined): kept is AppToken =>
    kept !== undefined && kept.token !== stale && kept.renewAt > now();

  const ask = async (path: string): Promise<AppToken | AppRefused> => {
    const body = JSON.stringify({ client_key: clientKey, client_secret: clientSecret, grant_type: 'client_credential' });
    const headers = { 'content-type': 'application/json' };
    const { json } = await http({ method: 'POST', url: new URL(baseUrl + path), headers, body, writes: false });
    const data = fieldsIn(fieldsIn(json)['data']);
    const [token, code] = [textOf(data['access_token']), textOf(data['error_code'])];
    if (code === TOKEN_TOO_OFTEN) throw new PlatformFault('busy', 'not-done', 'tokens are asked for too often');
    if (token === undefined || code !== '0') return { code: APP_REFUSED, words: textOf(data['description']) ?? '' };
    const ms = Math.max((countOf(data['expires_in']) ?? TOKEN_MS / 1000) * 1000 * PART, SHORTEST_MS);
    return { token, renewAt: now() + ms };
  };

  /** Prefers the call that gives the same token again while it is valid. */
  const fetchToken = async (stale: string | undefined): Promise<AppToken | AppRefused> => {
    if (stable) {
      const answer = await ask('/oauth/stable_client_token/').catch((error: unknown) => {
        if (error instanceof PlatformFault && error.kind === 'nonsense') return undefined;
        throw error;
      });
      stable = answer !== undefined && 'token' in answer;
      if (answer && 'token' in answer && answer.token !== stale) return answer;
    }
    return await ask('/oauth/client_token/');
  };

  const renew = (stale: string | undefined): Promise<AppToken | AppRefused> =>
    mutex('douyin-token', async () => {
      // Another instance may have renewed it meanwhile.
      const kept = await tokens.get(key);
      if (usable(kept, stale)) return (held = kept);
      const fresh = await fetchToken(stale);
      if (!('token' in fresh)) {
        refused = { answer: fresh, until: now() + REFUSED_MS };
        return fresh;
      }
      await tokens.set(key, fresh, fresh.renewAt - now());
      return (held = fresh);
    });

  return async (stale) => {
    if (usable(held, stale)) return held.token;
    if (refused && refused.until > now()) return refused.answer;
    fetching ??= renew(stale).finally(() => {
      fetching = undefined;
    });
    const given = await fetching;
    return 'token' in given ? given.token : given;
  };
}

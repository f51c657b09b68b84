/** Caches WeCom's access token: one fetch for all callers, sealed at rest, no further fetch with a refused secret. */
import { createHash } from 'node:crypto';
import type { Collection } from '../../services/database/collections.ts';
import { hasCode, REFUSED, type WecomFault } from './fault.ts';

/** A token and its expiry, ms. */
export interface KeptToken {
  readonly token: string;
  readonly until: number;
}

/** Default lifetime in the collection: WeCom's own 7,200 s. */
export const TOKEN_MS = 7_200_000;
/** A token is renewed this long before its expiry. */
const MARGIN_MS = 60_000;
/** Pause after a refused secret: asking on with it gets the address blocked for an hour. */
const REFUSED_MS = 60_000;

export interface AccessToken {
  /** Gives a valid token. `stale` is a token that WeCom refused: another is given. Rejects with a `WecomFault`. */
  get(stale?: string): Promise<string>;
}

/** `fetchToken` asks WeCom; `seconds` is the lifetime in its answer. One collection may cache the tokens of several apps. */
export function createAccessToken({
  corpId,
  secret,
  tokens,
  fetchToken,
  now,
}: {
  corpId: string;
  secret: string;
  tokens: Collection<KeptToken>;
  fetchToken: () => Promise<{ readonly token: string; readonly seconds: number }>;
  now: () => number;
}): AccessToken {
  const key = createHash('sha256').update(`${corpId}\n${secret}`).digest('base64url');
  let held: KeptToken | undefined;
  let fetching: Promise<KeptToken> | undefined;
  let refused: { readonly fault: WecomFault; readonly until: number } | undefined;

  const holds = (kept: KeptToken | undefined, stale: string | undefined): kept is KeptToken =>
    kept !== undefined && kept.token !== stale && kept.until > now();

  /** Another instance may have renewed it already. */
  async function renew(stale: string | undefined): Promise<KeptToken> {
    const kept = await tokens.get(key);
    if (holds(kept, stale)) return kept;
    const { token, seconds } = await fetchToken();
    // WeCom repeats the same token until its expiry: near that, the rest is used up, or each call would fetch anew.
    const ms = Math.max(seconds * 1000 - MARGIN_MS, Math.min(seconds * 1000, 5_000));
    const fresh = { token, until: now() + ms };
    await tokens.set(key, fresh, ms);
    return fresh;
  }

  return {
    async get(stale) {
      if (holds(held, stale)) return held.token;
      if (refused && refused.until > now()) throw refused.fault;
      fetching ??= renew(stale)
        .catch((error: unknown) => {
          if (hasCode(error, REFUSED)) refused = { fault: error, until: now() + REFUSED_MS };
          throw error;
        })
        .finally(() => {
          fetching = undefined;
        });
      held = await fetching;
      return held.token;
    },
  };
}

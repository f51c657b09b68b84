/** WeCom's access token: fetched once for everybody who waits, kept sealed, and never asked for again with a wrong secret. */
import { createHash } from 'node:crypto';
import type { Collection } from '../../services/database/collections.ts';
import { hasCode, REFUSED, type WecomFault } from './fault.ts';

/** A token and until when it holds, ms. */
export interface KeptToken {
  readonly token: string;
  readonly until: number;
}

/** A collection for tokens keeps them this long unless told: WeCom's own 7,200 s. */
export const TOKEN_MS = 7_200_000;
/** A new token is fetched this long before the old one ends. */
const MARGIN_MS = 60_000;
/** Asking on with a wrong secret gets the address blocked for an hour. */
const REFUSED_MS = 60_000;

export interface AccessToken {
  /** A token that holds. `stale` is one that WeCom refused: another is given. Rejects with a `WecomFault`. */
  get(stale?: string): Promise<string>;
}

/** `fetchToken` asks WeCom; `seconds` is how long its answer holds. One collection may keep the tokens of several apps. */
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
    // WeCom gives the same token until its end: near that, what is left must be used up or each call would ask anew.
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

/** The tokens in the links of places: random, looked up by their HMAC, and sealed where they are kept. */
import { createHmac } from 'node:crypto';
import type { Seal } from '../database/seal.ts';

/** Bytes of a token: 128 bits are not guessed. */
const BYTES = 16;
/** What `base64url` makes of them: with the prefix of links within the 32 characters of a scene of 微信客服. */
const TOKEN = /^[\w-]{22}$/;

/** The word of a link that carries a token. */
export const PLACE_LINK = /^s_([\w-]{1,62})$/;
/** The word that links of a place carry: Telegram's `start`, the scene of 微信客服. */
export const linkWord = (token: string): string => `s_${token}`;

export interface PlaceTokens {
  /** A new token, as it is kept. */
  make(): { readonly token_sealed: string; readonly token_mac: string };
  /** The HMAC of a token that somebody brought; undefined for what never was one. */
  mac(token: string): string | undefined;
  /** The token of a sealed one. */
  open(sealed: string): string;
}

/** `key` is the installation's; `random` gives so many random bytes. */
export function createPlaceTokens({
  key,
  seal,
  random,
}: {
  key: Buffer;
  seal: Seal;
  random: (bytes: number) => Buffer;
}): PlaceTokens {
  const derived = createHmac('sha256', key).update('place-token').digest();
  const macOf = (token: string): string => createHmac('sha256', derived).update(token).digest('base64url');
  return {
    make() {
      const token = random(BYTES).toString('base64url');
      return { token_sealed: seal.seal(token), token_mac: macOf(token) };
    },
    mac: (token) => (TOKEN.test(token) ? macOf(token) : undefined),
    open: (sealed) => seal.open(sealed),
  };
}

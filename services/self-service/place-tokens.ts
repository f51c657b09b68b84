/** The tokens in the links of places: random, looked up by their HMAC, and sealed where they are kept. */
import { PLACES, type Seal } from '../database/seal.ts';

/** Bytes of a token: 128 bits are not guessed. */
const BYTES = 16;
/** What `base64url` makes of them: with the prefix of links within the 32 characters of a scene of 微信客服. */
const TOKEN = /^[\w-]{22}$/;

/** The word of a link that carries a token. */
export const PLACE_LINK = /^s_([\w-]{1,62})$/;
/** The word that links of a place carry: Telegram's `start`, the scene of 微信客服. */
export const linkWord = (token: string): string => `s_${token}`;

/** A token as it is kept with its place. */
export interface KeptToken {
  readonly token_sealed: string;
  readonly token_mac: string;
}

export interface PlaceTokens {
  /** A new token for the place with this id. */
  make(id: string): KeptToken;
  /** The hidden words under which a token may be kept, by the current key and by former ones; none for what never was a token. */
  macs(token: string): readonly string[];
  /** The token of a place. */
  open(id: string, sealed: string): string;
}

const indexesOf = (seal: Seal, token: string) => seal.indexes(`place-token ${token}`);

const keep = (seal: Seal, id: string, token: string): KeptToken => ({
  token_sealed: seal.seal(token, PLACES.placeToken(id)),
  token_mac: indexesOf(seal, token)[0],
});

/** `random` gives so many random bytes. */
export function createPlaceTokens({ seal, random }: { seal: Seal; random: (bytes: number) => Buffer }): PlaceTokens {
  return {
    make: (id) => keep(seal, id, random(BYTES).toString('base64url')),
    macs: (token) => (TOKEN.test(token) ? indexesOf(seal, token) : []),
    open: (id, sealed) => seal.open(sealed, PLACES.placeToken(id)),
  };
}

/** A kept token sealed anew with the current key. Throws `WrongKey` where no key opens it. */
export const resealToken = (seal: Seal, id: string, sealed: string): KeptToken =>
  keep(seal, id, seal.open(sealed, PLACES.placeToken(id)));

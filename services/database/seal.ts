/** Encrypts and authenticates text with AES-256-GCM, bound to the place where it is stored. */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { pooledBytes } from '../random.ts';

/** Names where a sealed text is stored: table and column, then the row's key. A text that was moved elsewhere does not open. */
export type Place = readonly [column: `${string}.${string}`, ...key: string[]];

/** The places of everything that is sealed. */
export const PLACES = {
  account: (id: string): Place => ['account.sealed', id],
  application: (id: string): Place => ['application.sealed', id],
  inbox: (id: string): Place => ['inbox.sealed', id],
  kv: (ns: string, k: string): Place => ['kv.v', ns, k],
  outbox: (id: string): Place => ['outbox.sealed', id],
  placeToken: (id: string): Place => ['place.token_sealed', id],
  webhookSecret: (id: string): Place => ['webhook_endpoint.secret', id],
  webhookUrl: (id: string): Place => ['webhook_endpoint.url', id],
} as const;

export interface Seal {
  /** `v2.`, the key's id, `.`, and base64 of nonce (12 bytes), tag (16), text. A new nonce each time. */
  seal(text: string, place: Place): string;
  /** The text. Throws `WrongKey` where it was sealed with an unknown key or for another place, or altered. */
  open(sealed: string, place: Place): string;
  /** The beginning of everything that is sealed with the current key; what begins otherwise is to be sealed anew. */
  readonly current: string;
  /**
   * Hides a secret word that rows are found by (a blind index): its HMAC with the current key, then with each former one.
   * Whoever reads the database learns no word from it.
   */
  indexes(word: string): readonly [string, ...string[]];
}

export class WrongKey extends Error {
  override readonly name = 'WrongKey';
}

export interface SealOptions {
  /** Keys of before, which still open what was sealed with them. */
  readonly former?: readonly Buffer[];
  /** Opens `v1.` too, by which earlier versions sealed without a place and without a key's id. */
  readonly placeless?: boolean;
}

/** Each key is 32 bytes. */
export function createSeal(key: Buffer, { former = [], placeless = false }: SealOptions = {}): Seal {
  // Keys as objects: bytes would be made one at each use.
  const keys = [key, ...former].map((one) => ({
    one: createSecretKey(one),
    id: idOf(one),
    index: createSecretKey(derived(one, 'index')),
  }));
  const [{ one: own, id }] = keys as [(typeof keys)[number]];
  const current = `v2.${id}.`;
  // 96 bits at random, and none twice.
  const nextNonce = pooledBytes(12);
  return {
    current,
    seal(text, place) {
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(placeBytes(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return current + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, place) {
      const [version = '', named = '', text = ''] = sealed.split('.');
      if (version === 'v2') {
        const found = keys.find((one) => one.id === named);
        if (!found) throw new WrongKey('sealed with another key');
        return decrypted(found.one, text, place);
      }
      if (version !== 'v1' || !placeless) throw new WrongKey('not sealed in a form that is opened');
      let failure: unknown;
      for (const { one } of keys)
        try {
          return decrypted(one, named);
        } catch (error) {
          failure = error;
        }
      throw failure;
    },
    indexes: (word) =>
      keys.map(({ index }) => createHmac('sha256', index).update(word).digest('base64url')) as [string, ...string[]],
  };
}

const derived = (key: Buffer, purpose: string): Buffer => createHmac('sha256', key).update(`hexiao ${purpose}`).digest();

/** Tells keys apart, and nothing about them. */
const idOf = (key: Buffer): string => derived(key, 'id').toString('hex').slice(0, 8);

/** JSON keeps parts apart that would be the same when they are joined. */
const placeBytes = (place: Place): Buffer => Buffer.from(JSON.stringify(place));

function decrypted(key: KeyObject, text: string, place?: Place): string {
  try {
    const bytes = Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    if (place) decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new WrongKey('sealed with another key or for another place, or altered', { cause });
  }
}

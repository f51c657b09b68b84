/** Opens and closes what WeCom sends to a callback address: signatures in constant time, and nothing believed of a sealed text. */
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { timingSafeEqual } from 'node:crypto';

export interface Envelope {
  /** Lower-case hex SHA-1 over the token and these three. */
  readonly signature: string;
  /** Seconds since the epoch, as text. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Base64. */
  readonly encrypt: string;
}

export interface Crypto {
  /** Whether somebody who knows the token wrote this; takes the same time whatever was given. */
  signed(envelope: Envelope): boolean;
  /** The text inside, or nothing for what was not sealed with our key for our id. Look at the signature first. */
  open(encrypted: string): string | undefined;
  /** A text sealed and signed as WeCom does it. */
  close(text: string, timestamp: string, nonce: string): Envelope;
}

/** AES blocks padded to 32 bytes, in base64: at least one, never a broken one. */
const SEALED = /^(?=.{44,}$)[A-Za-z0-9+/]+={0,2}$/;

/**
 * `receiveId` is who the texts are for: the corporation's id. Throws when `encodingAesKey` is not 43 characters.
 * `random` is 16 bytes for each text that is closed; of chance unless told.
 */
export function createCrypto({
  token,
  encodingAesKey,
  receiveId,
  random,
}: {
  token: string;
  encodingAesKey: string;
  receiveId: string;
  random?: () => Buffer;
}): Crypto {
  encrypt(encodingAesKey, '', receiveId);
  return {
    signed({ signature, timestamp, nonce, encrypt: encrypted }) {
      if (!/^[0-9a-f]{40}$/.test(signature)) return false;
      return timingSafeEqual(Buffer.from(getSignature(token, timestamp, nonce, encrypted)), Buffer.from(signature));
    },
    open(encrypted) {
      if (!SEALED.test(encrypted) || Buffer.byteLength(encrypted, 'base64') % 32 !== 0) return undefined;
      try {
        const { message, id, random: salt } = decrypt(encodingAesKey, encrypted);
        // The package looks at neither padding nor length: only what is well made closes to the very same text again.
        return id === receiveId && encrypt(encodingAesKey, message, id, salt) === encrypted ? message : undefined;
      } catch {
        return undefined;
      }
    },
    close(text, timestamp, nonce) {
      const encrypted = encrypt(encodingAesKey, text, receiveId, random?.());
      return { signature: getSignature(token, timestamp, nonce, encrypted), timestamp, nonce, encrypt: encrypted };
    },
  };
}

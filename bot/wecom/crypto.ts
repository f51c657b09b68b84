/** Decrypts and encrypts WeCom's callbacks; compares signatures in constant time and validates decrypted text strictly. */
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { timingSafeEqual } from 'node:crypto';

export interface Envelope {
  /** Lower-case hex SHA-1 over the token and the three fields below. */
  readonly signature: string;
  /** Seconds since the epoch, as text. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Base64. */
  readonly encrypt: string;
}

export interface Crypto {
  /** Checks that a holder of the token signed this, in constant time. */
  signed(envelope: Envelope): boolean;
  /** Decrypts a text; undefined unless it was encrypted with our key for our id. Verify the signature first. */
  open(encrypted: string): string | undefined;
  /** Encrypts and signs a text as WeCom does. */
  close(text: string, timestamp: string, nonce: string): Envelope;
}

/** AES blocks padded to 32 bytes, in base64: at least one block, and only whole ones. */
const SEALED = /^(?=.{44,}$)[A-Za-z0-9+/]+={0,2}$/;

/**
 * `receiveId` is the recipient of the texts: the corporation's id. Throws when `encodingAesKey` is not 43 characters.
 * `random` gives 16 bytes per encrypted text, by default random.
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
        // The package checks neither padding nor length: only a well-formed text encrypts to the very same bytes again.
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

/** Encrypts and authenticates text with AES-256-GCM. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface Seal {
  /** `v1.` and base64 of nonce (12 bytes), tag (16), text. A new nonce each time. */
  seal(text: string): string;
  /** The text. Throws `WrongKey` where it was sealed with another key, or altered. */
  open(sealed: string): string;
}

export class WrongKey extends Error {
  override readonly name = 'WrongKey';
}

/** `key` is 32 bytes. */
export function createSeal(key: Buffer): Seal {
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    open(sealed) {
      try {
        const bytes = Buffer.from(sealed.slice(3), 'base64');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new WrongKey('sealed with another key, or altered', { cause });
      }
    },
  };
}

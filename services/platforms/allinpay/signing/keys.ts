/** Reads keys as people paste them: PEM or its bare base64, in one line or many, as chats break lines. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** Reads an RSA private key, PKCS#8 or PKCS#1; undefined for anything else. */
export const rsaPrivateKey = (text: string): KeyObject | undefined =>
  firstRsa(text, (key) => [
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
  ]);

/** Reads an RSA public key, SPKI or PKCS#1; undefined for anything else. */
export const rsaPublicKey = (text: string): KeyObject | undefined =>
  firstRsa(text, (key) => [
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
  ]);

/** Gives the bytes of a key; undefined for what is no base64. */
export function derOf(text: string): Buffer | undefined {
  const base64 = text.replace(/-----(BEGIN|END)[A-Z ]*-----/g, '').replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+=*$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}

function firstRsa(text: string, ways: (der: Buffer) => readonly (() => KeyObject)[]): KeyObject | undefined {
  const der = derOf(text);
  for (const read of der ? ways(der) : []) {
    try {
      const key = read();
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // Not of this type. The parser's error is dropped, as it may quote the key.
    }
  }
  return undefined;
}

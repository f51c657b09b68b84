/** Signs calls to Allinpay in the manner of its other gateways; nothing is published about this one. */
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** `md5`: a shared key. `rsa-sha256`: the merchant's private key. */
export type SignerName = 'md5' | 'rsa-sha256';

export interface Signer {
  /** The value of `signType`. */
  readonly type: string;
  /** The credential that holds the key. */
  readonly secret: 'key' | 'private-key';
  /** Whether the key can sign. */
  accepts(key: string): boolean;
  /** Gives the signature; undefined where the key is not accepted. */
  sign(parameters: Parameters, key: string): string | undefined;
}

export type Parameters = Readonly<Record<string, string>>;

/** Builds the signed text: all but `sign`, `signType` and empty values, sorted by name, `name=value` joined by `&`, unescaped. */
export function canonical(parameters: Parameters): string {
  return Object.entries(parameters)
    .filter(([name, value]) => name !== 'sign' && name !== 'signType' && value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

export const SIGNERS: Readonly<Record<SignerName, Signer>> = {
  md5: {
    type: 'MD5',
    secret: 'key',
    accepts: (key) => key !== '',
    sign: (parameters, key) =>
      createHash('md5')
        .update(`${canonical(parameters)}&key=${key}`)
        .digest('hex'),
  },
  'rsa-sha256': {
    type: 'SHA256WithRSA',
    secret: 'private-key',
    accepts: (key) => readPrivateKey(key) !== undefined,
    sign(parameters, key) {
      const privateKey = readPrivateKey(key);
      return privateKey && sign('sha256', Buffer.from(canonical(parameters)), privateKey).toString('base64');
    },
  },
};

/**
 * Reads an RSA key, PKCS#8 or PKCS#1, as PEM or its bare base64, in one line or many, as chats break lines. Undefined for
 * anything else. The parser's error is dropped, as it may quote the key.
 */
function readPrivateKey(text: string): KeyObject | undefined {
  const base64 = text.replace(/-----(BEGIN|END)[A-Z ]*-----/g, '').replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined;
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    try {
      const key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type });
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // Not of this type.
    }
  }
  return undefined;
}

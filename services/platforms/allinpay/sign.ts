/** How calls to Allinpay are signed: proposals in the manner of its other gateways, as nothing is published of this one. */
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** `md5`: a shared key. `rsa-sha256`: the merchant's private key. */
export type SignerName = 'md5' | 'rsa-sha256';

export interface Signer {
  /** `signType` on the wire. */
  readonly type: string;
  /** The credential that holds the key. */
  readonly secret: 'key' | 'private-key';
  /** Whether this can be signed with. */
  accepts(key: string): boolean;
  /** Nothing where the key is not accepted. */
  sign(parameters: Parameters, key: string): string | undefined;
}

export type Parameters = Readonly<Record<string, string>>;

/** What is signed: all but `sign` and `signType` and what is empty, by name, `name=value` joined by `&`, nothing escaped. */
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
 * An RSA key, PKCS#8 or PKCS#1, as PEM or the bare base64 of it, in one line or many: chats break lines as they like. Nothing
 * for anything else. The parser's own complaint is dropped, as nobody vouches for what it quotes.
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

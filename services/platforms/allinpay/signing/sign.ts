/**
 * Signs calls to Allinpay and verifies its answers, by the rules it publishes for this gateway: RSA2 or SM2 over the sorted
 * parameters (prodoc.allinpay.com/doc/1580). `md5` is that of its other gateways.
 */
import { createHash, sign, verify } from 'node:crypto';
import { rsaPrivateKey, rsaPublicKey } from './keys.ts';
import { sm2PrivateKey, sm2PublicKey, signSm2, verifySm2 } from './sm2.ts';

/** `rsa-sha256` (their RSA2) and `sm2`: the merchant's private key. `md5`: a shared key. */
export type SignerName = 'rsa-sha256' | 'sm2' | 'md5';

export interface Signer {
  /** The value of `signType`, which is not published: the algorithm's published name. It is no part of what is signed. */
  readonly type: string;
  /** The credential that holds the key. */
  readonly secret: 'key' | 'private-key';
  /** Whether the key can sign. */
  accepts(key: string): boolean;
  /** Gives the signature; undefined where the key is not accepted. `id` is SM2's id of the signer, the appId unless told. */
  sign(parameters: Parameters, key: string, id?: string): string | undefined;
  /** Whether the text is signed by Allinpay. `id` as above, `Allinpay` unless told. Absent where answers carry no signature. */
  verifies?(text: string, signature: string, publicKey: string, id?: string): boolean;
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

/** SM2's id of Allinpay as a signer, by the vendor's code for its 收银宝. */
const ALLINPAY_ID = 'Allinpay';

export const SIGNERS: Readonly<Record<SignerName, Signer>> = {
  'rsa-sha256': {
    type: 'RSA2',
    secret: 'private-key',
    accepts: (key) => rsaPrivateKey(key) !== undefined,
    sign(parameters, key) {
      const privateKey = rsaPrivateKey(key);
      return privateKey && sign('sha256', Buffer.from(canonical(parameters)), privateKey).toString('base64');
    },
    verifies(text, signature, key) {
      const publicKey = rsaPublicKey(key);
      return publicKey !== undefined && verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
    },
  },
  sm2: {
    type: 'SM2',
    secret: 'private-key',
    accepts: (key) => sm2PrivateKey(key) !== undefined,
    sign(parameters, key, id = parameters['appId'] ?? '') {
      const privateKey = sm2PrivateKey(key);
      return privateKey && signSm2(canonical(parameters), privateKey, id);
    },
    verifies(text, signature, key, id = ALLINPAY_ID) {
      const publicKey = sm2PublicKey(key);
      return publicKey !== undefined && verifySm2(text, signature, publicKey, id);
    },
  },
  md5: {
    type: 'MD5',
    secret: 'key',
    accepts: (key) => key !== '',
    sign: (parameters, key) =>
      createHash('md5')
        .update(`${canonical(parameters)}&key=${key}`)
        .digest('hex'),
  },
};

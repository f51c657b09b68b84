/**
 * Signs and verifies by SM2 with SM3 (GB/T 32918.2). A signature is r and s, 32 bytes each, as in Allinpay's other gateways; one in
 * ASN.1 is understood too. OpenSSL's own SM2 is not used, as Node cannot tell it the signer's id.
 */
import { sm2 } from 'sm-crypto-v2';
import { derOf } from './keys.ts';

const CURVE = Buffer.from('06082a811ccf5501822d', 'hex');

/** Reads a private key, PKCS#8, SEC 1 or 64 hexadecimal digits, as hex; undefined for anything else. */
export function sm2PrivateKey(text: string): string | undefined {
  const digits = text.trim().toLowerCase();
  const key = /^[0-9a-f]{64}$/.test(digits) ? digits : inside(text, /0201010420([0-9a-f]{64})/);
  // The curve's order ends the range; a key outside of it signs nothing.
  return key !== undefined && /^(?!0+$)/.test(key) && key < ORDER ? key : undefined;
}
const ORDER = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122';

/** Reads a public key, SPKI or the point's hexadecimal digits, as hex; undefined for anything else. */
export function sm2PublicKey(text: string): string | undefined {
  const digits = text.trim().toLowerCase();
  const key = /^04[0-9a-f]{128}$/.test(digits) ? digits : inside(text, /03420004([0-9a-f]{128})$/, '04');
  return key !== undefined && isPoint(key) ? key : undefined;
}

/** Gives the signature in base64. */
export const signSm2 = (text: string, privateKey: string, id: string): string =>
  Buffer.from(sm2.doSignature(Buffer.from(text), privateKey, { hash: true, userId: id }), 'hex').toString('base64');

/** Whether `signature`, in base64, is one of this text. */
export function verifySm2(text: string, signature: string, publicKey: string, id: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  try {
    const options = { hash: true, userId: id, der: bytes.length !== 64 };
    return sm2.doVerifySignature(Buffer.from(text), bytes.toString('hex'), publicKey, options);
  } catch {
    // Numbers out of range.
    return false;
  }
}

function inside(text: string, place: RegExp, before = ''): string | undefined {
  const der = derOf(text);
  const found = der?.includes(CURVE) ? place.exec(der.toString('hex'))?.[1] : undefined;
  return found === undefined ? undefined : before + found;
}

function isPoint(key: string): boolean {
  try {
    return sm2.verifyPublicKey(key);
  } catch {
    return false;
  }
}

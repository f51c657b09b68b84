/** Douyin's two signatures: of the messages it posts, and of parameters, as its page of consent and its questions carry them. */
import { createHash } from 'node:crypto';

/** `X-Douyin-Signature`: SHA-1 of secret and body, lower-case hex. */
export const signMessage = (secret: string, body: Buffer): string => createHash('sha1').update(secret).update(body).digest('hex');

/**
 * `x-life-sign`, and `sign` in an address: SHA-256 of the secret, the parameters by name as they are before encoding, and the body
 * where there is one; lower-case hex.
 */
export function signParameters(secret: string, parameters: Readonly<Record<string, string>>, body?: string): string {
  const named = Object.entries(parameters).filter(([name]) => name !== 'sign');
  const sorted = named.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `&${name}=${value}`);
  const text = [secret, ...sorted, ...(body === undefined ? [] : [`&http_body=${body}`])].join('');
  return createHash('sha256').update(text).digest('hex');
}

/** Signs calls: parameters sorted by name, names and values concatenated, with the secret around or before them. */
import { createHash } from 'node:crypto';

export type Parameters = Readonly<Record<string, string>>;

/** Signs for 北极星: MD5 of secret, parameters and secret again, in lower-case hexadecimal. Values raw, not URL-encoded. */
export function signDianping(parameters: Parameters, secret: string): string {
  return createHash('md5')
    .update(`${secret}${joined(parameters)}${secret}`)
    .digest('hex');
}

/** Signs for 技术服务合作中心: SHA-1 of key and parameters, in lower-case hexadecimal. Values raw. */
export function signMeituan(parameters: Parameters, key: string): string {
  return createHash('sha1')
    .update(`${key}${joined(parameters)}`)
    .digest('hex');
}

/** Concatenates the parameters in the order of bytes; names are ASCII, so code units are bytes. */
function joined(parameters: Parameters): string {
  return Object.entries(sendable(parameters))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('');
}

/** Drops empty values, which some gateways sign and others do not. */
export function sendable(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => name !== 'sign' && value !== ''));
}

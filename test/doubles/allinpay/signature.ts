/** Verifies signatures of calls to the fake Allinpay, by an implementation of its own. */
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';

/** A merchant's keys; made once, as making them is slow. */
const PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const KEY = 'demo-key';
export const PRIVATE_KEY = PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' });
export const PRIVATE_KEY_PKCS1 = PAIR.privateKey.export({ type: 'pkcs1', format: 'pem' });

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;
const MOST_OFF_MS = 600_000;

/** Checks the common parameters; gives a code and words, or undefined when all is well. */
export function objection(
  parameters: Readonly<Record<string, string>>,
  apps: ReadonlySet<string>,
  now: number,
): readonly [number, string] | undefined {
  const { appId = '', version, charset, format, timestamp = '', sign = '', signType } = parameters;
  if (!apps.has(appId)) return [40_001, 'appId不存在'];
  if (version !== '1.0' || charset !== 'utf-8' || format !== 'JSON') return [40_002, '公共参数错误'];
  const time = TIMESTAMP.exec(timestamp);
  const at = time ? Date.parse(`${time[1]}T${time[2]}+08:00`) : Number.NaN;
  if (!(Math.abs(now - at) < MOST_OFF_MS)) return [40_003, '时间戳无效'];
  const { sign: _, signType: __, ...signed } = parameters;
  let text = '';
  for (const name of Object.keys(signed).toSorted()) {
    if (signed[name] !== '') text += `${text === '' ? '' : '&'}${name}=${signed[name]}`;
  }
  const right =
    signType === 'MD5'
      ? createHash('md5').update(text).update(`&key=${KEY}`).digest('hex') === sign
      : signType === 'SHA256WithRSA' && createVerify('RSA-SHA256').update(text).verify(PAIR.publicKey, sign, 'base64');
  // As some gateways do, it quotes what it would have signed.
  return right ? undefined : [40_004, `签名错误: ${text}`];
}

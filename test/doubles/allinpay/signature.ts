/** Allinpay's published rules of signature as the fake gateway keeps them: verifies calls, signs answers, by code of its own. */
import { createHash, createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sm2Pair, sm2Sign, sm2Verify } from './sm2.ts';

/** The keys of a merchant and of Allinpay; made once, as making them is slow. */
const [PAIR, PLATFORM] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 })) as [Pair, Pair];
const [SM2_PAIR, SM2_PLATFORM] = [sm2Pair(), sm2Pair()];
type Pair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
export const KEY = 'demo-key';
export const PRIVATE_KEY = PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' });
export const PRIVATE_KEY_PKCS1 = PAIR.privateKey.export({ type: 'pkcs1', format: 'pem' });
export const SM2_PRIVATE_KEY = SM2_PAIR.privateKey;
/** Allinpay's, by the way of signing. */
export const PUBLIC_KEYS = {
  'rsa-sha256': PLATFORM.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sm2: SM2_PLATFORM.publicKey,
  md5: undefined,
} as const;

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;
const MOST_OFF_MS = 600_000;

/** Checks the common parameters; gives a code and words, or undefined when all is well. */
export function objection(
  parameters: Readonly<Record<string, string>>,
  apps: ReadonlySet<string>,
  now: number,
): readonly [number, string] | undefined {
  const { appId = '', version, charset, format, timestamp = '', reqSeq = '', sign = '' } = parameters;
  if (!apps.has(appId)) return [40_001, 'appId不存在'];
  if (version !== '1.0' || charset !== 'UTF-8' || format !== 'JSON' || reqSeq === '') return [40_002, '公共参数错误'];
  const time = TIMESTAMP.exec(timestamp);
  const at = time ? Date.parse(`${time[1]}T${time[2]}+08:00`) : Number.NaN;
  if (!(Math.abs(now - at) < MOST_OFF_MS)) return [40_003, '时间戳无效'];
  const { sign: _, signType: __, ...signed } = parameters;
  let text = '';
  for (const name of Object.keys(signed).toSorted()) {
    if (signed[name] !== '') text += `${text === '' ? '' : '&'}${name}=${signed[name]}`;
  }
  // As some gateways do, it quotes what it would have signed.
  return isSigned(text, sign, parameters) ? undefined : [40_004, `签名错误: ${text}`];
}

function isSigned(text: string, sign: string, { signType, appId = '' }: Readonly<Record<string, string>>): boolean {
  switch (signType) {
    case 'RSA2':
      return createVerify('RSA-SHA256').update(text).verify(PAIR.publicKey, sign, 'base64');
    case 'SM2':
      return sm2Verify(text, sign, SM2_PAIR.point, appId);
    case 'MD5':
      return createHash('md5').update(text).update(`&key=${KEY}`).digest('hex') === sign;
    default:
      return false;
  }
}

/** Signs the JSON text of an answer, in the way of the call; undefined for MD5, which signs no answers. */
export function signatureOf(text: string, signType: string | undefined): string | undefined {
  if (signType === 'RSA2') return createSign('RSA-SHA256').update(text).sign(PLATFORM.privateKey, 'base64');
  return signType === 'SM2' ? sm2Sign(text, SM2_PLATFORM, 'Allinpay') : undefined;
}

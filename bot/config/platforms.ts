/** Reads the platforms' groups of variables: address and credentials of each. */
import { createPublicKey } from 'node:crypto';
import { present } from '../../services/fields.ts';
import { PLATFORM_NAMES, type PlatformName } from '../../services/platforms/names.ts';
import type { Fix, EnvReader } from './env-reader.ts';

/** The configured platforms; an undefined one cannot be bound here. Addresses have no trailing slash. */
export interface PlatformsConfig {
  readonly umember: { readonly baseUrl: string };
  readonly allinpay: AllinpayConfig | undefined;
  readonly dianping: (Authorised & { readonly appKey: string; readonly appSecret: string }) | undefined;
  readonly meituan: (Authorised & { readonly developerId: string; readonly signKey: string }) | undefined;
  readonly douyin: { readonly baseUrl: string; readonly clientKey: string; readonly clientSecret: string } | undefined;
}

/** Allinpay's published rules leave open the address and what the optional settings say; its support tells each integrator. */
interface AllinpayConfig {
  readonly gatewayUrl: string;
  readonly signer: (typeof SIGNERS)[number];
  readonly body: (typeof BODIES)[number];
  readonly publicKey?: string;
  readonly signType?: string;
  readonly sm2Id?: string;
}
const SIGNERS = ['rsa-sha256', 'sm2', 'md5'] as const;
const BODIES = ['form', 'json'] as const;

/** A platform with OAuth; `returnTo` is the redirect address. */
interface Authorised {
  readonly baseUrl: string;
  readonly authUrl: string;
  readonly returnTo: string;
}

const UMEMBER = 'http://mtopen.umember.cn';
const DIANPING = { base: 'https://openapi.dianping.com', auth: 'https://e.dianping.com' } as const;
const DOUYIN = 'https://open.douyin.com';
const MEITUAN = { base: 'https://api-open-cater.meituan.com', auth: 'https://open-erp.meituan.com' } as const;

/** The names of these variables begin with a platform's name. */
export const PLATFORM_VARIABLES = new RegExp(`^(${PLATFORM_NAMES.join('|').toUpperCase()})_`);

/** The variables that set a platform up; umember needs none. */
export const PLATFORM_SETTINGS: Readonly<Record<PlatformName, string>> = {
  umember: 'UMEMBER_BASE_URL',
  allinpay: 'ALLINPAY_GATEWAY_URL',
  dianping: 'DIANPING_APP_KEY + DIANPING_APP_SECRET',
  meituan: 'MEITUAN_DEVELOPER_ID + MEITUAN_SIGN_KEY',
  douyin: 'DOUYIN_CLIENT_KEY + DOUYIN_CLIENT_SECRET',
  practice: 'PRACTICE=on',
};

/** The addresses of the configured platforms, by name. One that needs no configuration is not `chosen` by anybody. */
export function platformAddresses({
  umember,
  allinpay,
  dianping,
  meituan,
  douyin,
}: PlatformsConfig): readonly [PlatformAddress, ...PlatformAddress[]] {
  return [
    { name: 'umember', url: umember.baseUrl, chosen: false },
    ...(allinpay ? [{ name: 'allinpay', url: allinpay.gatewayUrl, chosen: true }] : []),
    ...(dianping ? [{ name: 'dianping', url: dianping.baseUrl, chosen: true }] : []),
    ...(meituan ? [{ name: 'meituan', url: meituan.baseUrl, chosen: true }] : []),
    ...(douyin ? [{ name: 'douyin', url: douyin.baseUrl, chosen: true }] : []),
  ];
}

export interface PlatformAddress {
  readonly name: string;
  readonly url: string;
  readonly chosen: boolean;
}

/** Reads and validates all groups; mistakes go to the reader. */
export function readPlatforms(read: EnvReader, publicUrl: string | undefined): PlatformsConfig {
  return {
    umember: { baseUrl: read.webAddress('UMEMBER_BASE_URL', UMEMBER) ?? UMEMBER },
    allinpay: readAllinpay(read),
    dianping: readDianping(read, publicUrl),
    meituan: readMeituan(read, publicUrl),
    douyin: readDouyin(read),
  };
}

function readAllinpay(read: EnvReader): PlatformsConfig['allinpay'] {
  const gatewayUrl = read.webAddress('ALLINPAY_GATEWAY_URL', 'https://dms-api.shopoint.cn/…');
  const signer = read.oneOf('ALLINPAY_SIGNER', SIGNERS) ?? 'rsa-sha256';
  const body = read.oneOf('ALLINPAY_BODY', BODIES) ?? 'form';
  const publicKey = read.checked('ALLINPAY_PUBLIC_KEY', (text) => (isPublicKey(text, signer) ? text : undefined), [
    `must be Allinpay's public key for ALLINPAY_SIGNER=${signer}, as base64 in one line`,
    `应为通联的公钥（Base64，一行），与 ALLINPAY_SIGNER=${signer} 一致`,
  ]);
  const signType = word(read, 'ALLINPAY_SIGN_TYPE', [
    'copy the value of signType from the papers',
    '请照对接资料填 signType 的值',
  ]);
  const sm2Id = word(read, 'ALLINPAY_SIGN_ID', ["copy the signer's id from the papers", '请照对接资料填 SM2 的用户标识']);
  if (!read.text('ALLINPAY_GATEWAY_URL'))
    for (const name of ['SIGNER', 'BODY', 'PUBLIC_KEY', 'SIGN_TYPE', 'SIGN_ID'].map((part) => `ALLINPAY_${part}`))
      if (read.text(name))
        read.mistake(name, [
          "means nothing without ALLINPAY_GATEWAY_URL; set Allinpay's address too, or remove this",
          '没有 ALLINPAY_GATEWAY_URL 就不起作用：请同时设置通联的网关地址，或删除这一项',
        ]);
  return gatewayUrl === undefined ? undefined : { gatewayUrl, signer, body, ...present({ publicKey, signType, sm2Id }) };
}

/** Whether a text is a public key of this way of signing. `md5` has none. */
function isPublicKey(text: string, signer: AllinpayConfig['signer']): boolean {
  try {
    const der = Buffer.from(text, 'base64');
    const { asymmetricKeyType } = createPublicKey({ key: der, format: 'der', type: 'spki' });
    // Node knows SM2's curve, and has no name for its keys.
    return signer === (asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'sm2') && (asymmetricKeyType === 'rsa' || der.includes(SM2));
  } catch {
    return false;
  }
}
const SM2 = Buffer.from('06082a811ccf5501822d', 'hex');

function readDianping(read: EnvReader, publicUrl: string | undefined): PlatformsConfig['dianping'] {
  const at = addresses(read, 'DIANPING', DIANPING, publicUrl);
  const appKey = word(read, 'DIANPING_APP_KEY', ["copy the app key from the application's page", '请从应用页面复制 app key']);
  const appSecret = secret(read, 'DIANPING_APP_SECRET', [
    "copy the app secret from the application's page",
    '请从应用页面复制 app secret',
  ]);
  const whole = complete(
    read,
    ['DIANPING_APP_KEY', 'DIANPING_APP_SECRET'],
    ['copy both from the application', '两项都请从应用页面复制'],
    publicUrl,
  );
  return whole && at && appKey && appSecret ? { ...at, appKey, appSecret } : undefined;
}

function readMeituan(read: EnvReader, publicUrl: string | undefined): PlatformsConfig['meituan'] {
  const at = addresses(read, 'MEITUAN', MEITUAN, publicUrl);
  const developerId = word(
    read,
    'MEITUAN_DEVELOPER_ID',
    ['copy the developerId, a number, from the developer page', '请从开发者页面复制 developerId（数字）'],
    /^\d{1,20}$/,
  );
  const signKey = secret(read, 'MEITUAN_SIGN_KEY', ['copy the signKey from the developer page', '请从开发者页面复制 signKey']);
  const whole = complete(
    read,
    ['MEITUAN_DEVELOPER_ID', 'MEITUAN_SIGN_KEY'],
    ['copy both from the developer page', '两项都请从开发者页面复制'],
    publicUrl,
  );
  return whole && at && developerId && signKey ? { ...at, developerId, signKey } : undefined;
}

function readDouyin(read: EnvReader): PlatformsConfig['douyin'] {
  const baseUrl = read.webAddress('DOUYIN_BASE_URL', DOUYIN) ?? DOUYIN;
  const clientKey = word(read, 'DOUYIN_CLIENT_KEY', [
    "copy the client key (AppID) from the application's page",
    '请从应用页面复制 client key（AppID）',
  ]);
  const clientSecret = secret(read, 'DOUYIN_CLIENT_SECRET', [
    "copy the client secret (AppSecret) from the application's page",
    '请从应用页面复制 client secret（AppSecret）',
  ]);
  const whole = read.whole(
    ['DOUYIN_CLIENT_KEY', 'DOUYIN_CLIENT_SECRET'],
    ['copy both from the application', '两项都请从应用页面复制'],
  );
  return whole && clientKey && clientSecret ? { baseUrl, clientKey, clientSecret } : undefined;
}

function addresses(
  read: EnvReader,
  group: 'DIANPING' | 'MEITUAN',
  usual: { readonly base: string; readonly auth: string },
  publicUrl: string | undefined,
): Authorised | undefined {
  const baseUrl = read.webAddress(`${group}_BASE_URL`, usual.base) ?? usual.base;
  const authUrl = read.webAddress(`${group}_AUTH_URL`, usual.auth) ?? usual.auth;
  return publicUrl === undefined ? undefined : { baseUrl, authUrl, returnTo: `${publicUrl}/oauth/${group.toLowerCase()}` };
}

/** Whether a group is complete; it needs `PUBLIC_URL` for the redirect from the platform's page. */
function complete(read: EnvReader, names: readonly string[], fix: Fix, publicUrl: string | undefined): boolean {
  const whole = read.whole(names, fix);
  if (whole && publicUrl === undefined && !read.text('PUBLIC_URL'))
    read.mistake('PUBLIC_URL', [
      `${names[0]} needs it: merchants come back there when they have authorised this program`,
      `${names[0]} 需要它：商家授权后要回到这个地址`,
    ]);
  return whole;
}

const word = (read: EnvReader, name: string, fix: Fix, shape = /^[\w-]{1,128}$/): string | undefined =>
  read.checked(name, (text) => (shape.test(text) ? text : undefined), fix);

const secret = (read: EnvReader, name: string, fix: Fix): string | undefined =>
  read.secret(name, (text) => (/^\S{8,256}$/.test(text) ? text : undefined), fix);

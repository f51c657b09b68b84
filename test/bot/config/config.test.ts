import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, readConfig, type Config } from '../../../bot/config/config.ts';
import { PLATFORM_NAMES } from '../../../services/platforms/names.ts';
import type { Environment } from '../../../bot/config/env-reader.ts';

const TOKEN = '123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc';
const KEY = Buffer.alloc(32, 7).toString('base64');

function right(env: Environment): Config {
  const config = readConfig(env);
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'));
  return config;
}

function mistakes(env: Environment): readonly string[] {
  const config = readConfig(env);
  return 'mistakes' in config ? config.mistakes : [];
}

const RSA_PUBLIC_KEY =
  'MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==';

test('the defaults are practice mode, SQLite, port 8080, Chinese, and Shanghai time', () => {
  expect(right({})).toEqual({
    port: 8080,
    host: '0.0.0.0',
    publicUrl: undefined,
    pagesUrl: 'http://localhost:8080',
    dataDir: './data',
    database: { kind: 'sqlite', file: 'data/hexiao.sqlite' },
    secretKey: undefined,
    formerKey: undefined,
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    logLevel: 'info',
    operators: [],
    access: 'open',
    webhookPrivate: false,
    metrics: { kind: 'loopback' },
    telegram: undefined,
    wecom: { apiBase: 'https://qyapi.weixin.qq.com', bot: undefined, app: undefined },
    platformsConfig: {
      umember: { baseUrl: 'http://mtopen.umember.cn' },
      allinpay: undefined,
      dianping: undefined,
      meituan: undefined,
      douyin: undefined,
    },
    practice: true,
    onlyPractice: true,
    practiceStore: true,
    secrets: [],
  });
});

test('real accounts are bound by the practice page only where this machine alone opens it', () => {
  const only = (env: Environment): boolean => right(env).onlyPractice;
  for (const HOST of ['127.0.0.1', 'localhost', '::1']) expect(only({ HOST }), HOST).toBe(false);
  expect(only({ HOST: '127.0.0.1', PUBLIC_URL: 'https://bot.example.com' })).toBe(true);
  for (const HOST of ['0.0.0.0', '::', '192.168.1.7', 'localhost.example.com']) expect(only({ HOST }), HOST).toBe(true);
  expect(only({ TELEGRAM_BOT_TOKEN: '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_' })).toBe(false);
});

test('an SM2 key of Allinpay is taken for SM2', () => {
  const key =
    'MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE/BnA8BawehBtH0ksPyayo4pmzL/u1FQ2sZcqwOp6bjVqQX4tjo930QAvHZPJ2eez8sCz/RYghcqv4LvMq+kloQ==';
  const { platformsConfig } = right({
    ALLINPAY_GATEWAY_URL: 'https://a.example',
    ALLINPAY_SIGNER: 'sm2',
    ALLINPAY_PUBLIC_KEY: key,
  });
  expect(platformsConfig.allinpay).toMatchObject({ signer: 'sm2', publicKey: key });
});

test('an empty or blank variable counts as not set', () => {
  expect(
    right({ PORT: '', TELEGRAM_BOT_TOKEN: ' ', TELEGRAM_MODE: '', MEITUAN_APP_KEY: '', DATABASE_URL: '', OPERATORS: '' }),
  ).toEqual(right({}));
});

test('every variable is read, without trailing slashes and surrounding blanks', () => {
  const config = right({
    PORT: ' 3000 ',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'https://bot.example.com/hexiao/',
    DATA_DIR: '/var/lib/hexiao',
    SECRET_KEY: KEY,
    LOCALE: 'en',
    TZ_DEFAULT: 'Europe/Berlin',
    LOG_LEVEL: 'error',
    OPERATORS: 'telegram:123, wecom-bot:zhangsan，telegram:456,',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_API_ROOT: 'http://localhost:8081/',
    UMEMBER_BASE_URL: 'https://umember.example.com',
    ALLINPAY_GATEWAY_URL: 'https://open.allinpay.com/gateway/',
    ALLINPAY_PUBLIC_KEY: RSA_PUBLIC_KEY,
    ALLINPAY_SIGN_TYPE: 'SHA256WithRSA',
    DIANPING_APP_KEY: 'aabbccddeeff0011',
    DIANPING_APP_SECRET: '0123456789abcdef',
    MEITUAN_DEVELOPER_ID: '100000',
    MEITUAN_SIGN_KEY: 'signkey-demo',
    DOUYIN_CLIENT_KEY: 'awtestkey0000000',
    DOUYIN_CLIENT_SECRET: '0123456789abcdef',
  });
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    database: { kind: 'sqlite', file: '/var/lib/hexiao/hexiao.sqlite' },
    secretKey: Buffer.alloc(32, 7),
    locale: 'en',
    timeZone: 'Europe/Berlin',
    logLevel: 'error',
    operators: ['telegram:123', 'wecom-bot:zhangsan', 'telegram:456'],
    telegram: {
      token: TOKEN,
      apiRoot: 'http://localhost:8081',
      mode: { kind: 'webhook', publicUrl: 'https://bot.example.com/hexiao' },
    },
    platformsConfig: {
      umember: { baseUrl: 'https://umember.example.com' },
      allinpay: {
        gatewayUrl: 'https://open.allinpay.com/gateway',
        signer: 'rsa-sha256',
        body: 'form',
        publicKey: RSA_PUBLIC_KEY,
        signType: 'SHA256WithRSA',
      },
      dianping: {
        baseUrl: 'https://openapi.dianping.com',
        authUrl: 'https://e.dianping.com',
        returnTo: 'https://bot.example.com/hexiao/oauth/dianping',
        appKey: 'aabbccddeeff0011',
        appSecret: '0123456789abcdef',
      },
      meituan: {
        baseUrl: 'https://api-open-cater.meituan.com',
        authUrl: 'https://open-erp.meituan.com',
        returnTo: 'https://bot.example.com/hexiao/oauth/meituan',
        developerId: '100000',
        signKey: 'signkey-demo',
      },
      douyin: { baseUrl: 'https://open.douyin.com', clientKey: 'awtestkey0000000', clientSecret: '0123456789abcdef' },
    },
    practice: false,
  });
  expect(config.secrets).toEqual(expect.arrayContaining([TOKEN, KEY]));
});

test('a token alone is enough: Telegram by polling, and no practice', () => {
  expect(right({ TELEGRAM_BOT_TOKEN: TOKEN })).toMatchObject({
    telegram: { token: TOKEN, apiRoot: 'https://api.telegram.org', mode: { kind: 'polling' } },
    practice: false,
  });
});

test('the practice store is on beside real channels only where PRACTICE says so', () => {
  expect(right({ TELEGRAM_BOT_TOKEN: TOKEN }).practiceStore).toBe(false);
  expect(right({ TELEGRAM_BOT_TOKEN: TOKEN, PRACTICE: 'off' }).practiceStore).toBe(false);
  expect(right({ TELEGRAM_BOT_TOKEN: TOKEN, PRACTICE: 'on' })).toMatchObject({ practice: false, practiceStore: true });
  expect(right({ PRACTICE: 'on' })).toMatchObject({ practice: true, practiceStore: true });
});

test('ACCESS=review is for an installation with operators; a mistaken one is told once', () => {
  expect(right({ ACCESS: 'review', OPERATORS: 'telegram:123' })).toMatchObject({ access: 'review', operators: ['telegram:123'] });
  expect(mistakes({ ACCESS: 'review', OPERATORS: '@zhao' })).toEqual([expect.stringContaining('OPERATORS')]);
});

test('the database password is a secret, URL-encoded or not', () => {
  const url = 'postgresql://hexiao:p%40ss@db:5432/hexiao';
  const config = right({ DATABASE_URL: url });
  expect(config.database).toEqual({ kind: 'postgres', url });
  expect(config.secrets).toEqual(expect.arrayContaining([url, 'p%40ss', 'p@ss']));
});

test('METRICS is loopback, open, or a token, which is a secret', () => {
  expect(right({ METRICS: 'open' })).toMatchObject({ metrics: { kind: 'open' }, secrets: [] });
  const token = 'f00d'.repeat(6);
  expect(right({ METRICS: token })).toMatchObject({ metrics: { kind: 'token', token }, secrets: [token] });
});

test('a local Bot API server may issue tokens of another form, and use plain http', () => {
  const own = { TELEGRAM_BOT_TOKEN: '1:test', TELEGRAM_API_ROOT: 'http://localhost:8081' };
  expect(right(own).telegram?.token).toBe('1:test');
  const inside = { ...own, TELEGRAM_MODE: 'webhook', PUBLIC_URL: 'http://hexiao:8080' };
  expect(right(inside).telegram?.mode).toEqual({ kind: 'webhook', publicUrl: 'http://hexiao:8080' });
});

test.each<[string, Environment, RegExp]>([
  ['a port that is no number', { PORT: 'http' }, /^PORT: .*8080/],
  ['a port beyond the last', { PORT: '65536' }, /^PORT: /],
  ['practice neither on nor off', { PRACTICE: 'yes' }, /^PRACTICE: .*on, off/],
  ['practice off where there is nothing else', { PRACTICE: 'off' }, /^PRACTICE: .*TELEGRAM_BOT_TOKEN/],
  ['reviews without anybody who reviews', { ACCESS: 'review' }, /^ACCESS: .*OPERATORS/],
  ['an access there is not', { ACCESS: 'closed' }, /^ACCESS: .*open, review/],
  ['a negative port', { PORT: '-1' }, /^PORT: /],
  ['a host with a path', { HOST: 'http://localhost' }, /^HOST: /],
  ['an address without http', { PUBLIC_URL: 'bot.example.com' }, /^PUBLIC_URL: .*https:\/\//],
  ['an address of another kind', { PUBLIC_URL: 'ftp://bot.example.com' }, /^PUBLIC_URL: /],
  ['an address with a query', { PUBLIC_URL: 'https://bot.example.com/?x=1' }, /^PUBLIC_URL: /],
  ['an address with a password', { UMEMBER_BASE_URL: 'http://me:rawvalue@localhost' }, /^UMEMBER_BASE_URL: /],
  ['a database of another kind', { DATABASE_URL: 'mysql://me:rawvalue@db/x' }, /^DATABASE_URL: .*postgres:\/\//],
  ['a database that is no address', { DATABASE_URL: 'rawvalue' }, /^DATABASE_URL: /],
  ['a short key', { SECRET_KEY: Buffer.from('rawvalue').toString('base64') }, /^SECRET_KEY: .*32 bytes/],
  ['a key in hexadecimal', { SECRET_KEY: '07'.repeat(32) }, /^SECRET_KEY: /],
  ['a language there is not', { LOCALE: 'fr' }, /^LOCALE: .*zh-CN, en/],
  ['a zone there is not', { TZ_DEFAULT: 'Asia/Peking' }, /^TZ_DEFAULT: .*Asia\/Shanghai/],
  ['a level there is not', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: .*warn/],
  ['a level that says no more than another', { LOG_LEVEL: 'debug' }, /^LOG_LEVEL: .*info/],
  ['a short token for metrics', { METRICS: 'rawvalue' }, /^METRICS: .*loopback, open, or a token/],
  ['a token that no header carries', { METRICS: 'rawvalue rawvalue rawvalue' }, /^METRICS: /],
  ['an operator without a channel', { OPERATORS: 'telegram:1,zhangsan' }, /^OPERATORS: entry 2 .*channel:id/],
  ['an operator by @name', { OPERATORS: 'telegram:@zhangsan' }, /^OPERATORS: entry 1 /],
  ['a token that is none', { TELEGRAM_BOT_TOKEN: 'rawvalue' }, /^TELEGRAM_BOT_TOKEN: .*@BotFather/],
  ['half a token', { TELEGRAM_BOT_TOKEN: '123456789:rawvalue' }, /^TELEGRAM_BOT_TOKEN: /],
  ['a mode there is not', { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_MODE: 'push' }, /^TELEGRAM_MODE: .*polling, webhook/],
  ['a mode without a token', { TELEGRAM_MODE: 'polling' }, /^TELEGRAM_MODE: .*TELEGRAM_BOT_TOKEN/],
  ['a webhook without a token', { TELEGRAM_MODE: 'webhook' }, /^TELEGRAM_MODE: .*TELEGRAM_BOT_TOKEN/],
  ['a platform of another version', { MEITUAN_APP_KEY: 'rawvalue' }, /^MEITUAN_APP_KEY: is not known to this version/],
  [
    'a name that lacks a word',
    { TELEGRAM_TOKEN: 'rawvalue' },
    /^TELEGRAM_TOKEN: .*\(TELEGRAM_BOT_TOKEN\?\) · .*（TELEGRAM_BOT_TOKEN？）$/,
  ],
  ['a misspelt name', { UMEMBER_BASEURL: 'rawvalue' }, /^UMEMBER_BASEURL: .*\(UMEMBER_BASE_URL\?\)/],
  ['a name like no other', { WECOM_SOMETHING_ELSE: 'rawvalue' }, /^WECOM_SOMETHING_ELSE: .*check the spelling · /],
  ['half a platform', { DIANPING_APP_KEY: 'rawvalue' }, /^DIANPING_APP_SECRET: is not set, but others of its group are/],
  ['half of Douyin', { DOUYIN_CLIENT_SECRET: 'rawvalue0' }, /^DOUYIN_CLIENT_KEY: is not set, but others of its group are/],
  ['a way to sign for nobody', { ALLINPAY_SIGNER: 'md5' }, /^ALLINPAY_SIGNER: means nothing without ALLINPAY_GATEWAY_URL/],
  [
    'a public key for another way to sign',
    { ALLINPAY_GATEWAY_URL: 'https://a.example', ALLINPAY_SIGNER: 'sm2', ALLINPAY_PUBLIC_KEY: RSA_PUBLIC_KEY },
    /^ALLINPAY_PUBLIC_KEY: .*ALLINPAY_SIGNER=sm2/,
  ],
  [
    'a public key that is none',
    { ALLINPAY_GATEWAY_URL: 'https://a.example', ALLINPAY_PUBLIC_KEY: 'rawvalue' },
    /^ALLINPAY_PUBLIC_KEY: .*base64 in one line/,
  ],
  ['another way to sign', { ALLINPAY_GATEWAY_URL: 'https://a.example', ALLINPAY_SIGNER: 'rawvalue' }, /^ALLINPAY_SIGNER: /],
  [
    'a platform that nobody could come back from',
    { MEITUAN_DEVELOPER_ID: '100000', MEITUAN_SIGN_KEY: 'rawvalue' },
    /^PUBLIC_URL: MEITUAN_DEVELOPER_ID needs it/,
  ],
  ['a slip in a name', { TELEGRAM_TOKEN: 'rawvalue' }, /^TELEGRAM_TOKEN: .*spelling/],
  ['a slip in another', { WECOM_BOTID: 'rawvalue' }, /^WECOM_BOTID: .*spelling/],
  ['an API root without a token', { TELEGRAM_API_ROOT: 'http://localhost:8081' }, /^TELEGRAM_API_ROOT: .*TELEGRAM_BOT_TOKEN/],
  ['a webhook without an address', { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_MODE: 'webhook' }, /^TELEGRAM_MODE: .*PUBLIC_URL/],
  [
    'a webhook by plain http',
    { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_MODE: 'webhook', PUBLIC_URL: 'http://bot.example.com' },
    /^PUBLIC_URL: .*https/,
  ],
])('%s is one mistake that names the variable and the fix, and repeats no value', (_what, env, line) => {
  const lines = mistakes(env);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(line);
  expect(lines[0]).not.toMatch(/rawvalue|\n/);
  // In English, and in the language of most who run it.
  expect(lines[0]).toMatch(/^[A-Z_]+: .+ · .*[\u4e00-\u9fff]/);
});

test.each(PLATFORM_NAMES)('a slip in a variable of %s is a mistake', (name) => {
  const variable = `${name.toUpperCase()}_ADRESS`;
  expect(mistakes({ [variable]: 'rawvalue' })).toEqual([expect.stringMatching(`^${variable}: .*spelling`)]);
});

test('one run reports all mistakes', () => {
  const lines = mistakes({ PORT: 'x', TZ_DEFAULT: 'x', SECRET_KEY: 'x', OPERATORS: 'x,y', TELEGRAM_MODE: 'webhook' });
  const names = lines.map((line) => line.slice(0, line.indexOf(':')));
  expect(names.toSorted()).toEqual(['OPERATORS', 'OPERATORS', 'PORT', 'SECRET_KEY', 'TELEGRAM_MODE', 'TZ_DEFAULT']);
});

test('the .env file is read, and the environment has precedence', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-'));
  writeFileSync(path.join(folder, '.env'), `# ours\nPORT=3000\nHOST="127.0.0.1"\nTELEGRAM_BOT_TOKEN='${TOKEN}'\n`);
  const config = loadConfig(folder, { PORT: '4000' });
  expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', telegram: { token: TOKEN } });
});

test('a missing .env is fine; an unreadable one is a mistake', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-'));
  expect(loadConfig(folder, { PORT: '4000' })).toMatchObject({ port: 4000 });
  mkdirSync(path.join(folder, '.env'));
  expect(loadConfig(folder, {})).toEqual({ mistakes: [expect.stringMatching(/^\.env: .*EISDIR/)] });
});

test('.env.example lists every variable, and no other', () => {
  const read = new Set<string>();
  readConfig(new Proxy<Environment>({}, { get: (_, name) => void read.add(String(name)) }));
  const example = readFileSync(path.join(import.meta.dirname, '../../../.env.example'), 'utf8');
  const shown = [...example.matchAll(/^#([A-Z_]+)=/gm)].map((match) => match[1]!);
  expect(shown.toSorted()).toEqual([...read].toSorted());
});

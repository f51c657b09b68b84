/** Parses the environment once into a validated configuration; its type has no half-configured states. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { Locale } from '../../locales/index.ts';
import { parseKey } from '../../services/database/secret-key.ts';
import { createEnvReader, type Environment, type EnvReader } from './env-reader.ts';
import { PLATFORM_VARIABLES, readPlatforms, type PlatformsConfig } from './platforms.ts';
import type { MetricsAccess } from '../telemetry/metrics-access.ts';
import { readTelegram, type TelegramConfig } from './telegram.ts';
import { readWecom, type WecomConfig } from './wecom.ts';

/** The configuration of one installation. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** The address people and platforms reach this program at, without a trailing slash. */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly database: { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };
  /** Undefined: the key in the data folder. */
  readonly secretKey: Buffer | undefined;
  /** The key of before, until `npm run rekey` has run. */
  readonly formerKey: Buffer | undefined;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly logLevel: LogLevel;
  /** People who run this installation: `telegram:123`. */
  readonly operators: readonly string[];
  /** Who may bind a store: everybody, or whoever binds one here for the first time after an operator's yes. */
  readonly access: 'open' | 'review';
  /** The clients that may read `/metrics`. */
  readonly metrics: MetricsAccess;
  /** Merchants' webhooks may lead into private and loopback networks, and by plain http. */
  readonly webhookPrivate: boolean;
  readonly telegram: TelegramConfig | undefined;
  readonly wecom: WecomConfig;
  readonly platformsConfig: PlatformsConfig;
  /** No chat channel is configured: the practice page is the only chat. */
  readonly practice: boolean;
  /** The practice page is all there is, and others than this machine reach it: no real account is bound by it. */
  readonly onlyPractice: boolean;
  /** Where browsers reach the books and customers' pages: the public address, or in practice mode this machine. */
  readonly pagesUrl: string | undefined;
  /** The practice store can be bound. */
  readonly practiceStore: boolean;
  /** All secrets above as text, for the log to mask. */
  readonly secrets: readonly string[];
}

const LOG_LEVELS = ['info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The mistakes, one line each: variable and fix. Values are never repeated: one of them may be a secret. */
export interface Mistakes {
  readonly mistakes: readonly string[];
}

/** The configuration of `env`, or all mistakes in it. */
export function readConfig(env: Environment): Config | Mistakes {
  const read = createEnvReader(env);
  const dataDir = read.text('DATA_DIR') ?? './data';
  const publicUrl = read.webAddress('PUBLIC_URL', 'https://bot.example.com');
  const telegram = readTelegram(read, publicUrl);
  const wecom = readWecom(read, publicUrl);
  const practice = telegram === undefined && wecom.bot === undefined && wecom.app === undefined;
  const host =
    read.checked('HOST', (text) => (/^[\w.:-]+$/.test(text) ? text : undefined), [
      'write an address of this machine, such as 0.0.0.0 or 127.0.0.1',
      '请写本机的地址，例如 0.0.0.0 或 127.0.0.1',
    ]) ?? '0.0.0.0';
  const port =
    read.checked('PORT', (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined), [
      'write a number from 0 to 65535, such as 8080',
      '请写 0 到 65535 的数字，例如 8080',
    ]) ?? 8080;
  const config: Config = {
    port,
    host,
    publicUrl,
    dataDir,
    database: readDatabase(read, dataDir),
    secretKey: read.secret('SECRET_KEY', parseKey, [
      'write 32 bytes in base64 (make some with: openssl rand -base64 32), or leave it out',
      '请写 32 字节的 base64（用 openssl rand -base64 32 生成），或者不设',
    ]),
    formerKey: read.secret('SECRET_KEY_FORMER', parseKey, [
      'write the key that was used before (32 bytes in base64), or remove it once npm run rekey has run',
      '请写原来的密钥（32 字节的 base64）；npm run rekey 之后请删除',
    ]),
    locale: read.oneOf('LOCALE', ['zh-CN', 'en']) ?? 'zh-CN',
    timeZone:
      read.checked('TZ_DEFAULT', parseTimeZone, ['write a time zone such as Asia/Shanghai', '请写时区，例如 Asia/Shanghai']) ??
      'Asia/Shanghai',
    logLevel: read.oneOf('LOG_LEVEL', LOG_LEVELS) ?? 'info',
    ...readAccess(read),
    metrics: readMetrics(read),
    webhookPrivate: read.oneOf('WEBHOOK_PRIVATE', ['yes', 'no']) === 'yes',
    telegram,
    wecom,
    platformsConfig: readPlatforms(read, publicUrl),
    practice,
    // With a public address, a proxy brings everybody to this machine.
    onlyPractice: practice && (publicUrl !== undefined || !/^(?:localhost|127\.[\d.]+|::1)$/i.test(host)),
    pagesUrl: publicUrl ?? (practice ? `http://localhost:${port}` : undefined),
    practiceStore: readPractice(read, practice),
    secrets: read.secrets,
  };
  for (const name of [...read.unread(/^(TELEGRAM|WECOM)_/), ...read.unread(PLATFORM_VARIABLES)]) {
    const meant = read.resembling(name);
    read.mistake(name, [
      `is not known to this version; remove it, or check the spelling${meant ? ` (${meant}?)` : ''}`,
      `本版本没有这个变量：请删除，或检查拼写${meant ? `（${meant}？）` : ''}`,
    ]);
  }
  return read.mistakes.length > 0 ? { mistakes: read.mistakes } : config;
}

/** Reads the process's environment, with the `.env` file in `folder` for variables that are not set. */
export function loadConfig(folder = process.cwd(), given: Environment = process.env): Config | Mistakes {
  let file: Environment = {};
  try {
    file = parseEnv(readFileSync(path.join(folder, '.env'), 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code !== 'ENOENT')
      return {
        mistakes: [
          `.env: cannot be read (${code}); make it a text file this user may read, or remove it · 读不了：请改成本用户能读的文本文件，或删除`,
        ],
      };
  }
  return readConfig({ ...file, ...given });
}

// One function per group of variables. A group without variables is undefined; a half-set group is a mistake.

function readDatabase(read: EnvReader, dataDir: string): Config['database'] {
  const url = read.secret('DATABASE_URL', parsePostgres, [
    'write postgres://user:password@host:5432/name, or leave it out for a SQLite file in DATA_DIR',
    '请写成 postgres://用户:密码@主机:5432/库名；不设就用 DATA_DIR 里的 SQLite',
  ]);
  if (!url) return { kind: 'sqlite', file: path.join(dataDir, 'hexiao.sqlite') };
  const { password } = new URL(url);
  if (password) read.secrets.push(password, decodeURIComponent(password));
  return { kind: 'postgres', url };
}

/** Whether the practice store is on. Without a channel it cannot be off: no chat would be left. */
function readPractice(read: EnvReader, onlyChat: boolean): boolean {
  const chosen = read.oneOf('PRACTICE', ['on', 'off']);
  if (chosen === 'off' && onlyChat && read.mistakes.length === 0)
    read.mistake('PRACTICE', [
      'is off, and no channel is configured: nothing would be left. Set a channel, such as TELEGRAM_BOT_TOKEN, or remove this',
      '已关闭，又没有配置任何聊天渠道，就什么都没有了：请配置渠道（例如 TELEGRAM_BOT_TOKEN），或删除这一项',
    ]);
  return chosen === undefined ? onlyChat : chosen === 'on';
}

/** Reviews need somebody who answers. */
function readAccess(read: EnvReader): Pick<Config, 'operators' | 'access'> {
  const before = read.mistakes.length;
  const operators = readOperators(read);
  const access = read.oneOf('ACCESS', ['open', 'review']) ?? 'open';
  if (access === 'review' && operators.length === 0 && read.mistakes.length === before)
    read.mistake('ACCESS', [
      'is review, and OPERATORS is empty: nobody could agree. Set OPERATORS, such as telegram:123, or remove this',
      '设为 review，但 OPERATORS 是空的，没有人能审核：请设置 OPERATORS（例如 telegram:123），或删除这一项',
    ]);
  return { operators, access };
}

function readOperators(read: EnvReader): string[] {
  const entries = (read.text('OPERATORS') ?? '').split(/[,，]/).map((entry) => entry.trim());
  return entries.filter((entry, at) => {
    if (entry === '') return false;
    const right = entry.startsWith('telegram:') ? /^telegram:[1-9]\d*$/.test(entry) : /^[a-z][a-z-]*:[^\s:]+$/.test(entry);
    if (!right)
      read.mistake('OPERATORS', [
        `entry ${at + 1} is not channel:id; write telegram:123 (a number, not a @name) or wecom-bot:zhangsan, with commas between`,
        `第 ${at + 1} 个不是“渠道:编号”：请写 telegram:123（数字，不是 @名字）或 wecom-bot:zhangsan，用逗号分隔`,
      ]);
    return right;
  });
}

function readMetrics(read: EnvReader): MetricsAccess {
  const parse = (text: string): MetricsAccess | undefined => {
    if (text === 'loopback' || text === 'open') return { kind: text };
    return /^[\w.~+/=-]{16,512}$/.test(text) ? { kind: 'token', token: text } : undefined;
  };
  const access = read.checked('METRICS', parse, [
    'write loopback, open, or a token of at least 16 letters and digits (make one with: openssl rand -hex 24)',
    '请写 loopback、open，或至少 16 位字母数字的令牌（用 openssl rand -hex 24 生成）',
  ]);
  if (access?.kind === 'token') read.secrets.push(access.token);
  return access ?? { kind: 'loopback' };
}

function parseTimeZone(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    return undefined;
  }
}

function parsePostgres(text: string): string | undefined {
  try {
    const { protocol, hostname, password } = new URL(text);
    decodeURIComponent(password);
    return /^postgres(ql)?:$/.test(protocol) && hostname !== '' ? text : undefined;
  } catch {
    return undefined;
  }
}

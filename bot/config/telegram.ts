/** Reads Telegram's group of variables. */
import type { EnvReader } from './env-reader.ts';

/** The bot, and how its updates arrive. */
export interface TelegramConfig {
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiRoot: string;
  readonly mode: { readonly kind: 'polling' } | { readonly kind: 'webhook'; readonly publicUrl: string };
}

/** Reads and validates the group; undefined without a token. Mistakes go to the reader. */
export function readTelegram(read: EnvReader, publicUrl: string | undefined): TelegramConfig | undefined {
  const ownRoot = read.webAddress('TELEGRAM_API_ROOT', 'https://api.telegram.org');
  const mode = read.oneOf('TELEGRAM_MODE', ['polling', 'webhook']);
  // BotFather's tokens are digits, a colon and 35 characters; a local Bot API server may issue others.
  const shape = ownRoot ? /^\d+:[\w-]+$/ : /^\d{6,}:[\w-]{30,}$/;
  const token = read.secret('TELEGRAM_BOT_TOKEN', (text) => (shape.test(text) ? text : undefined), [
    'does not look like a token; copy the whole of it from @BotFather, such as 123456789:AAE…',
    '不像令牌：请从 @BotFather 完整复制，例如 123456789:AAE…',
  ]);
  if (!read.text('TELEGRAM_BOT_TOKEN')) {
    for (const name of ['TELEGRAM_MODE', 'TELEGRAM_API_ROOT']) {
      if (read.text(name))
        read.mistake(name, [
          'means nothing without TELEGRAM_BOT_TOKEN; set the token from @BotFather too, or remove this',
          '没有 TELEGRAM_BOT_TOKEN 就不起作用：请同时设置令牌，或删除这一项',
        ]);
    }
  }
  if (!read.text('TELEGRAM_BOT_TOKEN')) return undefined;
  if (mode === 'webhook' && !read.text('PUBLIC_URL')) {
    read.mistake('TELEGRAM_MODE', [
      'webhook needs PUBLIC_URL, the https address Telegram reaches this program at; set it, or use polling',
      'webhook 需要 PUBLIC_URL（Telegram 能访问到本程序的 https 地址）：请设置，或改用 polling',
    ]);
  } else if (mode === 'webhook' && !ownRoot && publicUrl?.startsWith('http:')) {
    read.mistake('PUBLIC_URL', [
      'Telegram calls webhooks by https only; put https in front of the program, or set TELEGRAM_MODE=polling',
      'Telegram 的 webhook 只用 https：请在程序前面加上 https，或设 TELEGRAM_MODE=polling',
    ]);
  }
  if (!token) return undefined;
  return {
    token,
    apiRoot: ownRoot ?? 'https://api.telegram.org',
    mode: mode === 'webhook' && publicUrl ? { kind: 'webhook', publicUrl } : { kind: 'polling' },
  };
}

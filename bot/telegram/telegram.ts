/** The Telegram channel, by grammY: updates by long polling or webhook become `Incoming`, replies become Bot API calls. */
import { Api, Bot, type ApiClientOptions } from 'grammy';
import type { BotCommand, LanguageCode, Update, UserFromGetMe } from 'grammy/types';
import type { Incoming } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import type { Channel, Hear } from '../channel/channel.ts';
import { createBodies, type Bodies } from '../http/body.ts';
import { createAdministrators } from './administrators.ts';
import { once, patiently, TelegramFault, type Wait } from './calls.ts';
import { createFiles } from './files.ts';
import { backoff, poll } from './polling.ts';
import { createPresses } from './presses.ts';
import { readMembership, readMessage, readPress } from './reading.ts';
import { createSending } from './sending.ts';
import { createWebhook } from './webhook.ts';

/** Commands offered to people whose Telegram speaks `language` ('' for all others), in one kind of chat. */
export interface CommandMenu {
  readonly language: '' | Extract<LanguageCode, 'zh' | 'en'>;
  readonly scope: 'all_private_chats' | 'all_group_chats' | 'all_chat_administrators';
  readonly commands: readonly BotCommand[];
}

export interface TelegramOptions {
  readonly token: string;
  /** `https://api.telegram.org`, or a Bot API server of one's own. */
  readonly apiRoot: string;
  /** `url` is where Telegram posts, path included; `secret` (letters, digits, `_`, `-`) is what it proves itself with. */
  readonly mode: { readonly kind: 'polling' } | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };
  readonly commands: readonly CommandMenu[];
  /** Through which posts are read; its own unless told. */
  readonly bodies?: Bodies;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly wait: Wait;
  /** How long a call may take, 10 s unless told. */
  readonly timeoutMs?: number;
  /** How long Telegram keeps a poll open while nothing happens, 30 s unless told. */
  readonly pollSeconds?: number;
}

export interface Telegram extends Channel {
  /** The bot's name without @; known once `start` has resolved. */
  readonly username: string | undefined;
  link(word: string): string | undefined;
  /** Answers `POST /telegram`; 404 in polling mode. */
  handle(request: Request): Promise<Response>;
}

const HEARD = ['message', 'callback_query', 'my_chat_member'] as const satisfies readonly Exclude<keyof Update, 'update_id'>[];

/** A call that carries a file may take so many times longer: 50 MB want their time. */
const UPLOAD_PATIENCE = 6;

/** Node's signals serve, but grammY's types name those of a package of its own. */
type CallSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** Before the start and after the end nothing is stored, hence nothing acknowledged. */
const deaf: Hear = () => Promise.reject(new Error('nobody is listening'));

const isUpdate = (body: object): body is Update => 'update_id' in body && Number.isSafeInteger(body.update_id);

/** A channel over the bot with this token. `start` waits for the network and rejects when the token is wrong. */
export function createTelegram(options: TelegramOptions): Telegram {
  const { token, mode, bodies = createBodies(), log, now, wait, timeoutMs = 10_000, pollSeconds = 30 } = options;
  const apiRoot = options.apiRoot.replace(/\/+$/, '');
  const client: ApiClientOptions = {
    apiRoot,
    timeoutSeconds: timeoutMs / 1000,
    // Answers are taken as they are: no decoder is run over them.
    baseFetchConfig: { compress: false },
  };
  const bot = new Bot(token, { client });
  const api = bot.api.raw;
  const uploads = new Api(token, { ...client, timeoutSeconds: (UPLOAD_PATIENCE * timeoutMs) / 1000 }).raw;
  const polls = new Api(token, { ...client, timeoutSeconds: pollSeconds + timeoutMs / 1000 }).raw;

  const presses = createPresses({
    tell: (press, text) =>
      once('answerCallbackQuery', () =>
        api.answerCallbackQuery({ callback_query_id: press, ...(text !== undefined && { text, show_alert: true }) }),
      ),
    wait,
  });

  let me: UserFromGetMe | undefined;
  let hear: Hear = deaf;
  let stopping = new AbortController();
  let polling: Promise<void> = Promise.resolve();

  /** What cannot be read is dropped, or it would come again for ever; what cannot be stored comes again. */
  async function pass(read: () => Incoming | undefined): Promise<void> {
    let incoming: Incoming | undefined;
    try {
      incoming = read();
    } catch {
      log.warn('Telegram sent an update that makes no sense; it was dropped');
    }
    if (incoming) await hear(incoming);
  }
  bot.on('message', (ctx) => pass(() => readMessage(ctx.update.update_id, ctx.message, ctx.me)));
  bot.on('my_chat_member', (ctx) => pass(() => readMembership(ctx.update.update_id, ctx.myChatMember)));
  bot.on('callback_query', (ctx) => {
    presses.heard(ctx.callbackQuery.id);
    return pass(() => {
      const press = readPress(ctx.callbackQuery, now());
      if (!press) void presses.answer(ctx.callbackQuery.id);
      return press;
    });
  });

  /** Rejects when the update was not stored, with the reason that `hear` gave: grammY's own error carries the token. */
  async function hearUpdate(update: object): Promise<void> {
    if (!isUpdate(update)) return log.warn('Telegram sent something that is no update; it was dropped');
    try {
      await bot.handleUpdate(update);
    } catch (error) {
      throw error instanceof Error && 'error' in error ? error.error : error;
    }
  }

  /** Makes a call until it gets through; undefined when stopped meanwhile. Rejects with a sentence where waiting is in vain. */
  async function insist<T>(
    method: string,
    call: (signal: CallSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        return await once(method, () => call(signal as unknown as CallSignal));
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error;
        if (signal.aborted) break;
        if (error.code === 401 || error.code === 404) {
          throw new Error(
            'Telegram does not accept the bot token: check TELEGRAM_BOT_TOKEN against what @BotFather shows · Telegram 不认这个令牌：请对照 @BotFather 显示的检查 TELEGRAM_BOT_TOKEN',
            { cause: error },
          );
        }
        if (error.code === 400) throw new Error(`Telegram refuses these settings: ${error.message}`, { cause: error });
        const pause = Math.max(backoff(failures), error.retryAfterMs ?? 0);
        log.warn('Telegram cannot be reached yet', { error, pauseMs: pause });
        await wait(pause, signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  async function offerCommands(): Promise<void> {
    for (const { language, scope, commands } of options.commands) {
      await patiently(
        'setMyCommands',
        () =>
          api.setMyCommands({ commands: [...commands], scope: { type: scope }, ...(language && { language_code: language }) }),
        wait,
      ).catch((error: unknown) => log.warn('a command menu could not be set', { error, scope, language }));
    }
  }

  async function start(to: Hear): Promise<void> {
    stopping = new AbortController();
    const { signal } = stopping;
    me = await insist('getMe', (s) => api.getMe(s), signal);
    if (!me || signal.aborted) return;
    bot.botInfo = me;
    hear = to;
    if (mode.kind === 'webhook') {
      const { url, secret } = mode;
      await insist('setWebhook', (s) => api.setWebhook({ url, secret_token: secret, allowed_updates: HEARD }, s), signal);
    } else {
      await insist('deleteWebhook', (s) => api.deleteWebhook({}, s), signal);
      const ask = (offset: number): Promise<Update[]> =>
        once('getUpdates', () =>
          polls.getUpdates({ offset, timeout: pollSeconds, allowed_updates: HEARD }, signal as unknown as CallSignal),
        );
      polling = poll({ ask, hear: hearUpdate, log, wait, signal });
    }
    if (signal.aborted) return;
    log.info('listening on Telegram', { username: me.username, by: mode.kind });
    void offerCommands();
  }

  return {
    name: 'telegram',
    edits: true,
    slash: true,
    deletes: true,
    start,
    async stop() {
      stopping.abort();
      await polling;
      hear = deaf;
    },
    send: createSending({ api, uploads, presses, wait }),
    fetch: createFiles({
      locate: (file) => patiently('getFile', () => api.getFile({ file_id: file }), wait),
      apiRoot,
      token,
      timeoutMs: 2 * timeoutMs,
    }),
    administers: createAdministrators({
      status: async (chat, person) =>
        (await once('getChatMember', () => api.getChatMember({ chat_id: chat, user_id: person }))).status,
      now,
    }),
    get username() {
      return me?.username;
    },
    link(word) {
      // Before the start, or in an instance that lets another hear, the bot's name is not known.
      return me && `https://t.me/${me.username}?start=${encodeURIComponent(word)}`;
    },
    handle:
      mode.kind === 'webhook'
        ? createWebhook({ secret: mode.secret, bodies, hear: hearUpdate, log })
        : () => Promise.resolve(new Response('not a webhook', { status: 404 })),
  };
}

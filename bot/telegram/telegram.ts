/** The Telegram channel over grammY: updates by long polling or webhook become `Incoming`, replies become Bot API calls. */
import { Api, type ApiClientOptions } from 'grammy';
import type { BotCommand, LanguageCode, Update, UserFromGetMe } from 'grammy/types';
import type { Incoming } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import type { Channel, Hear } from '../channel/channel.ts';
import { createBodies, type Bodies } from '../http/body.ts';
import { createAdministrators } from './administrators.ts';
import { once, patiently, TelegramFault, type Wait } from './calls.ts';
import { createFiles } from './files.ts';
import { createJsonFetch } from './json-fetch.ts';
import { pauseAfter, poll } from './polling.ts';
import { createPresses } from './presses.ts';
import { readEdit, readMembership, readMessage, readPress } from './reading.ts';
import { createSending } from './sending.ts';
import { createWebhook } from './webhook.ts';

/** The command menu of one kind of chat, for people whose Telegram is set to `language` ('': all others). */
export interface CommandMenu {
  readonly language: '' | Extract<LanguageCode, 'zh' | 'en'>;
  readonly scope: 'all_private_chats' | 'all_group_chats' | 'all_chat_administrators';
  readonly commands: readonly BotCommand[];
}

export interface TelegramOptions {
  readonly token: string;
  /** `https://api.telegram.org`, or a local Bot API server. */
  readonly apiRoot: string;
  /** `url` is the webhook address, path included; Telegram authenticates itself with `secret` (letters, digits, `_`, `-`). */
  readonly mode: { readonly kind: 'polling' } | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };
  readonly commands: readonly CommandMenu[];
  /** Reads request bodies within the shared memory limit; default: a reader of its own. */
  readonly bodies?: Bodies;
  readonly log: Log;
  /** The clock, ms since the epoch. */
  readonly now: () => number;
  readonly wait: Wait;
  /** Timeout of a call, ms; default 10 s. */
  readonly timeoutMs?: number;
  /** Timeout of a long poll, seconds; default 30. */
  readonly pollSeconds?: number;
}

export interface Telegram extends Channel {
  /** The bot's username without @; known once `start` has resolved. */
  readonly username: string | undefined;
  /** Makes deep links that start the bot with a word. An instance that never became the leader asks for the username first. */
  links(): Promise<(word: string) => string>;
  /** Answers `POST /telegram`; 404 in polling mode. */
  handle(request: Request): Promise<Response>;
}

const HEARD = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const satisfies readonly Exclude<
  keyof Update,
  'update_id'
>[];

/** Timeout factor of an upload: a file has up to 50 MB. */
const UPLOAD_PATIENCE = 6;

/** grammY's types name the signals of a polyfill; Node's own work as well. */
type CallSignal = NonNullable<Parameters<Api['getMe']>[0]>;

/** The listener of a stopped channel: it rejects, so that no update is acknowledged. */
const rejecting: Hear = () => Promise.reject(new Error('nobody is listening'));

const isUpdate = (body: object): body is Update => 'update_id' in body && Number.isSafeInteger(body.update_id);

/** Creates the channel. `start` retries while the network is down and rejects when the token is wrong. */
export function createTelegram(options: TelegramOptions): Telegram {
  const { token, mode, bodies = createBodies(), log, now, wait, timeoutMs = 10_000, pollSeconds = 30 } = options;
  const apiRoot = options.apiRoot.replace(/\/+$/, '');
  const client: ApiClientOptions = {
    apiRoot,
    timeoutSeconds: timeoutMs / 1000,
    // No compressed answers: the Brotli decoder of some Node versions has a hole (see node-version.ts).
    baseFetchConfig: { compress: false },
  };
  const api = new Api(token, { ...client, fetch: createJsonFetch(timeoutMs) }).raw;
  const uploads = new Api(token, { ...client, timeoutSeconds: (UPLOAD_PATIENCE * timeoutMs) / 1000 }).raw;
  const polls = new Api(token, { ...client, timeoutSeconds: pollSeconds + timeoutMs / 1000 }).raw;

  const presses = createPresses({
    send: (press, text) =>
      once('answerCallbackQuery', () =>
        api.answerCallbackQuery({ callback_query_id: press, ...(text !== undefined && { text, show_alert: true }) }),
      ),
    wait,
  });

  let me: UserFromGetMe | undefined;
  let hear: Hear = rejecting;
  let stopping = new AbortController();
  let polling: Promise<void> = Promise.resolve();

  /** Reads what an update tells; nothing where it is of no interest. */
  function read(update: Update, bot: UserFromGetMe): Incoming | undefined {
    const { update_id: id, callback_query: query } = update;
    if (update.message) return readMessage(id, update.message, bot);
    if (update.edited_message) return readEdit(id, update.edited_message, bot);
    if (update.my_chat_member) return readMembership(id, update.my_chat_member);
    if (!query) return undefined;
    presses.heard(query.id);
    const press = readPress(query, now());
    if (!press) void presses.answer(query.id);
    return press;
  }

  /**
   * Drops an update that cannot be parsed, since Telegram would redeliver it for ever. One that cannot be stored rejects and is
   * redelivered.
   */
  async function hearUpdate(update: object): Promise<void> {
    if (!isUpdate(update)) return log.warn('Telegram sent something that is no update; it was dropped');
    if (!me) throw new Error('nobody is listening');
    let incoming: Incoming | undefined;
    try {
      incoming = read(update, me);
    } catch {
      log.warn('Telegram sent an update that makes no sense; it was dropped');
    }
    if (incoming) await hear(incoming);
  }

  /** Retries a call until it succeeds; undefined when stopped meanwhile. Rejects with a sentence when no retry can help. */
  async function retried<T>(
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
        const pause = pauseAfter(failures, error);
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
    me = await retried('getMe', (s) => api.getMe(s), signal);
    if (!me || signal.aborted) return;
    hear = to;
    if (mode.kind === 'webhook') {
      const { url, secret } = mode;
      await retried('setWebhook', (s) => api.setWebhook({ url, secret_token: secret, allowed_updates: HEARD }, s), signal);
    } else {
      await retried('deleteWebhook', (s) => api.deleteWebhook({}, s), signal);
      const ask = async (offset: number): Promise<Update[]> => {
        const body = { offset, timeout: pollSeconds, allowed_updates: HEARD };
        const updates = await once('getUpdates', () => polls.getUpdates(body, signal as unknown as CallSignal));
        // Before any of them is stored: the last press of a hundred would wait for ninety-nine.
        for (const { callback_query: press } of updates) if (press) presses.heard(press.id);
        return updates;
      };
      polling = poll({ ask, hear: hearUpdate, log, now, wait, signal });
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
      hear = rejecting;
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
    }),
    get username() {
      return me?.username;
    },
    async links() {
      // Others answer the events that the leader hears, and have never started to hear themselves.
      const { username } = (me ??= await once('getMe', () => api.getMe()));
      return (word) => `https://t.me/${username}?start=${encodeURIComponent(word)}`;
    },
    handle:
      mode.kind === 'webhook'
        ? createWebhook({ secret: mode.secret, bodies, hear: hearUpdate, log })
        : () => Promise.resolve(new Response('not a webhook', { status: 404 })),
  };
}

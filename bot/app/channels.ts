/** The channels that the configuration turns on, and what each needs to hear. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { words, type Words } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { Mutex } from '../../services/database/mutex.ts';
import type { ChatId } from '../../handlers/message.ts';
import { speakPractice, type OpenPractice } from '../../handlers/bind/practice.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Bodies } from '../http/body.ts';
import type { Channel } from '../channel/channel.ts';
import type { Config } from '../config/config.ts';
import { commandMenus } from '../channel/command-menus.ts';
import { createTelegram } from '../telegram/telegram.ts';
import { TOKEN_MS, type KeptToken } from '../wecom/access-token.ts';
import { createApi } from '../wecom/api.ts';
import { createApp } from '../wecom/app/app.ts';
import { CHAT_MS, createSmartBot, PHOTO_MS as WECOM_PHOTO_MS } from '../wecom/smart-bot/smart-bot.ts';
import { createCallback } from '../wecom/callback.ts';
import { createCrypto } from '../wecom/crypto.ts';
import { createKf } from '../wecom/kf/kf.ts';
import { LIST_MS, type NumberedList } from '../wecom/numbered-menu.ts';
import { createGroupWebhook, KEPT_MS as WEBHOOK_KEPT_MS, type Webhook } from '../wecom/group-webhook/group-webhook.ts';
import { ATTACHMENT_MS, createWeb, KEPT_MS, PHOTO_MS, type KeptAttachment, type Page } from '../web/web.ts';
import { practiceSamples } from './platforms.ts';

export interface OpenChannel {
  readonly channel: Channel;
  /** What it answers over HTTP. */
  readonly routes: Hono;
  /** Of several instances only one may hear it (polling); otherwise each hears what is sent to it. */
  readonly alone: boolean;
}

export interface ChannelsParts {
  readonly config: Config;
  /** The key that seals: secrets of channels are derived from it, so that every instance knows them. */
  readonly key: Buffer;
  readonly collections: Collections;
  /** Through which everything posted to this program is read. */
  readonly bodies: Bodies;
  readonly mutex: Mutex;
  readonly chats: Chats;
  readonly openPractice: OpenPractice;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly loseGroup: (chat: ChatId) => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** Nothing is opened yet: `Channel.start` does that. */
export function createChannels(parts: ChannelsParts): readonly OpenChannel[] {
  const { config } = parts;
  return [
    ...(config.telegram ? [telegram(config.telegram, parts)] : []),
    ...(config.practice ? [practicePage(parts)] : []),
    ...(config.wecom.bot ? [wecomBot(config.wecom.bot, parts)] : []),
    ...(config.wecom.app ? wecomApp(config.wecom.app, parts) : []),
    groupWebhook(parts),
  ];
}

function telegram(
  { token, apiRoot, mode }: NonNullable<Config['telegram']>,
  { key, bodies, log, now }: ChannelsParts,
): OpenChannel {
  const channel = createTelegram({
    token,
    apiRoot,
    mode:
      mode.kind === 'webhook'
        ? { kind: 'webhook', url: `${mode.publicUrl}/telegram`, secret: webhookSecret(key, token) }
        : { kind: 'polling' },
    commands: commandMenus(),
    bodies,
    log,
    now,
    wait: async (ms, signal) => await pause(ms, undefined, { signal }),
  });
  const routes = new Hono().post('/telegram', (c) => channel.handle(c.req.raw));
  return { channel, routes, alone: mode.kind === 'polling' };
}

function practicePage({ chats, collections, bodies, openPractice, log, now }: ChannelsParts): OpenChannel {
  const { channel, app } = createWeb({
    pages: collections<Page>('page', KEPT_MS),
    photos: collections<string>('photo', PHOTO_MS),
    attachments: collections<KeptAttachment>('attachment', ATTACHMENT_MS),
    bodies,
    newId: () => randomBytes(16).toString('hex'),
    now,
    log,
    samples: (locale) =>
      practiceSamples.map(({ family, key: name }) => ({
        code: family + sixDigits(),
        label: words(locale).say(`practice-${name}`),
      })),
    open: openPractice,
    speak: (at, locale) => speakPractice(chats, at, locale),
  });
  return { channel, routes: app, alone: false };
}

/** WeCom takes one connection of a robot: a second one ends the first. */
function wecomBot(robot: NonNullable<Config['wecom']['bot']>, parts: ChannelsParts): OpenChannel {
  const { config, collections, chats, wordsOf, log, now } = parts;
  const channel = createSmartBot({
    ...robot,
    mediaBase: config.wecom.apiBase,
    photos: collections<string>('wecom-bot-photo', WECOM_PHOTO_MS),
    chats: collections<{ group: boolean }>('wecom-bot-chat', CHAT_MS),
    lists: collections<NumberedList>('wecom-bot-list', LIST_MS),
    words: wordsOf,
    boundBy: async (chat) => {
      const { store, boundBy } = await chats.get(chat);
      return store && boundBy;
    },
    newId: () => randomBytes(16).toString('hex'),
    log,
    now,
    wait: async (ms, signal) => await pause(ms, undefined, signal ? { signal } : {}),
  });
  return { channel, routes: new Hono(), alone: true };
}

/** One secret, one access token and one address that WeCom calls, for all that comes through the self-built app. */
function wecomApp(app: NonNullable<Config['wecom']['app']>, parts: ChannelsParts): OpenChannel[] {
  const { config, collections, bodies, mutex, wordsOf, log, now } = parts;
  const tokens = collections<KeptToken>('wecom-token', TOKEN_MS);
  const wait = async (ms: number): Promise<void> => await pause(ms);
  const newId = (): string => randomBytes(16).toString('hex');
  const api = createApi({ base: config.wecom.apiBase, corpId: app.corpId, secret: app.secret, tokens, now, wait, log });
  const callback = createCallback({ crypto: createCrypto({ ...app, receiveId: app.corpId }), bodies, now, log });
  const channel = createApp({
    api,
    callback,
    agentId: app.agentId,
    collections,
    wordsOf,
    menuWords: words(config.locale),
    newId,
    now,
    wait,
    log,
  });
  const customers = createKf({
    api,
    collections,
    mutex,
    wordsOf,
    newId: () => randomBytes(8).toString('hex'),
    now,
    wait: async (ms, signal) => await pause(ms, undefined, { signal }),
    log,
  });
  callback.on(['event:kf_msg_or_event'], (called) => {
    customers.notify({ openKfid: called.text('OpenKfId'), token: called.text('Token') });
    // What it tells of is fetched, now or after a restart: there is nothing to store.
    return Promise.resolve();
  });
  return [
    { channel, routes: callback.routes, alone: false },
    { channel: customers, routes: new Hono(), alone: false },
  ];
}

/** Needs no configuration: an owner pastes an address in whatever chat there is. */
function groupWebhook({ config, collections, wordsOf, loseGroup, now }: ChannelsParts): OpenChannel {
  const channel = createGroupWebhook({
    apiBase: config.wecom.apiBase,
    webhooks: collections<Webhook>('webhook', WEBHOOK_KEPT_MS),
    wordsOf,
    lost: loseGroup,
    now,
  });
  return { channel, routes: new Hono(), alone: false };
}

const sixDigits = (): string => (randomBytes(4).readUInt32BE() % 1_000_000).toString().padStart(6, '0');

/** What Telegram proves itself with. */
function webhookSecret(key: Buffer, token: string): string {
  const bot = createHash('sha256').update(token).digest('hex');
  return createHmac('sha256', key).update(`telegram-webhook:${bot}`).digest('hex');
}

/** The channels that the configuration turns on, each with what it answers over HTTP. */
import { createHash, createHmac } from 'node:crypto';
import { Hono } from 'hono';
import { speakPractice, type OpenPractice } from '../../handlers/bind/practice.ts';
import type { ChatId } from '../../handlers/message.ts';
import type { ShowPlace } from '../../handlers/self-service/arrival.ts';
import { words, type Locale, type Words } from '../../locales/index.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { Mutex } from '../../services/database/locks/mutex.ts';
import type { Log } from '../../services/log.ts';
import type { Channel } from '../channel/channel.ts';
import type { WordInstead } from '../channel/instead.ts';
import type { Config } from '../config/config.ts';
import type { Time } from '../../services/time/time.ts';
import type { Bodies } from '../http/body.ts';
import { commandMenus } from '../telegram/command-menus.ts';
import { createTelegram } from '../telegram/telegram.ts';
import { createPlacePages, PLACE_PAGE_MS } from '../web/place/place-page.ts';
import { ATTACHMENT_MS, createWeb, KEPT_MS, PHOTO_MS, type KeptAttachment, type Page } from '../web/practice/web.ts';
import { TOKEN_MS, type KeptToken } from '../wecom/access-token.ts';
import { createApi } from '../wecom/api.ts';
import { createApp as createWecomApp } from '../wecom/app/app.ts';
import { createCallback } from '../wecom/callback.ts';
import { createCrypto } from '../wecom/crypto.ts';
import { createGroupWebhook, KEPT_MS as WEBHOOK_MS, type Webhook } from '../wecom/group-webhook/group-webhook.ts';
import { createKf } from '../wecom/kf/kf.ts';
import { createNames, memberNames, NAME_MS } from '../wecom/names.ts';
import { LIST_MS, type NumberedList } from '../channel/numbered-menu.ts';
import { CHAT_MS, createSmartBot, PHOTO_MS as WECOM_PHOTO_MS } from '../wecom/smart-bot/smart-bot.ts';
import { practiceSamples } from './platforms.ts';

/** A channel, its routes, and how many instances may hear it. Nothing is opened yet: `Channel.start` does that. */
export interface Mounted<C extends Channel = Channel> {
  readonly channel: C;
  /** The requests that it answers over HTTP, if any. */
  readonly routes?: Hono;
  /** Only one instance of several may hear it: it polls, or holds the one connection that the other side allows. */
  readonly single?: boolean;
}

export interface ChannelParts extends Pick<Time, 'now' | 'sleep'> {
  readonly config: Pick<Config, 'locale' | 'publicUrl'>;
  /** The key that seals: secrets of channels are derived from it, so that every instance knows them. */
  readonly key: Buffer;
  readonly collections: Collections;
  /** Reads everything that is posted to this program. */
  readonly bodies: Bodies;
  readonly mutex: Mutex;
  readonly chats: Chats;
  readonly openPractice: OpenPractice;
  readonly showPlace: ShowPlace;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly wordInstead: WordInstead;
  readonly loseGroup: (chat: ChatId) => Promise<void>;
  /** Tells people by other channels that another program has taken this channel's connection. */
  readonly notifyReplaced: (channel: string) => Promise<void>;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
  readonly log: Log;
}

export function configuredChannels(
  { telegram, practice, wecom, pagesUrl }: Pick<Config, 'telegram' | 'practice' | 'wecom' | 'pagesUrl'>,
  parts: ChannelParts,
): readonly Mounted[] {
  return [
    ...(telegram ? [mountTelegram(telegram, parts)] : []),
    ...(practice ? [mountPracticePage(parts)] : []),
    mountPlacePages({ ...parts, config: { ...parts.config, publicUrl: pagesUrl } }),
    ...(wecom.bot
      ? [mountSmartBot({ ...wecom.bot, mediaBase: wecom.apiBase }, parts, wecom.app && { ...wecom.app, ...wecom })]
      : []),
    ...(wecom.app ? mountWecomApp({ ...wecom.app, ...wecom }, parts) : []),
    mountGroupWebhook(wecom, parts),
  ];
}

export function mountTelegram(
  { token, apiRoot, mode }: NonNullable<Config['telegram']>,
  { key, bodies, log, now, sleep }: ChannelParts,
): Mounted {
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
    wait: sleep,
  });
  const routes = new Hono().post('/telegram', (c) => channel.handle(c.req.raw));
  return { channel, routes, single: mode.kind === 'polling' };
}

function mountPracticePage({ config, chats, collections, bodies, openPractice, random, log, now, sleep }: ChannelParts): Mounted {
  const sixDigits = (): string => (random(6).readUIntBE(0, 6) % 1_000_000).toString().padStart(6, '0');
  const samples = (locale: Locale) =>
    practiceSamples.map(({ family, key: name }) => ({
      code: family + sixDigits(),
      label: words(locale).say(`practice-${name}`),
    }));
  const { channel, app } = createWeb({
    pages: collections<Page>('page', KEPT_MS),
    photos: collections<string>('photo', PHOTO_MS),
    attachments: collections<KeptAttachment>('attachment', ATTACHMENT_MS),
    bodies,
    newId: () => random(16).toString('hex'),
    now,
    sleep,
    log,
    samples,
    open: openPractice,
    speak: (visitor, at, locale) => speakPractice(chats, visitor, at, locale),
    secure: config.publicUrl?.startsWith('https:') === true,
  });
  return { channel, routes: app };
}

/** The customers' pages: they need no configuration, and an address where their links are to be told. */
export function mountPlacePages({
  config,
  chats,
  collections,
  bodies,
  mutex,
  showPlace,
  random,
  log,
  ...time
}: ChannelParts): Mounted {
  const { channel, app } = createPlacePages({
    pages: collections<Page>('place-page', PLACE_PAGE_MS),
    photos: collections<string>('photo', PHOTO_MS),
    attachments: collections<KeptAttachment>('attachment', ATTACHMENT_MS),
    bodies,
    mutex,
    publicUrl: config.publicUrl,
    showPlace,
    async speak(chat, locale) {
      const { locale: before } = await chats.get(chat);
      if ((before ?? config.locale) === locale) return;
      await chats.setLocale({ id: chat, title: '', group: false }, locale, { kind: 'customer', id: chat, name: '' });
    },
    newId: () => random(16).toString('hex'),
    now: time.now,
    sleep: time.sleep,
    log,
  });
  return { channel, routes: app };
}

/** The self-built app, at the address of WeCom's API. */
type WecomApp = NonNullable<Config['wecom']['app']> & { readonly apiBase: string };

/** The API as the app sees it. All its clients share one access token, and the names of members. */
function openWecomApi({ apiBase: base, corpId, secret }: WecomApp, { collections, now, sleep, log }: ChannelParts) {
  const tokens = collections<KeptToken>('wecom-token', TOKEN_MS);
  const api = createApi({ base, corpId, secret, tokens, now, wait: sleep, log });
  const members = collections<string>('wecom-member-name', NAME_MS);
  return { api, names: createNames({ ask: memberNames(api), names: members, now, wait: sleep }) };
}

/**
 * WeCom allows one connection of a robot: a second one ends the first. `app` is asked for the names of members.
 * `reconnectMs` is for tests.
 */
export function mountSmartBot(
  robot: NonNullable<Config['wecom']['bot']> & { readonly mediaBase: string; readonly reconnectMs?: number },
  parts: ChannelParts,
  app?: WecomApp,
): Mounted {
  const { collections, chats, wordsOf, notifyReplaced, random, log, now, sleep } = parts;
  const channel: Channel = createSmartBot({
    ...robot,
    replaced: () =>
      void notifyReplaced(channel.name).catch((error: unknown) => log.warn('nobody could be told of a takeover', { error })),
    photos: collections<string>('wecom-bot-photo', WECOM_PHOTO_MS),
    chats: collections<{ group: boolean }>('wecom-bot-chat', CHAT_MS),
    lists: collections<NumberedList>('wecom-bot-list', LIST_MS),
    words: wordsOf,
    ...(app && { names: openWecomApi(app, parts).names }),
    boundBy: async (chat) => {
      const { store, boundBy } = await chats.get(chat);
      return store && boundBy;
    },
    newId: () => random(16).toString('hex'),
    log,
    now,
    wait: sleep,
  });
  return { channel, single: true };
}

/** The self-built app and 微信客服 share one secret, one access token and one address that WeCom calls. */
export function mountWecomApp(app: WecomApp, parts: ChannelParts) {
  const { config, collections, bodies, mutex, wordsOf, wordInstead, random, log, now, sleep } = parts;
  const { corpId, agentId } = app;
  const { api, names } = openWecomApi(app, parts);
  const callback = createCallback({ crypto: createCrypto({ ...app, receiveId: corpId }), bodies, now, log });
  const members = createWecomApp({
    api,
    callback,
    agentId,
    collections,
    names,
    wordsOf,
    menuWords: words(config.locale),
    newId: () => random(16).toString('hex'),
    now,
    wait: sleep,
    log,
  });
  const newId = (): string => random(8).toString('hex');
  const customers = createKf({ api, collections, mutex, wordsOf, wordInstead, newId, now, wait: sleep, log });
  callback.on(['event:kf_msg_or_event'], (called) => {
    customers.notify({ openKfid: called.text('OpenKfId'), token: called.text('Token') });
    // The messages themselves are fetched, now or after a restart: there is nothing to store.
    return Promise.resolve();
  });
  return [{ channel: members, routes: callback.routes }, { channel: customers }] as const satisfies readonly Mounted[];
}

/** Needs no configuration: an owner pastes an address in whatever chat there is. `timeoutMs` is for tests. */
export function mountGroupWebhook(
  options: { readonly apiBase: string; readonly timeoutMs?: number },
  { collections, wordsOf, loseGroup, now }: ChannelParts,
): Mounted {
  const { apiBase, timeoutMs } = options;
  const channel = createGroupWebhook({
    apiBase,
    webhooks: collections<Webhook>('webhook', WEBHOOK_MS),
    wordsOf,
    lost: loseGroup,
    now,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { channel };
}

/** Telegram proves itself with this word at the webhook. */
function webhookSecret(key: Buffer, token: string): string {
  const bot = createHash('sha256').update(token).digest('hex');
  return createHmac('sha256', key).update(`telegram-webhook:${bot}`).digest('hex');
}

/** The channels that the configuration turns on, and what each needs to hear. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { words } from '../locales/index.ts';
import { practiceSamples } from '../services/platforms/practice/samples.ts';
import type { Log } from '../services/log.ts';
import type { Collections } from '../services/store/expiring.ts';
import { speakPractice, type OpenPractice } from '../handlers/practice.ts';
import type { Chats } from '../services/accounts/chats.ts';
import type { Channel } from './channel.ts';
import type { Config } from './config.ts';
import { commandMenus } from './menus.ts';
import { createTelegram } from './telegram/telegram.ts';
import { createWeb, KEPT_MS, PHOTO_MS, type Page } from './web/web.ts';

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
  readonly chats: Chats;
  readonly openPractice: OpenPractice;
  readonly log: Log;
  readonly now: () => number;
}

/** Nothing is opened yet: `Channel.start` does that. */
export function createChannels(parts: ChannelsParts): readonly OpenChannel[] {
  const { config } = parts;
  return [...(config.telegram ? [telegram(config.telegram, parts)] : []), ...(config.practice ? [practicePage(parts)] : [])];
}

function telegram({ token, apiRoot, mode }: NonNullable<Config['telegram']>, { key, log, now }: ChannelsParts): OpenChannel {
  const channel = createTelegram({
    token,
    apiRoot,
    mode:
      mode.kind === 'webhook'
        ? { kind: 'webhook', url: `${mode.publicUrl}/telegram`, secret: webhookSecret(key, token) }
        : { kind: 'polling' },
    commands: commandMenus(),
    log,
    now,
    wait: async (ms, signal) => await pause(ms, undefined, { signal }),
  });
  const routes = new Hono().post('/telegram', (c) => channel.handle(c.req.raw));
  return { channel, routes, alone: mode.kind === 'polling' };
}

function practicePage({ chats, collections, openPractice, log, now }: ChannelsParts): OpenChannel {
  const { channel, app } = createWeb({
    pages: collections<Page>('page', KEPT_MS),
    photos: collections<string>('photo', PHOTO_MS),
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

const sixDigits = (): string => (randomBytes(4).readUInt32BE() % 1_000_000).toString().padStart(6, '0');

/** What Telegram proves itself with. */
function webhookSecret(key: Buffer, token: string): string {
  const bot = createHash('sha256').update(token).digest('hex');
  return createHmac('sha256', key).update(`telegram-webhook:${bot}`).digest('hex');
}

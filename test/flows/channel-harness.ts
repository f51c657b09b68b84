/**
 * The whole bot with whatever channels a story needs, umember's double behind it. Time stands still until a story says
 * `later(…)`; what goes out by itself goes out at `tick()`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import type { Channel } from '../../bot/channel/channel.ts';
import { createCustomerLinks } from '../../bot/channel/customer-links.ts';
import { createFetchFile } from '../../bot/channel/files.ts';
import { channelOf, createInbox } from '../../bot/delivery/inbox.ts';
import { createDelivery } from '../../bot/delivery/outbox.ts';
import { createSend } from '../../bot/delivery/send.ts';
import { createHandlers, type Wiring } from '../../bot/app/handlers.ts';
import type { ChatId } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import { openSqlite } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import { startUmember } from '../doubles/umember.ts';
import { EVENING } from './harness.ts';

export interface ChannelParts {
  readonly wiring: Wiring;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
}

export interface ChannelHarnessOptions {
  /** How long umember may take to answer, ms. */
  readonly timeoutMs?: number;
  /** The practice platform is there too. */
  readonly practice?: boolean;
  /** Pictures are read. */
  readonly photos?: boolean;
}

/** `furnish` makes the channels; everything ends with the test. */
export async function openChannelHarness<C extends readonly Channel[]>(
  makeChannels: (program: ChannelParts) => C,
  { timeoutMs = 2000, practice = false, photos = false }: ChannelHarnessOptions = {},
) {
  vi.useFakeTimers({ toFake: ['Date'], now: EVENING });
  const umember = await startUmember({ perSecond: undefined });
  const database = await openSqlite(':memory:');
  const now = Date.now;
  /** Everything that was logged, one line each. */
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, facts: object = {}): void => {
      const error = 'error' in facts ? facts.error : undefined;
      lines.push(`${level} ${message} ${JSON.stringify(facts)} ${error instanceof Error ? (error.stack ?? '') : ''}`);
    };
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  let ids = 0;
  const newId = (): string =>
    String((ids += 1))
      .padStart(8, '0')
      .padEnd(16, 'x');
  const channels = new Map<string, Channel>();
  const at = (chat: ChatId): Channel | undefined => channels.get(channelOf(chat));
  // Its thread begins with the first picture.
  const reader = photos ? createPhotoReader({ log }) : undefined;
  const wiring = createHandlers({
    config: { locale: 'zh-CN', timeZone: 'Asia/Shanghai', operators: [] },
    database,
    seal: createSeal(Buffer.alloc(32, 7)),
    platforms: (collections) => [
      { ...createUmember({ http: createJsonHttp({ timeoutMs }), baseUrl: umember.url, now }), perSecond: undefined },
      ...(practice ? [createPractice({ books: collections<Page>('practice', 1e10), now, pause: () => Promise.resolve() })] : []),
    ],
    log,
    now,
    newId,
    administers: async (chat, person) => (await at(chat)?.administers(chat, person)) ?? false,
    link: (chat, word) => at(chat)?.link?.(word),
    webhook: {
      connect: async (address, hello) =>
        (await channels.get('wecom-robot')?.webhook?.connect(address, hello)) ?? { problem: 'not-one' },
      disconnect: async (chat) => await at(chat)?.webhook?.disconnect(chat),
    },
    customerLinks: createCustomerLinks({ channels: () => channels.values(), log }),
    ...(reader && { photos: { fetchFile: createFetchFile({ channelFor: at, log }), read: reader.read } }),
    version: 'test',
  });
  const made = makeChannels({ wiring, log, now, newId });
  for (const channel of made) channels.set(channel.name, channel);
  const send = createSend(at);
  const inbox = createInbox({
    rows: wiring.inboxRows,
    answer: wiring.answer,
    send,
    apology: async (chat) => (await wiring.wordsOf(chat)).say('failed'),
    log,
    now,
    wait: () => Promise.resolve(),
  });
  const deliver = createDelivery({
    outbox: wiring.outbox,
    send,
    moved: (from, to) => wiring.chats.move(from, to),
    repeatMark: async (chat) => (await wiring.wordsOf(chat)).say('repeat'),
    log,
  });
  for (const channel of made) await channel.start(inbox.hear);
  onTestFinished(async () => {
    for (const channel of made) await channel.stop();
    await inbox.stop();
    await reader?.close();
    await umember.close();
    await database.close();
    vi.useRealTimers();
  });
  return {
    umember,
    database,
    wiring,
    channels: made,
    lines,
    /** Failures of ours. */
    faults: () => lines.filter((line) => line.startsWith('error')),
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    async tick(): Promise<void> {
      await wiring.recheck();
      await wiring.postSummaries();
      await deliver();
      await inbox.resume();
    },
    /** Until everything that was heard is answered. */
    async answered(): Promise<void> {
      while ((await wiring.inboxRows.waiting()) > 0) await pause(1);
    },
  };
}

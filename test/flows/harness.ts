/**
 * The whole bot against the outside world's doubles, over real HTTP: Telegram on one side, umember on the other.
 * Time stands still until a story says `later(…)`; what goes out by itself goes out at `tick()`.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, vi } from 'vitest';
import { createFetchFile } from '../../bot/channel/files.ts';
import { adaptReply } from '../../bot/channel/adapt-reply.ts';
import { createBodies } from '../../bot/http/body.ts';
import { createHttp } from '../../bot/http/server.ts';
import { createOauth } from '../../bot/http/oauth/oauth.ts';
import { createDelivery } from '../../bot/delivery/outbox.ts';
import { createInbox } from '../../bot/delivery/inbox.ts';
import { createHandlers } from '../../bot/app/handlers.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import { openSqlite, type Database } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import { onTelegram } from '../bot/telegram/harness.ts';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import { startTelegram, type FakeChat, type FakeMessage, type FakePerson } from '../doubles/telegram.ts';
import { startUmember } from '../doubles/umember.ts';
import { startGateways, type Gateways } from './gateways.ts';

/** 2026-11-22 18:30 in Shanghai. */
export const EVENING = Date.parse('2026-11-22T18:30:00+08:00');

export type Harness = Awaited<ReturnType<typeof openHarness>>;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const bot of open.splice(0)) await bot.close();
});

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export interface HarnessOptions {
  /** Telegram's privacy mode for groups. */
  readonly privacy?: boolean;
  readonly database?: Database;
  /** How long umember may take to answer. */
  readonly timeoutMs?: number;
  /** When it is. */
  readonly now?: number;
  /** Waits of the bot (for Telegram's limits, between tries, before a press is answered) are that many times shorter. */
  readonly hurry?: number;
  readonly operators?: readonly string[];
  /** umember is called politely, at most so often; time passes by itself then. */
  readonly perSecond?: number;
  /** Allinpay, Dianping and Meituan can be bound too. */
  readonly gateways?: boolean;
  /** `PRACTICE=off`, or something the practice platform does otherwise. On and as it is unless told. */
  readonly practice?: 'off' | ((platform: Platform) => Platform);
}

export async function openHarness(options: HarnessOptions = {}) {
  const { perSecond } = options;
  vi.useFakeTimers({ toFake: ['Date'], now: options.now ?? EVENING, shouldAdvanceTime: perSecond !== undefined });
  const hurry = options.hurry ?? 1;
  const faults: unknown[] = [];
  const telegram = await startTelegram({ privacy: options.privacy ?? false });
  const umember = await startUmember({ perSecond: undefined });
  const http = createHttp({
    port: 0,
    host: '127.0.0.1',
    health: () => Promise.resolve([]),
    metrics: () => Promise.resolve(''),
    log: { info: () => undefined, error: (message, facts) => void faults.push({ message, ...facts }) },
  });
  const publicUrl = options.gateways ? `http://localhost:${await http.start()}` : undefined;
  const gateways = publicUrl === undefined ? undefined : await startGateways(publicUrl);
  const database = options.database ?? (await openSqlite(':memory:'));
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, facts?: object) => void faults.push({ message, ...facts }),
  };
  let ids = 0;
  const now = Date.now;
  // Its thread begins with the first picture.
  const photos = createPhotoReader({ log });
  const wiring = createHandlers({
    config: { locale: 'zh-CN', timeZone: 'Asia/Shanghai', operators: options.operators ?? [], publicUrl },
    database,
    seal: createSeal(Buffer.alloc(32, 7)),
    platforms: (collections) => [
      // Politeness has tests of its own; here hardly anybody waits for it.
      {
        ...createUmember({ http: createJsonHttp({ timeoutMs: options.timeoutMs ?? 2000 }), baseUrl: umember.url, now }),
        perSecond,
      },
      ...(gateways?.platforms ?? []),
      ...(options.practice === 'off'
        ? []
        : [
            (options.practice ?? ((platform) => platform))(
              createPractice({ books: collections<Page>('practice', 1e10), now, pause: () => Promise.resolve() }),
            ),
          ]),
    ],
    log,
    now,
    newId: () =>
      String((ids += 1))
        .padStart(6, '0')
        .padEnd(16, 'x'),
    administers: (chat, person) => channel.administers(chat, person),
    link: (_, word) => channel.link(word),
    photos: { fetchFile: createFetchFile({ channelFor: () => channel, log }), read: photos.read },
    version: 'test',
  });
  const channel = onTelegram(telegram, { log, now }, hurry);
  /** Each process of the bot; one that is dead says nothing any more. */
  let living = 0;
  const startInbox = () => {
    living += 1;
    const me = living;
    return createInbox({
      rows: wiring.inboxRows,
      answer: wiring.answer,
      async send(chat, reply, answering) {
        if (me !== living) return await new Promise<never>(() => undefined);
        const fit = adaptReply(channel, reply);
        return fit ? await channel.send(chat, fit, answering) : { kind: 'sent' };
      },
      apology: async (chat) => (await wiring.wordsOf(chat)).say('failed'),
      log,
      now,
      wait: () => Promise.resolve(),
    });
  };
  let inbox = startInbox();
  const deliver = createDelivery({
    outbox: wiring.outbox,
    send: (chat, reply) => channel.send(chat, reply),
    moved: (from, to) => wiring.chats.move(from, to),
    repeatMark: async (chat) => (await wiring.wordsOf(chat)).say('repeat'),
    log,
  });
  await channel.start((incoming) => inbox.hear(incoming));

  if (publicUrl !== undefined)
    http.mount(
      createOauth({
        ...wiring.authorisations,
        platforms: wiring.platforms,
        hear: (incoming) => inbox.hear(incoming),
        publicUrl,
        newToken: () => randomBytes(16).toString('hex'),
        bodies: createBodies(),
        now,
        log,
      }),
    );

  const bot = {
    telegram,
    umember,
    /** Only where the story asked for them. */
    get gateways(): Gateways {
      if (!gateways) throw new Error('this town has no such gateways');
      return gateways;
    },
    publicUrl,
    /** The merchant opens the link in a message, reads, goes on, agrees on the platform's page, and comes back; says what he sees. */
    async authorises(message: FakeMessage, browser = new FakeBrowser()): Promise<string> {
      await browser.opens(linkIn(message));
      if (browser.button === undefined) return browser.text;
      // The platform's double says yes by itself.
      await browser.presses();
      await bot.quiet();
      await browser.reloads();
      return browser.text;
    },
    database,
    wiring,
    /** Failures of ours that were logged; stories that expect none check it. */
    faults,
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    /** One round of the clock's jobs. */
    async tick(): Promise<void> {
      await wiring.recheck();
      await wiring.postSummaries();
      await wiring.countDown();
      await wiring.watch();
      await deliver();
      await inbox.resume();
    },
    /** Until the bot has answered everything it heard. */
    async quiet(): Promise<void> {
      await telegram.acknowledged();
      while ((await wiring.inboxRows.waiting()) > 0) await pause(1);
    },
    /** Says something and gives what the bot wrote in answer. */
    async ask(person: FakePerson, text: string, saying: Parameters<FakePerson['says']>[1] = {}): Promise<FakeMessage[]> {
      const { written } = saying.in ?? person.chat;
      const before = written.length;
      person.says(text, saying);
      await bot.quiet();
      return written.slice(before).filter((message) => message.byBot);
    },
    /** Presses and gives what the presser alone was told, when all is done. */
    async press(person: FakePerson, message: FakeMessage, label: string): Promise<string> {
      const press = person.presses(message, label);
      await bot.quiet();
      return (await telegram.answered(press)).text;
    },
    /** The process dies in the middle of what it does, and another one starts. */
    async crash(): Promise<void> {
      inbox = startInbox();
      await wiring.recover();
      await inbox.resume();
    },
    /** The binding dialogue from the first word to the last: umember's only shop, by the account a person has or a new one. */
    async bind(person: FakePerson, chat: FakeChat = person.chat): Promise<void> {
      const saying = chat === person.chat ? {} : { in: chat };
      const [first] = await bot.ask(person, '/bind', saying);
      const known = labels(first!).find((label) => label.startsWith('美团 · umember ow'));
      if (known) return void (await bot.press(person, first!, known));
      await bot.press(person, first!, '美团 · umember');
      const [password] = await bot.ask(person, 'owner@example.com', { ...saying, replyTo: chat.messages.at(-1)! });
      await bot.ask(person, 'secret', { ...saying, replyTo: password! });
    },
    /** A group with the bot, bound by its owner, where these may verify. */
    async group(owner: FakePerson, members: readonly FakePerson[], whoMay?: '仅受邀员工' | '群内所有人'): Promise<FakeChat> {
      const group = telegram.group('前台群', { admins: [owner], members });
      await bot.bind(owner, group);
      const question = await group.shows('谁可以核销');
      if (whoMay) await bot.press(owner, question, whoMay);
      return group;
    },
    /** Somebody who took an invitation up and verifies from a private chat. */
    async staff(owner: FakePerson, name = '小李'): Promise<FakePerson> {
      const person = telegram.person(name);
      const [list] = await bot.ask(owner, '/staff');
      const before = owner.chat.written.length;
      await bot.press(owner, list!, '邀请员工');
      const invitation = owner.chat.written.slice(before).find((message) => message.byBot)!;
      person.opens(linkIn(invitation));
      await bot.quiet();
      return person;
    },
    /** An owner with a private chat bound to the practice store. */
    async learner(name = '王老板'): Promise<FakePerson> {
      const owner = telegram.person(name);
      const [platforms] = await bot.ask(owner, '/bind');
      await bot.press(owner, platforms!, '练习店');
      await bot.press(owner, await owner.chat.shows('选择门店'), '练习棋牌室（人民路店）');
      return owner;
    },
    /** An owner with a private chat bound to the shop at umember. */
    async owner(name = '王老板'): Promise<FakePerson> {
      const owner = telegram.person(name);
      await bot.bind(owner, owner.chat);
      return owner;
    },
    /** Sends a code and gives the card back. */
    async card(person: FakePerson, code = umember.books.coupon(), chat: FakeChat = person.chat): Promise<FakeMessage> {
      person.says(code, chat === person.chat ? {} : { in: chat });
      return await chat.shows((message) => message.text.includes(code) && message.buttons.length > 0);
    },
    async close(): Promise<void> {
      await channel.stop();
      await inbox.stop();
      await photos.close();
      if (publicUrl !== undefined) await http.stop();
      await Promise.all([telegram.close(), umember.close(), gateways?.close()]);
      await database.close();
    },
  };
  open.push(bot);
  return bot;
}

/** The link of an invitation. */
export const linkIn = (message: FakeMessage): string => /https?:\/\/\S+/.exec(message.text)?.[0] ?? 'https://nowhere';

/** What the buttons of a message say. */
export const labels = (message: FakeMessage): string[] => message.buttons.flat().map(({ label }) => label);

/** What the bot wrote in a chat and still stands there. */
export const texts = (chat: FakeChat): string[] => chat.messages.filter(({ byBot }) => byBot).map(({ text }) => text);

/**
 * The whole bot against the outside world's doubles: WeCom's robot service on one side, by its own package and a real
 * WebSocket, umember on the other. Time stands still until a story says `later(…)`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, vi } from 'vitest';
import { createInbox } from '../../bot/inbox.ts';
import { createFetchFile } from '../../bot/files.ts';
import { createDelivery } from '../../bot/outbox.ts';
import { createWecomBot } from '../../bot/wecom/bot/bot.ts';
import { wire } from '../../bot/wiring.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createWire } from '../../services/platforms/wire.ts';
import { openSqlite } from '../../services/store/database.ts';
import { createSeal } from '../../services/store/seal.ts';
import { startUmember } from '../doubles/umember.ts';
import { startWecomBot, type FakeBotChat, type FakeBotMessage, type FakeBotPerson } from '../doubles/wecom-bot.ts';
import { EVENING } from './town.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const town of open.splice(0)) await town.close();
});

export type WecomTown = Awaited<ReturnType<typeof openWecomTown>>;

/** `hurry`: waits of the bot are that many times shorter. */
export async function openWecomTown({ hurry = 1, timeoutMs = 2000 }: { hurry?: number; timeoutMs?: number } = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: EVENING });
  const now = Date.now;
  const wecom = await startWecomBot();
  const umember = await startUmember({ perSecond: undefined });
  const store = await openSqlite(':memory:');
  const faults: unknown[] = [];
  const photos = createPhotoReader({ log: { info: () => undefined, warn: () => undefined, error: () => undefined } });
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, facts?: object) => void faults.push({ message, ...facts }),
  };
  let ids = 0;
  const newId = (): string =>
    String((ids += 1))
      .padStart(8, '0')
      .padEnd(16, 'x');
  const wiring = wire({
    config: { locale: 'zh-CN', timeZone: 'Asia/Shanghai', operators: [] },
    store,
    seal: createSeal(Buffer.alloc(32, 7)),
    platforms: (collections) => [
      { ...createUmember({ wire: createWire({ timeoutMs }), baseUrl: umember.url, now }), perSecond: undefined },
      createPractice({ books: collections<Page>('practice', 1e10), now, pause: () => Promise.resolve() }),
    ],
    log,
    now,
    newId,
    administers: (chat, person) => channel.administers(chat, person),
    link: () => undefined,
    photos: { fetchFile: createFetchFile({ channelFor: () => channel, log }), read: photos.read },
    version: 'test',
  });
  const { collections, chats } = wiring;
  const channel = createWecomBot({
    id: wecom.id,
    secret: wecom.secret,
    wsUrl: wecom.wsUrl,
    mediaBase: wecom.mediaBase,
    photos: collections('wecom-bot-photo', 900_000),
    chats: collections('wecom-bot-chat', 1e10),
    lists: collections('wecom-bot-list', 900_000),
    words: wiring.wordsOf,
    async boundBy(id) {
      const { store: shop, boundBy } = await chats.get(id);
      return shop && boundBy;
    },
    newId,
    log,
    now,
    wait: async (ms, signal) => await pause(ms / hurry, undefined, { ref: false, ...(signal ? { signal } : {}) }),
    reconnectMs: 1,
  });
  const inbox = createInbox({
    rows: wiring.inboxRows,
    answer: wiring.answer,
    send: (chat, reply, answering) => channel.send(chat, reply, answering),
    apology: async (chat) => (await wiring.wordsOf(chat)).say('failed'),
    log,
    now,
    wait: () => Promise.resolve(),
  });
  const deliver = createDelivery({
    outbox: wiring.outbox,
    send: (chat, reply) => channel.send(chat, reply),
    moved: (from, to) => chats.move(from, to),
    repeatMark: async (chat) => (await wiring.wordsOf(chat)).say('repeat'),
    log,
  });
  let heard = 0;
  await channel.start(async (incoming) => {
    await inbox.hear(incoming);
    heard += 1;
  });

  const town = {
    wecom,
    umember,
    wiring,
    /** Failures of ours that were logged. */
    faults,
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    async tick(): Promise<void> {
      await wiring.recheck();
      await wiring.postSummaries();
      await deliver();
      await inbox.resume();
    },
    /** Until the bot has answered everything it was told. */
    async quiet(): Promise<void> {
      while (heard < wecom.told() || (await wiring.inboxRows.waiting()) > 0) await pause(1);
    },
    /** Says something and gives what the bot wrote in answer. */
    async ask(person: FakeBotPerson, text: string, chat: FakeBotChat = person.chat): Promise<FakeBotMessage[]> {
      const before = chat.messages.length;
      person.says(text, { in: chat });
      await town.quiet();
      return chat.messages.slice(before).filter(({ byBot }) => byBot);
    },
    /** Presses and gives what the bot wrote besides. */
    async press(person: FakeBotPerson, message: FakeBotMessage, label: string, chat = person.chat): Promise<string[]> {
      const before = chat.messages.length;
      person.presses(message, label);
      await town.quiet();
      return chat.messages.slice(before).map(({ look }) => look.text);
    },
    /** The binding dialogue from the first word to the last, with umember's only shop. */
    async bind(person: FakeBotPerson, chat: FakeBotChat = person.chat): Promise<void> {
      const [platforms] = await town.ask(person, '绑定', chat);
      await town.press(person, platforms!, '美团', chat);
      await town.ask(person, 'owner@example.com', chat);
      await town.ask(person, 'secret', chat);
    },
    /** An owner whose chat with the robot is bound to umember's shop. */
    async owner(userid = 'wanglaoban'): Promise<FakeBotPerson> {
      const owner = wecom.person(userid);
      await town.bind(owner);
      return owner;
    },
    /** Sends a code and gives the card back. */
    async card(person: FakeBotPerson, code = umember.books.coupon(), chat: FakeBotChat = person.chat): Promise<FakeBotMessage> {
      return (await town.ask(person, code, chat)).at(-1)!;
    },
    async close(): Promise<void> {
      await channel.stop();
      await inbox.stop();
      await Promise.all([wecom.close(), umember.close(), photos.close()]);
      await store.close();
    },
  };
  open.push(town);
  return town;
}

/** What the robot wrote in a chat. */
export const written = (chat: FakeBotChat): string[] => chat.messages.filter(({ byBot }) => byBot).map(({ look }) => look.text);
/** What buttons everybody sees on a message. */
export const labels = ({ look }: FakeBotMessage): string[] => look.buttons.map(({ label }) => label);

/**
 * The whole bot against the outside world's doubles, over real HTTP: Telegram on one side, umember on the other.
 * Time stands still until a story says `later(…)`; what goes out by itself goes out at `tick()`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, vi } from 'vitest';
import { createDelivery } from '../../bot/outbox.ts';
import { createInbox } from '../../bot/inbox.ts';
import { createTelegram } from '../../bot/telegram/telegram.ts';
import { wire } from '../../bot/wiring.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createWire } from '../../services/platforms/wire.ts';
import { openSqlite, type Store } from '../../services/store/database.ts';
import { createSeal } from '../../services/store/seal.ts';
import { startTelegram, type FakeChat, type FakeMessage, type FakePerson } from '../doubles/telegram.ts';
import { startUmember } from '../doubles/umember.ts';

/** 2026-11-22 18:30 in Shanghai. */
export const EVENING = Date.parse('2026-11-22T18:30:00+08:00');

export type Town = Awaited<ReturnType<typeof openTown>>;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const town of open.splice(0)) await town.close();
});

export async function openTown(options: { privacy?: boolean; store?: Store; timeoutMs?: number } = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: EVENING });
  const telegram = await startTelegram({ privacy: options.privacy ?? false });
  const umember = await startUmember({ perSecond: undefined });
  const store = options.store ?? (await openSqlite(':memory:'));
  const faults: unknown[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string, facts?: object) => void faults.push({ message, ...facts }),
  };
  let ids = 0;
  const now = Date.now;
  const wiring = wire({
    config: { locale: 'zh-CN', timeZone: 'Asia/Shanghai', operators: [] },
    store,
    seal: createSeal(Buffer.alloc(32, 7)),
    platforms: (collections) => [
      // Politeness has tests of its own; here nobody waits for it.
      {
        ...createUmember({ wire: createWire({ timeoutMs: options.timeoutMs ?? 2000 }), baseUrl: umember.url, now }),
        perSecond: undefined,
      },
      createPractice({ books: collections<Page>('practice', 1e9), now, pause: () => Promise.resolve() }),
    ],
    log,
    now,
    newId: () => (ids += 1).toString(36).padStart(16, 'x'),
    administers: (chat, person) => channel.administers(chat, person),
    link: (_, word) => channel.link(word),
    version: 'test',
  });
  const channel = createTelegram({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    mode: { kind: 'polling' },
    commands: [],
    log,
    now,
    wait: async (ms, signal) => await pause(ms, undefined, { signal }),
  });
  const inbox = createInbox({
    rows: wiring.inboxRows,
    answer: wiring.answer,
    send: (chat, reply, answering) => channel.send(chat, reply, answering),
    apology: () => Promise.resolve('抱歉，出了点问题'),
    log,
    now,
    wait: () => Promise.resolve(),
  });
  const deliver = createDelivery({
    outbox: wiring.outbox,
    send: (chat, reply) => channel.send(chat, reply),
    moved: (from, to) => wiring.chats.move(from, to),
    repeatMark: () => Promise.resolve('（可能是重复消息）'),
    log,
  });
  await channel.start(inbox.hear);

  const town = {
    telegram,
    umember,
    store,
    wiring,
    inbox,
    /** Failures of ours that were logged; stories that expect none check it. */
    faults,
    later: (ms: number) => vi.setSystemTime(Date.now() + ms),
    /** One round of the clock's jobs. */
    async tick(): Promise<void> {
      await wiring.recheck();
      await wiring.postSummaries();
      await deliver();
      await inbox.resume();
    },
    /** An owner with a private chat bound to the shop at umember. */
    async owner(name = '王老板'): Promise<FakePerson> {
      const owner = telegram.person(name);
      await bind(owner, owner.chat);
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
      await Promise.all([telegram.close(), umember.close()]);
      await store.close();
    },
  };
  open.push(town);
  return town;
}

/** The binding dialogue from the first word to the last, with umember's only shop. */
export async function bind(person: FakePerson, chat: FakeChat): Promise<void> {
  const where = chat === person.chat ? {} : { in: chat };
  person.says('/bind', where);
  person.presses(await chat.shows('选择平台'), '美团 · umember');
  const email = await chat.shows('邮箱');
  person.says('owner@example.com', { ...where, replyTo: email });
  const password = await chat.shows('请发送密码');
  person.says('secret', { ...where, replyTo: password });
  await chat.shows('已绑定');
}

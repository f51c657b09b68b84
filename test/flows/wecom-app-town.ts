/**
 * The whole bot against the outside world's doubles: a corporation's app with its members on one side, encrypted callbacks
 * over real HTTP, umember on the other. Time stands still until a story says `later(…)`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, vi } from 'vitest';
import { createInbox } from '../../bot/inbox.ts';
import { createDelivery } from '../../bot/outbox.ts';
import { TOKEN_MS, type KeptToken } from '../../bot/wecom/access-token.ts';
import { createApi } from '../../bot/wecom/api.ts';
import { createApp } from '../../bot/wecom/app/app.ts';
import { createCallback } from '../../bot/wecom/callback.ts';
import { createCrypto } from '../../bot/wecom/crypto.ts';
import { wire } from '../../bot/wiring.ts';
import { words } from '../../locales/index.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createWire } from '../../services/platforms/wire.ts';
import { openSqlite } from '../../services/store/database.ts';
import { createSeal } from '../../services/store/seal.ts';
import { serveRoutes } from '../bot/wecom/app/stage.ts';
import { startUmember } from '../doubles/umember.ts';
import { startWecomApp, type FakeAppMessage, type FakeMember } from '../doubles/wecom-app.ts';
import { EVENING } from './town.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const town of open.splice(0)) await town.close();
});

export async function openAppTown({ timeoutMs = 2000 }: { timeoutMs?: number } = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: EVENING });
  const now = Date.now;
  const wecom = await startWecomApp({ now });
  const umember = await startUmember({ perSecond: undefined });
  const store = await openSqlite(':memory:');
  const faults: unknown[] = [];
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
    version: 'test',
  });
  const { corpId, token, encodingAesKey, agentId } = wecom;
  const { collections } = wiring;
  const wait = (): Promise<void> => Promise.resolve();
  const api = createApi({
    base: wecom.base,
    corpId,
    secret: wecom.secret,
    tokens: collections<KeptToken>('wecom-token', TOKEN_MS),
    now,
    wait,
    log,
  });
  const callback = createCallback({ crypto: createCrypto({ token, encodingAesKey, receiveId: corpId }), now, log });
  const channel = createApp({
    api,
    callback,
    agentId,
    collections,
    wordsOf: wiring.wordsOf,
    menuWords: words('zh-CN'),
    newId,
    now,
    // Nobody waits out a minute's limit while time stands still.
    wait: (ms) => {
      vi.setSystemTime(Date.now() + ms);
      return Promise.resolve();
    },
    log,
  });
  const hook = await serveRoutes(callback.routes);
  wecom.callbacks.setUrl(hook.url);
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
    moved: (from, to) => wiring.chats.move(from, to),
    repeatMark: async (chat) => (await wiring.wordsOf(chat)).say('repeat'),
    log,
  });
  await channel.start(inbox.hear);

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
      await wecom.callbacks.idle();
      while ((await wiring.inboxRows.waiting()) > 0) await pause(1);
    },
    /** Does something and gives what the app wrote in answer. */
    async after(member: FakeMember, doing: Promise<unknown>): Promise<FakeAppMessage[]> {
      const before = member.messages.length;
      await doing;
      await town.quiet();
      return member.messages.slice(before).filter(({ byBot }) => byBot);
    },
    ask: (member: FakeMember, text: string) => town.after(member, member.says(text)),
    press: (member: FakeMember, message: FakeAppMessage, label: string) => town.after(member, member.presses(message, label)),
    /** The binding dialogue from the first word to the last, with umember's only shop. */
    async bind(member: FakeMember): Promise<void> {
      const [platforms] = await town.ask(member, '绑定');
      await town.press(member, platforms!, '美团');
      await town.ask(member, 'owner@example.com');
      await town.ask(member, 'secret');
    },
    /** An owner whose chat with the app is bound to umember's shop. */
    async owner(userid = 'wanglaoban'): Promise<FakeMember> {
      const owner = wecom.member(userid);
      await town.bind(owner);
      return owner;
    },
    /** Sends a code and gives the card back. */
    card: async (member: FakeMember, code = umember.books.coupon()): Promise<FakeAppMessage> =>
      (await town.ask(member, code)).at(-1)!,
    async close(): Promise<void> {
      await channel.stop();
      await inbox.stop();
      await hook.close();
      await Promise.all([wecom.close(), umember.close()]);
      await store.close();
    },
  };
  open.push(town);
  return town;
}

/** What the app wrote to a member. */
export const written = ({ messages }: FakeMember): string[] => messages.filter(({ byBot }) => byBot).map(({ text }) => text);
/** The buttons that can be pressed. */
export const labels = ({ buttons }: FakeAppMessage): string[] => buttons.map(({ label }) => label);

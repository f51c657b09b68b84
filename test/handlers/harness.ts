/** The program with a database and a channel in memory: an event goes in, replies come out as the handlers said them. */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { createApp } from '../../bot/app/app.ts';
import type { Channel, Hear } from '../../bot/channel/channel.ts';
import type { Content, Person, Reply } from '../../handlers/message.ts';
import type { Verb } from '../../handlers/verb.ts';
import { openSqlite } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { systemTime } from '../../services/time/time.ts';

/** 2026-11-22 18:30 in Shanghai. */
export const EVENING = Date.parse('2026-11-22T18:30:00+08:00');

export const WANG: Person = { id: 'telegram:1', name: '王老板' };
export const LI: Person = { id: 'telegram:2', name: '小李' };
export const GUEST: Person = { id: 'telegram:3', name: '客人' };

/** A chat in which somebody says something; by default the person's private one. */
export interface At {
  readonly chat?: string;
  readonly group?: boolean;
  /** Said to nobody in particular: the bot was not named. */
  readonly overheard?: boolean;
  /** The word of the place's link by which the channel brought the person here. */
  readonly via?: string;
}
export const GROUP: At = { chat: 'telegram:-100', group: true };
export const OWNERS: At = { chat: 'telegram:-200', group: true };

export type Harness = Awaited<ReturnType<typeof openHandlers>>;

/** `platforms` are offered beside the practice platform, `beside` are channels beside Telegram. Time stands still until a test moves it. */
export async function openHandlers({
  platforms = [],
  operators = [],
  onlyPractice = false,
  beside = [],
  whenDone = onTestFinished,
}: {
  platforms?: readonly Platform[];
  operators?: readonly string[];
  onlyPractice?: boolean;
  beside?: readonly string[];
  whenDone?: (close: () => Promise<void>) => void;
} = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: EVENING });
  const database = await openSqlite(':memory:');
  const faults: unknown[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (...fault: unknown[]) => void faults.push(fault) };
  let ids = 0;
  const administrators = new Set<string>([WANG.id]);
  const key = Buffer.alloc(32, 7);
  const [channel, ...others] = [openTelegram(administrators), ...beside.map(openChannel)];
  const channels = new Map([channel, ...others].map((one) => [one.name, one]));
  const app = createApp({
    config: {
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      operators,
      publicUrl: undefined,
      webhookPrivate: true,
      access: 'open',
      onlyPractice,
    },
    database,
    alone: true,
    seal: createSeal(key),
    key,
    time: { ...systemTime, sleep: () => Promise.resolve(), every: () => ({ stop: () => undefined }) },
    newId: () => String((ids += 1)).padStart(16, '0'),
    random: randomBytes,
    platforms: ({ collections, now }) => [
      createPractice({ books: collections<Page>('practice', 1e10), now, pause: () => Promise.resolve() }),
      ...platforms,
    ],
    channels: () => [...channels.values()].map((one) => ({ channel: one })),
    log,
    version: 'test',
  });
  await app.start();
  whenDone(async () => {
    await app.stop();
    vi.useRealTimers();
    await database.close();
  });
  let events = 0;

  const hear = async (
    from: Person,
    content: Content,
    { chat = from.id, group = false, overheard = false, via }: At = {},
  ): Promise<Reply[]> => {
    const event = `telegram:${(events += 1)}`;
    const said = channels.get(chat.split(':', 1)[0]!)!;
    await said.hear({
      id: event,
      chat,
      group,
      title: group ? '前台群' : from.name,
      from,
      at: Date.now(),
      content,
      message: { chat, message: event },
      addressed: group && !overheard,
      ...(via !== undefined && { viaStoreLink: via, viaStoreLinkAt: Date.now() }),
    });
    while ((await app.waiting()) > 0) await turn();
    return said.said.filter(({ answering }) => answering === event).map(({ reply }) => reply);
  };
  const press = (from: Person, verb: Verb, id: string, at: At = {}): Promise<Reply[]> =>
    hear(from, { kind: 'press', action: { verb, id }, on: { chat: at.chat ?? from.id, message: 'card' } }, at);

  const bot = {
    database,
    faults,
    administrators,
    fetch: app.fetch,
    hear,
    press,
    ask: (from: Person, text: string, at: At = {}) => hear(from, { kind: 'text', text }, at),
    /** Presses the button with this label under the last of these replies that has it. */
    async pressed(from: Person, replies: readonly Reply[], label: string, at: At = {}): Promise<Reply[]> {
      const button = replies.flatMap(buttonsOf).findLast((one) => one.label.includes(label));
      if (!button)
        throw new Error(
          `no button ${label} among ${replies
            .flatMap(buttonsOf)
            .map((one) => one.label)
            .join(', ')}`,
        );
      return await press(from, button.verb, button.id, at);
    },
    /** Sends what waits; gives what is said in this chat by itself, all of it. */
    async told(chat: string): Promise<Reply[]> {
      await app.tick('outbox');
      const { said } = channels.get(chat.split(':', 1)[0]!)!;
      return said.flatMap((one) => (one.chat === chat && one.answering === undefined ? [one.reply] : []));
    },
    /** 王老板 binds a chat to a practice store. */
    async bind(at: At = {}): Promise<void> {
      const stores = await bot.pressed(WANG, await bot.ask(WANG, '/bind', at), '练习店', at);
      await bot.pressed(WANG, stores, '练习棋牌室（人民路店）', at);
    },
    /** 小李 takes an invitation up, and verifies from a private chat. */
    async invite(): Promise<void> {
      const sent = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '邀请员工');
      await bot.ask(LI, `/start join-${/join-([0-9a-f]{32})/.exec(textOf(sent))![1]!}`);
    },
  };
  return bot;
}

export const buttonsOf = (reply: Reply) =>
  ('card' in reply ? reply.card.buttons : 'buttons' in reply ? (reply.buttons ?? []) : []).flat();
export const labelsOf = (replies: readonly Reply[]): string[] => replies.flatMap(buttonsOf).map(({ label }) => label);

/** Everything that replies say, in lines. */
export const textOf = (replies: readonly Reply[]): string => replies.map(wordsIn).join('\n');

function wordsIn(reply: Reply): string {
  if ('card' in reply) {
    const { title, fields, note = '' } = reply.card;
    return [title, ...fields.map(({ label, value }) => `${label}: ${value}`), note].join('\n');
  }
  if ('text' in reply) return reply.text;
  return 'caption' in reply ? reply.caption : reply.sorry;
}

/** A channel that keeps what is said, by chat and by the event it answers. */
function openChannel(name: string) {
  const said: { readonly chat: string; readonly reply: Reply; readonly answering: string | undefined }[] = [];
  let heard: Hear | undefined;
  return {
    name,
    said,
    hear: (...event: Parameters<Hear>): Promise<void> => heard!(...event),
    async start(hear: Hear) {
      heard = hear;
      await Promise.resolve();
    },
    stop: () => Promise.resolve(),
    send(chat: string, reply: Reply, answering?: { readonly id: string }) {
      said.push({ chat, reply, answering: answering?.id });
      return Promise.resolve({ kind: 'sent' } as const);
    },
    administers: () => Promise.resolve(false),
  } satisfies Channel & Record<string, unknown>;
}

/** One that can do everything besides. */
function openTelegram(administrators: ReadonlySet<string>) {
  return {
    ...openChannel('telegram'),
    edits: true,
    slash: true,
    deletes: true,
    administers: (_: string, person: string) => Promise.resolve(administrators.has(person)),
    links: () => Promise.resolve((word: string) => `https://t.me/bot?start=${word}`),
    customerLinks: () => Promise.resolve([{ name: '', url: 'https://t.me/bot?start=s_1' }]),
  } as const satisfies Channel & Record<string, unknown>;
}

/**
 * Runs the whole program between doubles of the outside world, over real HTTP: Telegram on one side, umember on the other.
 * Time stands still until a story says `later(…)`; messages that nobody asked for go out at `tick()`.
 */
import { afterEach, vi } from 'vitest';
import { mountTelegram, type ChannelParts, type Mounted } from '../../bot/app/channels.ts';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import { startTelegram, type FakeTelegram, type FakeChat, type FakeMessage, type FakePerson } from '../doubles/telegram.ts';
import { freePort } from '../free-port.ts';
import { startGateways, type Gateways } from './gateways.ts';
import { hurried, openProgram, standStill, type ProgramOptions } from './program-harness.ts';

export { EVENING } from './program-harness.ts';

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

export interface HarnessOptions extends Omit<ProgramOptions, 'gateways' | 'port'> {
  /** Telegram's privacy mode for groups. */
  readonly privacy?: boolean;
  /** The last number that a database of before knows: ids, messages and updates go on from there. */
  readonly last?: number;
  /** Makes people and chats that the database knows already, before the program starts and answers what waits. */
  readonly people?: (telegram: FakeTelegram) => void;
  /** Waits of the channel (for Telegram's limits, before a press is answered) are that many times shorter. */
  readonly hurry?: number;
  /** Channels besides Telegram. */
  readonly besides?: (parts: ChannelParts) => readonly Mounted[];
  /** Allinpay, Dianping and Meituan can be bound too. */
  readonly gateways?: boolean;
  /** The program listens, as it does where there are gateways; on a free port, of which nobody knows outside. */
  readonly http?: boolean;
}

export async function openHarness({
  privacy = false,
  hurry = 1,
  last,
  people,
  besides = () => [],
  gateways: wanted = false,
  http = wanted,
  publicUrl: told,
  ...options
}: HarnessOptions = {}) {
  standStill(options);
  const telegram = await startTelegram({ privacy, ...(last !== undefined && { last }) });
  people?.(telegram);
  const { token, apiRoot } = telegram;
  const listens = http ? 0 : undefined;
  const port = wanted ? await freePort() : listens;
  const publicUrl = told ?? (wanted ? `http://localhost:${port}` : undefined);
  const gateways = wanted ? await startGateways(publicUrl!) : undefined;
  const program = await openProgram(
    (parts) => [
      mountTelegram({ token, apiRoot, mode: { kind: 'polling' } }, { ...parts, sleep: hurried(hurry) }),
      ...besides(parts),
    ],
    {
      ...options,
      ...(last !== undefined && { last }),
      ...(gateways && { gateways }),
      ...(port !== undefined && { port }),
      ...(publicUrl !== undefined && { publicUrl }),
    },
  );
  const { umember } = program;

  const bot = {
    ...program,
    /** Its own address, where it listens; another one after a crash. */
    get url() {
      return program.url;
    },
    telegram,
    /** Only where the story asked for them. */
    get gateways(): Gateways {
      if (!gateways) throw new Error('this story has no such gateways');
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
    /** Until the bot has answered everything it heard. */
    async quiet(): Promise<void> {
      await telegram.acknowledged();
      await program.answered();
    },
    /** Says something and gives what the bot wrote in answer. */
    async ask(person: FakePerson, text: string, saying: Parameters<FakePerson['says']>[1] = {}): Promise<FakeMessage[]> {
      // What waits goes out before an answer: it would be taken for one.
      await program.tick('outbox');
      const { written } = saying.in ?? person.chat;
      const before = written.length;
      person.says(text, saying);
      await bot.quiet();
      return written.slice(before).filter((message) => message.byBot);
    },
    /** Presses and gives what the presser alone was told, when all is done. */
    async press(person: FakePerson, message: FakeMessage, label: string): Promise<string> {
      await program.tick('outbox');
      const press = person.presses(message, label);
      await bot.quiet();
      return (await telegram.answered(press)).text;
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
    /** An invitation of the owner's as digits, which are typed. */
    async digits(owner: FakePerson): Promise<string> {
      const [list] = await bot.ask(owner, '/staff');
      const before = owner.chat.written.length;
      await bot.press(owner, list!, '邀请员工');
      const invitation = owner.chat.written.slice(before).find((message) => message.byBot)!;
      await bot.press(owner, invitation, '改用数字（打不开链接时）');
      return /\b\d{8}\b/.exec(owner.chat.messages.at(-1)!.text)![0];
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
      await program.close();
      await Promise.all([telegram.close(), gateways?.close()]);
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

/** The inbox answers each event once, in order within a chat, and leaves it to another instance when this one is stopping. */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { channelOf } from '../../../bot/channel/channel.ts';
import { createAnswering } from '../../../bot/delivery/answering.ts';
import { createInbox, type Inbox } from '../../../bot/delivery/inbox.ts';
import type { ChatId, Incoming } from '../../../handlers/message.ts';
import { createChats } from '../../../services/accounts/chats.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { CLAIM_MS, createInboxRows, type InboxRows, type Waiting } from '../../../services/database/queues/inbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { storeRow } from '../../fixtures/rows.ts';
import { systemTime } from '../../../services/time/time.ts';

const seal = createSeal(randomBytes(32));
let database: Database;
let rows: InboxRows<Incoming>;
let inbox: Inbox;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let answer: (claim: Waiting<Incoming>) => Promise<void>;
let answered: string[];
let said: string[];
let lengths: number[];
/** How many events are being answered; `atWork` is told each change. */
let working: number;
let atWork: (many: number) => void;
/** Turns of the event loop that each answer takes. */
let turns: number;
/** Holds back what an answer says until it resolves. */
let held: Promise<void>;
/** Stands for the chat platform: runs before a reply counts as said. */
let sends: () => Promise<void>;
let warnings: string[];
/** Resolves when the disk has what was stored. */
let onDisk: () => Promise<void>;
/** Channels that are set up. */
let served: string[];

beforeEach(async () => {
  database = await openSqlite(':memory:');
  onDisk = () => Promise.resolve();
  rows = createInboxRows(database.db, seal, Date.now, { onDisk: () => onDisk() });
  answered = [];
  said = [];
  lengths = [];
  turns = 0;
  held = Promise.resolve();
  sends = () => Promise.resolve();
  warnings = [];
  served = ['telegram'];
  working = 0;
  atWork = () => undefined;
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message), error: () => undefined };
  answer = createAnswering({
    rows,
    async *answer({ id, content }) {
      working += 1;
      atWork(working);
      if (content.kind === 'text') lengths.push(content.text.length);
      if (content.kind === 'photo') lengths.push(content.caption.length);
      for (let n = 0; n < turns; n++) await turn();
      working -= 1;
      answered.push(id);
      await held;
      yield { kind: 'say', text: id };
    },
    async send(_, reply) {
      await sends();
      said.push('text' in reply ? reply.text : reply.kind);
      return { kind: 'sent' };
    },
    caughtUp: () => Promise.resolve(true),
    end: (claim, how) => (how === 'done' ? rows.done(claim) : rows.putAside(claim)),
    showAgain: () => Promise.resolve(),
    cardSent: () => Promise.resolve(),
    apology: () => Promise.resolve('sorry'),
    log,
    time: { ...systemTime, sleep: () => Promise.resolve() },
    stopping: new AbortController().signal,
    abandoned: new AbortController().signal,
  });
  inbox = createInbox({ rows, answer, serves: (chat) => served.includes(channelOf(chat)), log, now: Date.now });
});
afterEach(async () => {
  vi.useRealTimers();
  await inbox.stop();
  await database.close();
});

const event = (id: string, chat: ChatId = 'telegram:1'): Incoming => ({
  id,
  chat,
  group: false,
  title: '',
  from: { id: 'telegram:1', name: '' },
  at: 0,
  content: { kind: 'text', text: id },
  addressed: true,
});
const heard = (...which: Parameters<typeof event>): Promise<void> => inbox.hear(event(...which));
const allAnswered = () => expect.poll(() => rows.waiting()).toBe(0);

test.each([0, 1, 2, 3])('at whatever moment of the one before it comes, an event is answered once and in its turn', async (n) => {
  turns = n;
  const ids = Array.from({ length: 60 }, (_, index) => `${index}`);
  for (const [index, id] of ids.entries()) {
    await heard(id);
    for (let passed = 0; passed < index % 7; passed++) await (index % 2 ? turn() : Promise.resolve());
  }
  await allAnswered();
  expect(answered).toEqual(ids);
});

test('an event is answered while it is on its way to the disk, and taken when it is there; the same one again, too', async () => {
  let through!: () => void;
  const written = new Promise<void>((resolve) => (through = resolve));
  onDisk = () => written;
  const taken: string[] = [];
  const first = heard('one').then(() => taken.push('first'));
  await allAnswered();
  const again = heard('one').then(() => taken.push('again'));
  for (let n = 0; n < 10; n++) await turn();
  expect([answered, said, taken]).toEqual([['one'], ['one'], []]);
  through();
  await Promise.all([first, again]);
  expect([answered, taken]).toEqual([['one'], ['first', 'again']]);
});

test('an event that the disk may not have is not taken, answered once, and taken when it comes again', async () => {
  onDisk = () => Promise.reject(new Error('input/output error'));
  await expect(heard('one')).rejects.toThrow('input/output error');
  onDisk = () => Promise.resolve();
  await heard('one');
  await allAnswered();
  expect(answered).toEqual(['one']);
});

test('events that come in the same moment are all answered, chats in parallel', async () => {
  turns = 2;
  const ids = Array.from({ length: 30 }, (_, index) => `${index}`);
  await Promise.all(ids.flatMap((id) => [heard(id), heard(id), heard(`b${id}`, 'telegram:2')]));
  await allAnswered();
  expect(answered.filter((id) => !id.startsWith('b'))).toEqual(ids);
  expect(answered.filter((id) => id.startsWith('b'))).toEqual(ids.map((id) => `b${id}`));
});

test('events that wait since before the start are answered first', async () => {
  await rows.put('old', 'telegram:1', event('old'));
  await heard('new');
  await allAnswered();
  expect(answered).toEqual(['old', 'new']);
});

test('an event heard while stopping is stored, and waits for another instance', async () => {
  await inbox.stop();
  await heard('late');
  expect(answered).toEqual([]);
  expect((await rows.claim('telegram:1'))?.id).toBe('late');
});

test('an event that ended the process at every try gets an apology, and holds up nobody any more', async () => {
  await rows.put('deadly', 'telegram:1', event('deadly'));
  for (let ends = 0; ends < 5; ends++) {
    await rows.claim('telegram:1');
    await rows.recover();
  }
  await heard('next');
  await allAnswered();
  expect(answered).toEqual(['next']);
  expect(said).toEqual(['sorry', 'next']);
  expect(await rows.dead()).toBe(1);
});

/** Another instance on the same database; its clock is that much ahead. */
const another = (ms: number): InboxRows<Incoming> => createInboxRows(database.db, seal, () => Date.now() + ms);

test('an event that another instance took over and answered stays answered, however late the first one fails', async () => {
  const slow = Promise.withResolvers<void>();
  held = slow.promise;
  await heard('first');
  await expect.poll(() => answered).toEqual(['first']);
  const other = another(CLAIM_MS);
  await other.done((await other.claim('telegram:1'))!);
  sends = () => Promise.reject(new Error('no network'));
  slow.resolve();
  await expect.poll(() => warnings).toContain('inbox: answered too late, the event was taken over');
  sends = () => Promise.resolve();
  await heard('second');
  await allAnswered();
  expect(answered).toEqual(['first', 'second']);
});

test('an instance that lost its claim says nothing more in the chat', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const slow = Promise.withResolvers<void>();
  held = slow.promise;
  await heard('first');
  await expect.poll(() => answered).toEqual(['first']);
  const other = another(CLAIM_MS);
  const taken = (await other.claim('telegram:1'))!;
  // The next renewal finds it out.
  await vi.advanceTimersByTimeAsync(CLAIM_MS / 3);
  await expect.poll(() => rows.renew({ ...taken, epoch: 1 })).toBe(false);
  slow.resolve();
  await expect.poll(() => warnings).toEqual(['inbox: answered too late, the event was taken over']);
  expect(said).toEqual([]);
  expect(await other.done(taken)).toBe(true);
});

test('an event of a channel that is not set up at this start waits for it, unanswered', async () => {
  served = [];
  await rows.put('before', 'telegram:1', event('before'));
  await inbox.resume();
  await heard('meanwhile');
  expect([answered, await rows.waiting()]).toEqual([[], 2]);
  served = ['telegram'];
  await inbox.resume();
  await allAnswered();
  expect(answered).toEqual(['before', 'meanwhile']);
});

test('an event that cannot be opened holds up nobody in its chat', async () => {
  await rows.put('broken', 'telegram:1', event('broken'));
  await database.db.updateTable('inbox').set({ sealed: '' }).execute();
  await heard('next');
  await allAnswered();
  expect([answered, await rows.dead()]).toEqual([['next'], 1]);
});

test('a message longer than any channel carries is cut before anybody reads it', async () => {
  await heard('1');
  await inbox.hear({ ...event('2'), content: { kind: 'text', text: '1 '.repeat(500_000) } });
  await inbox.hear({ ...event('3'), content: { kind: 'photo', file: 'f', caption: '1 '.repeat(500_000) } });
  await allAnswered();
  expect(lengths).toEqual([1, 4096, 4096]);
});

test('of a backlog a store’s chats come first, then the oldest, twenty at a time', async () => {
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 };
  await database.db.insertInto('account').values(account).execute();
  await database.db.insertInto('store').values(storeRow('shop')).execute();
  await createChats({ db: database.db, now: Date.now }).bind({ id: 'telegram:9', title: '', group: false }, 'shop', {
    kind: 'person',
    id: 'telegram:9',
    name: '',
  });
  const chats = Array.from({ length: 60 }, (_, n) => `telegram:${1000 - n}`);
  for (const chat of [...chats, 'telegram:9']) await rows.put(`of ${chat}`, chat, event(`of ${chat}`, chat));
  turns = 2;
  let most = 0;
  atWork = (many) => void (most = Math.max(most, many));
  await inbox.resume();
  await allAnswered();
  expect(answered).toEqual(['telegram:9', ...chats].map((chat) => `of ${chat}`));
  expect(most).toBe(20);
});

test.each([
  ['1970', () => 0, 3 * 24 * 3_600_000],
  ['no time', () => Number.NaN, 0],
  ['tomorrow', () => Date.now() + 24 * 3_600_000, 0],
  ['an hour ago', () => Date.now() - 3_600_000, 3_600_000],
])('the age of an event dated %s is bounded where it comes in', async (_, at, age) => {
  const ages: number[] = [];
  const dated = createInbox({
    rows,
    answer,
    log: quiet,
    now: Date.now,
    answered: (_channel, seconds) => void ages.push(seconds),
  });
  await dated.hear({ ...event('odd'), at: at() });
  await allAnswered();
  await dated.stop();
  expect(ages).toHaveLength(1);
  expect(Math.abs(ages[0]! - age / 1000)).toBeLessThan(5);
});

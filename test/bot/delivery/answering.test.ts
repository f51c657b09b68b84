/** An event is handled once: what its handler says is delivered, or kept for the outbox in the write that ends the event. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotSent, Undeliverable } from '../../../bot/channel/channel.ts';
import { createAnswering } from '../../../bot/delivery/answering.ts';
import { createEnd, createShowAgain } from '../../../bot/delivery/kept-answers.ts';
import type { Message } from '../../../bot/delivery/outbox.ts';
import type { Card, Incoming, Outgoing, Reply } from '../../../handlers/message.ts';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createInboxRows, type InboxRows, type Waiting } from '../../../services/database/queues/inbox.ts';
import { createOutbox, type Outbox } from '../../../services/database/queues/outbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { systemTime } from '../../../services/time/time.ts';

const CHAT = 'telegram:1';
const PRESSED = { chat: CHAT, message: '7' };
const seal = createSeal(randomBytes(32));
let database: Database;
let rows: InboxRows<Incoming>;
let outbox: Outbox<Message>;
/** What the handler says; it runs so often. */
let handler: () => AsyncIterable<Reply>;
let runs: number;
/** Stands for the chat platform: runs before a reply arrives. */
let meets: (reply: Reply) => Promise<void>;
let arrived: string[];
/** Runs in each pause. */
let waits: () => Promise<void>;
let caughtUp: boolean;
let refused: string[];
let alarms: string[];
let abandoned: AbortController;

const wordsOf = (reply: Outgoing['reply']): string =>
  reply.kind === 'say' || reply.kind === 'whisper'
    ? reply.text
    : 'card' in reply
      ? `${reply.kind} ${reply.card.title}`
      : reply.kind;
const say = (text: string): Reply => ({ kind: 'say', text });
const cardOf = (title: string): Card => ({
  title,
  fields: [],
  buttons: [[{ verb: 'undo', id: randomUUID().slice(0, 8), label: '撤销' }]],
});
const replace = (title: string): Reply => ({ kind: 'replace', card: cardOf(title), shows: { verification: 'v1' } });
const fails = (fault: Error) => async (): Promise<never> => await Promise.reject(fault);

beforeEach(async () => {
  database = await openSqlite(':memory:');
  alarms = [];
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void alarms.push(message) };
  rows = createInboxRows(database.db, seal, Date.now, { log });
  outbox = createOutbox(database.db, seal, Date.now, randomUUID);
  runs = 0;
  meets = () => Promise.resolve();
  arrived = [];
  waits = () => Promise.resolve();
  caughtUp = true;
  refused = [];
  abandoned = new AbortController();
});
afterEach(() => database.close());

async function answer(claim: Waiting<Incoming>): Promise<void> {
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void alarms.push(message) };
  await createAnswering({
    rows,
    answer() {
      runs += 1;
      return handler();
    },
    async send(_, reply) {
      await meets(reply);
      arrived.push(wordsOf(reply));
      return { kind: 'sent' };
    },
    caughtUp: () => Promise.resolve(caughtUp),
    end: createEnd({
      db: database.db,
      rows,
      outbox,
      undeliverable: ({ reply }) => Promise.resolve(void refused.push(wordsOf(reply))),
    }),
    showAgain: createShowAgain({ db: database.db, outbox }),
    cardSent: () => Promise.resolve(),
    apology: () => Promise.resolve('sorry'),
    log,
    time: { ...systemTime, sleep: () => waits() },
    stopping: new AbortController().signal,
    abandoned: abandoned.signal,
  })(claim);
}

const heard = async (content: Incoming['content'] = { kind: 'text', text: 'secret' }): Promise<Waiting<Incoming>> => {
  const from = { id: CHAT, name: '小李' };
  await rows.put('1', CHAT, { id: '1', chat: CHAT, group: false, title: '', from, at: 0, content, addressed: true });
  return (await rows.claim(CHAT))!;
};
const press = (): Promise<Waiting<Incoming>> => heard({ kind: 'press', action: { verb: 'use', id: 'v1-1' }, on: PRESSED });
const saying = (...replies: readonly Reply[]) =>
  async function* all(): AsyncIterable<Reply> {
    yield* await Promise.resolve(replies);
  };
/** What waits in the outbox, in its order. */
async function kept(): Promise<Message[]> {
  const found: Message[] = [];
  for (let next = await outbox.claimNext(CHAT); next; next = await outbox.claimNext(CHAT)) {
    found.push(next.message);
    await outbox.sent(next);
  }
  return found;
}

test('what is delivered leaves nothing behind', async () => {
  handler = saying(say('one'), say('two'));
  await answer(await heard());
  expect([arrived, await kept(), await rows.waiting()]).toEqual([['one', 'two'], [], 0]);
});

test('from the first reply that does not get through all are kept, in order, and the handler has run once', async () => {
  handler = saying(say('one'), say('two'), say('three'));
  meets = (reply) => (wordsOf(reply) === 'two' ? Promise.reject(new NotSent('no network')) : Promise.resolve());
  await answer(await heard());
  expect([runs, arrived, await rows.waiting()]).toEqual([1, ['one'], 0]);
  const messages = await kept();
  expect(messages.map(({ reply }) => wordsOf(reply))).toEqual(['two', 'three']);
  // Whom it answers is kept, not what was said: that may have been a password.
  expect(messages[0]?.answering).toMatchObject({ id: '1', from: { name: '小李' }, content: { kind: 'other' } });
});

test('a reply that may have arrived is marked as a repeat, and only that one', async () => {
  handler = saying(say('one'), say('two'));
  meets = fails(new Error('no answer'));
  await answer(await heard());
  expect(await outbox.counts()).toEqual({ due: 1, uncertain: 1 });
});

test('behind older messages of the chat everything waits, but for what is for the presser alone and a secret to be deleted', async () => {
  caughtUp = false;
  handler = saying({ kind: 'forget', sorry: '' }, say('one'), { kind: 'whisper', text: 'no right' }, replace('done'));
  await answer(await press());
  expect(arrived).toEqual(['forget', 'no right']);
  expect((await kept()).map(({ reply }) => reply.kind)).toEqual(['say', 'verification']);
});

test('cards of a verification are kept as what they show, the last of them alone', async () => {
  handler = saying(replace('处理中'), replace('核销成功'));
  meets = fails(new NotSent('no network'));
  await answer(await press());
  expect((await kept()).map(({ reply }) => reply)).toEqual([
    { kind: 'verification', verification: 'v1', as: 'card', on: PRESSED },
  ]);
});

test('a reply that is refused for good is put aside and told another way; what follows is said', async () => {
  handler = saying(say('poison'), say('next'));
  meets = (reply) => (wordsOf(reply) === 'poison' ? Promise.reject(new Undeliverable('not enough rights')) : Promise.resolve());
  await answer(await heard());
  expect([arrived, refused, await kept(), await outbox.deadCount()]).toEqual([['next'], ['poison'], [], 1]);
});

test('after a crash the handler runs again, and what was said before is not said twice', async () => {
  const claim = await heard();
  const crash = Promise.withResolvers<never>();
  handler = async function* crashes() {
    yield { kind: 'card', card: cardOf('coupon'), tag: 'a' };
    await crash.promise;
  };
  void answer(claim).catch(() => undefined);
  await expect.poll(() => database.db.selectFrom('inbox').select('said').executeTakeFirst()).not.toEqual({ said: '' });
  await rows.recover();
  // Another attempt makes another id; the words are the same.
  handler = saying({ kind: 'card', card: cardOf('coupon'), tag: 'b' }, say('and more'));
  await answer((await rows.claim(CHAT))!);
  expect([runs, arrived]).toEqual([2, ['card coupon', 'and more']]);
});

test('after a crash everything that was not said yet is said, also where the handler says something else', async () => {
  const claim = await press();
  await rows.note(claim, ['what', 'else']);
  await rows.recover();
  handler = saying(replace('核销成功'));
  await answer((await rows.claim(CHAT))!);
  expect(arrived).toEqual(['replace 核销成功']);
});

test('a handler that fails ends with an apology, once', async () => {
  handler = async function* fault() {
    yield say('one');
    await Promise.reject(new Error('a defect'));
  };
  await answer(await heard());
  expect([runs, arrived, await rows.waiting()]).toEqual([1, ['one', 'sorry'], 0]);
});

test('a write that fails for a moment does not make the handler run again', async () => {
  handler = saying(say('one'));
  const claim = await heard();
  meets = async () => void (await sql`alter table inbox rename to elsewhere`.execute(database.db));
  waits = async () => void (await sql`alter table elsewhere rename to inbox`.execute(database.db));
  await answer(claim);
  expect([runs, arrived, await rows.waiting()]).toEqual([1, ['one'], 0]);
});

test('what a stop leaves behind is not apologised for, and goes on at the next start', async () => {
  const claim = await press();
  handler = async function* cut() {
    yield replace('处理中');
    abandoned.abort();
    await Promise.reject(new Error('the database is closed'));
  };
  await answer(claim);
  expect(arrived.filter((text) => text === 'sorry')).toEqual([]);
  expect([await rows.waiting(), await kept()]).toEqual([1, []]);
});

test('an event whose claim was taken over keeps nothing', async () => {
  const slow = await heard();
  await rows.recover();
  const other = (await rows.claim(CHAT))!;
  handler = saying(say('late'));
  meets = fails(new NotSent('no network'));
  await answer(slow);
  expect(await kept()).toEqual([]);
  expect(await rows.done(other)).toBe(true);
});

test('a card that another instance has shown meanwhile is shown anew, by what is true then', async () => {
  const slow = await press();
  await rows.recover();
  const other = (await rows.claim(CHAT))!;
  handler = saying(replace('处理中'), replace('核销成功'));
  await answer(slow);
  // The other one has seen 处理中 before the answer came, and may show it after ours.
  expect(await rows.done(other)).toBe(true);
  expect((await kept()).map(({ reply }) => reply)).toEqual([
    { kind: 'verification', as: 'card', verification: 'v1', on: PRESSED },
  ]);
});

test('of a card that both instances sent, the noted one is shown anew: the other one is known to nobody', async () => {
  const slow = await heard();
  await rows.recover();
  const other = (await rows.claim(CHAT))!;
  const shown = { tag: 'v1', shows: { verification: 'v1' } };
  handler = saying({ kind: 'card', card: cardOf('处理中'), ...shown }, { kind: 'replace', card: cardOf('连不上平台'), ...shown });
  await answer(slow);
  expect(await rows.done(other)).toBe(true);
  expect((await kept()).map(({ reply }) => reply)).toEqual([
    { kind: 'verification', as: 'card', verification: 'v1', silent: true },
  ]);
});

test.each([
  [undefined, 1],
  ['elsewhere', 0],
  ['others', 0],
] as const)(
  'a card alone of what is under way, sent by an instance that stood still, is shown anew (%s: %i)',
  async (of, count) => {
    const slow = await heard();
    await rows.recover();
    await rows.claim(CHAT);
    handler = saying({
      kind: 'card',
      card: cardOf('处理中'),
      tag: 'v1',
      shows: { verification: 'v1', ...(of && { [of]: true }) },
    });
    await answer(slow);
    expect((await kept()).map(({ reply }) => reply)).toEqual(
      Array.from({ length: count }, () => ({ kind: 'verification', as: 'card', verification: 'v1', silent: true })),
    );
  },
);

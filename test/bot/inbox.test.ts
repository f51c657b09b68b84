/** What is heard is answered: once, in order within a chat, and by somebody else when this process is stopping. */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInbox, type Inbox } from '../../bot/inbox.ts';
import type { ChatId, Incoming } from '../../handlers/message.ts';
import { openSqlite, type Store } from '../../services/store/database.ts';
import { createInboxRows, type InboxRows } from '../../services/store/inbox.ts';
import { createSeal } from '../../services/store/seal.ts';

let store: Store;
let rows: InboxRows<Incoming>;
let inbox: Inbox;
let answered: string[];
let said: string[];
let lengths: number[];
/** Turns of the event loop that each answer takes. */
let turns: number;

beforeEach(async () => {
  store = await openSqlite(':memory:');
  rows = createInboxRows(store.db, createSeal(randomBytes(32)), Date.now);
  answered = [];
  said = [];
  lengths = [];
  turns = 0;
  inbox = createInbox({
    rows,
    async *answer({ id, content }) {
      if (content.kind === 'text') lengths.push(content.text.length);
      if (content.kind === 'photo') lengths.push(content.caption.length);
      for (let n = 0; n < turns; n++) await turn();
      answered.push(id);
      yield { kind: 'say', text: id };
    },
    send(_, reply) {
      said.push('text' in reply ? reply.text : reply.kind);
      return Promise.resolve({ kind: 'sent' });
    },
    apology: () => Promise.resolve('sorry'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: Date.now,
    wait: () => Promise.resolve(),
  });
});
afterEach(async () => {
  await inbox.stop();
  await store.close();
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

test('events that come in the same moment are all answered, chats side by side', async () => {
  turns = 2;
  const ids = Array.from({ length: 30 }, (_, index) => `${index}`);
  await Promise.all(ids.flatMap((id) => [heard(id), heard(id), heard(`b${id}`, 'telegram:2')]));
  await allAnswered();
  expect(answered.filter((id) => !id.startsWith('b'))).toEqual(ids);
  expect(answered.filter((id) => id.startsWith('b'))).toEqual(ids.map((id) => `b${id}`));
});

test('what waits since before the start goes first', async () => {
  await rows.put('old', 'telegram:1', event('old'));
  await heard('new');
  await allAnswered();
  expect(answered).toEqual(['old', 'new']);
});

test('what is heard while stopping is stored, and waits for another', async () => {
  await inbox.stop();
  await heard('late');
  expect(answered).toEqual([]);
  expect((await rows.claim('telegram:1'))?.id).toBe('late');
});

test('what ended the process at every try is apologised for, and holds up nobody any more', async () => {
  await rows.put('deadly', 'telegram:1', event('deadly'));
  for (let ends = 0; ends < 13; ends++) {
    await rows.claim('telegram:1');
    await rows.recover();
  }
  await heard('next');
  await allAnswered();
  expect(answered).toEqual(['next']);
  expect(said).toEqual(['sorry', 'next']);
});

test('a message longer than any channel carries is cut before anybody reads it', async () => {
  await heard('1');
  await inbox.hear({ ...event('2'), content: { kind: 'text', text: '1 '.repeat(500_000) } });
  await inbox.hear({ ...event('3'), content: { kind: 'photo', file: 'f', caption: '1 '.repeat(500_000) } });
  await allAnswered();
  expect(lengths).toEqual([1, 4096, 4096]);
});

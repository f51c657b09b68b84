/** What is heard is answered: once, in order within a chat, and by somebody else when this process is stopping. */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInbox, type Inbox } from '../../bot/inbox.ts';
import type { ChatId, Incoming } from '../../handlers/message.ts';
import { createChats } from '../../services/accounts/chats.ts';
import { openSqlite, type Store } from '../../services/store/database.ts';
import { createInboxRows, type InboxRows } from '../../services/store/inbox.ts';
import { createSeal } from '../../services/store/seal.ts';
import { storeRow } from '../fixtures/rows.ts';

let store: Store;
let rows: InboxRows<Incoming>;
let inbox: Inbox;
let answered: string[];
let said: string[];
/** Events that are being answered, as it is told to `atWork`. */
let working: number;
let atWork: (many: number) => void;
/** Turns of the event loop that each answer takes. */
let turns: number;

beforeEach(async () => {
  store = await openSqlite(':memory:');
  rows = createInboxRows(store.db, createSeal(randomBytes(32)), Date.now);
  answered = [];
  said = [];
  turns = 0;
  working = 0;
  atWork = () => undefined;
  inbox = createInbox({
    rows,
    async *answer({ id }) {
      working += 1;
      atWork(working);
      for (let n = 0; n < turns; n++) await turn();
      working -= 1;
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

test('of a backlog a store’s chats come first, then the oldest, twenty at a time', async () => {
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 };
  await store.db.insertInto('account').values(account).execute();
  await store.db.insertInto('store').values(storeRow('shop')).execute();
  await createChats({ db: store.db, now: Date.now }).bind({ id: 'telegram:9', title: '', group: false }, 'shop', 'telegram:9');
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

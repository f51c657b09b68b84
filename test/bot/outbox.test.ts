/** What goes out by itself: one message after another in each chat, and no chat waits for another. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NotSent, type Sent } from '../../bot/channel.ts';
import { createDelivery } from '../../bot/outbox.ts';
import type { ChatId, Reply } from '../../handlers/message.ts';
import { openSqlite, type Store } from '../../services/store/database.ts';
import { createOutbox, type Outbox } from '../../services/store/outbox.ts';
import { PICTURE } from '../fixtures/replies.ts';
import { createSeal } from '../../services/store/seal.ts';

let store: Store;
let outbox: Outbox<Reply>;
/** What arrived, `chat text`. */
let arrived: string[];
/** What the other side does with a message before it arrives. */
let meets: (chat: ChatId, text: string) => Promise<void>;
let stopping: AbortController;
let deliver: () => Promise<number>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  store = await openSqlite(':memory:');
  outbox = createOutbox(store.db, createSeal(randomBytes(32)), Date.now, randomUUID);
  arrived = [];
  meets = () => Promise.resolve();
  stopping = new AbortController();
  deliver = createDelivery({
    outbox,
    send: async (chat, reply): Promise<Sent> => {
      const text = reply.kind === 'say' ? reply.text : 'caption' in reply ? reply.caption : reply.kind;
      await meets(chat, text);
      arrived.push(`${chat} ${text}`);
      return { kind: 'sent' };
    },
    moved: () => Promise.resolve(),
    repeatMark: () => Promise.resolve('(again)'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    stopping: stopping.signal,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

const put = (chat: ChatId, ...texts: string[]): Promise<void> =>
  store.db.transaction().execute(async (tx) => {
    for (const text of texts) await outbox.put(tx, randomUUID(), chat, { kind: 'say', text });
  });

test('one run delivers everything that is due, in order', async () => {
  await put('web:1', 'one', 'two', 'three');
  expect(await deliver()).toBe(3);
  expect(arrived).toEqual(['web:1 one', 'web:1 two', 'web:1 three']);
});

test('news does not overtake what could not be sent, whenever it was written', async () => {
  meets = () => Promise.reject(new NotSent('no network'));
  await put('web:1', 'unsure');
  await deliver();
  meets = () => Promise.resolve();
  await put('web:1', 'settled');
  expect(await deliver()).toBe(0);
  vi.setSystemTime(Date.now() + 5000);
  await deliver();
  expect(arrived).toEqual(['web:1 unsure', 'web:1 settled']);
});

test('what may have arrived is marked as a repeat, a picture in its caption', async () => {
  await put('web:1', 'summary');
  await store.db.transaction().execute((tx) => outbox.put(tx, 'picture', 'web:1', PICTURE));
  meets = () => Promise.reject(new Error('no answer'));
  await deliver();
  meets = (_, text) => (text.includes('summary') ? Promise.resolve() : Promise.reject(new Error('no answer')));
  vi.setSystemTime(Date.now() + 5000);
  await deliver();
  meets = () => Promise.resolve();
  vi.setSystemTime(Date.now() + 5000);
  await deliver();
  expect(arrived).toEqual(['web:1 (again)\nsummary', `web:1 (again)\n${PICTURE.caption}`]);
});

test('a slow chat delays nobody, not even for the next run', async () => {
  const slow = Promise.withResolvers<void>();
  meets = (chat) => (chat === 'web:slow' ? slow.promise : Promise.resolve());
  await put('web:slow', 'one', 'two');
  const first = deliver();
  await vi.waitFor(async () => expect((await outbox.counts()).due).toBe(2));
  await put('web:2', 'fast');
  expect(await deliver()).toBe(1);
  expect(arrived).toEqual(['web:2 fast']);
  slow.resolve();
  expect(await first).toBe(2);
  expect(arrived).toEqual(['web:2 fast', 'web:slow one', 'web:slow two']);
});

test('what takes minutes to send is sent once, and not marked as a repeat', async () => {
  const slow = Promise.withResolvers<void>();
  const met = vi.fn(() => slow.promise);
  meets = met;
  await put('web:1', 'summary');
  const first = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalled());
  for (let n = 0; n < 20; n++) {
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await deliver()).toBe(0);
  }
  slow.resolve();
  await first;
  expect(arrived).toEqual(['web:1 summary']);
});

test('once stopping began, what is on its way is finished and nothing more is begun', async () => {
  const slow = Promise.withResolvers<void>();
  const met = vi.fn(() => slow.promise);
  meets = met;
  await put('web:1', 'one', 'two');
  const first = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalled());
  stopping.abort();
  slow.resolve();
  await first;
  expect(arrived).toEqual(['web:1 one']);
  expect(await outbox.counts()).toEqual({ due: 1, uncertain: 0 });
});

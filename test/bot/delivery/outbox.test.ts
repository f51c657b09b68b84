/** The outbox delivers one message after another in each chat, and no chat waits for another. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoChannel, NotSent, type Sent } from '../../../bot/channel/channel.ts';
import { createDelivery } from '../../../bot/delivery/outbox.ts';
import type { ChatId, Reply } from '../../../handlers/message.ts';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createOutbox, type Outbox } from '../../../services/database/queues/outbox.ts';
import { PICTURE } from '../../fixtures/replies.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { systemTime } from '../../../services/time/time.ts';

let database: Database;
let outbox: Outbox<Reply>;
/** The messages that arrived, `chat text`. */
let arrived: string[];
/** Stands for the other side: runs before a message arrives. */
let meets: (chat: ChatId, text: string) => Promise<void>;
let alarms: string[];
let stopping: AbortController;
let deliver: () => Promise<number>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  database = await openSqlite(':memory:');
  outbox = createOutbox(database.db, createSeal(randomBytes(32)), Date.now, randomUUID);
  arrived = [];
  alarms = [];
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
    every: systemTime.every,
    log: { info: () => undefined, warn: () => undefined, error: (message) => void alarms.push(message) },
    stopping: stopping.signal,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

const put = (chat: ChatId, ...texts: string[]): Promise<void> =>
  database.db.transaction().execute(async (tx) => {
    for (const text of texts) await outbox.put(tx, randomUUID(), chat, { kind: 'say', text });
  });

test('one run delivers everything that is due, in order', async () => {
  await put('web:1', 'one', 'two', 'three');
  expect(await deliver()).toBe(3);
  expect(arrived).toEqual(['web:1 one', 'web:1 two', 'web:1 three']);
});

test('a newer message does not overtake one that could not be sent, whenever it was written', async () => {
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

test('a message that may have arrived is marked as a repeat, a picture in its caption', async () => {
  await put('web:1', 'summary');
  await database.db.transaction().execute((tx) => outbox.put(tx, 'picture', 'web:1', PICTURE));
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

test('a message that takes minutes to send is sent once, and not marked as a repeat', async () => {
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

test('once stopping began, sends under way are finished and no more are begun', async () => {
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

const MINUTE = 60_000;

test('a machine that slept in the middle of a delivery sends the message again, and goes on with the others', async () => {
  const slow = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  const met = vi.fn().mockReturnValueOnce(slow.promise).mockReturnValueOnce(again.promise).mockResolvedValue(undefined);
  meets = met;
  await put('web:1', 'one');
  const first = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalledTimes(1));
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  const second = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalledTimes(2));
  // The first had been taken over when it came through; what the second can say is the last word.
  slow.resolve();
  again.reject(new Error('no network yet'));
  await Promise.all([first, second]);
  await put('web:2', 'two');
  for (let n = 0; n < 5; n++) {
    vi.setSystemTime(Date.now() + MINUTE);
    await deliver();
  }
  expect(arrived).toEqual(['web:1 one', 'web:2 two', 'web:1 (again)\none']);
  expect(await outbox.counts()).toEqual({ due: 0, uncertain: 0 });
});

test('a message that another instance took over and delivered is not sent again, however late the first try fails', async () => {
  const [slow, again] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const met = vi.fn().mockReturnValueOnce(slow.promise).mockReturnValueOnce(again.promise).mockResolvedValue(undefined);
  meets = met;
  await put('web:1', 'one', 'two');
  const first = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalledTimes(1));
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  const second = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalledTimes(2));
  again.resolve();
  await second;
  slow.reject(new Error('timed out at last'));
  await first;
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  expect(await deliver()).toBe(0);
  expect(arrived).toEqual(['web:1 (again)\none', 'web:1 two']);
});

test('a start without the channel loses nothing: once it is set up again, the message goes out, and not as a repeat', async () => {
  meets = () => Promise.reject(new NoChannel('telegram is not set up'));
  await put('telegram:1', 'summary');
  // Longer than any failing delivery is tried.
  for (let n = 0; n < 300; n++) {
    await deliver();
    vi.setSystemTime(Date.now() + MINUTE);
  }
  meets = () => Promise.resolve();
  await deliver();
  expect(arrived).toEqual(['telegram:1 summary']);
  expect(alarms).toEqual([]);
});

test('a message that cannot be delivered for days is put aside with an alarm, and the chat’s next message goes out', async () => {
  meets = (_, text) => (text === 'poison' ? Promise.reject(new NotSent('400 Bad Request')) : Promise.resolve());
  await put('web:1', 'poison', 'next');
  for (let n = 0; n < 210; n++) {
    await deliver();
    vi.setSystemTime(Date.now() + 15 * MINUTE);
  }
  expect(arrived).toEqual(['web:1 next']);
  expect(alarms).toEqual(['outbox: a message cannot be delivered and is put aside']);
  expect(await outbox.deadCount()).toBe(1);
});

test('when the database fails in the middle, the other deliveries of the run are finished, and the message goes again', async () => {
  meets = async (chat) => {
    if (chat === 'web:1') await sql`alter table outbox rename to elsewhere`.execute(database.db);
  };
  await put('web:1', 'one');
  await deliver();
  expect(alarms).toEqual(['outbox: what became of a message could not be written']);
  await sql`alter table elsewhere rename to outbox`.execute(database.db);
  meets = () => Promise.resolve();
  vi.setSystemTime(Date.now() + MINUTE);
  await deliver();
  expect(arrived).toEqual(['web:1 one', 'web:1 (again)\none']);
});

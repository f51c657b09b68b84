/** The outbox delivers one message after another in each chat, and no chat waits for another. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoChannel, NotSent, Undeliverable, type Sent } from '../../../bot/channel/channel.ts';
import { createDelivery, type Delivery, type Message } from '../../../bot/delivery/outbox.ts';
import type { ChatId, Outgoing } from '../../../handlers/message.ts';
import { createKeyedQueue } from '../../../services/keyed-queue.ts';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createOutbox, type Outbox, type Putting } from '../../../services/database/queues/outbox.ts';
import { PICTURE } from '../../fixtures/replies.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { systemTime } from '../../../services/time/time.ts';

let database: Database;
let outbox: Outbox<Message>;
/** The messages that arrived, `chat text`. */
let arrived: string[];
/** Stands for the other side: runs before a message arrives. */
let meets: (chat: ChatId, text: string) => Promise<void>;
let alarms: string[];
let stopping: AbortController;
/** Words a message when it is its turn. */
let word: (chat: ChatId, text: string) => string | undefined;
/** What is told another way. */
let told: string[];
let delivery: Delivery;
const deliver = (): Promise<number> => delivery.run();

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  database = await openSqlite(':memory:');
  outbox = createOutbox(database.db, createSeal(randomBytes(32)), Date.now, randomUUID);
  arrived = [];
  alarms = [];
  meets = () => Promise.resolve();
  stopping = new AbortController();
  word = (_, text) => text;
  told = [];
  delivery = instance();
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

/** An instance of the program. */
const instance = (): Delivery =>
  createDelivery({
    outbox,
    send: async (chat, reply): Promise<Sent> => {
      const text = reply.kind === 'say' ? reply.text : 'caption' in reply ? reply.caption : reply.kind;
      await meets(chat, text);
      arrived.push(`${chat} ${text}`);
      return { kind: 'sent' };
    },
    inTurn: createKeyedQueue(),
    async word(chat, reply) {
      if (reply.kind === 'verification' || reply.kind === 'drawing') return undefined;
      if (reply.kind !== 'say') return reply;
      const text = word(chat, reply.text);
      return text === undefined ? undefined : { kind: 'say', text };
    },
    moved: () => Promise.resolve(),
    undeliverable: async ({ chat, reply, answer }: Outgoing & { answer: boolean }) =>
      void told.push(`${chat} ${reply.kind === 'say' ? reply.text : reply.kind}${answer ? ' (answer)' : ''}`),
    repeatMark: () => Promise.resolve('(again)'),
    log: { info: () => undefined, warn: () => undefined, error: (message) => void alarms.push(message) },
    time: systemTime,
    stopping: stopping.signal,
  });

const put = (chat: ChatId, ...texts: string[]): Promise<void> =>
  database.db.transaction().execute(async (tx) => {
    for (const text of texts) await outbox.put(tx, randomUUID(), chat, { reply: { kind: 'say', text } });
  });
const putOne = (chat: ChatId, text: string, how: Putting): Promise<unknown> =>
  database.db.transaction().execute((tx) => outbox.put(tx, text, chat, { reply: { kind: 'say', text } }, how));

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
  await database.db.transaction().execute((tx) => outbox.put(tx, 'picture', 'web:1', { reply: PICTURE }));
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

test('what may have arrived stays a repeat, also when a later try certainly failed', async () => {
  await put('web:1', 'summary');
  for (const failure of [new Error('no answer'), new NotSent('no network')]) {
    meets = () => Promise.reject(failure);
    await deliver();
    vi.setSystemTime(Date.now() + 5000);
  }
  meets = () => Promise.resolve();
  await deliver();
  expect(arrived).toEqual(['web:1 (again)\nsummary']);
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
const states = () => database.db.selectFrom('outbox').select(['state', 'epoch']).execute();

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
  await vi.waitFor(async () => expect(await states()).toEqual([{ state: 'sending', epoch: 2 }]));
  // The first had been taken over when it came through; what the second can say is the last word.
  slow.resolve();
  await vi.waitFor(() => expect(met).toHaveBeenCalledTimes(2));
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
  const second = instance().run();
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

test('a message that cannot be delivered is tried until its time is over, then put aside with an alarm and told another way', async () => {
  meets = (_, text) => (text === 'next' ? Promise.resolve() : Promise.reject(new NotSent('no network')));
  await putOne('web:1', 'answer', { giveUpMs: 24 * 60 * MINUTE });
  await putOne('web:2', 'summary', { giveUpMs: 7 * 24 * 60 * MINUTE });
  const hours = async (many: number): Promise<void> => {
    for (let n = 0; n < many * 4; n++) {
      vi.setSystemTime(Date.now() + 15 * MINUTE);
      await deliver();
    }
  };
  await hours(23);
  expect([alarms, told]).toEqual([[], []]);
  await hours(2);
  expect(alarms).toEqual(['outbox: a message cannot be delivered and is put aside']);
  expect(told).toEqual(['web:1 answer']);
  await hours(6 * 24);
  expect(told).toEqual(['web:1 answer', 'web:2 summary']);
  expect([await outbox.deadCount(), await outbox.counts()]).toEqual([2, { due: 0, uncertain: 0 }]);
});

test('a channel that is not set up bounds the wait as well', async () => {
  meets = () => Promise.reject(new NoChannel('telegram is not set up'));
  await putOne('telegram:1', 'answer', { giveUpMs: 60 * MINUTE });
  await deliver();
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  await deliver();
  expect([told, await outbox.deadCount()]).toEqual([['telegram:1 answer'], 1]);
});

test('a message that is refused for good is put aside at once, told another way, and holds up nothing in its chat', async () => {
  meets = (_, text) => (text === 'poison' ? Promise.reject(new Undeliverable('not enough rights')) : Promise.resolve());
  await put('web:1', 'poison', 'next');
  await deliver();
  expect(arrived).toEqual(['web:1 next']);
  expect(alarms).toEqual(['outbox: a message cannot be delivered and is put aside']);
  expect([told, await outbox.deadCount()]).toEqual([['web:1 poison'], 1]);
});

test('a message is worded when it is sent, and not sent when there is nothing to say any more', async () => {
  word = (_, text) => (text === 'old news' ? undefined : `${text}, as of now`);
  await put('web:1', 'old news', 'card');
  await deliver();
  expect(arrived).toEqual(['web:1 card, as of now']);
  expect(await outbox.counts()).toEqual({ due: 0, uncertain: 0 });
});

test('before an answer everything older of its chat goes out, due or not', async () => {
  meets = () => Promise.reject(new NotSent('no network'));
  await put('web:1', 'one', 'two');
  await deliver();
  expect(await delivery.catchUp('web:1')).toBe(false);
  meets = () => Promise.resolve();
  expect(await delivery.catchUp('web:1')).toBe(true);
  expect(arrived).toEqual(['web:1 one', 'web:1 two']);
  expect(await delivery.catchUp('web:2')).toBe(true);
});

test('an answer that comes while an older message of its chat is being sent waits for that one', async () => {
  const slow = Promise.withResolvers<void>();
  const met = vi.fn(() => slow.promise);
  meets = met;
  await put('web:1', 'one');
  const first = deliver();
  await vi.waitFor(() => expect(met).toHaveBeenCalled());
  const caughtUp = delivery.catchUp('web:1');
  slow.resolve();
  expect(await caughtUp).toBe(true);
  expect(arrived).toEqual(['web:1 one']);
  await first;
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

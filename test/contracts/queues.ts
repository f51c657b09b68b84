/** What a database must do for inbox, outbox, leases and attempts: a suite that SQLite and PostgreSQL are run through. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstClaim, LONGEST_WAIT_MS } from '../../services/database/queues/claim.ts';
import type { Database } from '../../services/database/database.ts';
import type { Log } from '../../services/log.ts';
import { createAttempts, isPaused, type Attempt, type AttemptLimit, type Attempts } from '../../services/database/attempts.ts';
import { CLAIM_MS, createInboxRows, REMEMBER_MS, type InboxRows } from '../../services/database/queues/inbox.ts';
import { createLeases, type Leases } from '../../services/database/locks/leases.ts';
import { createOutbox, GIVE_UP_MS, SENDING_MS, type Outbox, type Putting } from '../../services/database/queues/outbox.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { TestDatabase } from './database.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;

export function queuesContract(name: string, make: () => Promise<TestDatabase>): void {
  describe(name, () => {
    let target: TestDatabase;
    let database: Database;
    let at: number;
    const now = (): number => at;
    const seal = createSeal(randomBytes(32));
    let alarms: string[];
    const log: Log = { info: () => undefined, warn: () => undefined, error: (message) => void alarms.push(message) };
    beforeAll(async () => {
      target = await make();
      database = await target.open();
    });
    afterAll(async () => {
      await database?.close();
      await target?.remove();
    });
    beforeEach(async () => {
      at = NOON;
      alarms = [];
      for (const table of ['inbox', 'outbox', 'lease'] as const) await database.db.deleteFrom(table).execute();
    });

    describe('the inbox', () => {
      let inbox: InboxRows<{ text: string }>;
      beforeEach(() => void (inbox = createInboxRows(database.db, seal, now, { log })));

      it('deduplicates concurrent deliveries of an event', async () => {
        const heard = await Promise.all(
          Array.from({ length: 20 }, () => inbox.put('update:1', 'chat:1', { text: '7992697494' })),
        );
        expect(heard.filter((one) => one !== 'known')).toHaveLength(1);
        expect(await inbox.waiting()).toBe(1);
      });

      it('deduplicates an event after it was answered, and deletes its content', async () => {
        await inbox.put('update:1', 'chat:1', { text: 'secret' });
        const before = await database.db.selectFrom('inbox').select('sealed').executeTakeFirstOrThrow();
        expect(before.sealed).not.toContain('secret');
        await inbox.done((await inbox.claim('chat:1'))!);
        expect(await inbox.put('update:1', 'chat:1', { text: 'secret' })).toBe('known');
        expect(await database.db.selectFrom('inbox').select('sealed').execute()).toEqual([{ sealed: '' }]);
        expect(await inbox.waiting()).toBe(0);
      });

      it('lets one of many claim a chat’s events one at a time, in order of arrival', async () => {
        for (const n of [1, 2, 3]) await inbox.put(`update:${n}`, 'chat:1', { text: `${n}` });
        const texts: string[] = [];
        for (let round = 0; round < 3; round++) {
          const claims = await Promise.all(Array.from({ length: 10 }, () => inbox.claim('chat:1')));
          const [claim, ...more] = claims.flatMap((found) => found ?? []);
          expect(more).toEqual([]);
          texts.push(claim!.event.text);
          await inbox.done(claim!);
        }
        expect(texts).toEqual(['1', '2', '3']);
        expect(await inbox.claim('chat:1')).toBeUndefined();
      });

      it('keeps the order of arrival whatever the clocks of several instances say', async () => {
        for (const [n, ahead] of [0, 20_000, -20_000, 5].entries()) {
          const copy = createInboxRows<{ text: string }>(database.db, seal, () => at + ahead);
          await copy.put(`update:${n}`, 'chat:1', { text: `${n}` });
        }
        const texts: string[] = [];
        for (let claim = await inbox.claim('chat:1'); claim; claim = await inbox.claim('chat:1')) {
          texts.push(claim.event.text);
          await inbox.done(claim);
        }
        expect(texts).toEqual(['0', '1', '2', '3']);
      });

      it('processes chats concurrently', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.put('update:2', 'chat:2', { text: '2' });
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
        expect((await inbox.claim('chat:2'))?.event.text).toBe('2');
      });

      it('takes over an expired claim and counts the attempt', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        expect((await inbox.claim('chat:1'))?.attempts).toBe(0);
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
        expect(await inbox.chats()).toEqual([]);
        at += 1;
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.attempts).toBe(1);
      });

      it('leaves a renewed claim to its holder', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        const claim = await inbox.claim('chat:1');
        at += CLAIM_MS - 1;
        expect(await inbox.renew(claim!)).toBe(true);
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
      });

      it('holds back the whole chat while its oldest event is postponed', async () => {
        for (const n of [1, 2]) await inbox.put(`update:${n}`, 'chat:1', { text: `${n}` });
        await inbox.postpone((await inbox.claim('chat:1'))!, 1000);
        expect(await inbox.claim('chat:1')).toBeUndefined();
        at += 1000;
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('ends all claims after a restart', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.claim('chat:1');
        await inbox.recover();
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('fences an expired claim: an event that was done stays done', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        const slow = (await inbox.claim('chat:1'))!;
        at += CLAIM_MS;
        const other = (await inbox.claim('chat:1'))!;
        const late = async () => [await inbox.renew(slow), await inbox.postpone(slow, 0), await inbox.done(slow)];
        expect(await late()).toEqual([false, false, false]);
        expect(await inbox.done(other)).toBe(true);
        expect(await late()).toEqual([false, false, false]);
        await inbox.put('update:2', 'chat:1', { text: '2' });
        expect([(await inbox.claim('chat:1'))?.event.text, await inbox.waiting()]).toEqual(['2', 1]);
      });

      it('does not count an untried attempt', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' }, 'claiming');
        await inbox.postpone(firstClaim('update:1'), 0, 'untried');
        const claim = (await inbox.claim('chat:1'))!;
        expect([claim.epoch, claim.attempts]).toEqual([2, 0]);
      });

      it('takes over an expired claim before any other event, whatever their numbers', async () => {
        await inbox.put('update:2', 'chat:1', { text: '2' }, 'claiming');
        await inbox.put('update:1', 'chat:1', { text: '1' });
        // As two instances write them in the same moment, neither seeing the other's.
        await database.db.updateTable('inbox').set({ seq: 1 }).where('id', '=', 'update:1').execute();
        expect(await inbox.claim('chat:1')).toBeUndefined();
        at += CLAIM_MS;
        const taken = (await inbox.claim('chat:1'))!;
        expect(taken.event.text).toBe('2');
        await inbox.done(taken);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('puts aside an event that cannot be opened, logs it, and goes on with the next', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.put('update:2', 'chat:1', { text: '2' });
        await database.db.updateTable('inbox').set({ sealed: 'v1.AAAA' }).where('id', '=', 'update:1').execute();
        expect((await inbox.claim('chat:1'))?.event.text).toBe('2');
        expect(alarms).toEqual(['inbox: an event cannot be opened and is put aside']);
        expect([await inbox.waiting(), await inbox.dead()]).toEqual([1, 1]);
        expect(await inbox.put('update:1', 'chat:1', { text: '1' })).toBe('known');
        await inbox.recover();
        expect((await inbox.claim('chat:1'))?.event.text).toBe('2');
        at += REMEMBER_MS + 1;
        await inbox.sweep();
        expect([await inbox.waiting(), await inbox.dead()]).toEqual([1, 0]);
      });

      it('keeps the order of arrival of thousands within a millisecond', async () => {
        const chats = Array.from({ length: 1002 }, (_, n) => (n === 998 || n === 1000 ? 'chat:one' : `chat:${n}`));
        await Promise.all(chats.map((chat, n) => inbox.put(`update:${n}`, chat, { text: `${n}` })));
        expect((await inbox.claim('chat:one'))?.event.text).toBe('998');
      });

      it('keeps the order when the clock was set back, also after a restart', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        at -= 8 * HOUR;
        await createInboxRows<{ text: string }>(database.db, seal, now).put('update:2', 'chat:1', { text: '2' });
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('does not wait for a time written before the clock was set back', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' }, 'claiming');
        await inbox.put('update:2', 'chat:2', { text: '2' }, 'claiming');
        await inbox.postpone(firstClaim('update:2'), LONGEST_WAIT_MS);
        expect(await inbox.chats()).toEqual([]);
        at -= 8 * HOUR;
        expect((await inbox.chats()).toSorted()).toEqual(['chat:1', 'chat:2']);
        expect([(await inbox.claim('chat:1'))?.epoch, (await inbox.claim('chat:2'))?.epoch]).toEqual([2, 2]);
      });

      it('deletes old done events, and nothing else', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.done((await inbox.claim('chat:1'))!);
        at += REMEMBER_MS;
        await inbox.put('update:2', 'chat:2', { text: '2' });
        await inbox.sweep();
        expect(await inbox.put('update:1', 'chat:1', { text: '1' })).toBe('known');
        at += 1;
        await inbox.sweep();
        expect(await inbox.put('update:1', 'chat:1', { text: '1' })).toBe('waiting');
        expect(await inbox.waiting()).toBe(2);
      });
    });

    describe('an event that is claimed as it is stored', () => {
      let inbox: InboxRows<{ text: string }>;
      beforeEach(() => void (inbox = createInboxRows(database.db, seal, now, { log })));
      const put = (n: number, chat = 'chat:1') => inbox.put(`update:${n}`, chat, { text: `${n}` }, 'claiming');

      it('cannot be claimed by another, and ends like any other', async () => {
        expect(await put(1)).toBe('claimed');
        expect(await inbox.claim('chat:1')).toBeUndefined();
        expect([await inbox.chats(), await inbox.waiting()]).toEqual([[], 1]);
        expect(await inbox.done(firstClaim('update:1'))).toBe(true);
        expect(await inbox.waiting()).toBe(0);
        expect(await put(1)).toBe('known');
      });

      it('is deduplicated', async () => {
        const heard = await Promise.all(Array.from({ length: 20 }, () => put(1)));
        expect(heard.filter((one) => one !== 'known')).toEqual(['claimed']);
      });

      it('is one of many concurrent ones in its chat; the others wait, chats are independent', async () => {
        const heard = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => put(n)));
        expect(heard.toSorted()).toEqual(['claimed', ...Array.from({ length: 7 }, () => 'waiting')]);
        expect(await put(9, 'chat:2')).toBe('claimed');
        expect(await inbox.waiting()).toBe(9);
      });

      it('is not claimed while its chat has waiting or postponed events', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        expect(await put(2)).toBe('waiting');
        await inbox.postpone((await inbox.claim('chat:1'))!, 1000);
        expect(await put(3)).toBe('waiting');
        await inbox.recover();
        at += 1000;
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('is taken over when its claim has expired, and the attempt counts', async () => {
        await put(1);
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
        at += 1;
        expect(await inbox.claim('chat:1')).toEqual({ id: 'update:1', epoch: 2, event: { text: '1' }, attempts: 1, said: [] });
      });

      it('waits again after a restart', async () => {
        await put(1);
        await inbox.recover();
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });
    });

    describe('an event that is not answered', () => {
      let inbox: InboxRows<{ text: string }>;
      beforeEach(() => void (inbox = createInboxRows(database.db, seal, now, { log })));

      it('keeps what was said for the next attempt, from the one that holds it', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        const slow = (await inbox.claim('chat:1'))!;
        expect([slow.said, await inbox.note(slow, ['a', 'b'])]).toEqual([[], true]);
        at += CLAIM_MS;
        const other = (await inbox.claim('chat:1'))!;
        expect([other.said, await inbox.note(slow, ['c'])]).toEqual([['a', 'b'], false]);
        await inbox.done(other);
        expect(await database.db.selectFrom('inbox').select('said').execute()).toEqual([{ said: '' }]);
      });

      it('is put aside without its content, and holds up nobody', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.put('update:2', 'chat:1', { text: '2' });
        expect(await inbox.putAside((await inbox.claim('chat:1'))!)).toBe(true);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('2');
        expect(await inbox.dead()).toBe(1);
        expect(await inbox.put('update:1', 'chat:1', { text: '1' })).toBe('known');
      });

      it('is put aside with an alarm after a week of waiting for its channel, and deleted a week later', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        at += REMEMBER_MS;
        await inbox.sweep();
        expect([await inbox.waiting(), alarms]).toEqual([1, []]);
        at += 1;
        await inbox.sweep();
        expect([await inbox.waiting(), await inbox.dead()]).toEqual([0, 1]);
        expect(alarms).toEqual(['inbox: an event was not answered in time and is put aside']);
        at += REMEMBER_MS + 1;
        await inbox.sweep();
        expect(await inbox.dead()).toBe(0);
      });
    });

    describe('the outbox', () => {
      let outbox: Outbox<{ text: string }>;
      beforeEach(() => void (outbox = createOutbox(database.db, seal, now, randomUUID, { log })));
      const put = (key: string, chat = 'chat:1', how?: Putting): Promise<boolean> =>
        database.db.transaction().execute((tx) => outbox.put(tx, key, chat, { text: key }, how));
      const texts = (claimed: Awaited<ReturnType<typeof outbox.claim>>): string[] => claimed.map(({ message }) => message.text);

      it('is idempotent by key', async () => {
        const written = await Promise.all(Array.from({ length: 10 }, () => put('summary:1')));
        expect(written.filter(Boolean)).toHaveLength(1);
        expect(await outbox.counts()).toEqual({ due: 1, uncertain: 0 });
        await outbox.sent((await outbox.claim(10))[0]!);
        expect(await put('summary:1')).toBe(false);
        expect(await outbox.claim(10)).toEqual([]);
      });

      it('remembers of each message when to give up, whether it may have arrived, and that it never will', async () => {
        await put('summary', 'chat:1');
        await put('answer', 'chat:2', { giveUpMs: GIVE_UP_MS.answer, state: 'uncertain' });
        await put('refused', 'chat:2', { state: 'dead' });
        const claimed = await outbox.claim(10);
        expect(claimed.map(({ key, repeat, giveUpAt }) => [key, repeat, giveUpAt - NOON])).toEqual([
          ['summary', false, 7 * 24 * HOUR],
          ['answer', true, 24 * HOUR],
        ]);
        expect(await outbox.deadCount()).toBe(1);
      });

      it('claims the next of one chat before its time, and also while an event of the chat is being answered', async () => {
        await put('elsewhere', 'chat:2');
        expect([await outbox.holdsUp('chat:1'), await outbox.claimNext('chat:1')]).toEqual([false, undefined]);
        await put('old');
        await put('new');
        await createInboxRows(database.db, seal, now).put('update:1', 'chat:1', {}, 'claiming');
        await outbox.postpone((await outbox.claimNext('chat:1'))!, HOUR);
        expect(texts(await outbox.claim(10))).toEqual(['elsewhere']);
        const old = (await outbox.claimNext('chat:1'))!;
        expect([old.message.text, old.attempts]).toEqual(['old', 1]);
        // It is being sent: what is newer has to wait for it.
        expect([await outbox.claimNext('chat:1'), await outbox.holdsUp('chat:1')]).toEqual([undefined, true]);
        await outbox.sent(old);
        await outbox.sent((await outbox.claimNext('chat:1'))!);
        expect(await outbox.holdsUp('chat:1')).toBe(false);
      });

      it('lets a message that fails for an hour hold up no newer one', async () => {
        await put('poison');
        for (let attempts = 0; attempts < 12; attempts++) {
          expect(await outbox.holdsUp('chat:1')).toBe(true);
          await outbox.postpone((await outbox.claimNext('chat:1'))!, HOUR);
        }
        expect(await outbox.holdsUp('chat:1')).toBe(false);
        await put('next');
        expect(texts(await outbox.claim(10))).toEqual(['next']);
      });

      it('is rolled back with the transaction of the fact', async () => {
        const failing = database.db.transaction().execute(async (tx) => {
          await outbox.put(tx, 'summary:1', 'chat:1', { text: 'x' });
          throw new Error('no fact');
        });
        await expect(failing).rejects.toThrow('no fact');
        expect(await outbox.counts()).toEqual({ due: 0, uncertain: 0 });
      });

      it('gives a destination no more than its share, others theirs, and leaves the rest as it is', async () => {
        for (let n = 0; n < 5; n++) await put(`a:${n}`, 'chat:1', { orderKey: `a:${n}` });
        await put('b', 'chat:2');
        const share = (underWay: number) => ({ each: 2, underWay: new Map(underWay === 0 ? [] : [['chat:1', underWay]]) });
        const first = await outbox.claim(3, share(0));
        expect(texts(first)).toEqual(['a:0', 'a:1']);
        expect(texts(await outbox.claim(3, share(2)))).toEqual(['b']);
        await outbox.sent(first[0]!);
        expect((await outbox.claim(3, share(1))).map(({ key, attempts, epoch }) => [key, attempts, epoch])).toEqual([
          ['a:2', 0, 1],
        ]);
      });

      it('lets one of many claim a message', async () => {
        for (let n = 0; n < 20; n++) await put(`message:${n}`, `chat:${n}`);
        const claims = (await Promise.all(Array.from({ length: 8 }, () => outbox.claim(5)))).flat();
        const rest = await outbox.claim(100);
        expect([...claims, ...rest].map(({ message }) => message.text).toSorted()).toEqual(
          Array.from({ length: 20 }, (_, n) => `message:${n}`).toSorted(),
        );
      });

      it('marks messages that may have arrived as repeats, and only those', async () => {
        await put('lost', 'chat:1');
        await put('refused', 'chat:2');
        const [lost, refused] = (await outbox.claim(10)).toSorted((a, b) => (a.message.text < b.message.text ? -1 : 1));
        expect([lost?.repeat, refused?.repeat]).toEqual([false, false]);
        await outbox.doubtful(lost!, 1000);
        await outbox.postpone(refused!, 1000);
        expect(await outbox.counts()).toEqual({ due: 1, uncertain: 1 });
        expect(await outbox.claim(10)).toEqual([]);
        at += 1000;
        const again = (await outbox.claim(10)).map(({ message, repeat, attempts }) => [message.text, repeat, attempts]);
        expect(again).toHaveLength(2);
        expect(again).toEqual(
          expect.arrayContaining([
            ['lost', true, 1],
            ['refused', false, 1],
          ]),
        );
      });

      it('marks a message as a repeat whose sending was interrupted by a crash', async () => {
        await put('summary:1');
        await outbox.claim(10);
        expect(await outbox.claim(10)).toEqual([]);
        at += 60_000;
        expect((await outbox.claim(10)).map(({ repeat }) => repeat)).toEqual([true]);
      });

      it('deletes the content of sent messages, and gives up on a chat that is gone', async () => {
        await put('a', 'chat:1');
        await put('b', 'chat:2');
        const [first, second] = await outbox.claim(10);
        await outbox.sent(first!);
        await outbox.gone(second!);
        expect(await database.db.selectFrom('outbox').select('sealed').execute()).toEqual([{ sealed: '' }, { sealed: '' }]);
        at += 1e9;
        expect(await outbox.claim(10)).toEqual([]);
        await outbox.sweep(at);
        expect(await database.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
      });

      it('sends one message per chat at a time, also where two instances assigned the same number', async () => {
        await put('one');
        await put('two');
        await database.db.updateTable('outbox').set({ seq: 1 }).execute();
        expect(await outbox.claim(10)).toHaveLength(1);
        expect(await outbox.claim(10)).toEqual([]);
      });

      it('claims the oldest first', async () => {
        for (const n of [1, 2, 3]) {
          at = NOON + n;
          await put(`${n}`, `chat:${n}`);
        }
        expect(texts(await outbox.claim(2))).toEqual(['1', '2']);
      });

      it('keeps the order within a chat, also within one transaction', async () => {
        await database.db.transaction().execute(async (tx) => {
          for (let n = 0; n < 5; n++) await outbox.put(tx, `${n}`, 'chat:1', { text: `${n}` });
        });
        for (let n = 0; n < 5; n++) {
          const claimed = await outbox.claim(10);
          expect(texts(claimed)).toEqual([`${n}`]);
          expect(await outbox.claim(10)).toEqual([]);
          await outbox.sent(claimed[0]!);
        }
      });

      it.each(['postpone', 'doubtful'] as const)(
        'does not send later messages of a chat before one that has to wait (%s)',
        async (wait) => {
          await put('old');
          await outbox[wait]((await outbox.claim(10))[0]!, 1000);
          at += 10;
          await put('new');
          await put('elsewhere', 'chat:2');
          expect(texts(await outbox.claim(10))).toEqual(['elsewhere']);
          at += 1000;
          const [old, ...more] = await outbox.claim(10);
          expect([old?.message.text, more]).toEqual(['old', []]);
          await outbox.sent(old!);
          expect(texts(await outbox.claim(10))).toEqual(['new']);
        },
      );

      it('fences an expired claim: a message that was sent stays sent', async () => {
        await put('summary:1');
        const [slow] = await outbox.claim(10);
        at += SENDING_MS;
        const [other] = await outbox.claim(10);
        expect([other?.repeat, other?.epoch]).toEqual([true, 2]);
        const late = async (): Promise<unknown> => [
          await outbox.renew(slow!),
          await outbox.postpone(slow!, 0),
          await outbox.doubtful(slow!, 0),
          await outbox.gone(slow!),
          await outbox.dead(slow!),
          await outbox.sent(slow!),
        ];
        const nothing = [false, false, false, false, false, false];
        expect(await late()).toEqual(nothing);
        expect(await outbox.sent(other!)).toBe(true);
        expect(await late()).toEqual(nothing);
        await put('elsewhere', 'chat:2');
        expect(texts(await outbox.claim(10))).toEqual(['elsewhere']);
      });

      it('puts aside a message that cannot be opened, logs it, and goes on with the others', async () => {
        await put('broken', 'chat:1');
        await put('behind it', 'chat:1');
        await put('elsewhere', 'chat:2');
        await database.db.updateTable('outbox').set({ sealed: '' }).where('dedupe_key', '=', 'broken').execute();
        expect(texts(await outbox.claim(10))).toEqual(['elsewhere']);
        expect(texts(await outbox.claim(10))).toEqual(['behind it']);
        expect(alarms).toEqual(['outbox: a message cannot be opened and is put aside']);
        expect(await outbox.deadCount()).toBe(1);
      });

      it('puts aside an undeliverable message, and keeps it for a while', async () => {
        await put('summary:1');
        const [claim] = await outbox.claim(10);
        await outbox.dead(claim!);
        at += 2 * HOUR;
        await outbox.sweep(at - HOUR);
        expect(await outbox.deadCount()).toBe(1);
        expect((await database.db.selectFrom('outbox').select('sealed').executeTakeFirstOrThrow()).sealed).not.toBe('');
        at += 1;
        await outbox.sweep(at - HOUR);
        expect(await outbox.deadCount()).toBe(0);
      });

      it('puts aside messages that are too old, except those being sent', async () => {
        await put('late', 'chat:1');
        await put('on its way', 'chat:2');
        await outbox.postpone((await outbox.claim(1))[0]!, 1000, 'untried');
        await outbox.claim(1);
        at += HOUR + 1;
        await outbox.sweep(at - HOUR);
        expect([await outbox.deadCount(), await outbox.counts()]).toEqual([1, { due: 1, uncertain: 0 }]);
        expect(alarms).toEqual(['outbox: a message could not be delivered in time and is put aside']);
      });

      it('does not count as a try what was handed back untried', async () => {
        await put('summary:1');
        for (let n = 0; n < 3; n++) {
          const [claim] = await outbox.claim(10);
          expect([claim?.epoch, claim?.attempts, claim?.repeat]).toEqual([n + 1, 0, false]);
          await outbox.postpone(claim!, 0, 'untried');
        }
      });

      it('keeps the order of insertion when the clock was set back', async () => {
        await put('old');
        await put('waits', 'chat:2');
        await outbox.postpone(
          (await outbox.claim(10)).find(({ chat }) => chat === 'chat:2')!,
          LONGEST_WAIT_MS,
        );
        at -= 8 * HOUR;
        const restarted = createOutbox<{ text: string }>(database.db, seal, now, randomUUID);
        await database.db.transaction().execute((tx) => restarted.put(tx, 'new', 'chat:1', { text: 'new' }));
        expect(texts(await outbox.claim(10))).toEqual(['old', 'waits']);
        expect(texts(await outbox.claim(10))).toEqual([]);
      });

      it('leaves a renewed claim to its holder', async () => {
        await put('slow');
        const [slow] = await outbox.claim(10);
        at += SENDING_MS - 1;
        await outbox.renew(slow!);
        at += SENDING_MS - 1;
        expect(await outbox.claim(10)).toEqual([]);
        await outbox.sent(slow!);
        await outbox.renew(slow!);
        at += SENDING_MS;
        expect(await outbox.claim(10)).toEqual([]);
      });
    });

    describe('a lease', () => {
      let leases: Leases;
      beforeEach(() => void (leases = createLeases(database.db, now)));

      it('is acquired by one of many, who may renew it', async () => {
        const got = await Promise.all(Array.from({ length: 10 }, (_, n) => leases.hold('clock', `copy ${n}`, 1000)));
        expect(got.filter(Boolean)).toHaveLength(1);
        const holder = `copy ${got.indexOf(true)}`;
        at += 999;
        expect(await leases.hold('clock', holder, 1000)).toBe(true);
        at += 999;
        expect(await leases.hold('clock', 'another', 1000)).toBe(false);
      });

      it('expires when its holder has died', async () => {
        await leases.hold('clock', 'dead', 1000);
        at += 1000;
        expect(await leases.hold('clock', 'living', 1000)).toBe(true);
        expect(await leases.hold('clock', 'dead', 1000)).toBe(false);
      });

      it('of a dead holder expires also where the clock was set back since', async () => {
        await leases.hold('clock', 'dead', 1000);
        at -= 8 * 3_600_000;
        expect(await leases.hold('clock', 'living', 1000)).toBe(true);
        // A holder’s clock is a moment behind another’s: that is no reason.
        at -= 1000;
        expect(await leases.hold('clock', 'dead', 1000)).toBe(false);
      });

      it('is released by its holder, and by nobody else', async () => {
        await leases.hold('clock', 'a', 1000);
        await leases.release('clock', 'b');
        expect(await leases.hold('clock', 'b', 1000)).toBe(false);
        await leases.release('clock', 'a');
        expect(await leases.hold('clock', 'b', 1000)).toBe(true);
      });

      it('is independent of other names', async () => {
        expect(await leases.hold('clock', 'a', 1000)).toBe(true);
        expect(await leases.hold('polling', 'b', 1000)).toBe(true);
      });
    });

    describe('attempts', () => {
      const LIMIT: AttemptLimit = { failures: 3, firstPauseMs: 1000, longestPauseMs: 3000 };
      const DAY = 24 * 3_600_000;
      let attempts: Attempts;
      beforeEach(async () => {
        await database.db.deleteFrom('attempt').execute();
        attempts = createAttempts({ db: database.db, now });
      });
      const fail = async (key = 'thief'): Promise<Attempt> => {
        const begun = await attempts.begin(key, LIMIT);
        if (isPaused(begun)) throw new Error(`paused for ${begun.ms} ms`);
        return begun;
      };

      it('pause after the limit of failures, twice as long after each further one, up to the longest', async () => {
        for (let n = 0; n < 3; n++) await fail();
        for (const ms of [1000, 2000, 3000, 3000]) {
          expect(await attempts.begin('thief', LIMIT)).toEqual({ kind: 'paused', ms });
          at += ms - 1;
          expect(await attempts.begin('thief', LIMIT)).toEqual({ kind: 'paused', ms: 1 });
          at += 1;
          await fail();
        }
        await fail('another');
      });

      it('pause no longer than the longest where the clock was set back since', async () => {
        for (let n = 0; n < 3; n++) await fail();
        at -= 8 * 3_600_000;
        await fail();
        expect(isPaused(await attempts.begin('thief', LIMIT))).toBe(true);
      });

      it('are counted in advance: of many concurrent ones at two instances no more than the limit begin', async () => {
        const other = createAttempts({ db: database.db, now });
        const begun = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? attempts : other).begin('thief', LIMIT)));
        expect(begun.filter((one) => !isPaused(one))).toHaveLength(3);
      });

      it('that pass do not count', async () => {
        await fail();
        await (await fail()).passed();
        expect((await fail()).failures).toBe(2);
      });

      it('are forgiven one by one, never below none; a pause goes on', async () => {
        await fail();
        await fail();
        await attempts.forgive('thief');
        expect((await fail()).failures).toBe(2);
        for (let n = 0; n < 3; n++) await attempts.forgive('thief');
        expect((await fail()).failures).toBe(1);
        for (let n = 0; n < 2; n++) await fail();
        await attempts.forgive('thief');
        expect(await attempts.begin('thief', LIMIT)).toEqual({ kind: 'paused', ms: 1000 });
        await attempts.forgive('nobody');
      });

      it('that pass do not end the pause of another', async () => {
        const [first] = [await fail(), await fail(), await fail()];
        await first.passed();
        expect(await attempts.begin('thief', LIMIT)).toEqual({ kind: 'paused', ms: 1000 });
      });

      it('can be looked at without being counted', async () => {
        expect(await attempts.standing('thief', LIMIT)).toEqual({ failures: 0 });
        for (let n = 0; n < 2; n++) await fail();
        expect(await attempts.standing('thief', LIMIT)).toEqual({ failures: 2 });
        await fail();
        expect(await attempts.standing('thief', LIMIT)).toEqual({ kind: 'paused', ms: 1000 });
        at += 1000;
        expect(await attempts.standing('thief', LIMIT)).toEqual({ failures: 3 });
        // A pause that seems to end hours from now was begun before the clock was set back.
        await fail();
        at -= 8 * 3_600_000;
        expect(await attempts.standing('thief', LIMIT)).toEqual({ failures: 4 });
        at += 8 * 3_600_000 + DAY;
        expect(await attempts.standing('thief', LIMIT)).toEqual({ failures: 0 });
      });

      it('are announced once per series of failures', async () => {
        const begun = await fail();
        const told = await Promise.all(Array.from({ length: 5 }, () => begun.announce()));
        expect(told.filter(Boolean)).toHaveLength(1);
        expect(await (await fail()).announce()).toBe(false);
        at += DAY;
        expect(await (await fail()).announce()).toBe(true);
      });

      it('expire a day after the last failure, and are swept', async () => {
        for (let n = 0; n < 2; n++) await fail();
        at += DAY - 1;
        expect((await fail()).failures).toBe(3);
        at += DAY;
        expect((await fail()).failures).toBe(1);
        at += DAY;
        await attempts.sweep();
        expect(await database.db.selectFrom('attempt').selectAll().execute()).toEqual([]);
      });

      it('may have a limit of one', async () => {
        const one: AttemptLimit = { failures: 1, firstPauseMs: 1000, longestPauseMs: 1000 };
        await attempts.begin('newcomer', one);
        expect(await attempts.begin('newcomer', one)).toEqual({ kind: 'paused', ms: 1000 });
        at += 1000;
        expect(await attempts.begin('newcomer', one)).toMatchObject({ failures: 2 });
      });
    });
  });
}

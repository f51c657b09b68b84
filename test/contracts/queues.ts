/** What a database must do for inbox, outbox, leases and attempts: a suite that SQLite and PostgreSQL are run through. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../services/store/database.ts';
import { createAttempts, isPaused, type Attempt, type AttemptLimit, type Attempts } from '../../services/store/attempts.ts';
import { CLAIM_MS, createInboxRows, REMEMBER_MS, type InboxRows } from '../../services/store/inbox.ts';
import { createLeases, type Leases } from '../../services/store/leases.ts';
import { createOutbox, SENDING_MS, type Outbox } from '../../services/store/outbox.ts';
import { createSeal } from '../../services/store/seal.ts';
import type { StoreWorld } from './store.ts';

const NOON = Date.UTC(2026, 10, 22, 4);

export function queuesContract(name: string, make: () => Promise<StoreWorld>): void {
  describe(name, () => {
    let world: StoreWorld;
    let store: Store;
    let at: number;
    const now = (): number => at;
    const seal = createSeal(randomBytes(32));
    beforeAll(async () => {
      world = await make();
      store = await world.open();
    });
    afterAll(async () => {
      await store?.close();
      await world?.remove();
    });
    beforeEach(async () => {
      at = NOON;
      for (const table of ['inbox', 'outbox', 'lease'] as const) await store.db.deleteFrom(table).execute();
    });

    describe('the inbox', () => {
      let inbox: InboxRows<{ text: string }>;
      beforeEach(() => void (inbox = createInboxRows(store.db, seal, now)));

      it('hears an event once, however often it comes at the same time', async () => {
        const heard = await Promise.all(
          Array.from({ length: 20 }, () => inbox.put('update:1', 'chat:1', { text: '7992697494' })),
        );
        expect(heard.filter((one) => one !== 'known')).toHaveLength(1);
        expect(await inbox.waiting()).toBe(1);
      });

      it('knows an event again after it was answered, and keeps nothing of what it said', async () => {
        await inbox.put('update:1', 'chat:1', { text: 'secret' });
        const before = await store.db.selectFrom('inbox').select('sealed').executeTakeFirstOrThrow();
        expect(before.sealed).not.toContain('secret');
        await inbox.done((await inbox.claim('chat:1'))!.id);
        expect(await inbox.put('update:1', 'chat:1', { text: 'secret' })).toBe('known');
        expect(await store.db.selectFrom('inbox').select('sealed').execute()).toEqual([{ sealed: '' }]);
        expect(await inbox.waiting()).toBe(0);
      });

      it('gives a chat one event at a time, to one of many who ask, in the order they came', async () => {
        for (const n of [1, 2, 3]) await inbox.put(`update:${n}`, 'chat:1', { text: `${n}` });
        const texts: string[] = [];
        for (let round = 0; round < 3; round++) {
          const claims = await Promise.all(Array.from({ length: 10 }, () => inbox.claim('chat:1')));
          const [claim, ...more] = claims.flatMap((found) => found ?? []);
          expect(more).toEqual([]);
          texts.push(claim!.event.text);
          await inbox.done(claim!.id);
        }
        expect(texts).toEqual(['1', '2', '3']);
        expect(await inbox.claim('chat:1')).toBeUndefined();
      });

      it('goes by the time of arrival where several copies of the program hear', async () => {
        for (const n of [3, 1, 2]) {
          at = NOON + n;
          await inbox.put(`update:${n}`, 'chat:1', { text: `${n}` });
        }
        at = NOON + 10;
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('lets chats run side by side', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.put('update:2', 'chat:2', { text: '2' });
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
        expect((await inbox.claim('chat:2'))?.event.text).toBe('2');
      });

      it('gives an event again when whoever had it is gone, and says that it was tried', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        expect((await inbox.claim('chat:1'))?.attempts).toBe(0);
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
        expect(await inbox.chats()).toEqual([]);
        at += 1;
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.attempts).toBe(1);
      });

      it('leaves an event to whoever says in time that he still works on it', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.claim('chat:1');
        at += CLAIM_MS - 1;
        await inbox.renew('update:1');
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
      });

      it('waits with the whole chat when its oldest event is postponed', async () => {
        for (const n of [1, 2]) await inbox.put(`update:${n}`, 'chat:1', { text: `${n}` });
        await inbox.claim('chat:1');
        await inbox.postpone('update:1', 1000);
        expect(await inbox.claim('chat:1')).toBeUndefined();
        at += 1000;
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('has everything waiting again after a restart', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.claim('chat:1');
        await inbox.recover();
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('forgets what is long done, and nothing else', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        await inbox.put('update:2', 'chat:2', { text: '2' });
        await inbox.claim('chat:1');
        await inbox.done('update:1');
        at += REMEMBER_MS;
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
      beforeEach(() => void (inbox = createInboxRows(store.db, seal, now)));
      const put = (n: number, chat = 'chat:1') => inbox.put(`update:${n}`, chat, { text: `${n}` }, 'claiming');

      it('is nobody else’s, and is done as any other', async () => {
        expect(await put(1)).toBe('claimed');
        expect(await inbox.claim('chat:1')).toBeUndefined();
        expect([await inbox.chats(), await inbox.waiting()]).toEqual([[], 1]);
        await inbox.done('update:1');
        expect(await inbox.waiting()).toBe(0);
        expect(await put(1)).toBe('known');
      });

      it('is heard once, however often it comes at the same time', async () => {
        const heard = await Promise.all(Array.from({ length: 20 }, () => put(1)));
        expect(heard.filter((one) => one !== 'known')).toEqual(['claimed']);
      });

      it('is one of many in its chat that come at the same time; the others wait, chats go side by side', async () => {
        const heard = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => put(n)));
        expect(heard.toSorted()).toEqual(['claimed', ...Array.from({ length: 7 }, () => 'waiting')]);
        expect(await put(9, 'chat:2')).toBe('claimed');
        expect(await inbox.waiting()).toBe(9);
      });

      it('comes after what waits in its chat, also after what was put off', async () => {
        await inbox.put('update:1', 'chat:1', { text: '1' });
        expect(await put(2)).toBe('waiting');
        await inbox.claim('chat:1');
        await inbox.postpone('update:1', 1000);
        expect(await put(3)).toBe('waiting');
        await inbox.recover();
        at += 1000;
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });

      it('is given to another when whoever stored it is gone, as one that was tried', async () => {
        await put(1);
        at += CLAIM_MS - 1;
        expect(await inbox.claim('chat:1')).toBeUndefined();
        at += 1;
        expect(await inbox.claim('chat:1')).toEqual({ id: 'update:1', event: { text: '1' }, attempts: 1 });
      });

      it('waits again after a restart', async () => {
        await put(1);
        await inbox.recover();
        expect(await inbox.chats()).toEqual(['chat:1']);
        expect((await inbox.claim('chat:1'))?.event.text).toBe('1');
      });
    });

    describe('the outbox', () => {
      let outbox: Outbox<{ text: string }>;
      beforeEach(() => void (outbox = createOutbox(store.db, seal, now, randomUUID)));
      const put = (key: string, chat = 'chat:1'): Promise<void> =>
        store.db.transaction().execute((tx) => outbox.put(tx, key, chat, { text: key }));
      const texts = (claimed: Awaited<ReturnType<typeof outbox.claim>>): string[] => claimed.map(({ message }) => message.text);

      it('says a thing once, however often it is put in', async () => {
        await Promise.all(Array.from({ length: 10 }, () => put('summary:1')));
        expect(await outbox.counts()).toEqual({ due: 1, uncertain: 0 });
        await outbox.sent((await outbox.claim(10))[0]!.id);
        await put('summary:1');
        expect(await outbox.claim(10)).toEqual([]);
      });

      it('says nothing of a fact that did not come about', async () => {
        const failing = store.db.transaction().execute(async (tx) => {
          await outbox.put(tx, 'summary:1', 'chat:1', { text: 'x' });
          throw new Error('no fact');
        });
        await expect(failing).rejects.toThrow('no fact');
        expect(await outbox.counts()).toEqual({ due: 0, uncertain: 0 });
      });

      it('gives each message to one of many who ask', async () => {
        for (let n = 0; n < 20; n++) await put(`message:${n}`, `chat:${n}`);
        const claims = (await Promise.all(Array.from({ length: 8 }, () => outbox.claim(5)))).flat();
        const rest = await outbox.claim(100);
        expect([...claims, ...rest].map(({ message }) => message.text).toSorted()).toEqual(
          Array.from({ length: 20 }, (_, n) => `message:${n}`).toSorted(),
        );
      });

      it('marks as a repeat what may have arrived, and only that', async () => {
        await put('lost', 'chat:1');
        await put('refused', 'chat:2');
        const [lost, refused] = (await outbox.claim(10)).toSorted((a, b) => (a.message.text < b.message.text ? -1 : 1));
        expect([lost?.repeat, refused?.repeat]).toEqual([false, false]);
        await outbox.doubtful(lost!.id, 1000);
        await outbox.postpone(refused!.id, 1000);
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

      it('marks as a repeat what was being sent when the program died', async () => {
        await put('summary:1');
        await outbox.claim(10);
        expect(await outbox.claim(10)).toEqual([]);
        at += 60_000;
        expect((await outbox.claim(10)).map(({ repeat }) => repeat)).toEqual([true]);
      });

      it('keeps nothing of what was said, and gives up on a chat that is gone', async () => {
        await put('a', 'chat:1');
        await put('b', 'chat:2');
        const [first, second] = await outbox.claim(10);
        await outbox.sent(first!.id);
        await outbox.gone(second!.id);
        expect(await store.db.selectFrom('outbox').select('sealed').execute()).toEqual([{ sealed: '' }, { sealed: '' }]);
        at += 1e9;
        expect(await outbox.claim(10)).toEqual([]);
        await outbox.sweep(at);
        expect(await store.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
      });

      it('sends the oldest first', async () => {
        for (const n of [1, 2, 3]) {
          at = NOON + n;
          await put(`${n}`, `chat:${n}`);
        }
        expect(texts(await outbox.claim(2))).toEqual(['1', '2']);
      });

      it('gives a chat its messages one after another, in the order they were put in, also within one transaction', async () => {
        await store.db.transaction().execute(async (tx) => {
          for (let n = 0; n < 5; n++) await outbox.put(tx, `${n}`, 'chat:1', { text: `${n}` });
        });
        for (let n = 0; n < 5; n++) {
          const claimed = await outbox.claim(10);
          expect(texts(claimed)).toEqual([`${n}`]);
          expect(await outbox.claim(10)).toEqual([]);
          await outbox.sent(claimed[0]!.id);
        }
      });

      it.each(['postpone', 'doubtful'] as const)('lets no news overtake what has to wait (%s), in its chat', async (wait) => {
        await put('old');
        await outbox[wait]((await outbox.claim(10))[0]!.id, 1000);
        at += 10;
        await put('new');
        await put('elsewhere', 'chat:2');
        expect(texts(await outbox.claim(10))).toEqual(['elsewhere']);
        at += 1000;
        const [old, ...more] = await outbox.claim(10);
        expect([old?.message.text, more]).toEqual(['old', []]);
        await outbox.sent(old!.id);
        expect(texts(await outbox.claim(10))).toEqual(['new']);
      });

      it('leaves a message to whoever says in time that he is still sending it', async () => {
        await put('slow');
        const [slow] = await outbox.claim(10);
        at += SENDING_MS - 1;
        await outbox.renew(slow!.id);
        at += SENDING_MS - 1;
        expect(await outbox.claim(10)).toEqual([]);
        await outbox.sent(slow!.id);
        await outbox.renew(slow!.id);
        at += SENDING_MS;
        expect(await outbox.claim(10)).toEqual([]);
      });
    });

    describe('a lease', () => {
      let leases: Leases;
      beforeEach(() => void (leases = createLeases(store.db, now)));

      it('is held by one of many, who may renew it', async () => {
        const got = await Promise.all(Array.from({ length: 10 }, (_, n) => leases.hold('clock', `copy ${n}`, 1000)));
        expect(got.filter(Boolean)).toHaveLength(1);
        const holder = `copy ${got.indexOf(true)}`;
        at += 999;
        expect(await leases.hold('clock', holder, 1000)).toBe(true);
        at += 999;
        expect(await leases.hold('clock', 'another', 1000)).toBe(false);
      });

      it('ends by itself when its holder is gone', async () => {
        await leases.hold('clock', 'dead', 1000);
        at += 1000;
        expect(await leases.hold('clock', 'living', 1000)).toBe(true);
        expect(await leases.hold('clock', 'dead', 1000)).toBe(false);
      });

      it('is given back by its holder, and by nobody else', async () => {
        await leases.hold('clock', 'a', 1000);
        await leases.release('clock', 'b');
        expect(await leases.hold('clock', 'b', 1000)).toBe(false);
        await leases.release('clock', 'a');
        expect(await leases.hold('clock', 'b', 1000)).toBe(true);
      });

      it('does not touch another', async () => {
        expect(await leases.hold('clock', 'a', 1000)).toBe(true);
        expect(await leases.hold('polling', 'b', 1000)).toBe(true);
      });
    });

    describe('attempts', () => {
      const LIMIT: AttemptLimit = { failures: 3, firstPauseMs: 1000, longestPauseMs: 3000 };
      const DAY = 24 * 3_600_000;
      let attempts: Attempts;
      beforeEach(async () => {
        await store.db.deleteFrom('attempt').execute();
        attempts = createAttempts({ db: store.db, now });
      });
      const fail = async (key = 'thief'): Promise<Attempt> => {
        const begun = await attempts.begin(key, LIMIT);
        if (isPaused(begun)) throw new Error(`paused for ${begun.ms} ms`);
        return begun;
      };

      it('pause after so many failures, twice as long after each further one, up to the longest', async () => {
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

      it('are counted before they end: of many at once no more than the limit begin, at two instances too', async () => {
        const other = createAttempts({ db: store.db, now });
        const begun = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? attempts : other).begin('thief', LIMIT)));
        expect(begun.filter((one) => !isPaused(one))).toHaveLength(3);
      });

      it('that went well do not count, and may take former failures off; never below none', async () => {
        await fail();
        await fail();
        await (await fail()).passed(1);
        expect((await fail()).failures).toBe(2);
        await (await fail()).passed(9);
        expect((await fail()).failures).toBe(1);
      });

      it('that went well leave a pause alone that another one brought', async () => {
        const [first] = [await fail(), await fail(), await fail()];
        await first.passed();
        expect(await attempts.begin('thief', LIMIT)).toEqual({ kind: 'paused', ms: 1000 });
      });

      it('are announced once, and again in a later series', async () => {
        const begun = await fail();
        const told = await Promise.all(Array.from({ length: 5 }, () => begun.announce()));
        expect(told.filter(Boolean)).toHaveLength(1);
        expect(await (await fail()).announce()).toBe(false);
        at += DAY;
        expect(await (await fail()).announce()).toBe(true);
      });

      it('are forgotten a day after the last, and swept away', async () => {
        for (let n = 0; n < 2; n++) await fail();
        at += DAY - 1;
        expect((await fail()).failures).toBe(3);
        at += DAY;
        expect((await fail()).failures).toBe(1);
        at += DAY;
        await attempts.sweep();
        expect(await store.db.selectFrom('attempt').selectAll().execute()).toEqual([]);
      });

      it('may be limited to one', async () => {
        const one: AttemptLimit = { failures: 1, firstPauseMs: 1000, longestPauseMs: 1000 };
        await attempts.begin('newcomer', one);
        expect(await attempts.begin('newcomer', one)).toEqual({ kind: 'paused', ms: 1000 });
        at += 1000;
        expect(await attempts.begin('newcomer', one)).toMatchObject({ failures: 2 });
      });
    });
  });
}

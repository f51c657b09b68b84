/** What every database must do for us: a suite that SQLite (in a file and in memory) and PostgreSQL are run through. */
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Db, Database } from '../../services/database/database.ts';
import { createCollections, sweepExpired, type Collections } from '../../services/database/collections.ts';
import { createInboxRows } from '../../services/database/queues/inbox.ts';
import { createLockAccounts } from '../../services/database/locks/row-locks.ts';
import { createReadPage } from '../../services/ledger/pages.ts';
import type { VerificationTable } from '../../services/database/schema/tables.ts';
import { migrate } from '../../services/database/schema/migrate.ts';
import { migrations } from '../../services/database/schema/migrations.ts';
import { createOutbox } from '../../services/database/queues/outbox.ts';
import { createSeal, PLACES, WrongKey } from '../../services/database/seal.ts';
import { sealedBefore } from '../fixtures/sealed-before.ts';
import { openSeal } from '../../services/database/secret-key.ts';
import { isUniqueViolation } from '../../services/database/unique-violation.ts';
import { inboxRow, storeRow, verificationRow } from '../fixtures/rows.ts';

/** A database that is empty at first. */
export interface TestDatabase {
  /** Opens it; more than once at the same time only where it says so. */
  open(): Promise<Database>;
  /** Opens it without bringing its schema up to date. */
  bare(): Promise<Db>;
  /** The schema it lives in, for `migrate`. */
  readonly schema?: string;
  /** Removes it. */
  remove(): Promise<void>;
}

const NOON = Date.UTC(2026, 10, 22, 4);
const KEY = randomBytes(32);
const outcomes = async (acts: readonly Promise<unknown>[]): Promise<number> =>
  (await Promise.allSettled(acts)).filter(({ status }) => status === 'fulfilled').length;

export function databaseContract(name: string, make: () => Promise<TestDatabase>): void {
  describe(name, () => {
    let target: TestDatabase;
    let database: Database;
    let shops = 0;
    /** A store of its own for each test, so that they do not meet. */
    const newShop = async (): Promise<string> => {
      const shop = storeRow(`shop-${shops++}`);
      await database.db.insertInto('store').values(shop).execute();
      return shop.id;
    };
    const submit = (id: string, shop: string, changes: Parameters<typeof verificationRow>[2] = {}): Promise<unknown> =>
      database.db
        .insertInto('verification')
        .values(verificationRow(id, shop, { account_id: shop, ...changes }))
        .execute();

    beforeAll(async () => {
      target = await make();
      database = await target.open();
      await database.db
        .insertInto('account')
        .values({ id: 'account', platform: 'practice', identity: 'a', sealed: '', refused_at: null, created_at: NOON })
        .execute();
    });
    afterAll(async () => {
      await database?.close();
      await target?.remove();
    });
    afterEach(() => void vi.useRealTimers());

    describe('the schema', () => {
      it('is brought up to date once; a second time changes nothing', async () => {
        const shop = await newShop();
        await migrate(database.db, target.schema);
        await migrate(database.db, target.schema);
        expect(await database.db.selectFrom('store').select('name').where('id', '=', shop).execute()).toHaveLength(1);
      });

      it('migrates queues of an earlier version: waiting, claimed and done rows', async () => {
        const before = await make();
        const db = await before.bare();
        const provider = { getMigrations: () => Promise.resolve(migrations) };
        const schema = before.schema === undefined ? {} : { migrationTableSchema: before.schema };
        const { error } = await new Migrator({ db, provider, ...schema }).migrateTo('0002-listings');
        expect(error).toBeUndefined();
        const seal = createSeal(KEY, { placeless: true });
        const common = { sealed: sealedBefore(KEY, '{"n":1}'), attempts: 1 };
        const heard = (id: string, chat: string, state: string) =>
          sql`insert into inbox (id, seq, chat_id, sealed, state, attempts, until, received_at)
            values (${id}, ${NOON * 1000}, ${chat}, ${common.sealed}, ${state}, ${common.attempts}, ${NOON}, ${NOON})`.execute(
            db,
          );
        const written = (id: string, chat: string, state: string) =>
          sql`insert into outbox (id, seq, dedupe_key, chat_id, sealed, state, due_at, attempts, created_at)
            values (${id}, ${NOON * 1000}, ${id}, ${chat}, ${common.sealed}, ${state}, ${NOON}, ${common.attempts}, ${NOON})`.execute(
            db,
          );
        for (const state of ['waiting', 'doing', 'done']) await heard(state, `chat:${state}`, state);
        for (const state of ['due', 'sending', 'sent']) await written(state, `chat:${state}`, state);
        await db.destroy();

        const after = await before.open();
        const inbox = createInboxRows(after.db, seal, () => NOON);
        expect(await inbox.put('done', 'chat:done', {})).toBe('known');
        for (const state of ['waiting', 'doing']) {
          const claim = await inbox.claim(`chat:${state}`);
          expect(claim).toEqual({ id: state, epoch: 1, event: { n: 1 }, attempts: 1, said: [] });
          expect(await inbox.done(claim!)).toBe(true);
        }
        const claimed = await createOutbox(after.db, seal, () => NOON, randomUUID).claim(10);
        expect(new Set(claimed.map(({ id, epoch, repeat }) => `${id} ${epoch} ${repeat}`))).toEqual(
          new Set(['due 1 false', 'sending 1 true']),
        );
        await after.close();
        await before.remove();
      });

      it('migrates verifications of an earlier version: what is in flight, decided, or refused to be undone', async () => {
        const before = await make();
        const db = await before.bare();
        const provider = { getMigrations: () => Promise.resolve(migrations) };
        const schema = before.schema === undefined ? {} : { migrationTableSchema: before.schema };
        expect((await new Migrator({ db, provider, ...schema }).migrateTo('0005-facts')).error).toBeUndefined();
        await db
          .insertInto('account')
          .values({ id: 'account', platform: 'umember', identity: 'a', sealed: '', refused_at: null, created_at: NOON })
          .execute();
        for (const id of ['one', 'two']) await db.insertInto('store').values(storeRow(id)).execute();
        const LATE = '{"kind":"refused","reason":"undo-late"}';
        const old = async (id: string, store: string, changes: Parameters<typeof verificationRow>[2]): Promise<void> => {
          const later = ['account_id', 'decided_by', 'undo_refusal', 'place_id', 'place', 'note', 'merchant_message'].concat([
            'reading',
            'sender_kind',
            'sender',
            'sender_name',
            'event',
            'other_code',
            'other_tail',
          ]);
          const row = Object.entries(verificationRow(id, store, changes)).filter(([column]) => !later.includes(column));
          await db
            .insertInto('verification')
            .values(Object.fromEntries(row) as unknown as VerificationTable)
            .execute();
        };
        await old('a', 'one', { state: 'unsure' });
        // Two stores of one account could have the same code in flight.
        await old('b', 'two', { state: 'submitting' });
        await old('c', 'one', { code: '2', state: 'verified', refusal: LATE, decided: 1, undo_by: 'telegram:1' });
        await db.destroy();

        const after = await before.open();
        const rows = await after.db.selectFrom('verification').selectAll().orderBy('id').execute();
        expect(rows.map(({ id, account_id: account }) => [id, account])).toEqual([
          ['a', 'account'],
          ['b', null],
          ['c', 'account'],
        ]);
        expect(rows[2]).toMatchObject({ undo_refusal: LATE, refusal: null, decided_by: 'telegram:1' });
        const third = after.db
          .insertInto('verification')
          .values(verificationRow('d', 'two', { account_id: 'account' }))
          .execute();
        expect(isUniqueViolation(await third.catch((error: unknown) => error))).toBe(true);
        await after.close();
        await before.remove();
      });

      it('refuses rows that refer to nothing', async () => {
        await expect(submit('nowhere', 'no such shop')).rejects.toThrow();
      });
    });

    describe('a transaction', () => {
      it('that locks the accounts of a store holds the lock until it ends', async () => {
        const shop = await newShop();
        const lockAccounts = createLockAccounts(database.db);
        const happened: string[] = [];
        let end!: () => void;
        const ended = new Promise<void>((resolve) => (end = resolve));
        let lock!: () => void;
        const locked = new Promise<void>((resolve) => (lock = resolve));
        const first = database.db.transaction().execute(async (tx) => {
          await lockAccounts(tx, shop);
          lock();
          await ended;
          happened.push('the first ends');
        });
        await locked;
        const second = database.db.transaction().execute(async (tx) => {
          await lockAccounts(tx, shop);
          happened.push('the second has it');
        });
        // So long it would have taken.
        if (target.schema) for (let n = 0; n < 20; n++) await sql`select 1`.execute(database.db);
        end();
        await Promise.all([first, second]);
        expect(happened).toEqual(['the first ends', 'the second has it']);
      });

      it('is rolled back when it fails', async () => {
        const shop = await newShop();
        const failing = database.db.transaction().execute(async (tx) => {
          await tx.insertInto('verification').values(verificationRow('rolled-back', shop)).execute();
          await tx.updateTable('store').set({ name: 'renamed' }).where('id', '=', shop).execute();
          throw new Error('no more');
        });
        await expect(failing).rejects.toThrow('no more');
        expect(await database.db.selectFrom('verification').where('store_id', '=', shop).selectAll().execute()).toEqual([]);
        expect(await database.db.selectFrom('store').select('name').where('id', '=', shop).executeTakeFirst()).toEqual({
          name: storeRow(shop).name,
        });
      });

      it('is committed when it succeeds', async () => {
        const shop = await newShop();
        await database.db.transaction().execute(async (tx) => {
          await tx
            .insertInto('verification')
            .values(verificationRow(`${shop}-kept-1`, shop))
            .execute();
          await tx
            .insertInto('verification')
            .values(verificationRow(`${shop}-kept-2`, shop, { code: '2' }))
            .execute();
        });
        expect(await database.db.selectFrom('verification').where('store_id', '=', shop).selectAll().execute()).toHaveLength(2);
      });

      it('is isolated: fifty concurrent increments all count', async () => {
        const shop = await newShop();
        await submit(shop, shop, { count: 0 });
        await Promise.all(
          Array.from({ length: 50 }, () =>
            database.db.transaction().execute(async (tx) => {
              await tx
                .updateTable('verification')
                .set((e) => ({ count: e('count', '+', 1) }))
                .where('id', '=', shop)
                .execute();
            }),
          ),
        );
        expect(await database.db.selectFrom('verification').select('count').where('id', '=', shop).executeTakeFirst()).toEqual({
          count: 50,
        });
      });
    });

    describe('constraints', () => {
      it('allow one verification in flight per merchant and code, of many concurrent inserts', async () => {
        const shop = await newShop();
        expect(await outcomes(Array.from({ length: 20 }, (_, n) => submit(`${shop}-${n}`, shop)))).toBe(1);
      });

      it.each(['submitting', 'unsure', 'person', 'undoing', 'undo-unsure'] as const)('count %s as in flight', async (state) => {
        const shop = await newShop();
        await submit(`${shop}-1`, shop, { state });
        const refused = await submit(`${shop}-2`, shop).catch((error: unknown) => error);
        expect(isUniqueViolation(refused)).toBe(true);
      });

      it.each(['open', 'dropped', 'verified', 'refused', 'undone'] as const)('do not count %s as in flight', async (state) => {
        const shop = await newShop();
        await submit(`${shop}-1`, shop, { state });
        await submit(`${shop}-2`, shop);
      });

      it('allow another merchant or another code at the same time', async () => {
        const [one, other] = [await newShop(), await newShop()];
        await submit(`${one}-1`, one);
        await submit(`${one}-2`, one, { code: '0332808512' });
        await submit(`${other}-1`, other);
      });

      it('allow the code again after the first verification has ended', async () => {
        const shop = await newShop();
        await submit(`${shop}-1`, shop);
        await database.db.updateTable('verification').set({ state: 'verified' }).where('id', '=', `${shop}-1`).execute();
        await submit(`${shop}-2`, shop);
      });

      it('allow a request id once', async () => {
        const [one, other] = [await newShop(), await newShop()];
        await submit(`${one}-1`, one, { request_id: `${one}-request` });
        const refused = await submit(`${other}-1`, other, { request_id: `${one}-request` }).catch((error: unknown) => error);
        expect(isUniqueViolation(refused)).toBe(true);
      });

      it('allow one claimed event per chat', async () => {
        const doing = (id: string, chat: string): Promise<unknown> =>
          database.db
            .insertInto('inbox')
            .values(inboxRow(id, chat, 'doing'))
            .execute();
        expect(await outcomes(Array.from({ length: 10 }, (_, n) => doing(`busy-${n}`, 'chat:busy')))).toBe(1);
        await doing('elsewhere', 'chat:elsewhere');
        await database.db
          .insertInto('inbox')
          .values(inboxRow('next', 'chat:busy', 'waiting'))
          .execute();
        await database.db.updateTable('inbox').set({ state: 'done' }).where('chat_id', '=', 'chat:busy').execute();
        await doing('afterwards', 'chat:busy');
        await database.db.deleteFrom('inbox').execute();
      });

      it('other errors are not taken for a unique violation', async () => {
        expect(isUniqueViolation(await submit('nowhere', 'no such shop').catch((error: unknown) => error))).toBe(false);
        expect(isUniqueViolation(new Error('unique'))).toBe(false);
      });
    });

    describe('a conditional change', () => {
      it('returns the number of changed rows; one of many concurrent ones succeeds', async () => {
        const shop = await newShop();
        await submit(shop, shop, { state: 'open' });
        const changed = await Promise.all(
          Array.from({ length: 20 }, () =>
            database.db
              .updateTable('verification')
              .set({ state: 'submitting' })
              .where('id', '=', shop)
              .where('state', '=', 'open')
              .executeTakeFirstOrThrow(),
          ),
        );
        expect(changed.filter(({ numUpdatedRows }) => numUpdatedRows === 1n)).toHaveLength(1);
        expect(changed.filter(({ numUpdatedRows }) => numUpdatedRows === 0n)).toHaveLength(19);
      });

      it('returns nothing for a row that existed before', async () => {
        const insert = (): Promise<unknown> =>
          database.db
            .insertInto('kv')
            .values({ ns: 'contract', k: 'once', v: '', expires: null })
            .onConflict((c) => c.columns(['ns', 'k']).doNothing())
            .returning('k')
            .executeTakeFirst();
        expect([await insert(), await insert()]).toEqual([{ k: 'once' }, undefined]);
      });
    });

    describe('values of queries', () => {
      it('are numbers for times, money, sums and counts', async () => {
        const shop = await newShop();
        const amount = 1e12;
        for (const n of [1, 2, 3]) await submit(`${shop}-${n}`, shop, { state: 'verified', amount: amount + n });
        const row = await database.db
          .selectFrom('verification')
          .select((e) => [
            e.fn.countAll<number>().as('n'),
            e.fn.max('amount').as('most'),
            e.cast<number>(e.fn.sum('amount'), 'bigint').as('total'),
          ])
          .where('store_id', '=', shop)
          .executeTakeFirst();
        expect(row).toEqual({ n: 3, most: amount + 3, total: 3 * amount + 6 });
        const times = database.db.selectFrom('verification').select(['opened_at', 'settled_at']).where('id', '=', `${shop}-1`);
        expect(await times.executeTakeFirst()).toEqual({ opened_at: verificationRow('', '').opened_at, settled_at: null });
      });

      it.each([
        ['leading zeros', '0000002485'],
        ['quotes', `it's "quoted"; drop table store; --`],
        ['Chinese and emoji', '台球畅打2小时 🎱👨‍👩‍👧 ﷺ'],
        ['right-to-left marks', '\u202Eabc\u202C\u200B'],
        ['nothing', ''],
      ])('is text as it was written: %s', async (_, text) => {
        const shop = await newShop();
        await submit(shop, shop, { title: text, code: text.slice(0, 20) });
        const [row] = await database.db.selectFrom('verification').select(['title', 'code']).where('id', '=', shop).execute();
        expect(row?.title === text && row.code === text.slice(0, 20)).toBe(true);
      });

      it('hold a megabyte of text', async () => {
        const shop = await newShop();
        const coupon = JSON.stringify({ title: '核销'.repeat(170_000) });
        await submit(shop, shop, { coupon });
        const [row] = await database.db.selectFrom('verification').select('coupon').where('id', '=', shop).execute();
        expect(row?.coupon === coupon).toBe(true);
      });
    });

    it('finds a name in whatever case it is typed', async () => {
      const shop = await newShop();
      await submit('of Alice', shop, { state: 'verified', person_name: 'Alice', business_day: '2026-11-22', submitted_at: 1 });
      const found = (part: string) => createReadPage(database.db)(shop, { words: [[part]] }, 10);
      expect((await Promise.all(['alice', 'ALI', 'Alice', 'Bob'].map(found))).map(({ length }) => length)).toEqual([1, 1, 1, 0]);
    });

    describe('values that expire', () => {
      let collections: Collections;
      beforeAll(() => (collections = createCollections(database.db, createSeal(KEY), () => Date.now())));

      it('are kept until they expire', async () => {
        vi.useFakeTimers({ toFake: ['Date'], now: NOON });
        const cards = collections<{ code: string }>('ttl', 1000);
        await cards.set('a', { code: '7992697494' });
        await cards.set('longer', { code: '1' }, 5000);
        vi.setSystemTime(NOON + 999);
        expect(await cards.get('a')).toEqual({ code: '7992697494' });
        vi.setSystemTime(NOON + 1000);
        expect(await cards.get('a')).toBeUndefined();
        expect(await cards.take('a')).toBeUndefined();
        expect(await cards.get('longer')).toEqual({ code: '1' });
      });

      it('get a new time to live when they are set again', async () => {
        vi.useFakeTimers({ toFake: ['Date'], now: NOON });
        const cards = collections<number>('again', 1000);
        await cards.set('a', 1);
        vi.setSystemTime(NOON + 900);
        await cards.set('a', 2);
        vi.setSystemTime(NOON + 1800);
        expect(await cards.get('a')).toBe(2);
      });

      it('are separate by collection', async () => {
        const [one, other, tricky] = [
          collections<string>('one', 1e6),
          collections<string>('other', 1e6),
          collections<string>('one:x', 1e6),
        ];
        await one.set('x', 'of one');
        await one.set('x:y', 'of one, with a colon');
        await other.set('x', 'of other');
        await tricky.set('y', 'of one:x');
        expect([await one.get('x'), await other.get('x'), await one.get('x:y'), await tricky.get('y')]).toEqual([
          'of one',
          'of other',
          'of one, with a colon',
          'of one:x',
        ]);
        await one.delete('x');
        expect(await other.get('x')).toBe('of other');
      });

      it('survive JSON whatever they are', async () => {
        const values = collections<unknown>('json', 1e6);
        for (const value of [0, '', false, null, [], { a: [{ b: '券🎱\u0000' }] }, 'x'.repeat(100_000)]) {
          await values.set('v', value);
          expect(await values.get('v')).toEqual(value);
        }
        expect(await values.get('never set')).toBeUndefined();
      });

      it('are taken by exactly one of many concurrent takers', async () => {
        const invitations = collections<string>('take', 1e6);
        await invitations.set('word', 'come in');
        const taken = await Promise.all(Array.from({ length: 20 }, () => invitations.take('word')));
        expect(taken.filter((value) => value === 'come in')).toHaveLength(1);
        expect(taken.filter((value) => value === undefined)).toHaveLength(19);
        expect(await invitations.get('word')).toBeUndefined();
      });

      it('are deleted by exactly one of many', async () => {
        const cards = collections<string>('delete', 1e6);
        await cards.set('a', 'x');
        const removed = await Promise.all(Array.from({ length: 20 }, () => cards.delete('a')));
        expect(removed.filter(Boolean)).toHaveLength(1);
      });

      it('are sealed in the database', async () => {
        await collections('sealed', 1e6).set('token', { secret: 'open-sesame' });
        const { v } = await database.db.selectFrom('kv').select('v').where('ns', '=', 'sealed').executeTakeFirstOrThrow();
        expect(v).not.toContain('open-sesame');
        expect(Buffer.from(v, 'base64').toString('latin1')).not.toContain('sesame');
      });

      it('that are found by a secret word lie under its HMAC, which is no word itself; those of before are found in clear', async () => {
        const words = collections<string>('words', 1e6, { secretKeys: true });
        const rows = () => database.db.selectFrom('kv').select('k').where('ns', '=', 'words').execute();
        await collections<string>('words', 1e6).set('654321', 'of before');
        expect(await words.take('654321')).toBe('of before');
        await words.set('123456', 'come in');
        const [row] = await rows();
        expect(row!.k).not.toContain('123456');
        expect(await words.get(row!.k)).toBeUndefined();
        expect(await words.take(row!.k)).toBeUndefined();
        expect(await words.get('123456')).toBe('come in');
        expect(await words.take('123456')).toBe('come in');
        expect([await words.take('123456'), await words.delete('123456'), await rows()]).toEqual([undefined, false, []]);
      });

      it('that were moved to another row do not open there', async () => {
        const cards = collections<string>('moved', 1e6);
        await cards.set('mine', 'mine');
        await cards.set('yours', 'yours');
        const { v } = await database.db.selectFrom('kv').select('v').where('k', '=', 'yours').executeTakeFirstOrThrow();
        await database.db.updateTable('kv').set({ v }).where('k', '=', 'mine').execute();
        await expect(cards.get('mine')).rejects.toThrow();
      });

      it('that were altered, or sealed with another key, throw and are not taken for missing', async () => {
        const cards = collections<string>('altered', 1e6);
        await cards.set('a', 'x');
        await expect(
          createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<string>('altered', 1e6).get('a'),
        ).rejects.toThrow();
        const turned = sql<string>`replace(v, 'v2.', 'v2.AAAA')`;
        await database.db.updateTable('kv').set({ v: turned }).where('ns', '=', 'altered').execute();
        await expect(cards.get('a')).rejects.toThrow();
        await expect(cards.take('a')).rejects.toThrow();
      });

      it('are swept when they have expired, and no others', async () => {
        vi.useFakeTimers({ toFake: ['Date'], now: NOON });
        await sweepExpired(database.db, NOON + 1e9);
        const cards = collections<number>('sweep', 1000);
        await cards.set('a', 1);
        await cards.set('b', 2);
        await cards.set('living', 3, 5000);
        await database.db.insertInto('kv').values({ ns: 'sweep', k: 'for ever', v: '', expires: null }).execute();
        expect(await sweepExpired(database.db, NOON + 999)).toBe(0);
        expect(await sweepExpired(database.db, NOON + 1000)).toBe(2);
        expect(await sweepExpired(database.db, NOON + 1000)).toBe(0);
        const left = await database.db.selectFrom('kv').select('k').where('ns', '=', 'sweep').orderBy('k').execute();
        expect(left.map(({ k }) => k)).toEqual(['for ever', 'living']);
      });
    });

    describe('the key', () => {
      it('opens the database at every start', async () => {
        const place = PLACES.account('a');
        const sealed = (await openSeal(database.db, KEY)).seal('secret', place);
        expect((await openSeal(database.db, KEY)).open(sealed, place)).toBe('secret');
      });

      it('is refused where the database has another, and nothing is changed', async () => {
        const all = (): Promise<unknown> => database.db.selectFrom('kv').selectAll().orderBy('ns').orderBy('k').execute();
        await openSeal(database.db, KEY);
        const before = await all();
        await expect(openSeal(database.db, randomBytes(32))).rejects.toThrow(WrongKey);
        expect(await all()).toEqual(before);
        await openSeal(database.db, KEY);
      });
    });

    it('a failing database throws, and is not taken for an empty one', async () => {
      const other = await make();
      const closed = await other.open();
      const cards = createCollections(closed.db, createSeal(KEY), () => Date.now())<string>('failing', 1e6);
      await cards.set('a', 'x');
      await closed.close();
      await expect(cards.get('a')).rejects.toThrow();
      await expect(cards.set('a', 'y')).rejects.toThrow();
      await expect(cards.delete('a')).rejects.toThrow();
      await expect(cards.take('a')).rejects.toThrow();
      await expect(sweepExpired(closed.db, NOON)).rejects.toThrow();
      await other.remove();
    });
  });
}

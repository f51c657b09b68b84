/** The chain of facts on a database: whoever changes a sealed fact in it is found. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql, type Database } from '../../../services/database/database.ts';
import { checkChain } from '../../../services/facts/check-chain.ts';
import { ChainBroken, createFactChain, type FactChain } from '../../../services/facts/fact-chain.ts';
import { createFacts, type NewFact, type Stream } from '../../../services/facts/facts.ts';
import { systemTime } from '../../../services/time/time.ts';

const KEY = Buffer.alloc(32, 7);
const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;

export function factChainSuite(name: string, open: () => Promise<Database>): void {
  let database: Database;
  let chain: FactChain;
  beforeAll(async () => {
    database = await open();
    chain = createFactChain({ db: database.db, key: KEY, sleep: systemTime.sleep });
  });
  beforeEach(async () => {
    for (const table of ['fact', 'fact_stream', 'fact_head'] as const) await database.db.deleteFrom(table).execute();
  });
  afterAll(() => database.close());

  const record = (stream: Stream, count: number, changes: Partial<NewFact> = {}): Promise<void> =>
    database.db.transaction().execute(async (tx) => {
      const facts = createFacts(database.db);
      for (let n = 1; n <= count; n += 1)
        await facts.record(tx, { stream, kind: 'staff.joined', subject: `p${n}`, by: WANG, at: 1_000 + n, ...changes });
    });
  const check = () => checkChain(database.db, KEY);
  const run = (query: string) => sql.raw(query).execute(database.db);
  const broken = (stream: string, sequence: number, why: string) => ({ kind: 'broken', stream, sequence, why });

  describe(name, () => {
    it('is whole, whether its facts are sealed or not yet', async () => {
      expect(await check()).toEqual({ kind: 'whole', facts: 0, unsealed: 0 });
      await record('account:a', 3);
      expect(await check()).toEqual({ kind: 'whole', facts: 3, unsealed: 3 });
      expect(await chain.seal()).toBe(3);
      await record('store:s', 2);
      await record('account:a', 1);
      expect(await check()).toEqual({ kind: 'whole', facts: 6, unsealed: 3 });
      expect(await chain.seal()).toBe(3);
      expect(await chain.seal()).toBe(0);
      expect(await check()).toEqual({ kind: 'whole', facts: 6, unsealed: 0 });
    });

    it.each(['kind', 'subject', 'from_state', 'to_state', 'by_kind', 'by_id', 'by_name', 'certainty', 'detail', 'seal'])(
      'a changed %s is found',
      async (column) => {
        await record('account:a', 3);
        await chain.seal();
        await run(`update fact set ${column} = 'x' where stream = 'account:a' and sequence = 2`);
        expect(await check()).toEqual(broken('account:a', 2, 'altered'));
      },
    );

    it('a changed time is found', async () => {
      await record('account:a', 3);
      await chain.seal();
      await run(`update fact set at = at + 1 where sequence = 3`);
      expect(await check()).toEqual(broken('account:a', 3, 'altered'));
    });

    it('a fact that was taken away is found: the first, one between, and the last, with and without its number', async () => {
      await record('account:a', 3);
      await chain.seal();
      for (const gone of [1, 2, 3]) {
        const { rows } = await sql`select * from fact`.execute(database.db);
        await run(`delete from fact where sequence = ${gone}`);
        expect(await check()).toEqual(broken('account:a', gone, 'missing'));
        await database.db.deleteFrom('fact').execute();
        await database.db
          .insertInto('fact')
          .values(rows as never)
          .execute();
        expect((await check()).kind).toBe('whole');
      }
      await run(`delete from fact where sequence = 3`);
      await run(`update fact_stream set last = 2`);
      expect(await check()).toEqual({ kind: 'miscounted', facts: 2, counted: 3 });
    });

    it('a stream that was taken away as a whole is found', async () => {
      await record('account:a', 3);
      await record('store:s', 2);
      await chain.seal();
      await run(`delete from fact where stream = 'store:s'`);
      await run(`delete from fact_stream where stream = 'store:s'`);
      expect(await check()).toEqual({ kind: 'miscounted', facts: 3, counted: 5 });
    });

    it('a fact that was put in is found: between, at the end of what is sealed, in a stream of nobody', async () => {
      const forged = (stream: string, sequence: number, seal: string | null) =>
        run(`insert into fact values ('${stream}', ${sequence}, 'owner.added', 'p9', null, null, 'person', 'p1', '王', 5, null, '{}',
          ${seal === null ? 'null' : `'${seal}'`})`);
      await record('account:a', 3);
      await chain.seal();
      await run(`update fact set sequence = 4 where sequence = 3`);
      await run(`update fact_stream set last = 4`);
      await forged('account:a', 3, null);
      expect(await check()).toEqual(broken('account:a', 3, 'unsealed'));
      await run(`update fact set seal = 'guessed' where sequence = 3`);
      expect(await check()).toEqual(broken('account:a', 3, 'altered'));
      await database.db.deleteFrom('fact').execute();
      await database.db.deleteFrom('fact_stream').execute();
      await forged('store:x', 1, null);
      expect(await check()).toEqual(broken('store:x', 2, 'missing'));
    });

    it('facts that changed places are found, and facts of another stream', async () => {
      await record('account:a', 3, { subject: 'p', at: 1 });
      await record('account:b', 3, { subject: 'p', at: 1 });
      await chain.seal();
      await run(`update fact set sequence = -sequence where stream = 'account:a' and sequence in (1, 2)`);
      await run(`update fact set sequence = 3 + sequence where sequence < 0`);
      expect(await check()).toEqual(broken('account:a', 1, 'altered'));
      await run(`update fact set stream = 'account:c' where stream = 'account:b'`);
      await run(`update fact_stream set stream = 'account:c' where stream = 'account:b'`);
      await run(`delete from fact where stream = 'account:a'`);
      await run(`delete from fact_stream where stream = 'account:a'`);
      expect(await check()).toEqual(broken('account:c', 1, 'altered'));
    });

    it('seals that were taken off to be made anew are found, also once the job has sealed again', async () => {
      await record('account:a', 3);
      await chain.seal();
      await run(`update fact set subject = 'p9', seal = null where sequence >= 2`);
      expect(await check()).toEqual({ kind: 'miscounted', facts: 1, counted: 3 });
      await chain.seal();
      expect(await check()).toEqual({ kind: 'miscounted', facts: 3, counted: 5 });
    });

    it('a count that was altered or taken away stops the sealing, and is found', async () => {
      await record('account:a', 3);
      await chain.seal();
      await record('account:a', 1);
      await run(`update fact_head set sealed = 2`);
      await expect(chain.seal()).rejects.toThrow(ChainBroken);
      expect(await check()).toEqual({ kind: 'miscounted', facts: 3, counted: undefined });
      await run(`delete from fact_head`);
      await expect(chain.seal()).rejects.toThrow('removed');
      expect(await check()).toEqual({ kind: 'miscounted', facts: 3, counted: undefined });
    });

    it('nobody seals with another key', async () => {
      await record('account:a', 2);
      await chain.seal();
      expect(await checkChain(database.db, Buffer.alloc(32, 8))).toEqual(broken('account:a', 1, 'altered'));
      await record('account:a', 1);
      await expect(
        createFactChain({ db: database.db, key: Buffer.alloc(32, 8), sleep: systemTime.sleep }).seal(),
      ).rejects.toThrow(ChainBroken);
    });

    it('is made by several at once, each fact once, while others are written', async () => {
      const other = createFactChain({ db: database.db, key: KEY, sleep: systemTime.sleep });
      for (let round = 0; round < 5; round += 1) {
        const all = await Promise.all([
          record('account:a', 20),
          chain.seal(),
          record('store:s', 20),
          other.seal(),
          record('account:a', 5),
          chain.seal(),
        ]);
        expect(all).toHaveLength(6);
      }
      await chain.seal();
      expect(await check()).toEqual({ kind: 'whole', facts: 225, unsealed: 0 });
    });

    it('is made a bounded piece at a time, with rests in which others write', async () => {
      await record('account:a', 2_100);
      let rests = 0;
      const patient = createFactChain({ db: database.db, key: KEY, sleep: async () => void (rests += 1) });
      expect([await patient.seal(), rests]).toEqual([2_000, 99]);
      expect(await check()).toEqual({ kind: 'whole', facts: 2_100, unsealed: 100 });
      expect(await chain.seal()).toBe(100);
    });
  });
}

/** Facts are numbered without gaps within a stream, stand or fall with what they tell, and are read in order. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createFacts, type NewFact } from '../../../services/facts/facts.ts';

let database: Database;
beforeAll(async () => {
  database = await openSqlite(':memory:');
});
beforeEach(async () => {
  await database.db.deleteFrom('fact').execute();
  await database.db.deleteFrom('fact_stream').execute();
});
afterAll(() => database.close());

const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;
const invited = (subject: string, changes: Partial<NewFact> = {}): NewFact => ({
  stream: 'account:a',
  kind: 'staff.invited',
  subject,
  to: 'staff',
  by: WANG,
  at: 1_000,
  detail: { store: 's1', days: 1, everywhere: false, until: null },
  ...changes,
});
const record = (...all: readonly NewFact[]) =>
  database.db.transaction().execute(async (tx) => {
    const numbers: number[] = [];
    for (const fact of all) numbers.push(await createFacts(database.db).record(tx, fact));
    return numbers;
  });

describe('facts', () => {
  it('are numbered from 1 within their stream, whatever happens in others', async () => {
    expect(await record(invited('p1'), invited('p2'), invited('v1', { stream: 'store:s1' }), invited('p3'))).toEqual([
      1, 2, 1, 3,
    ]);
  });

  it('leave no gap where their transaction fails', async () => {
    await record(invited('p1'));
    const failing = database.db.transaction().execute(async (tx) => {
      await createFacts(database.db).record(tx, invited('p2'));
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await record(invited('p3'))).toEqual([2]);
    expect((await createFacts(database.db).read('account:a', 0, 10)).map(({ subject }) => subject)).toEqual(['p1', 'p3']);
  });

  it('come back as they were recorded', async () => {
    const plain = { stream: 'store:s1', kind: 'verification.day', subject: 'v1', at: 2 } as const;
    await record(invited('p1'), plain);
    const facts = createFacts(database.db);
    expect(await facts.of('p1')).toEqual([{ ...invited('p1'), sequence: 1, from: undefined, certainty: undefined }]);
    expect(await facts.of('v1')).toEqual([
      { ...plain, sequence: 1, from: undefined, to: undefined, by: undefined, certainty: undefined, detail: {} },
    ]);
    expect(await facts.of('nobody')).toEqual([]);
  });

  it('are read on from a number, a few at a time', async () => {
    await record(...Array.from({ length: 5 }, (_, n) => invited(`p${n + 1}`)));
    const facts = createFacts(database.db);
    const first = await facts.read('account:a', 0, 2);
    expect(first.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect((await facts.read('account:a', first.at(-1)!.sequence, 10)).map(({ subject }) => subject)).toEqual(['p3', 'p4', 'p5']);
  });
});

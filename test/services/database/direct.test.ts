/** Queries that go straight to the driver: a transaction is one until it is over, and no longer. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite, type Database, type Tx } from '../../../services/database/database.ts';

let database: Database;
beforeEach(async () => {
  database = await openSqlite(':memory:');
});
afterEach(() => database.close());

const put = (on: Database['db'], k: string) => on.insertInto('kv').values({ ns: 'test', k, v: '', expires: null }).execute();
const keys = async (): Promise<string[]> => (await database.db.selectFrom('kv').select('k').execute()).map(({ k }) => k);

it('undoes what a transaction wrote before it failed, and gives the failure on', async () => {
  const failing = database.db.transaction().execute(async (tx) => {
    await put(tx, 'a');
    throw new Error('changed our mind');
  });
  await expect(failing).rejects.toThrow('changed our mind');
  expect(await keys()).toEqual([]);
  await database.db.transaction().execute((tx) => put(tx, 'b'));
  expect(await keys()).toEqual(['b']);
});

it('refuses a statement of a transaction that is over: it would be written for itself', async () => {
  let kept: Tx | undefined;
  await database.db.transaction().execute((tx) => {
    kept = tx;
    return put(tx, 'a');
  });
  await expect(put(kept!, 'b')).rejects.toThrow('the transaction is over');
  expect(await keys()).toEqual(['a']);
});

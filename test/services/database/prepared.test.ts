/** A query that is built once: each run brings its own values, on whatever it is run. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { prepared } from '../../../services/database/prepared.ts';

let database: Database;
beforeEach(async () => void (database = await openSqlite(':memory:')));
afterEach(() => database.close());

const hold = () =>
  prepared(database.db, ({ name, until }: { name: string; until: number }) =>
    database.db.insertInto('lease').values({ name, until, holder: 'always' }).returningAll(),
  );

test('every run has its own values; what is the same in all stays', async () => {
  const put = hold();
  const rows = await Promise.all(['a', 'b'].map((name, until) => put({ name, until })));
  expect(rows.map((result) => result.rows)).toEqual([
    [{ name: 'a', until: 0, holder: 'always' }],
    [{ name: 'b', until: 1, holder: 'always' }],
  ]);
});

test('it is built once, at its first run', async () => {
  let built = 0;
  const count = prepared(database.db, ({ least }: { least: number }) => {
    built++;
    return sql<{ n: number }>`select ${least} + ${1} as n`;
  });
  expect(built).toBe(0);
  expect([(await count({ least: 5 })).rows, (await count({ least: 6 })).rows]).toEqual([[{ n: 6 }], [{ n: 7 }]]);
  expect(built).toBe(1);
});

test('on a transaction it is part of it', async () => {
  const put = hold();
  const failed = database.db.transaction().execute(async (tx) => {
    await put({ name: 'a', until: 1 }, tx);
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  expect(await database.db.selectFrom('lease').selectAll().execute()).toEqual([]);
});

test('runs that bring other values along have a query of their own', async () => {
  await hold()({ name: 'a', until: 1 });
  const change = prepared(database.db, ({ name, ...changes }: { name: string; until?: number; holder?: string }) =>
    database.db.updateTable('lease').set(changes).where('name', '=', name).returning(['until', 'holder']),
  );
  expect((await change({ name: 'a', until: 2 })).rows).toEqual([{ until: 2, holder: 'always' }]);
  expect((await change({ name: 'a', holder: 'b' })).rows).toEqual([{ until: 2, holder: 'b' }]);
  expect((await change({ name: 'a', until: 3 })).rows).toEqual([{ until: 3, holder: 'b' }]);
});

test('a value may be placed and not reckoned with: it would be the same in every run', async () => {
  const wrong = prepared(database.db, ({ until }: { until: number }) => sql`select ${until + 1}`);
  expect(() => wrong({ until: 1 })).toThrow('until has no value while the query is built');
});

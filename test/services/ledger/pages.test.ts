/** Pages of the ledger on SQLite; each reads its own rows, by the index. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { exactly, matching } from '../../../services/ledger/search.ts';
import { fill, pagesSuite } from './pages-suite.ts';

let database: Database;
beforeAll(async () => {
  database = await openSqlite(':memory:');
  await fill(database);
});
afterAll(() => database.close());

pagesSuite(() => database);

it.each([
  [{ product: '畅玩' }, 'verification_title (store_id=? AND title=?'],
  [{ person: '小王' }, 'verification_person (store_id=? AND person_name=?'],
  [{ place: '3号桌' }, 'verification_place (store_id=? AND place=?'],
])('a page of %o is a range of the index of that name', async (search, index) => {
  const { db } = database;
  const query = matching(db, 's1', search)
    .where(exactly(search)[0]!)
    .orderBy('business_day', 'desc')
    .limit(9)
    .select('id')
    .compile();
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(query.sql.replaceAll('?', "'x'"))}`.execute(db);
  expect(rows.map(({ detail }) => detail).join()).toContain(index);
});

it.each([{ code: '0332816431' }, { codeEnd: '6431' }])(
  'the rows of %o are read one by one, never the whole store',
  async (search) => {
    const query = matching(database.db, 's1', search).select('id').compile();
    const plan = sql.raw(query.sql.replaceAll('?', "'x'"));
    const { rows } = await sql<{ detail: string }>`explain query plan ${plan}`.execute(database.db);
    expect(rows[0]!.detail).toContain('sqlite_autoindex_verification_1 (id=?');
  },
);

it('a page is a range of the index of days, not the whole store', async () => {
  const { rows } = await sql<{ detail: string }>`explain query plan select * from verification where store_id = 's1'
    and business_day is not null and business_day <= '2026-11-21'
    and (business_day, submitted_at, id) < ('2026-11-21', 1, 'v1')
    order by business_day desc, submitted_at desc, id desc limit 50`.execute(database.db);
  expect(rows[0]!.detail).toContain('USING INDEX verification_day (store_id=? AND business_day');
});

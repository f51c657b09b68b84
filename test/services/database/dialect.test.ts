/** Writes of one moment share a commit, and nobody notices: each stands or fails by itself, and reads see what is committed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, sql, type Db, type Database as Opened } from '../../../services/database/database.ts';

let folder: string;
let file: string;
let database: Opened;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hexiao-dialect-'));
  file = path.join(folder, 'hexiao.sqlite');
  database = await openSqlite(file);
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const put = (on: Db, name: string) => on.insertInto('lease').values({ name, holder: 'a', until: 1 }).execute();
const names = async (on: Db): Promise<string> =>
  (await on.selectFrom('lease').select('name').orderBy('name').execute()).map(({ name }) => name).join('');
/** What another program sees in the file: what is committed. */
const committed = (): string => {
  const other = new Database(file, { readonly: true });
  const rows = other.prepare<[], { name: string }>('select name from lease order by name').all();
  other.close();
  return rows.map(({ name }) => name).join('');
};

test('a write is done when it is committed', async () => {
  const seen = await Promise.all(['a', 'b', 'c'].map((name) => put(database.db, name).then(committed)));
  expect(seen).toEqual(['abc', 'abc', 'abc']);
});

test('of writes in the same moment, one that is refused takes no other with it', async () => {
  const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map((name) => put(database.db, name)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(committed()).toBe('abc');
});

test('when the database takes everything back, as on a full disk, no write counts as done', async () => {
  await sql`create trigger full before insert on lease when new.name = 'x'
    begin select raise(rollback, 'database or disk is full'); end`.execute(database.db);
  const outcomes = await Promise.allSettled(['a', 'x', 'b'].map((name) => put(database.db, name)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(committed()).toBe('');
  await put(database.db, 'c');
  expect(committed()).toBe('c');
});

test('writes happen in the order they came', async () => {
  const set = (until: number) =>
    database.db.updateTable('lease').set({ until }).where('name', '=', 'a').returning('until').execute();
  const [, first, second] = await Promise.all([put(database.db, 'a'), set(5), set(6)]);
  expect([first, second]).toEqual([[{ until: 5 }], [{ until: 6 }]]);
});

test('a transaction is alone: neither reads nor writes of others get into it', async () => {
  const seen: Promise<string>[] = [];
  const written: Promise<unknown>[] = [];
  const failed = database.db.transaction().execute(async (tx) => {
    await put(tx, 'a');
    seen.push(names(database.db));
    written.push(put(database.db, 'b'));
    // Long enough for both, had they been let in.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await names(tx)).toBe('a');
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  expect(await Promise.all(seen)).toEqual(['']);
  await Promise.all(written);
  expect(committed()).toBe('b');
});

test('transactions that begin together go one after the other', async () => {
  const count = (n: number) =>
    database.db.transaction().execute(async (tx) => {
      const before = await names(tx);
      await new Promise((resolve) => setImmediate(resolve));
      await put(tx, `${n}`);
      return before;
    });
  expect(await Promise.all([1, 2, 3].map(count))).toEqual(['', '1', '12']);
});

test('what is waiting at the end is written before the file is closed', async () => {
  const last = put(database.db, 'z');
  await database.close();
  await last;
  expect(committed()).toBe('z');
  database = await openSqlite(file);
});

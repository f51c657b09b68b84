/** What was acknowledged is on the disk: nobody is told before, nobody sees what may still be lost, and nothing waits for nothing. */
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type Database, type Db } from '../../../services/database/database.ts';
import { createLogFile } from '../../../services/database/log-file.ts';
import { prepared } from '../../../services/database/prepared.ts';

let folder: string;
let file: string;
let database: Database;
/** How often the disk was waited for. */
let waits: number;
/** Bytes of the log that are on the disk for certain. */
let written: number;
/** What happens before the disk has it. */
let disk: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hexiao-disk-'));
  file = path.join(folder, 'hexiao.sqlite');
  disk = () => Promise.resolve();
  database = await openSqlite(file, (log) =>
    createLogFile(log, async (handle) => {
      waits += 1;
      const { size } = await stat(log);
      await disk();
      await handle.datasync();
      written = size;
    }),
  );
  waits = 0;
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const put = (name: string, on: Db = database.db) => on.insertInto('lease').values({ name, holder: 'a', until: 1 }).execute();
const relaxed = (name: string, on?: Db) =>
  prepared(
    database.db,
    (row: { name: string }) => database.db.insertInto('lease').values({ name: row.name, holder: 'a', until: 1 }),
    'relaxed',
  )({ name }, on);
const names = async (on: Db = database.db): Promise<string> =>
  (await on.selectFrom('lease').select('name').orderBy('name').execute()).map(({ name }) => name).join('');
/** What is there when the power comes back after a cut at this moment. */
async function afterPowerCut(): Promise<string> {
  const copy = path.join(folder, `${written}.sqlite`);
  await copyFile(file, copy);
  await writeFile(`${copy}-wal`, (await readFile(`${file}-wal`)).subarray(0, written));
  const again = await openSqlite(copy);
  const there = await names(again.db);
  await again.close();
  return there;
}
/** Long enough for everything that does not wait for the disk. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 10; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('nobody is told of a write, and nobody sees it, before it is on the disk', async () => {
  let through!: () => void;
  disk = () => new Promise((resolve) => (through = resolve));
  const told: string[] = [];
  const one = put('a').then(() => told.push('one'));
  await turns();
  const read = names().then((seen) => told.push(`read ${seen}`));
  const other = relaxed('b').then(() => told.push('other'));
  await turns();
  expect([told, await afterPowerCut()]).toEqual([[], '']);
  through();
  await Promise.all([one, read, other]);
  expect([told, await afterPowerCut()]).toEqual([['one', 'read a', 'other'], 'a']);
});

test('a transaction is told of when all of it is on the disk', async () => {
  let through!: () => void;
  disk = () => new Promise((resolve) => (through = resolve));
  let told = false;
  const both = database.db.transaction().execute(async (tx) => {
    await put('a', tx);
    await put('b', tx);
  });
  const done = both.then(() => (told = true));
  await turns();
  expect([told, await afterPowerCut()]).toEqual([false, '']);
  through();
  await done;
  expect(await afterPowerCut()).toBe('ab');
});

test('whenever the power is cut, every row that was acknowledged is there', async () => {
  let acknowledged = '';
  const cuts: (readonly [told: string, there: string])[] = [];
  for (const name of 'abcdefgh') {
    const all = [put(name), relaxed(name.toUpperCase()), put(`${name}2`)];
    if (name > 'd') all.push(database.db.transaction().execute(async (tx) => await put(`${name}3`, tx)));
    await Promise.all(all);
    acknowledged += `${name}${name}2${name > 'd' ? `${name}3` : ''}`;
    cuts.push([acknowledged, await afterPowerCut()]);
  }
  for (const [told, there] of cuts) expect(there).toContain(told);
});

test('writes of one moment share one wait; those that can be made again, and those that change nothing, have none', async () => {
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = waits;
    await work();
    return waits - before;
  };
  const nobody = () => database.db.updateTable('lease').set({ until: 2 }).where('name', '=', 'nobody').execute();
  expect({
    single: await counted(() => put('a')),
    together: await counted(() => Promise.all(['b', 'c', 'd'].map((name) => put(name)))),
    relaxed: await counted(() => relaxed('e')),
    relaxedTogether: await counted(() => Promise.all(['f', 'g'].map((name) => relaxed(name)))),
    mixed: await counted(() => Promise.all([relaxed('h'), put('i')])),
    transaction: await counted(() =>
      database.db.transaction().execute(async (tx) => await Promise.all([put('j', tx), put('k', tx)])),
    ),
    relaxedTransaction: await counted(() => database.db.transaction().execute((tx) => relaxed('l', tx))),
    mixedTransaction: await counted(() =>
      database.db.transaction().execute(async (tx) => await Promise.all([relaxed('m', tx), put('n', tx)])),
    ),
    reading: await counted(() => database.db.transaction().execute(async (tx) => await names(tx))),
    nothing: await counted(nobody),
  }).toEqual({
    single: 1,
    together: 1,
    relaxed: 0,
    relaxedTogether: 0,
    mixed: 1,
    transaction: 1,
    relaxedTransaction: 0,
    mixedTransaction: 1,
    reading: 0,
    nothing: 0,
  });
});

test('where the disk says that it may not have it, nobody is told that it has, and the next write is tried anew', async () => {
  disk = () => Promise.reject(new Error('input/output error'));
  const together = Promise.allSettled([put('a'), put('b'), database.db.transaction().execute(async (tx) => await put('c', tx))]);
  expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  disk = () => Promise.resolve();
  await put('d');
  expect(await names()).toContain('d');
});

test('who can wait is served by the wait of whoever comes first, and else by one of his own', async () => {
  const both = relaxed('a').then(() => Promise.all([database.onDisk!(), database.onDisk!()]));
  await turns();
  expect(waits).toBe(0);
  await put('b');
  await both;
  expect([waits, await afterPowerCut()]).toEqual([1, 'ab']);
  await relaxed('c');
  await Promise.all([database.onDisk!(), database.onDisk!()]);
  expect([waits, await afterPowerCut()]).toEqual([2, 'abc']);
});

test('who can wait is not served by a wait that had begun before, and hears where the disk fails', async () => {
  let through!: () => void;
  disk = () => new Promise((resolve) => (through = resolve));
  const first = put('a');
  await turns();
  const served = database.onDisk!().then(() => 'on the disk', String);
  await turns();
  disk = () => Promise.reject(new Error('input/output error'));
  through();
  await first;
  expect(await served).toBe('Error: input/output error');
  disk = () => Promise.resolve();
  const late = database.onDisk!();
  await database.close();
  await late;
  database = await openSqlite(file);
});

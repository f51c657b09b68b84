/** SQLite, in a file and in memory: the contract, and what only a file can suffer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database as Opened } from '../../../services/database/database.ts';
import { createSqliteDialect } from '../../../services/database/sqlite.ts';
import type { Tables } from '../../../services/database/schema/tables.ts';
import { interleavingsContract } from '../../contracts/interleavings.ts';
import { queuesContract } from '../../contracts/queues.ts';
import { databaseContract, type TestDatabase } from '../../contracts/database.ts';

const inFile = async (): Promise<TestDatabase> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-store-'));
  const file = path.join(folder, 'hexiao.sqlite');
  return {
    open: () => openSqlite(file),
    bare: () => Promise.resolve(new Kysely<Tables>({ dialect: createSqliteDialect(new Database(file)) })),
    remove: () => rm(folder, { recursive: true }),
  };
};
/** Its rows live as long as it is open: without a schema it is a file. */
const inMemory = async (): Promise<TestDatabase> => {
  let file: TestDatabase | undefined;
  return {
    open: () => (file ? file.open() : openSqlite(':memory:')),
    bare: async () => await (file = await inFile()).bare(),
    remove: async () => await file?.remove(),
  };
};

databaseContract('SQLite in a file', inFile);
databaseContract('SQLite in memory', inMemory);
queuesContract('queues on SQLite', inFile);
interleavingsContract('two instances at the queues, on SQLite', inMemory, 100);

describe('a SQLite file', () => {
  let folder: string;
  let file: string;
  const open: Opened[] = [];
  const opened = async (): Promise<Opened> => {
    const database = await openSqlite(file);
    open.push(database);
    return database;
  };
  const write = (database: Opened, k: string, v = ''): Promise<unknown> =>
    database.db.insertInto('kv').values({ ns: 'test', k, v, expires: null }).execute();
  const keys = async (database: Opened): Promise<string[]> =>
    (await database.db.selectFrom('kv').select('k').where('ns', '=', 'test').orderBy('k').execute()).map(({ k }) => k);
  const pragma = async (database: Opened, name: string): Promise<unknown> =>
    Object.values((await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database.db)).rows[0] ?? {})[0];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hexiao-store-'));
    file = path.join(folder, 'hexiao.sqlite');
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close().catch(() => undefined)));
    await rm(folder, { recursive: true });
  });

  it('is for nobody else to read, nor what SQLite puts beside it', async () => {
    await write(await opened(), 'a');
    const names = await readdir(folder);
    expect(names).toContain('hexiao.sqlite-wal');
    for (const name of names.filter((one) => !one.includes('.lock')))
      expect([name, (await stat(path.join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('shows reads of one turn every write that is done, whoever reads first; a pragma takes effect beside them', async () => {
    const database = await opened();
    for (const k of ['a', 'b', 'c']) {
      const before = await keys(database);
      await Promise.all([keys(database), write(database, k), sql`pragma synchronous = off`.execute(database.db)]);
      expect(await keys(database)).toEqual([...before, k]);
    }
    const seen = await database.db.transaction().execute(async (tx) => {
      const outside = keys(database);
      await tx.insertInto('kv').values({ ns: 'test', k: 'd', v: '', expires: null }).execute();
      return { outside };
    });
    expect(await seen.outside).toEqual(['a', 'b', 'c', 'd']);
    expect(await pragma(database, 'synchronous')).toBe(0);
  });

  it('holds no lock of reads beyond their turn: a backup and the checkpoint go on', async () => {
    const database = await opened();
    await write(database, 'a');
    await keys(database);
    await new Promise((resolve) => void setImmediate(resolve));
    const other = new Database(file, { readonly: true });
    await other.backup(path.join(folder, 'backup.sqlite'));
    other.close();
    const [whole] = (await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(database.db)).rows;
    expect(whole?.busy).toBe(0);
  });

  it('keeps what was written, over a close', async () => {
    const first = await opened();
    await write(first, 'a');
    await first.close();
    expect(await keys(await opened())).toEqual(['a']);
  });

  it('is refused in words while another copy uses it, and free after', async () => {
    const first = await opened();
    await expect(openSqlite(file)).rejects.toThrow(`another copy of the program is using ${file}`);
    await write(first, 'still working');
    await first.close();
    expect(await keys(await opened())).toEqual(['still working']);
  });

  it('is free again after the program was killed, and holds every row it had acknowledged', async () => {
    const database = new URL('../../../services/database/database.ts', import.meta.url).href;
    const script = `
      const { openSqlite } = await import(${JSON.stringify(database)});
      const { db } = await openSqlite(${JSON.stringify(file)});
      for (let n = 0; ; n++) {
        await db.insertInto('kv').values({ ns: 'test', k: String(n), v: '', expires: null }).execute();
        process.stdout.write(n + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    for await (const chunk of child.stdout) {
      told += String(chunk);
      if (told.split('\n').length > 20) break;
    }
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const acknowledged = told.split('\n').slice(0, -1);
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    expect(await keys(await opened())).toEqual(expect.arrayContaining(acknowledged));
  });

  it('in a folder that is not there is refused, and nothing is made', async () => {
    await expect(openSqlite(path.join(folder, 'missing', 'x.sqlite'))).rejects.toThrow(/director/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('where nothing can be written is refused', async () => {
    await expect(openSqlite('/proc/hexiao.sqlite')).rejects.toThrow(/open database/);
    expect(existsSync('/proc/hexiao.sqlite')).toBe(false);
  });

  it('that is something else is refused, left as it is, and not held', async () => {
    await writeFile(file, 'this is a letter, not a database '.repeat(100));
    await expect(openSqlite(file)).rejects.toThrow(/not a database/);
    await expect(openSqlite(file)).rejects.toThrow(/not a database/);
    await rm(file);
    await write(await opened(), 'a');
  });

  it('on a full disk says so, loses nothing, and works again when there is room', async () => {
    const database = await opened();
    await write(database, 'before');
    const pages = Number(await pragma(database, 'page_count'));
    await pragma(database, `max_page_count = ${pages + 2}`);
    await expect(write(database, 'too much', 'x'.repeat(1_000_000))).rejects.toThrow(/full/);
    const together = database.db.transaction().execute(async (tx) => {
      await tx.insertInto('kv').values({ ns: 'test', k: 'first half', v: '', expires: null }).execute();
      await tx
        .insertInto('kv')
        .values({ ns: 'test', k: 'too much', v: 'x'.repeat(1_000_000), expires: null })
        .execute();
    });
    await expect(together).rejects.toThrow(/full/);
    expect(await keys(database)).toEqual(['before']);
    await pragma(database, `max_page_count = ${pages + 1000}`);
    await write(database, 'after', 'x'.repeat(1_000_000));
    await database.close();
    expect(await keys(await opened())).toEqual(['after', 'before']);
  });
});

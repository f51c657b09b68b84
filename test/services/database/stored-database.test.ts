/** A SQLite file that an earlier version left, opened by today's program. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openSqlite } from '../../../services/database/database.ts';
import { storedDatabaseContract } from '../../contracts/stored-database.ts';

const DUMP = path.resolve(import.meta.dirname, '../../fixtures/databases/0002.sqlite.sql');

storedDatabaseContract('a SQLite file of version 0002', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-stored-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'hexiao.sqlite');
  const former = new Database(file);
  // The dump has tables in the order of their names.
  former.pragma('foreign_keys = OFF');
  former.exec(await readFile(DUMP, 'utf8'));
  former.close();
  return await openSqlite(file);
});

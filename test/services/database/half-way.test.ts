/** A first start that ends half-way through the schema leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqlite } from '../../../services/database/database.ts';

test('a migration that fails half-way is rolled back; the next start runs it again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-'));
  try {
    const file = path.join(folder, 'hexiao.sqlite');
    const before = new Database(file);
    // The last table of the schema is in the way: all others are made before it fails.
    before.exec('create table lease (x)');
    before.close();
    await expect(openSqlite(file)).rejects.toThrow('already exists');
    const after = new Database(file);
    after.exec('drop table lease');
    after.close();
    const database = await openSqlite(file);
    expect(await database.db.selectFrom('account').selectAll().execute()).toEqual([]);
    await database.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

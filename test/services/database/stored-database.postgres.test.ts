/** A PostgreSQL schema that an earlier version left, opened by today's program. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openPostgres } from '../../../services/database/database.ts';
import { storedDatabaseContract } from '../../contracts/stored-database.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';
const DUMP = path.resolve(import.meta.dirname, '../../fixtures/databases/0002.postgres.sql');

const server = async (queries: string): Promise<void> => {
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  try {
    await client.query(queries);
  } finally {
    await client.end();
  }
};

storedDatabaseContract('a PostgreSQL schema of version 0002', async () => {
  const schema = `hexiao_${randomBytes(6).toString('hex')}`;
  onTestFinished(() => server(`drop schema if exists ${schema} cascade`));
  await server((await readFile(DUMP, 'utf8')).replaceAll(/\bolddb\b/g, schema));
  return await openPostgres(URL, schema);
});

/** The audit trail on PostgreSQL. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openPostgres, type Database } from '../../../services/database/database.ts';
import { fill, trailSuite } from './trail-suite.ts';

const URL = 'postgres://root@127.0.0.1:5432/test';
const schema = `hexiao_${randomBytes(6).toString('hex')}`;
let database: Database;
beforeAll(async () => {
  database = await openPostgres(URL, schema);
  await fill(database);
});
afterAll(async () => {
  await database.close();
  const client = new pg.Client({ connectionString: URL });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
});

trailSuite(() => database);

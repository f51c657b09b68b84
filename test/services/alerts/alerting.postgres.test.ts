/** Alerts of two instances on PostgreSQL. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { openPostgres, sql } from '../../../services/database/database.ts';
import { alertingSuite } from './alerting-suite.ts';

alertingSuite('PostgreSQL', async () => {
  const schema = `alerts_${randomBytes(6).toString('hex')}`;
  const database = await openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', schema);
  return {
    ...database,
    async close() {
      await sql.raw(`drop schema ${schema} cascade`).execute(database.db);
      await database.close();
    },
  };
});

/** What is answered once, on PostgreSQL. Runs with POSTGRES=1. */
import { randomBytes } from 'node:crypto';
import { openPostgres, sql } from '../../services/database/database.ts';
import { answeredOnceSuite } from './answered-once-suite.ts';

answeredOnceSuite('PostgreSQL', async () => {
  const schema = `once_${randomBytes(6).toString('hex')}`;
  const database = await openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', schema);
  return {
    ...database,
    async close() {
      await sql.raw(`drop schema ${schema} cascade`).execute(database.db);
      await database.close();
    },
  };
});

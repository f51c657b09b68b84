import { openPostgres } from '../../../services/database/database.ts';
import { slotsSuite } from './slots-suite.ts';

slotsSuite('PostgreSQL', () =>
  openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', 'platforms_test'),
);

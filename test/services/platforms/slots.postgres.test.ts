import { openPostgres } from '../../../services/store/database.ts';
import { slotsSuite } from './slots-suite.ts';

slotsSuite('PostgreSQL', () =>
  openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', 'platforms_test'),
);

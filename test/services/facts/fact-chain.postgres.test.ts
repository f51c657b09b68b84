import { openPostgres } from '../../../services/database/database.ts';
import { factChainSuite } from './fact-chain-suite.ts';

factChainSuite('PostgreSQL', () =>
  openPostgres(process.env['POSTGRES_URL'] ?? 'postgres://root@127.0.0.1:5432/test', 'facts_test'),
);

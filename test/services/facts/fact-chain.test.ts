import { openSqlite } from '../../../services/database/database.ts';
import { factChainSuite } from './fact-chain-suite.ts';

factChainSuite('SQLite', () => openSqlite(':memory:'));

import { openSqlite } from '../../../services/database/database.ts';
import { rekeySuite } from './rekey-suite.ts';

rekeySuite('SQLite', () => openSqlite(':memory:'));

import { openSqlite } from '../../services/database/database.ts';
import { answeredOnceSuite } from './answered-once-suite.ts';

answeredOnceSuite('SQLite', () => openSqlite(':memory:'));

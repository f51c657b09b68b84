import { openSqlite } from '../../../services/database/database.ts';
import { alertingSuite } from './alerting-suite.ts';

alertingSuite('SQLite', () => openSqlite(':memory:'));

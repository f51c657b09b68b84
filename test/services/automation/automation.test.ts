import { openSqlite } from '../../../services/database/database.ts';
import { automationSuite } from './automation-suite.ts';

automationSuite('SQLite', () => openSqlite(':memory:'));

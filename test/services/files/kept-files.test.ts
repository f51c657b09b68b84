import { openSqlite } from '../../../services/database/database.ts';
import { keptFilesSuite } from './kept-files-suite.ts';

keptFilesSuite('SQLite', () => openSqlite(':memory:'));

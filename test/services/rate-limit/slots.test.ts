import { openSqlite } from '../../../services/database/database.ts';
import { slotsSuite } from './slots-suite.ts';

slotsSuite('SQLite', () => openSqlite(':memory:'));

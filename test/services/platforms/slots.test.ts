import { openSqlite } from '../../../services/store/database.ts';
import { slotsSuite } from './slots-suite.ts';

slotsSuite('SQLite', () => openSqlite(':memory:'));

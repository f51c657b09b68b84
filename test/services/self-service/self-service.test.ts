import { openSqlite } from '../../../services/database/database.ts';
import { selfServiceSuite } from './self-service-suite.ts';

selfServiceSuite('SQLite', () => openSqlite(':memory:'));

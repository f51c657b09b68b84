/** Kysely's dialect for one SQLite connection: transactions that begin at once, and one fsync for the writes of a moment. */
import type Database from 'better-sqlite3';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { LRUCache } from 'lru-cache';

/** Statements cached as prepared; the program has far fewer. */
const PREPARED = 500;

/** The end of this turn of the event loop; taken here, for a test's clock does not hold up a commit. */
const endOfTurn = setImmediate;

interface Write {
  readonly query: CompiledQuery;
  readonly resolve: (result: QueryResult<never>) => void;
  readonly reject: (error: unknown) => void;
}

/** Of one connection. */
interface Connection extends DatabaseConnection {
  /** Ends its transaction's turn; while there is one. */
  end?: (() => void) | undefined;
}

class Adapter extends SqliteAdapter {
  /** Taking turns is the driver's matter here: Kysely would let one statement in after another. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  /** A migration is one transaction, which SQLite can do and Kysely does not expect: killed half-way, it never happened. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export function createSqliteDialect(database: Database.Database): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * A write is done when its commit is on the disk. Writes outside transactions that come in the same turn of the event loop
 * share one commit: each stands or fails by itself, and none is done before all are on the disk.
 */
function createDriver(database: Database.Database): Driver {
  // In memory there is no disk to wait for.
  const soon = database.memory ? queueMicrotask : endOfTurn;
  const prepared = new LRUCache<string, Database.Statement>({ max: PREPARED });
  let waiting: Write[] = [];
  let lastTurn: Promise<void> = Promise.resolve();

  /**
   * A statement is planned once, except where its plan may depend on a bound value: then SQLite plans it anew at every run,
   * which takes ten times as long as running it. It does so for `=` beside an `order by` or a join, for conditions of partial
   * indexes, and for `limit`. Hence `in` and literals in the queries of every message.
   */
  const prepare = (sql: string): Database.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };

  const run = ({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<never> => {
    const statement = prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as never[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
  };
  const runPlain = (sql: string): void => void run({ sql, parameters: [] });

  /** Whoever has the turn has the connection alone, until it ends it. */
  const takeTurn = async (): Promise<() => void> => {
    const before = lastTurn;
    let end!: () => void;
    lastTurn = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  };

  // With SQLite's deferred `begin`, 1,715 of 2,000 read-then-write transactions of four processes failed with SQLITE_BUSY.
  const begin = (): void => runPlain('begin immediate');
  // On a full disk SQLite has rolled back by itself; asking again would fail, and hide why.
  const rollback = (): void => void (database.inTransaction && runPlain('rollback'));

  /** A statement of its own is a transaction of its own. */
  const commitAlone = ({ query, resolve, reject }: Write): void => {
    let result: QueryResult<never>;
    try {
      result = run(query);
    } catch (error) {
      return reject(error);
    }
    resolve(result);
  };

  const commitTogether = (writes: readonly Write[]): void => {
    const done: (() => void)[] = [];
    try {
      begin();
      for (const { query, resolve, reject } of writes) {
        try {
          const result = run(query);
          done.push(() => resolve(result));
        } catch (error) {
          if (!database.inTransaction) throw error;
          reject(error);
        }
      }
      runPlain('commit');
      for (const tell of done) tell();
    } catch (error) {
      rollback();
      for (const { reject } of writes) reject(error);
    }
  };

  const commitWaiting = async (): Promise<void> => {
    const end = await takeTurn();
    const writes = waiting;
    waiting = [];
    const [first, ...more] = writes;
    if (first && more.length === 0) commitAlone(first);
    else if (first) commitTogether(writes);
    end();
  };

  const write = (query: CompiledQuery): Promise<QueryResult<never>> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ query, resolve, reject }) === 1) soon(() => void commitWaiting());
    });

  /** In nobody's transaction: what another one has not committed yet is not to be seen. */
  const read = async (query: CompiledQuery): Promise<QueryResult<never>> => {
    const end = database.inTransaction ? await takeTurn() : undefined;
    try {
      return run(query);
    } finally {
      end?.();
    }
  };

  const connect = (): Connection => {
    const connection: Connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        if (connection.end) return run(query);
        return await (prepare(query.sql).readonly ? read(query) : write(query));
      },
      async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
        yield await connection.executeQuery<R>(query);
      },
    };
    return connection;
  };

  // Kysely notes down every connection it has not seen before, which takes longer than most reads.
  const free: Connection[] = [];

  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(free.pop() ?? connect()),
    async beginTransaction(connection: Connection) {
      connection.end = await takeTurn();
      begin();
    },
    commitTransaction: async () => runPlain('commit'),
    rollbackTransaction: async () => rollback(),
    async releaseConnection(connection: Connection) {
      connection.end?.();
      connection.end = undefined;
      free.push(connection);
    },
    async destroy() {
      await commitWaiting();
      database.close();
    },
  };
}

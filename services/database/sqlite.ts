/** Kysely's dialect for one SQLite connection: immediate transactions, and group commit for single writes. */
import type Database from 'better-sqlite3';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
  type CompiledQuery,
  type DatabaseConnection,
  type LimitNode,
  type QueryResult,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import type { DirectDialect, DirectDriver } from './direct.ts';
import { isRelaxed } from './relaxed.ts';

/** Statements cached as prepared; the program has far fewer. */
const PREPARED = 500;

/** The end of this turn of the event loop. Captured at load, so that fake timers of a test do not delay commits. */
const endOfTurn = setImmediate;

interface Write {
  readonly query: CompiledQuery;
  readonly resolve: (result: QueryResult<never>) => void;
  readonly reject: (error: unknown) => void;
}

interface Connection extends DatabaseConnection {
  /** Releases the connection at the end of a transaction; set while there is one. */
  end?: (() => void) | undefined;
  /** Whether this transaction has written what must not be lost. */
  wrote?: boolean;
}

interface Done extends QueryResult<never> {
  readonly wrote: boolean;
}

class Adapter extends SqliteAdapter {
  /** The driver serialises transactions itself; Kysely would interleave single statements. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  /** Runs a migration in one transaction, which SQLite supports and Kysely's adapter denies: one killed half-way is undone. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Writes the number of a `limit` into the statement: as a bound value SQLite plans the query anew at every run. */
class Compiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const { limit } = node;
    if (ValueNode.is(limit) && typeof limit.value === 'number') this.append(`limit ${limit.value}`);
    else super.visitLimit(node);
  }
}

/** `toDisk` resolves when everything that was committed is on the disk. Left out: each commit sees to it, or nothing has to. */
export function createSqliteDialect(database: Database.Database, toDisk?: () => Promise<void>): DirectDialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => createDriver(database, toDisk),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new Compiler(),
  };
}

/**
 * Group commit: writes outside transactions within one turn of the event loop share a commit and a wait for the disk. Each
 * succeeds or fails by itself. While a commit is on its way to the disk the event loop goes on, but nobody reads or writes: what
 * may still be lost is seen by nobody. Commits of relaxed writes alone (`relaxed.ts`) wait for nothing: a power cut may lose them.
 */
function createDriver(database: Database.Database, toDisk?: () => Promise<void>): DirectDriver {
  // In memory there is no wait to share.
  const soon = database.memory ? queueMicrotask : endOfTurn;
  const prepared = new LRUCache<string, Database.Statement>({ max: PREPARED });
  let waiting: Write[] = [];
  let lastTurn: Promise<void> = Promise.resolve();
  let taken = false;

  /**
   * SQLite plans a prepared statement once, except where the plan may depend on a bound value: then it plans at every run,
   * which takes ten times as long as running it. That holds for `=` beside an `order by` or a join, for conditions of partial
   * indexes, and for `limit`. Hence `in` and literals in the queries of every message.
   */
  const prepare = (sql: string): Database.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    // A pragma takes effect as it is prepared, some not within a transaction.
    endReading();
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };

  const run = ({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>, statement = prepare(sql)): Done => {
    if (statement.reader) {
      const rows = statement.all(parameters) as never[];
      return { rows, wrote: !statement.readonly && rows.length > 0 };
    }
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [], wrote: changes > 0 };
  };
  const runPlain = (sql: string): void => void run({ sql, parameters: [] });

  /** Waits for exclusive use of the connection; the returned function releases it. */
  const takeTurn = async (): Promise<() => void> => {
    const before = lastTurn;
    let next!: () => void;
    lastTurn = new Promise((resolve) => (next = resolve));
    await before;
    taken = true;
    return () => {
      taken = false;
      next();
    };
  };

  /** Whether the reads of this turn of the event loop have begun a transaction of theirs. */
  let reading = false;
  const endReading = (): void => {
    if (!reading) return;
    reading = false;
    if (database.inTransaction) runPlain('commit');
  };
  /**
   * Reads of one turn share a transaction: a lock on the file for each takes longer than most reads. They see what they would
   * see without it, as nobody else writes to the file and our own writes end it.
   */
  const beginReading = (): void => {
    if (reading || database.memory) return;
    runPlain('begin');
    reading = true;
    endOfTurn(endReading);
  };

  // With SQLite's deferred `begin`, 1,715 of 2,000 read-then-write transactions of four processes failed with SQLITE_BUSY.
  const begin = (): void => {
    endReading();
    runPlain('begin immediate');
  };
  // On a full disk SQLite has rolled back by itself; a second rollback would fail and hide the cause.
  const rollback = (): void => void (database.inTransaction && runPlain('rollback'));

  /** Runs one write in SQLite's implicit transaction. */
  const commitAlone = async ({ query, resolve, reject }: Write): Promise<void> => {
    try {
      endReading();
      const done = run(query);
      if (done.wrote && !isRelaxed(query)) await toDisk?.();
      resolve(done);
    } catch (error) {
      reject(error);
    }
  };

  const commitTogether = async (writes: readonly Write[]): Promise<void> => {
    const done: (() => void)[] = [];
    let mustWait = false;
    try {
      begin();
      for (const { query, resolve, reject } of writes) {
        try {
          const result = run(query);
          mustWait ||= result.wrote && !isRelaxed(query);
          done.push(() => resolve(result));
        } catch (error) {
          if (!database.inTransaction) throw error;
          reject(error);
        }
      }
      runPlain('commit');
      if (mustWait) await toDisk?.();
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
    if (first) await (more.length === 0 ? commitAlone(first) : commitTogether(writes));
    end();
  };

  const write = (query: CompiledQuery): Promise<QueryResult<never>> =>
    new Promise((resolve, reject) => {
      if (waiting.push({ query, resolve, reject }) === 1) soon(() => void commitWaiting());
    });

  /** Reads outside transactions: waits while one is open or on its way to the disk, so that no row is seen that may be lost. */
  const read = async (query: CompiledQuery, statement: Database.Statement): Promise<QueryResult<never>> => {
    const end = taken ? await takeTurn() : undefined;
    try {
      if (statement.reader) beginReading();
      else endReading();
      return run(query, statement);
    } finally {
      end?.();
    }
  };

  const execute = (query: CompiledQuery): Promise<QueryResult<never>> => {
    const statement = prepare(query.sql);
    return statement.readonly ? read(query, statement) : write(query);
  };

  const connect = (): Connection => ({
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (!this.end) return await execute(query);
      const done = run(query);
      this.wrote ||= done.wrote && !isRelaxed(query);
      return done;
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      yield await this.executeQuery<R>(query);
    },
  });

  return {
    execute,
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(connect()),
    async beginTransaction(connection: Connection) {
      connection.end = await takeTurn();
      connection.wrote = false;
      begin();
    },
    async commitTransaction({ wrote }: Connection) {
      runPlain('commit');
      if (wrote) await toDisk?.();
    },
    rollbackTransaction: async () => rollback(),
    async releaseConnection(connection: Connection) {
      connection.end?.();
      connection.end = undefined;
    },
    async destroy() {
      await commitWaiting();
      endReading();
      database.close();
    },
  };
}

/** Opens the database: a SQLite file, or PostgreSQL for several instances. Callers see the same Kysely either way. */
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { migrate } from './schema/migrate.ts';
import { openDirect } from './direct.ts';
import { createSqliteDialect } from './sqlite.ts';
import { relaxIn } from './relaxed.ts';
import { createLogFile, type LogFile } from './log-file.ts';
import type { Tables } from './schema/tables.ts';

export { sql, type RawBuilder } from 'kysely';

/** Queries run on a database or on a transaction of it. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Database {
  readonly db: Db;
  /** Only this process uses the data (SQLite): claims found at start are those of a process that has ended. */
  readonly embedded: boolean;
  /** Resolves when all that was committed before is on the disk, relaxed writes too; some ms later than it could. Of a SQLite file only. */
  readonly onDisk?: () => Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens `file` (`:memory:` for tests) and brings its schema up to date.
 * Refuses a second process on the same file: SQLite carries one instance. `waits` opens the file that must be on the disk.
 */
export async function openSqlite(file: string, waits?: (log: string) => LogFile): Promise<Database> {
  const guard = file === ':memory:' ? undefined : claimAlone(`${file}.lock`);
  const disk = guard && (waits ?? createLogFile)(`${file}-wal`);
  let database: Database.Database | undefined;
  try {
    // It holds codes and names: mode 0600, which SQLite's -wal and -shm files inherit.
    if (guard) closeSync(openSync(file, 'a', 0o600));
    database = new Database(file, { timeout: 5000 });
    database.pragma('journal_mode = WAL');
    // NORMAL writes to the disk at checkpoints only. An acknowledged row must survive a power cut, and `disk` sees to that.
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    const db = openDirect(createSqliteDialect(database, disk?.written));
    await migrate(db);
    return {
      db,
      embedded: true,
      ...(disk && { onDisk: disk.writtenSoon }),
      async close() {
        await db.destroy();
        await disk?.close();
        guard?.close();
      },
    };
  } catch (error) {
    database?.close();
    await disk?.close();
    guard?.close();
    throw error;
  }
}

/** Holds an exclusive lock for the life of the process; the operating system releases it, also after `kill -9`. */
function claimAlone(file: string): Database.Database {
  const guard = new Database(file, { timeout: 0 });
  try {
    guard.pragma('locking_mode = EXCLUSIVE');
    guard.exec('begin exclusive');
    return guard;
  } catch (cause) {
    guard.close();
    // Other errors (a full disk) do not mean another copy.
    if (!(cause instanceof Database.SqliteError) || cause.code !== 'SQLITE_BUSY') throw cause;
    throw new Error(`another copy of the program is using ${file.slice(0, -'.lock'.length)}`, { cause });
  }
}

/** The idle timeout of a connection with a query, ms. No query takes so long; a failover or a cut line does. */
const SILENT_MS = 60_000;

/** Session limits of PostgreSQL, ms: what an instance that vanished may hold up the others for. */
export interface SessionLimits {
  /** A transaction that says nothing: no transaction of ours waits for anything but the database. */
  readonly idleInTransactionMs: number;
  /** A wait for somebody else's lock: above `idleInTransactionMs`, so that a vanished holder is gone by then. */
  readonly lockMs: number;
  /** One statement; the slowest of ours takes under a second at a million rows. */
  readonly statementMs: number;
}

const LIMITS: SessionLimits = { idleInTransactionMs: 8_000, lockMs: 12_000, statementMs: 30_000 };

/**
 * Connects to PostgreSQL 15 or later and brings its schema up to date. `schema` isolates tests. A connection without traffic
 * for `silentMs` is closed: its query fails, and the pool opens another. The server ends what a vanished instance left behind
 * after `limits` (its own default is never), and probes silent clients by TCP.
 */
export async function openPostgres(
  url: string,
  schema = 'public',
  { silentMs = SILENT_MS, limits = LIMITS }: { silentMs?: number; limits?: SessionLimits } = {},
): Promise<Database> {
  const connect = (options: string, max: number): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      stream() {
        const socket = new Socket();
        return socket.setTimeout(silentMs, () => socket.destroy());
      },
      options: `-c search_path=${schema} ${options}`,
      types: {
        // bigint and sum() come as text; every number here (ms, fen, counts) is below 2^53.
        getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
      },
    });
    // The pool replaces a broken connection and rejects its query. Without a listener the error would end the process: the
    // pool listens to idle connections only, so one in a transaction needs its own.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  };
  // A migration may take longer than any statement of the program, and waits for another instance's.
  const migrating = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connect('', 2) }) });
  try {
    await migrate(migrating, schema);
  } finally {
    await migrating.destroy();
  }
  const session = sessionOptions(limits);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connect(session, 10) }) });
  // The server writes what these commit within a second, and keeps the order of all commits.
  const calm = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: connect(`${session} -c synchronous_commit=off`, 4) }),
  });
  relaxIn(db, calm);
  return {
    db,
    embedded: false,
    async close() {
      await Promise.all([db.destroy(), calm.destroy()]);
    },
  };
}

/** Startup options of a session. The probes find a client that is gone after 5 + 3 × 2 s, the default after two hours. */
const sessionOptions = ({ idleInTransactionMs, lockMs, statementMs }: SessionLimits): string =>
  Object.entries({
    idle_in_transaction_session_timeout: idleInTransactionMs,
    lock_timeout: lockMs,
    statement_timeout: statementMs,
    tcp_keepalives_idle: 5,
    tcp_keepalives_interval: 2,
    tcp_keepalives_count: 3,
    tcp_user_timeout: 10_000,
  })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

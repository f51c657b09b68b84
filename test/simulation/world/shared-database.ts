/**
 * One database in memory that several programs share: each reaches it over a way of its own, which may be slow, fail or end with its
 * program. What a dead program had begun is rolled back. To programs it looks like PostgreSQL: its clock is the shared one.
 */
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { Database } from '../../../services/database/database.ts';
import { openDirect, type DirectDriver } from '../../../services/database/direct.ts';
import { createSqliteDialect } from '../../../services/database/sqlite.ts';
import type { Chance } from './chance.ts';
import { keptDatabase } from './kept-database.ts';
import type { Process, Scheduler } from './scheduler.ts';
import type { Weather } from './weather.ts';

export interface SharedDatabase {
  /** Opens it for a program. */
  reach(process: Process, chance: Chance): Database;
  /** Rolls back what a dead program had begun. */
  forget(process: Process): void;
  /** For looking at it from outside of all programs. */
  rows<Row>(sql: string): Row[];
  /** For what watches it from outside. */
  exec(sql: string): void;
  /** A number that grows with every change of a row. */
  changes(): number;
  close(): void;
}

export interface Storms extends Pick<Weather, 'diskFails' | 'slowQueries'> {
  /** Lets a mishap happen that is due while something is written. */
  readonly strike: (process: Process, during: 'query' | 'event') => void;
}

/** The words of PostgreSQL's time, as `slots.ts` and `claim.ts` write them. */
const POSTGRES_TIME = /floor\(extract\(epoch from (?:statement|clock)_timestamp\(\)\) \* 1000\)::bigint/g;
const EVENTS = /^insert into "inbox"/;
const isClaimed = (rows: readonly unknown[]): boolean => (rows[0] as { state?: string } | undefined)?.state === 'doing';
const WRITES = /^\s*(?:insert|update|delete)\b/i;

/** What a statement is for SQLite and for the weather; each is looked at once in a process. */
interface Kind {
  readonly sql: string;
  readonly writes: boolean;
  readonly storesEvent: boolean;
}
const kinds = new Map<string, Kind>();
const kindOf = (sql: string): Kind => {
  const known = kinds.get(sql) ?? {
    sql: sql.replaceAll(POSTGRES_TIME, 'database_time()'),
    writes: WRITES.test(sql),
    storesEvent: EVENTS.test(sql),
  };
  kinds.set(sql, known);
  return known;
};

interface Way extends DatabaseConnection {
  readonly inner: DatabaseConnection;
  inTransaction: boolean;
}

/** `clock`: what the database takes for the time, ms; the true one unless told. */
export function openShared(
  image: Buffer,
  scheduler: Scheduler,
  storms: Storms,
  alone: boolean,
  clock: () => number = scheduler.now,
): SharedDatabase {
  const raw = keptDatabase(image).fresh(clock);
  let closed = false;
  let changes = 0;
  const dialect = createSqliteDialect(raw);
  const driver = dialect.createDriver();
  const open = new Map<Process, Set<Way>>();
  const never = (): Promise<never> => new Promise(() => undefined);
  const end = (way: Way): void => {
    if (way.inTransaction) {
      void driver.rollbackTransaction(way.inner);
      changes += 1;
    }
    void driver.releaseConnection(way.inner);
  };

  const driverOf = (process: Process, chance: Chance): DirectDriver => {
    const mine = open.get(process) ?? new Set<Way>();
    open.set(process, mine);
    const pass = async (): Promise<void> => {
      const { often, mostMs } = storms.slowQueries();
      if (often > 0 && chance.often(often)) {
        const ms = chance.between(1, mostMs);
        await new Promise<void>((resolve) => void scheduler.after(ms, resolve, process));
      }
      if (process.dead || closed) await never();
      if (process.frozenUntil > scheduler.now()) await new Promise<void>((resolve) => void scheduler.after(0, resolve, process));
    };
    const through = async <R>(query: CompiledQuery, run: (query: CompiledQuery) => Promise<QueryResult<R>>) => {
      await pass();
      const { sql, writes, storesEvent } = kindOf(query.sql);
      if (writes && storms.diskFails()) throw new Error('disk I/O error');
      const result = await run(sql === query.sql ? query : { ...query, sql });
      if (writes) changes += 1;
      if (storesEvent && isClaimed(result.rows)) storms.strike(process, 'event');
      if (writes) storms.strike(process, 'query');
      await pass();
      return result;
    };
    return {
      init: () => Promise.resolve(),
      execute: <R>(query: CompiledQuery) => through<R>(query, (one) => driver.execute(one)),
      async acquireConnection() {
        const inner = await driver.acquireConnection();
        return {
          inner,
          inTransaction: false,
          executeQuery: <R>(query: CompiledQuery) => through<R>(query, (one) => inner.executeQuery(one)),
          streamQuery: () => {
            throw new Error('nobody streams');
          },
        };
      },
      async beginTransaction(way: Way, settings) {
        await pass();
        await driver.beginTransaction(way.inner, settings);
        way.inTransaction = true;
        if (process.dead) {
          end(way);
          await never();
        }
        mine.add(way);
      },
      async commitTransaction(way: Way) {
        await pass();
        await driver.commitTransaction(way.inner);
        way.inTransaction = false;
        // The answer of a commit is lost with the program that waits for it.
        await pass();
      },
      async rollbackTransaction(way: Way) {
        if (process.dead) await never();
        await driver.rollbackTransaction(way.inner);
        way.inTransaction = false;
        changes += 1;
      },
      async releaseConnection(way: Way) {
        // The lock is free once the transaction has ended, whether its program knows that or not.
        mine.delete(way);
        await driver.releaseConnection(way.inner);
      },
      destroy: () => Promise.resolve(),
    };
  };

  return {
    reach(process, chance) {
      const db = openDirect({ ...dialect, createDriver: () => driverOf(process, chance) });
      return { db, embedded: alone, close: () => Promise.resolve() };
    },
    forget(process) {
      for (const way of open.get(process) ?? []) end(way);
      open.delete(process);
    },
    rows: <Row>(sql: string) => raw.prepare(sql).all() as Row[],
    exec: (sql) => void raw.exec(sql),
    changes: () => changes,
    close: () => void (closed = true),
  };
}

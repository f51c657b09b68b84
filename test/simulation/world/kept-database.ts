/**
 * One SQLite in memory for all runs of a process. A run begins with the rows of the town, whatever the one before did, and finds
 * statements prepared: opening a database and preparing its statements took a tenth of a run.
 */
import BetterSqlite from 'better-sqlite3';

export interface KeptDatabase {
  /** With the town's rows, and the clock of a new run. One run at a time. */
  fresh(now: () => number): BetterSqlite.Database;
}

/** What a rule was in the very moment in which it began a verification, whatever the program believed of it. */
const WATCH = `
  create temp table rule_use (verification text, is_on integer);
  create temp trigger watch_rules after insert on main.verification when new.by_kind = 'rule' begin
    insert into rule_use select new.id, coalesce((select is_on from auto_rule where id = new.person), 0);
  end;`;

const kept = new WeakMap<Buffer, KeptDatabase>();

/** The database of this image; opened at its first run. */
export function keptDatabase(image: Buffer): KeptDatabase {
  const known = kept.get(image) ?? open(image);
  kept.set(image, known);
  return known;
}

function open(image: Buffer): KeptDatabase {
  const raw = new BetterSqlite(image);
  let clock = (): number => 0;
  raw.function('database_time', { deterministic: false }, () => Math.floor(clock()));
  raw.exec("attach ':memory:' as town");
  const tables = raw
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .all();
  for (const { name } of tables) raw.exec(`create table town."${name}" as select * from main."${name}" order by rowid`);
  const putBack = tables.flatMap(({ name }) => [
    raw.prepare(`delete from main."${name}"`),
    raw.prepare(`insert into main."${name}" select * from town."${name}" order by rowid`),
  ]);
  raw.exec(WATCH);
  const statements = new Map<string, BetterSqlite.Statement>();
  const prepare = raw.prepare.bind(raw);
  Object.assign(raw, {
    prepare(sql: string) {
      const known = statements.get(sql) ?? prepare(sql);
      statements.set(sql, known);
      return known;
    },
  });
  return {
    fresh(now) {
      clock = now;
      // What the last run's programs had begun when it ended.
      if (raw.inTransaction) raw.exec('rollback');
      raw.pragma('foreign_keys = OFF');
      raw.exec('begin');
      for (const statement of putBack) statement.run();
      raw.exec('delete from rule_use; commit');
      raw.pragma('foreign_keys = ON');
      return raw;
    },
  };
}

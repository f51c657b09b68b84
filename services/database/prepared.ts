/** Queries of every message: built and compiled once, for that takes two to four times as long as SQLite takes to run them. */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './database.ts';

/** Runs the query with these values; on a transaction where one is given. */
export type Prepared<V, R> = (values: V, on?: Db) => Promise<QueryResult<R>>;

/** What has no values is a query all the same. */
export interface Built<R> {
  compile(db: Db): CompiledQuery<R>;
}

/** Stands in a compiled query for a value that each run brings along. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  /** Reckoned with, it would silently become part of the query. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(`${this.name} has no value while the query is built`);
  }
}

/**
 * A query that is built at its first run and kept; one for each set of values that runs bring along. `build` gets places in
 * the stead of values: it may put them where Kysely takes a single value, spread them, and do nothing else with them; what
 * has to be reckoned is reckoned by the caller.
 */
export function prepared<V extends object, R>(db: Db, build: (values: V) => Built<R>): Prepared<V, R> {
  const queries = new Map<string, CompiledQuery<R>>();
  return (values, on = db) => {
    const names = Object.keys(values);
    const shape = names.join();
    let query = queries.get(shape);
    if (!query) {
      query = build(Object.fromEntries(names.map((name) => [name, new Place(name)])) as V).compile(db);
      queries.set(shape, query);
    }
    const parameters = query.parameters.map((one) => (one instanceof Place ? values[one.name as keyof V] : one));
    return on.executeQuery({ ...query, parameters });
  };
}

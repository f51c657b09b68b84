/** Caches compiled queries. Building and compiling takes two to four times as long as SQLite takes to run them. */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './database.ts';
import { relaxed, relaxedSessions } from './relaxed.ts';

/** Runs the query with these values, on `on` where given (a transaction). */
export type Prepared<V, R> = (values: V, on?: Db) => Promise<QueryResult<R>>;

/** Anything that compiles to a query. */
export interface Built<R> {
  compile(db: Db): CompiledQuery<R>;
}

/** A placeholder in a compiled query for a value of each run. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  /** Throws: arithmetic on a placeholder would silently become a constant of the query. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(`${this.name} has no value while the query is built`);
  }
}

/**
 * Builds a query at its first run and caches it by the names of the values. `build` gets placeholders instead of values: it
 * may pass them where Kysely takes a single value, or spread them, and nothing else; the caller computes with values. `relaxed`:
 * see `relaxed.ts`.
 */
export function prepared<V extends object, R>(db: Db, build: (values: V) => Built<R>, how?: 'relaxed'): Prepared<V, R> {
  const known: { readonly names: readonly string[]; readonly fill: Filling<V, R> }[] = [];
  return (values, on = db) => {
    let fill = known.find(({ names }) => hasNames(values, names))?.fill;
    if (!fill) {
      const names = Object.keys(values);
      known.push({ names, fill: (fill = filling(build(placesFor(names) as V).compile(db))) });
    }
    const query = fill(values);
    if (how !== 'relaxed') return on.executeQuery(query);
    return (on === db ? relaxedSessions(db) : on).executeQuery(relaxed(query));
  };
}

/** Whether the values have these names, in this order. */
function hasNames(values: object, names: readonly string[]): boolean {
  let n = 0;
  for (const name in values) if (name !== names[n++]) return false;
  return n === names.length;
}

const placesFor = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, new Place(name)]));

type Filling<V, R> = (values: V) => CompiledQuery<R>;

function filling<V extends object, R>({ sql, query, queryId, parameters }: CompiledQuery<R>): Filling<V, R> {
  return (values) => ({
    sql,
    query,
    queryId,
    parameters: parameters.map((one) => (one instanceof Place ? values[one.name as keyof V] : one)),
  });
}

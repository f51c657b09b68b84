/** Numbers the rows of a queue in order of arrival within a chat, or what else keeps order. Clocks of instances may differ or be set back. */
import { sql, type RawBuilder } from 'kysely';

/** A sequence that only grows within this process, in units of 1/1000 ms, so that rows of several chats alternate. */
export function createSequence(): (at: number) => number {
  let last = 0;
  return (at) => (last = Math.max(last + 1, at * 1000));
}

/**
 * The number of a row that is inserted into `table`, as SQL: `seq`, or one more than the highest that waits with the same `key`
 * in `column`. The latter holds where a clock was set back since, or where the clock of another instance is ahead.
 */
export const placeInLine = (
  [table, column]: readonly [table: string, column: string],
  key: string,
  seq: number,
  waits: (table: string) => RawBuilder<boolean>,
) =>
  sql<number>`(select max(place.seq) from (
    select max(ahead.seq) + 1 as seq from ${sql.table(table)} as ahead
      where ${sql.ref(`ahead.${column}`)} in (${key}) and ${waits('ahead')}
    union all select cast(${seq} as bigint)) as place)`;

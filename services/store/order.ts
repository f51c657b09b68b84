/** The order of a queue: within a chat as things came, whatever the clocks of those who write them down. */
import { sql, type RawBuilder } from 'kysely';

/** Numbers that only grow within this process: thousandths of a millisecond, so that those of several instances mix well. */
export function createSequence(): (at: number) => number {
  let last = 0;
  return (at) => (last = Math.max(last + 1, at * 1000));
}

/** Clocks of instances that agree differ by less: one second. */
const AGREED = 1_000_000;

/**
 * The number of a row that is written to `table` now. What waits in its chat may have been numbered by a clock that was set
 * back since, or by another instance's that runs ahead: then the row comes after that.
 */
export const placeInLine = (table: string, chat: string, seq: number, waits: (table: string) => RawBuilder<boolean>) =>
  sql<number>`(select max(place.seq) from (
    select case when max(ahead.seq) > cast(${seq} as bigint) + ${sql.lit(AGREED)} then max(ahead.seq) + 1 end as seq
      from ${sql.table(table)} as ahead where ahead.chat_id in (${chat}) and ${waits('ahead')}
    union all select cast(${seq} as bigint)) as place)`;

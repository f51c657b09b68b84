/** The order of a queue: within a chat as things came, whatever the clocks of those who write them down. */
import { sql, type RawBuilder } from 'kysely';

/** Numbers that only grow within this process: thousandths of a millisecond, so that chats take turns. */
export function createSequence(): (at: number) => number {
  let last = 0;
  return (at) => (last = Math.max(last + 1, at * 1000));
}

/**
 * The number of a row that is written to `table` now: its own, or the one after all that waits in its chat, where that was
 * numbered by a clock that has been set back since, or by an instance whose clock is ahead.
 */
export const placeInLine = (table: string, chat: string, seq: number, waits: (table: string) => RawBuilder<boolean>) =>
  sql<number>`(select max(place.seq) from (
    select max(ahead.seq) + 1 as seq from ${sql.table(table)} as ahead where ahead.chat_id in (${chat}) and ${waits('ahead')}
    union all select cast(${seq} as bigint)) as place)`;

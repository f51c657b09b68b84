/** The claim on a row of a queue: who has the row now, by which clock, and when a claim that was not ended is over. */
import { sql, type RawBuilder } from 'kysely';

/**
 * One claim on one row. Every claim of a row has a number of its own, and whatever ends a claim names it: once another has
 * claimed the row, an end that comes late changes nothing.
 */
export interface Claim {
  readonly id: string;
  /** Counts the claims of this row, from 1. */
  readonly epoch: number;
}

/** The claim on a row that was claimed as it was written. */
export const firstClaim = (id: string): Claim => ({ id, epoch: 1 });

/** No wait between two tries is longer. */
export const LONGEST_WAIT_MS = 15 * 60_000;

/** The moment that claims are reckoned by, ms, as a part of a query. `ours` is the time of this process. */
export type ClaimClock = (ours: number) => RawBuilder<number>;

/** For a database that this process alone uses. */
export const ownClock: ClaimClock = (ours) => sql<number>`cast(${ours} as bigint)`;

/** PostgreSQL's own clock, which all instances share: theirs may differ by more than a claim lasts. */
export const databaseClock: ClaimClock = () => sql<number>`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`;

export const claimClock = (embedded: boolean): ClaimClock => (embedded ? ownClock : databaseClock);

/** The time in this column has come. One that is further ahead than any wait was written before the clock was set back. */
export const hasCome = (column: string, at: RawBuilder<number>) =>
  sql<boolean>`(${sql.ref(column)} <= ${at} or ${sql.ref(column)} > ${at} + ${sql.lit(LONGEST_WAIT_MS)})`;

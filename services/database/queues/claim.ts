/** Claims on rows of a queue: leases with a fencing token, timed by one clock for all instances. */
import { sql, type RawBuilder } from 'kysely';

/**
 * One claim on one row. Its epoch is the fencing token: every write that ends or renews a claim is conditional on it, so a
 * late one changes nothing after another claim.
 */
export interface Claim {
  readonly id: string;
  /** The number of this claim among the row's, from 1. */
  readonly epoch: number;
}

/** The claim on a row that was inserted as claimed. */
export const firstClaim = (id: string): Claim => ({ id, epoch: 1 });

/** The longest wait between two attempts. */
export const LONGEST_WAIT_MS = 15 * 60_000;

/** The current time for claims, ms, as SQL. `ours` is the time of this process. */
export type ClaimClock = (ours: number) => RawBuilder<number>;

/** The clock of this process, for an embedded database. */
export const ownClock: ClaimClock = (ours) => sql<number>`cast(${ours} as bigint)`;

/** PostgreSQL's clock, shared by all instances. Their own may differ by more than a claim lasts. */
export const databaseClock: ClaimClock = () => sql<number>`floor(extract(epoch from statement_timestamp()) * 1000)::bigint`;

export const claimClock = (embedded: boolean): ClaimClock => (embedded ? ownClock : databaseClock);

/** A statement may be given its time before another, and be carried out after it. */
const SLACK_MS = 60_000;

/**
 * True where the time in this column has passed. One beyond the longest wait was written before the clock was set back: so
 * nothing ever waits for longer than that, and the slack.
 */
export const hasCome = (column: string, at: RawBuilder<number>, longestMs = LONGEST_WAIT_MS) =>
  sql<boolean>`(${sql.ref(column)} <= ${at} or ${sql.ref(column)} > ${at} + cast(${sql.lit(longestMs + SLACK_MS)} as bigint))`;

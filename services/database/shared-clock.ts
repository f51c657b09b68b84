/** The time that all instances share: each machine's clock, corrected by its difference to the database's. */
import { sql, type Db } from './database.ts';

export interface SharedClock {
  /** ms since the epoch: at every instance the same, within some milliseconds. */
  readonly now: () => number;
  /** Compares the clocks anew. A clock that is set meanwhile counts as it is until then. */
  compare(): Promise<void>;
  /** How far this machine's clock is ahead of the database's, ms; negative where it is behind. */
  aheadMs(): number;
  /** A sentence where that is too far. */
  complaints(): readonly string[];
}

/** Beyond this, the machine's clock is complained about, ms. Within it, nothing but the log shows another time. */
export const AHEAD_MS = 5 * 60_000;

/** For a process that is alone with its database: the machine's clock as it is. */
export const unsharedClock = (ours: () => number): SharedClock => ({
  now: ours,
  compare: () => Promise.resolve(),
  aheadMs: () => 0,
  complaints: () => [],
});

/** `compare` before anything asks for the time. */
export function createSharedClock(db: Db, ours: () => number): SharedClock {
  let behind = 0;
  return {
    now: () => ours() + behind,
    async compare() {
      const before = ours();
      const { rows } = await sql<{
        at: number;
      }>`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as at`.execute(db);
      // The answer was given at some moment between; a difference within that is none.
      const unknownMs = (ours() - before) / 2;
      const found = rows[0]!.at - (before + unknownMs);
      if (Math.abs(found - behind) > Math.abs(unknownMs)) behind = Math.round(found);
    },
    aheadMs: () => -behind,
    complaints() {
      if (Math.abs(behind) <= AHEAD_MS) return [];
      const minutes = Math.round(Math.abs(behind) / 60_000);
      return [
        `this machine's clock is ${minutes} minutes ${behind < 0 ? 'ahead of' : 'behind'} the database's: let it set its time`,
      ];
    },
  };
}

/** Leases: locks with a time to live for work of one instance at a time, such as polling a bot. */
import { hasCome, ownClock, type ClaimClock } from '../queues/claim.ts';
import { sql, type Db } from '../database.ts';
import { prepared } from '../prepared.ts';

export interface Leases {
  /** Acquires or renews the lease; true while `holder` has it. The lease of a dead holder expires. One name, one `ms`. */
  hold(name: string, holder: string, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** Deletes leases that expired an hour ago. */
  sweep(): Promise<void>;
}

export function createLeases(db: Db, now: () => number, clock: ClaimClock = ownClock): Leases {
  const holding = (ms: number) =>
    prepared(db, ({ name, holder, at }: { name: string; holder: string; at: number }) => {
      const until = sql<number>`${clock(at)} + cast(${ms} as bigint)`;
      return db
        .insertInto('lease')
        .values({ name, holder, until })
        .onConflict((c) =>
          c
            .column('name')
            .doUpdateSet({ holder, until })
            .where((e) => e.or([e('lease.holder', '=', holder), hasCome('lease.until', clock(at), ms)])),
        )
        .returning('name');
    });
  // By the time to live: there are few.
  const holds = new Map<number, ReturnType<typeof holding>>();
  return {
    async hold(name, holder, ms) {
      const hold = holds.get(ms) ?? holding(ms);
      holds.set(ms, hold);
      return (await hold({ name, holder, at: now() })).rows.length > 0;
    },
    async release(name, holder) {
      await db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute();
    },
    async sweep() {
      await db
        .deleteFrom('lease')
        .where('until', '<', sql<number>`${clock(now())} - 3600000`)
        .execute();
    },
  };
}

/** Things only one instance may do at a time, held for a while and renewed: polling one bot, ticking the clock. */
import { ownClock, type ClaimClock } from './claim.ts';
import { sql, type Db } from './database.ts';

export interface Leases {
  /** Takes or renews; true while `holder` has it. A dead holder's lease ends by itself. */
  hold(name: string, holder: string, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** Forgets leases that ended an hour ago. */
  sweep(): Promise<void>;
}

export function createLeases(db: Db, now: () => number, clock: ClaimClock = ownClock): Leases {
  return {
    async hold(name, holder, ms) {
      const at = clock(now());
      const until = sql<number>`${at} + cast(${ms} as bigint)`;
      const taken = await db
        .insertInto('lease')
        .values({ name, holder, until })
        .onConflict((c) =>
          c
            .column('name')
            .doUpdateSet({ holder, until })
            .where((e) => e.or([e('lease.holder', '=', holder), e('lease.until', '<=', at)])),
        )
        .returning('name')
        .executeTakeFirst();
      return taken !== undefined;
    },
    async release(name, holder) {
      await db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute();
    },
    async sweep() {
      await db
        .deleteFrom('lease')
        .where('until', '<', now() - 3_600_000)
        .execute();
    },
  };
}

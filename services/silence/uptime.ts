/** Records when the program ran: a day without sales and one without the program are not the same. All instances extend one run. */
import type { Db, Tx } from '../database/database.ts';

/** ms, half-open. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A run is written down this often, ms. */
const BEAT_MS = 60_000;
/** Two beats this far apart have a gap between them, ms: restarts and updates are shorter. */
const GAP_MS = 5 * 60_000;
const KEPT_MS = 400 * 24 * 3_600_000;

export interface Uptime {
  /** Notes that the program runs. */
  beat(): Promise<void>;
  sweep(): Promise<void>;
}

export function createUptime({ db, now }: { db: Db; now: () => number }): Uptime {
  return {
    async beat() {
      const at = now();
      const last = await db.selectFrom('uptime').selectAll().orderBy('until', 'desc').limit(1).executeTakeFirst();
      if (last && at < last.until + BEAT_MS) return;
      if (last && at <= last.until + GAP_MS) {
        await db.updateTable('uptime').set({ until: at }).where('since', '=', last.since).where('until', '<', at).execute();
        return;
      }
      await db
        .insertInto('uptime')
        .values({ since: at, until: at })
        .onConflict((c) => c.column('since').doNothing())
        .execute();
    },
    async sweep() {
      const old = now() - KEPT_MS;
      await db.deleteFrom('uptime').where('until', '<', old).execute();
    },
  };
}

/** The gaps within a time, oldest first. Nothing is known of the time before the first run. */
export async function gapsIn(on: Db | Tx, { from, to }: Gap): Promise<readonly Gap[]> {
  const before = await on.selectFrom('uptime').selectAll().where('since', '<', from).orderBy('since', 'desc').limit(1).execute();
  const within = await on
    .selectFrom('uptime')
    .selectAll()
    .where('since', '>=', from)
    .where('since', '<', to)
    .orderBy('since')
    .execute();
  const after = await on.selectFrom('uptime').selectAll().where('since', '>=', to).orderBy('since').limit(1).execute();
  const runs = [...before, ...within, ...after];
  return runs
    .slice(1)
    .map((run, n): Gap => ({ from: Math.max(from, runs[n]!.until), to: Math.min(to, run.since) }))
    .filter((gap) => gap.to > gap.from);
}

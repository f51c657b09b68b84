/** Call slots in the database: what keeps a platform's limit across restarts and instances. */
import { sql, type Db } from '../store/database.ts';

export interface Slot {
  /** Free again that many ms from now. Only the one who holds it can; whoever came too late changes nothing. */
  release(afterMs: number): Promise<void>;
}

export interface Slots {
  /** Waits until one of these numbered slots of the account is free, and takes it. */
  take(account: string, numbers: readonly number[]): Promise<Slot>;
}

/** A slot whose holder died frees itself after this long; no call takes longer. */
const HELD_MS = 30_000;
/** A slot in use is free this long after its answer at the earliest, so looking sooner is in vain. */
const SOONEST_MS = 1_001;

/**
 * `embedded`: this process alone uses the database, and its own clock counts; else the database's clock does, which all
 * instances share.
 */
export function createSlots({ db, embedded, now }: { db: Db; embedded: boolean; now: () => number }): Slots {
  const clock = () =>
    embedded ? sql<number>`${now()}` : sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const passing = embedded ? sql`` : sql`for update skip locked`;

  const tryTake = async (account: string, numbers: readonly number[]): Promise<{ slot: number; free_at: number } | undefined> => {
    const at = clock();
    // Held for longer than anybody can: the clock was turned back meanwhile.
    const { rows } = await sql<{ slot: number; free_at: number }>`
      update call_slot set free_at = ${at} + ${sql.lit(HELD_MS)}
      where account = ${account} and slot = (
        select slot from call_slot
        where account in (${account}) and slot in (${sql.join(numbers)})
          and (free_at <= ${at} or free_at > ${at} + ${sql.lit(HELD_MS)})
        order by free_at limit 1 ${passing})
      returning slot, free_at`.execute(db);
    return rows[0];
  };

  /** ms until the earliest is free; makes those that do not exist yet. */
  const wait = async (account: string, numbers: readonly number[]): Promise<number> => {
    const { rows } = await sql<{ ms: number | null; there: number }>`
      select min(free_at) - ${clock()} as ms, count(*) as there from call_slot
      where account = ${account} and slot in (${sql.join(numbers)})`.execute(db);
    const { ms, there } = rows[0]!;
    if (ms !== null && there === numbers.length) return Math.min(Math.max(ms, 1), SOONEST_MS);
    await db
      .insertInto('call_slot')
      .values(numbers.map((slot) => ({ account, slot, free_at: 0 })))
      .onConflict((c) => c.columns(['account', 'slot']).doNothing())
      .execute();
    return 0;
  };

  return {
    async take(account, numbers) {
      for (;;) {
        const taken = await tryTake(account, numbers);
        if (taken) {
          return {
            async release(afterMs) {
              await sql`update call_slot set free_at = ${clock()} + ${sql.lit(afterMs)}
                where account = ${account} and slot = ${taken.slot} and free_at = ${taken.free_at}`.execute(db);
            },
          };
        }
        const ms = await wait(account, numbers);
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      }
    },
  };
}

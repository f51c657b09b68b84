/** Call slots in the database: what keeps a platform's limit across restarts and instances. */
import { sql, type Db } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';

export interface Slot {
  /** Free again that many ms from now. Only the one who holds it can; whoever came too late changes nothing. */
  release(afterMs: number): Promise<void>;
}

export interface Slots {
  /** Waits until one of these numbered slots of the account is free, and takes it. */
  take(account: string, numbers: readonly number[]): Promise<Slot>;
  /** When nobody else uses the database: what a dead process held is free as soon as the platform has forgotten its calls. */
  recover(): Promise<void>;
}

/** A slot whose holder died frees itself after this long; no call takes longer. */
const HELD_MS = 30_000;
/** After this long no call of a dead process is still on its way, nor counted by the platform: the rest after a lost call. */
const LOST_MS = 3_000;
/** A slot in use is free this long after its answer at the earliest, so looking sooner is in vain. */
const SOONEST_MS = 1_001;

/**
 * `embedded`: this process alone uses the database, and its own clock counts; else the database's clock does, which all
 * instances share.
 */
export function createSlots({ db, embedded, now }: { db: Db; embedded: boolean; now: () => number }): Slots {
  const databaseTime = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const clock = (at: number) => (embedded ? sql<number>`${at}` : databaseTime);
  const passing = embedded ? sql`` : sql`for update skip locked`;

  // Held for longer than anybody can: the clock was turned back meanwhile.
  const takeAmong = (numbers: string) =>
    prepared(db, ({ account, at: ours }: { account: string; at: number }) => {
      const at = clock(ours);
      return sql<{ slot: number; free_at: number }>`
        update call_slot set free_at = ${at} + ${sql.lit(HELD_MS)}
        where account = ${account} and slot = (
          select slot from call_slot
          where account in (${account}) and slot in (${sql.raw(numbers)})
            and (free_at <= ${at} or free_at > ${at} + ${sql.lit(HELD_MS)})
          order by free_at limit 1 ${passing})
        returning slot, free_at`;
    });
  const takings = new Map<string, ReturnType<typeof takeAmong>>();
  const tryTake = async (account: string, numbers: readonly number[]) => {
    const list = numbers.join();
    const taking = takings.get(list) ?? takeAmong(list);
    takings.set(list, taking);
    return (await taking({ account, at: now() })).rows[0];
  };

  const giveBack = prepared(
    db,
    (v: { account: string; slot: number; taken: number; at: number; afterMs: number }) =>
      sql`update call_slot set free_at = ${clock(v.at)} + ${v.afterMs}
        where account = ${v.account} and slot = ${v.slot} and free_at = ${v.taken}`,
  );

  /** ms until the earliest is free; makes those that do not exist yet. */
  const wait = async (account: string, numbers: readonly number[]): Promise<number> => {
    const { rows } = await sql<{ ms: number | null; there: number }>`
      select min(free_at) - ${clock(now())} as ms, count(*) as there from call_slot
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
    async recover() {
      const at = clock(now());
      await sql`update call_slot set free_at = ${at} + ${sql.lit(LOST_MS)}
        where free_at > ${at} + ${sql.lit(LOST_MS)}`.execute(db);
    },
    async take(account, numbers) {
      for (;;) {
        const taken = await tryTake(account, numbers);
        if (taken) {
          return {
            async release(afterMs) {
              await giveBack({ account, slot: taken.slot, taken: taken.free_at, at: now(), afterMs: Math.ceil(afterMs) });
            },
          };
        }
        const ms = await wait(account, numbers);
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      }
    },
  };
}

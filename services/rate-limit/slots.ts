/** Call slots in the database: they keep a platform's rate limit across restarts and instances. */
import type { Time } from '../time/time.ts';
import { sql, type Db } from '../database/database.ts';
import { passLocked } from '../database/locks/row-locks.ts';
import { prepared } from '../database/prepared.ts';

export interface Slot {
  /** Whether this process stood still for so long since it took the slot that another call may have it by now. */
  isOver(): boolean;
  /** Frees the slot that many ms from now, unless its hold has expired and another call has it: then nothing changes. */
  release(afterMs: number): Promise<void>;
}

export interface Slots {
  /** Waits for one of these numbered slots of the account, and takes it. */
  take(account: string, numbers: readonly number[]): Promise<Slot>;
  /**
   * Shortens the holds of a dead process to the time after which the platform has forgotten its calls. For a database without
   * other users.
   */
  recover(): Promise<void>;
  /** Deletes the slots of accounts that made no call for a month. */
  sweep(): Promise<void>;
}

/** The longest hold: a slot of a dead holder is free again after it, and no call takes longer. */
const HELD_MS = 30_000;
/** The rest after a lost call: after it no call of a dead process is still on its way, nor counted by the platform. */
const LOST_MS = 3_000;
/** The slots of an account are kept so long after its last call, ms. */
const UNUSED_MS = 30 * 24 * 3_600_000;
/** The shortest rest after an answer, and so the longest useful poll interval. */
const SOONEST_MS = 1_001;

export interface SlotsParts {
  readonly db: Db;
  /** The clock that counts: `ours` where this process alone uses the database, otherwise the one that all share, the database's. */
  readonly clock: 'ours' | 'database';
  readonly now: () => number;
  readonly sleep: Time['sleep'];
}

export function createSlots({ db, clock: whose, now, sleep }: SlotsParts): Slots {
  const databaseTime = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const clock = (at: number) => (whose === 'ours' ? sql<number>`${at}` : databaseTime);
  const passing = passLocked(db);

  // A power cut ends this program too, and the platform has forgotten its calls before it runs again. A server of a database
  // may be back sooner, so a slot that is taken there must not be lost; one that is given back frees itself.
  const how = whose === 'ours' ? 'relaxed' : undefined;

  // A hold longer than the longest one means that the clock was turned back; it counts as free.
  const takeAmong = (numbers: string) => {
    const take = ({ account, at: ours }: { account: string; at: number }) => {
      const at = clock(ours);
      return sql<{ slot: number; free_at: number }>`
        update call_slot set free_at = ${at} + ${sql.lit(HELD_MS)}
        where account = ${account} and slot = (
          select slot from call_slot
          where account in (${account}) and slot in (${sql.raw(numbers)})
            and (free_at <= ${at} or free_at > ${at} + ${sql.lit(HELD_MS)})
          order by free_at limit 1 ${passing})
        returning slot, free_at`;
    };
    return prepared(db, take, how);
  };
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
    'relaxed',
  );

  const create = prepared(
    db,
    (row: { account: string; slot: number }) =>
      db
        .insertInto('call_slot')
        .values({ account: row.account, slot: row.slot, free_at: 0 })
        .onConflict((c) => c.columns(['account', 'slot']).doNothing()),
    'relaxed',
  );

  /** Creates the slots that do not exist yet, and gives the ms until the earliest is free. */
  const wait = async (account: string, numbers: readonly number[]): Promise<number> => {
    const { rows } = await sql<{ ms: number | null; there: number }>`
      select min(free_at) - ${clock(now())} as ms, count(*) as there from call_slot
      where account = ${account} and slot in (${sql.join(numbers)})`.execute(db);
    const { ms, there } = rows[0]!;
    if (ms !== null && there === numbers.length) return Math.min(Math.max(ms, 1), SOONEST_MS);
    for (const slot of numbers) await create({ account, slot });
    return 0;
  };

  return {
    async recover() {
      const at = clock(now());
      await sql`update call_slot set free_at = ${at} + ${sql.lit(LOST_MS)}
        where free_at > ${at} + ${sql.lit(LOST_MS)}`.execute(db);
    },
    async sweep() {
      await sql`delete from call_slot where free_at < ${clock(now())} - ${sql.lit(UNUSED_MS)}`.execute(db);
    },
    async take(account, numbers) {
      for (;;) {
        const since = now();
        const taken = await tryTake(account, numbers);
        if (taken) {
          return {
            isOver: () => Math.abs(now() - since) > HELD_MS - LOST_MS,
            async release(afterMs) {
              await giveBack({ account, slot: taken.slot, taken: taken.free_at, at: now(), afterMs: Math.ceil(afterMs) });
            },
          };
        }
        const ms = await wait(account, numbers);
        if (ms > 0) await sleep(ms);
      }
    },
  };
}

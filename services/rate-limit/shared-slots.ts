/** Call slots in the database: several instances keep a platform's rate limit together. */
import type { Time } from '../time/time.ts';
import { sql, type Db } from '../database/database.ts';
import { passLocked } from '../database/locks/row-locks.ts';
import { prepared } from '../database/prepared.ts';
import { HELD_MS, LOST_MS, SOONEST_MS, type Slots } from './slots.ts';

/** The slots of an account are kept so long after its last call, ms. */
const UNUSED_MS = 30 * 24 * 3_600_000;

export interface SharedSlotsParts extends Pick<Time, 'now' | 'sleep'> {
  readonly db: Db;
}

export function createSharedSlots({ db, now, sleep }: SharedSlotsParts): Slots {
  /** The database's clock counts, which all instances share. */
  const clock = sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  const passing = passLocked(db);

  // The server of a database may be back after a power cut before the platform forgets the calls, so a slot that is taken must
  // not be lost; one that is given back frees itself.
  // A hold longer than the longest one means that the clock was turned back; it counts as free.
  const takeAmong = (numbers: string) => {
    const take = ({ account }: { account: string }) => sql<{ slot: number; free_at: number }>`
      update call_slot set free_at = ${clock} + ${sql.lit(HELD_MS)}
      where account = ${account} and slot = (
        select slot from call_slot
        where account in (${account}) and slot in (${sql.raw(numbers)})
          and (free_at <= ${clock} or free_at > ${clock} + ${sql.lit(HELD_MS)})
        order by free_at limit 1 ${passing})
      returning slot, free_at`;
    return prepared(db, take);
  };
  const takings = new Map<string, ReturnType<typeof takeAmong>>();
  const tryTake = async (account: string, numbers: readonly number[]) => {
    const list = numbers.join();
    const taking = takings.get(list) ?? takeAmong(list);
    takings.set(list, taking);
    return (await taking({ account })).rows[0];
  };

  const giveBack = prepared(
    db,
    (v: { account: string; slot: number; taken: number; afterMs: number }) =>
      sql`update call_slot set free_at = ${clock} + ${v.afterMs}
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
      select min(free_at) - ${clock} as ms, count(*) as there from call_slot
      where account = ${account} and slot in (${sql.join(numbers)})`.execute(db);
    const { ms, there } = rows[0]!;
    if (ms !== null && there === numbers.length) return Math.min(Math.max(ms, 1), SOONEST_MS);
    for (const slot of numbers) await create({ account, slot });
    return 0;
  };

  return {
    async sweep() {
      await sql`delete from call_slot where free_at < ${clock} - ${sql.lit(UNUSED_MS)}`.execute(db);
    },
    async take(account, numbers) {
      for (;;) {
        const since = now();
        const taken = await tryTake(account, numbers);
        if (taken) {
          return {
            isOver: () => Math.abs(now() - since) > HELD_MS - LOST_MS,
            async release(afterMs) {
              await giveBack({ account, slot: taken.slot, taken: taken.free_at, afterMs: Math.ceil(afterMs) });
            },
          };
        }
        const ms = await wait(account, numbers);
        if (ms > 0) await sleep(ms);
      }
    },
  };
}

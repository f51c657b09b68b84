/** Call slots in memory, for a process that alone uses its database. One row there outlives it: until when its slots may be in use. */
import type { Db } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { Time } from '../time/time.ts';
import { HELD_MS, LOST_MS, SOONEST_MS, type Slots } from './slots.ts';

/** The row stands for all accounts. */
const ROW = { account: '*', slot: 0 } as const;
/** The row is written for so much longer than needed, ms: once a second at most, however many calls there are. */
const AHEAD_MS = 1_000;

export interface OwnSlotsParts extends Pick<Time, 'now' | 'monotonic' | 'sleep'> {
  readonly db: Db;
}

export function createOwnSlots({ db, now, monotonic, sleep }: OwnSlotsParts): Slots {
  /** By account, and by number: when it is free, by the clock that nobody sets. */
  const accounts = new Map<string, Map<number, number>>();
  /** No slot is free before: those that a dead process held rest until the platform has forgotten its calls. */
  let restUntil: number | undefined;
  const born = { at: now(), monotonic: monotonic() };
  const readRest = async (): Promise<number> => {
    const row = await db
      .selectFrom('call_slot')
      .select((e) => e.fn.max('free_at').as('until'))
      .executeTakeFirst();
    const left = (row?.until ?? 0) - born.at;
    return left > 0 ? born.monotonic + Math.min(left, LOST_MS) : -Infinity;
  };

  /** A power cut ends this process too, and the platform has forgotten its calls before it runs again. */
  const write = prepared(
    db,
    (row: { account: string; slot: number; free_at: number }) =>
      db
        .insertInto('call_slot')
        .values({ account: row.account, slot: row.slot, free_at: row.free_at })
        .onConflict((c) => c.columns(['account', 'slot']).doUpdateSet((e) => ({ free_at: e.ref('excluded.free_at') }))),
    'relaxed',
  );
  let written = -Infinity;
  let writing: Promise<void> | undefined;
  /** Resolves when the row says that slots may be in use for as long as one that is taken now. */
  const note = async (): Promise<void> => {
    const until = now() + HELD_MS;
    while (written < until) {
      const ahead = until + AHEAD_MS;
      writing ??= write({ ...ROW, free_at: ahead })
        .then(() => void (written = ahead))
        .finally(() => (writing = undefined));
      await writing;
    }
  };

  /** The one that has been free for longest, or the ms until there is one. */
  const pick = (
    slots: ReadonlyMap<number, number>,
    numbers: readonly number[],
    at: number,
  ): { slot: number } | { ms: number } => {
    let [slot, freeAt] = [-1, Infinity];
    for (const number of numbers) {
      const free = slots.get(number) ?? -Infinity;
      if (slot === -1 || free < freeAt) [slot, freeAt] = [number, free];
    }
    const ms = Math.max(freeAt, restUntil ?? -Infinity) - at;
    return ms <= 0 ? { slot } : { ms: Math.min(ms, SOONEST_MS) };
  };

  return {
    async take(account, numbers) {
      restUntil ??= await readRest();
      for (;;) {
        const since = monotonic();
        const slots = accounts.get(account) ?? new Map<number, number>();
        accounts.set(account, slots);
        const picked = pick(slots, numbers, since);
        if ('ms' in picked) {
          await sleep(Math.ceil(picked.ms));
          continue;
        }
        const { slot } = picked;
        const until = since + HELD_MS;
        slots.set(slot, until);
        const free = (at: number): void => {
          if (slots.get(slot) === until) slots.set(slot, at);
        };
        try {
          await note();
        } catch (error) {
          free(since);
          throw error;
        }
        return {
          isOver: () => monotonic() - since > HELD_MS - LOST_MS,
          async release(afterMs) {
            free(monotonic() + afterMs);
          },
        };
      }
    },
    async sweep() {
      const at = monotonic();
      for (const [account, slots] of accounts) if ([...slots.values()].every((free) => free <= at)) accounts.delete(account);
      await db.deleteFrom('call_slot').where('free_at', '<', now()).execute();
    },
  };
}

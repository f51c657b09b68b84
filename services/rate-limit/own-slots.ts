/** Call slots in memory, for a process that alone uses its database. What outlives it is whether a call may be under way. */
import type { Collection } from '../collection.ts';
import type { Time } from '../time/time.ts';
import { HELD_MS, LOST_MS, SOONEST_MS, type Slots } from './slots.ts';

/** Calls are noted for so much longer than needed, ms: once a second at most, however many there are. */
const AHEAD_MS = 1_000;
/** How long a note of calls is kept, ms. */
export const NOTED_MS = HELD_MS + AHEAD_MS;
/** One for all accounts. */
const ALL = 'all';

export interface OwnSlotsParts extends Pick<Time, 'monotonic' | 'sleep'> {
  /** Kept for `NOTED_MS`: there where some call may be under way. A power cut may lose it, as the platform forgets before the next start. */
  readonly calls: Collection<true>;
}

export function createOwnSlots({ calls, monotonic, sleep }: OwnSlotsParts): Slots {
  /** By account, and by number: when it is free, by the clock that nobody sets. */
  const accounts = new Map<string, Map<number, number>>();
  /** No slot is free before: those that a dead process held rest until the platform has forgotten its calls. */
  let restUntil: number | undefined;
  const born = monotonic();
  const readRest = async (): Promise<number> => ((await calls.get(ALL)) ? born + LOST_MS : -Infinity);

  let notedUntil = -Infinity;
  let noting: Promise<void> | undefined;
  /** Resolves when it is noted that a call may be under way for as long as a slot is held that is taken at this moment. */
  const note = async (at: number): Promise<void> => {
    while (notedUntil < at + HELD_MS) {
      const until = monotonic() + NOTED_MS;
      noting ??= calls
        .set(ALL, true)
        .then(() => void (notedUntil = until))
        .finally(() => (noting = undefined));
      await noting;
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
          await note(since);
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
    },
  };
}

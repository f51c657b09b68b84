/** Slows down guessing: after five codes that nobody knows, a person pauses, and each further pause is twice as long. */
import type { Collection } from '../store/expiring.ts';

/** Misses of one person; forgotten after a day without any. */
export interface Misses {
  readonly count: number;
  /** ms; nothing is looked up for this person before. */
  readonly until: number;
}

const ALLOWED = 5;
const FIRST_PAUSE_MS = 60_000;

export interface Guesses {
  /** How many ms this person still has to wait; 0 when not at all. */
  pause(person: string): Promise<number>;
  /** Counts a miss. True when a pause begins with it. */
  miss(person: string): Promise<boolean>;
  /** A code that exists: all is forgiven. */
  hit(person: string): Promise<void>;
}

export function createGuesses({ misses, now }: { misses: Collection<Misses>; now: () => number }): Guesses {
  return {
    async pause(person) {
      return Math.max(0, ((await misses.get(person))?.until ?? 0) - now());
    },
    async miss(person) {
      const count = ((await misses.get(person))?.count ?? 0) + 1;
      const paused = count >= ALLOWED;
      await misses.set(person, { count, until: paused ? now() + FIRST_PAUSE_MS * 2 ** (count - ALLOWED) : 0 });
      return paused;
    },
    async hit(person) {
      // Nearly always there is nothing to forgive, and looking costs no write.
      if (await misses.get(person)) await misses.delete(person);
    },
  };
}

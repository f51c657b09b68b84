/** Rate limit for unknown codes: per person, and for people without a role together: per store and day, or per place and day. */
import { isPaused, type Attempts, type AttemptLimit, type Paused } from '../database/attempts.ts';
import { createFailureBudget } from '../rate-limit/failure-budget.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The pause is half an hour at most: typing errors do not cost a day, and guessing yields 48 attempts a day at most. */
const PERSON: AttemptLimit = { failures: 5, firstPauseMs: MINUTE_MS, longestPauseMs: 30 * MINUTE_MS };
/**
 * A busy store has some 500 coupons a day, one in ten of them mistyped; four times that is guessing. One person alone cannot
 * use it up: the pauses leave each about 50 a day.
 */
export const UNLISTED_A_DAY = 200;
/** The day is part of the key, so the pause ends with it. */
const UNLISTED: AttemptLimit = { failures: UNLISTED_A_DAY, firstPauseMs: DAY_MS, longestPauseMs: DAY_MS };

/** Fifteen typing errors at one table are many; then one try a minute at first, and one in half an hour at last. */
export const AT_PLACE_A_DAY = 15;
/** The day is part of the key, so a place begins each day anew. */
const PLACE: AttemptLimit = { failures: AT_PLACE_A_DAY, firstPauseMs: MINUTE_MS, longestPauseMs: 30 * MINUTE_MS };

const ONCE_A_DAY: AttemptLimit = { failures: 1, firstPauseMs: DAY_MS, longestPauseMs: DAY_MS };

/** A store's business day, for a person without a role there. */
export interface StoreDay {
  readonly storeId: string;
  readonly day: string;
}

/** A place on a business day, for all its customers together. */
export interface PlaceDay {
  readonly placeId: string;
  readonly day: string;
}

/** A guess is a look-up whose code may turn out to be unknown. Whoever begins one ends it. */
export interface Guess {
  /** Counts an unknown code. Returns the limit that the owners are to hear of, once per series of failures. */
  unknown(): Promise<'person' | 'store' | 'place' | undefined>;
  /** Notes a usable code: it takes off one earlier failure, once a day, since it can be sent again and again. */
  usable(code: string): Promise<void>;
  /** Lets others go on that wait for what this one turns out to be. Counts nothing. May be called again. */
  end(): void;
}

/** `store`, `place`: the limit of all together is reached, not the person's. */
export type Refused = Paused & { readonly of: 'person' | 'store' | 'place' };

export interface GuessLimiter {
  /** Begins a look-up, unless there is a pause; `at` for a person who is neither owner nor invited staff. */
  begin(person: string, at?: StoreDay | PlaceDay): Promise<Guess | Refused>;
}

export function createGuessLimiter(attempts: Attempts): GuessLimiter {
  const enter = createFailureBudget(attempts);
  return {
    async begin(person, at) {
      const key = `code:${person}`;
      const own = await enter(key, PERSON);
      if (isPaused(own)) return { ...own, of: 'person' };
      const [of, limit] = at && 'placeId' in at ? (['place', PLACE] as const) : (['store', UNLISTED] as const);
      const together = at && ('placeId' in at ? `place:${at.placeId}:${at.day}` : `store:${at.storeId}:${at.day}`);
      const shared = together === undefined ? undefined : await enter(together, limit);
      if (shared && isPaused(shared)) {
        own.end();
        return { ...shared, of };
      }
      return {
        async unknown() {
          const [ofPerson, ofAll] = await Promise.all([own.fail(), shared?.fail()]);
          if (await ofAll?.announce()) return of;
          return (await ofPerson?.announce()) ? 'person' : undefined;
        },
        async usable(code) {
          if (own.failures === 0) return;
          const again = isPaused(await attempts.begin(`usable:${person}:${code}`, ONCE_A_DAY));
          if (!again) await attempts.forgive(key);
        },
        end() {
          own.end();
          shared?.end();
        },
      };
    },
  };
}

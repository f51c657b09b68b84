/** Rate limit for unknown codes: per person, and for people without a role together: per store and day, or per place and day. */
import { isPaused, type Attempts, type AttemptLimit, type Paused } from '../database/attempts.ts';

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

export interface Guess {
  /** Counts an unknown code. Returns the limit that the owners are to hear of, once per series of failures. */
  unknown(): Promise<'person' | 'store' | 'place' | undefined>;
  /** Counts nothing: the code is known, or the platform was not called or gave no answer. */
  known(): Promise<void>;
  /** Counts a usable code: it takes off one earlier failure, once a day, since it can be sent again and again. */
  usable(code: string): Promise<void>;
}

/** `store`, `place`: the limit of all together is reached, not the person's. */
export type Refused = Paused & { readonly of: 'person' | 'store' | 'place' };

export interface GuessLimiter {
  /** Counts a lookup in advance; `at` for a person who is neither owner nor invited staff. */
  begin(person: string, at?: StoreDay | PlaceDay): Promise<Guess | Refused>;
}

export function createGuessLimiter(attempts: Attempts): GuessLimiter {
  return {
    async begin(person, at) {
      const own = await attempts.begin(`code:${person}`, PERSON);
      if (isPaused(own)) return { ...own, of: 'person' };
      const [of, limit] = at && 'placeId' in at ? (['place', PLACE] as const) : (['store', UNLISTED] as const);
      const key = at && ('placeId' in at ? `place:${at.placeId}:${at.day}` : `store:${at.storeId}:${at.day}`);
      const shared = key === undefined ? undefined : await attempts.begin(key, limit);
      if (shared && isPaused(shared)) {
        await own.passed();
        return { ...shared, of };
      }
      const known = async (): Promise<void> => {
        await Promise.all([own.passed(), shared?.passed()]);
      };
      return {
        async unknown() {
          if (shared && shared.failures >= limit.failures && (await shared.announce())) return of;
          return own.failures >= PERSON.failures && (await own.announce()) ? 'person' : undefined;
        },
        known,
        async usable(code) {
          await known();
          if (own.failures === 1) return;
          const again = isPaused(await attempts.begin(`usable:${person}:${code}`, ONCE_A_DAY));
          if (!again) await attempts.forgive(`code:${person}`);
        },
      };
    },
  };
}

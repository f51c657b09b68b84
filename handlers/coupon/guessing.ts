/** Slows the guessing of codes down: counts each lookup before it is made, and tells the owners of a series of unknown ones. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { dayAt } from '../../services/time/calendar.ts';
import {
  AT_PLACE_A_DAY,
  UNLISTED_A_DAY,
  type Guess,
  type GuessLimiter,
  type Refused,
} from '../../services/verification/guess-limiter.ts';
import { say, type Asker } from '../handler.ts';
import type { Reply } from '../message.ts';
import type { NotifyOwners } from '../notify/people.ts';

export interface GuessingParts {
  readonly guessLimiter: GuessLimiter;
  readonly now: () => number;
  readonly notifyOwners: NotifyOwners;
  /** Tells whether a person is an owner or invited staff of a store. */
  readonly listed: (person: string, store: Store) => Promise<boolean>;
}

export function createGuessing({ guessLimiter, now, ...parts }: GuessingParts) {
  /** Counts a lookup against the guess limit before it is made. Owners are not limited, and a practice store has nothing to find. */
  const begin = async (store: Store, { role, person, chat, visit }: Asker): Promise<Guess | Refused> => {
    // A customer's guesses count wherever he tries them, and at a place whoever makes them.
    if (role === 'customer' && visit)
      return await guessLimiter.begin(person.id, { placeId: visit.place.id, day: dayAt(now(), store) });
    if (role === 'owner' || store.practice) return NO_GUESS;
    // A person on neither list verifies only where everybody in the group may.
    if (chat.whoMay !== 'everyone' || (await parts.listed(person.id, store))) return await guessLimiter.begin(person.id);
    return await guessLimiter.begin(person.id, { storeId: store.id, day: dayAt(now(), store) });
  };

  const missed = async (guess: Guess, store: Store, { person, visit }: Asker): Promise<void> => {
    const news = await guess.unknown();
    if (news === undefined) return;
    await parts.notifyOwners(store.accountId, (theirs) =>
      news === 'store'
        ? theirs.say('guess-warning-store', { store: store.name, count: UNLISTED_A_DAY })
        : news === 'place'
          ? theirs.say('guess-warning-place', { store: store.name, place: visit?.place.name ?? '', count: AT_PLACE_A_DAY })
          : theirs.say('guess-warning', { person: person.name || theirs.say('nameless'), store: store.name }),
    );
  };

  return { begin, missed };
}

const NOTHING = (): Promise<undefined> => Promise.resolve(undefined);
const NO_GUESS: Guess = { unknown: NOTHING, known: NOTHING, usable: NOTHING };

/** Says how long to wait. */
export const pausedReply = ({ of, ms }: Refused, words: Words): Reply =>
  say(
    of === 'store'
      ? words.say('guess-pause-store')
      : of === 'place'
        ? words.say('guess-pause-place')
        : words.say('guess-pause', { minutes: Math.ceil(ms / 60_000) }),
  );

/** Slows the guessing of codes down: counts unknown ones, and tells the owners of a series of unknown ones. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { RaiseAlert } from '../../services/alerts/alert.ts';
import { dayAt } from '../../services/time/calendar.ts';
import {
  AT_PLACE_A_DAY,
  UNLISTED_A_DAY,
  type Guess,
  type GuessLimiter,
  type Refused,
} from '../../services/verification/guess-limiter.ts';
import { identityOf, say, type Asker } from '../handler.ts';
import type { Reply } from '../message.ts';

export interface GuessingParts {
  readonly guessLimiter: GuessLimiter;
  readonly now: () => number;
  readonly raise: RaiseAlert;
  /** Tells whether a person is an owner or invited staff of a store. */
  readonly listed: (person: string, store: Store) => Promise<boolean>;
}

export function createGuessing({ guessLimiter, now, ...parts }: GuessingParts) {
  /** Begins a lookup within the guess limit. Owners are not limited, and a practice store has nothing to find. */
  const begin = async (store: Store, { role, person, chat, visit }: Asker): Promise<Guess | Refused> => {
    // A customer's guesses count wherever he tries them, and at a place whoever makes them.
    if (role === 'customer' && visit)
      return await guessLimiter.begin(identityOf(person), { placeId: visit.place.id, day: dayAt(now(), store) });
    if (role === 'owner' || store.practice) return NO_GUESS;
    // A person on neither list verifies only where everybody in the group may.
    if (chat.whoMay !== 'everyone' || (await parts.listed(person.id, store))) return await guessLimiter.begin(identityOf(person));
    return await guessLimiter.begin(identityOf(person), { storeId: store.id, day: dayAt(now(), store) });
  };

  const missed = async (guess: Guess, store: Store, { person, visit }: Asker): Promise<void> => {
    const news = await guess.unknown();
    if (news === undefined) return;
    const { id, accountId, name } = store;
    const place = visit?.place;
    const about = { kind: 'guessing', accountId, storeIds: [id] } as const;
    const day = dayAt(now(), store);
    if (news === 'store')
      return await parts.raise({ ...about, key: `${id}:${day}`, facts: { of: news, store: name, count: UNLISTED_A_DAY } });
    if (news === 'place')
      return await parts.raise({
        ...about,
        key: `${place?.id}:${day}`,
        facts: { of: news, store: name, place: place?.name ?? '', count: AT_PLACE_A_DAY },
      });
    await parts.raise({ ...about, key: `${id}:${person.id}`, facts: { of: news, store: name, person: person.name } });
  };

  return { begin, missed };
}

const NOTHING = (): Promise<undefined> => Promise.resolve(undefined);
const NO_GUESS: Guess = { unknown: NOTHING, usable: NOTHING, end: () => undefined };

/** Says how long to wait. */
export const pausedReply = ({ of, ms }: Refused, words: Words): Reply =>
  say(
    of === 'store'
      ? words.say('guess-pause-store')
      : of === 'place'
        ? words.say('guess-pause-place')
        : words.say('guess-pause', { minutes: Math.ceil(ms / 60_000) }),
  );

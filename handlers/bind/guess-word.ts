/** Slows the guessing of words that let somebody in: invitations, and what links two accounts of one person. */
import type { Members } from '../../services/accounts/members.ts';
import type { GuessLimiter } from '../../services/verification/guess-limiter.ts';
import { identityOf } from '../handler.ts';
import type { Person } from '../message.ts';

/** Looks a word up for a person within the limit of unknown ones. A good word makes up for none: it could be sent between two guesses. */
export type GuessWord = <T>(person: Person, look: () => Promise<T | undefined>) => Promise<T | 'paused' | undefined>;

const HOUR_MS = 3_600_000;

export function createGuessWord(parts: {
  guessLimiter: GuessLimiter;
  members: Pick<Members, 'known'>;
  now: () => number;
}): GuessWord {
  const { guessLimiter, members, now } = parts;
  return async (person, look) => {
    // Digits are guessed by many accounts in turn: all people without a role share the tries of an hour.
    const all = { storeId: 'invitations', day: String(Math.floor(now() / HOUR_MS)) };
    const shared = (await members.known(person.id)) ? undefined : all;
    const guess = await guessLimiter.begin(`join:${identityOf(person)}`, shared);
    if ('kind' in guess) return 'paused';
    try {
      const found = await look();
      if (found === undefined) await guess.unknown();
      return found;
    } finally {
      guess.end();
    }
  };
}

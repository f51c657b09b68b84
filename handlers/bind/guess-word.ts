/** Slows the guessing of words that let somebody in: invitations, and what links two accounts of one person. */
import type { Members } from '../../services/accounts/members.ts';
import type { Guess, GuessLimiter, Refused } from '../../services/verification/guess-limiter.ts';
import { identityOf } from '../handler.ts';
import type { Person } from '../message.ts';

/** Counts a try before it is made. */
export type GuessWord = (person: Person) => Promise<Guess | Refused>;

const HOUR_MS = 3_600_000;

export function createGuessWord(parts: {
  guessLimiter: GuessLimiter;
  members: Pick<Members, 'known'>;
  now: () => number;
}): GuessWord {
  const { guessLimiter, members, now } = parts;
  return async (person) => {
    // Digits are guessed by many accounts in turn: all people without a role share the tries of an hour.
    const all = { storeId: 'invitations', day: String(Math.floor(now() / HOUR_MS)) };
    const shared = (await members.known(person.id)) ? undefined : all;
    return await guessLimiter.begin(`join:${identityOf(person)}`, shared);
  };
}

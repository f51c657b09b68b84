/** Tells people in private what is not for others: an invitation; to owners, that somebody guesses codes or the login is refused. */
import type { Words } from '../locales/index.ts';
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Db } from '../services/store/database.ts';
import type { PersonId } from './message.ts';
import type { Put } from './tell.ts';

/** `what` says it in each owner's language. */
export type TellOwners = (accountId: string, what: (words: Words) => string) => Promise<void>;

/** Nothing comes of it where the person never opened a private chat. */
export type TellPerson = (person: PersonId, what: (words: Words) => string) => Promise<void>;

export function createTellPerson(parts: {
  db: Db;
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): TellPerson {
  return async (person, what) => {
    // A person's private chat has the person's own id.
    const text = what(await parts.wordsOf(person));
    const told = { chat: person, reply: { kind: 'say', text } } as const;
    await parts.db.transaction().execute((tx) => parts.put(tx, `person:${parts.newId()}`, told));
  };
}

export function createTellOwners({ accounts, tellPerson }: { accounts: Accounts; tellPerson: TellPerson }): TellOwners {
  return async (accountId, what) => {
    for (const { id } of await accounts.owners(accountId)) await tellPerson(id, what);
  };
}

/** Tells people in private what is not for others: an invitation; to owners, who got rights, guesses codes, or that the login is refused. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Db } from '../../services/database/database.ts';
import type { PersonId, Reply } from '../message.ts';
import type { Put } from './outcome.ts';

/** What is told, in the language of whoever hears it: a sentence, or one with buttons. */
export type Telling = (words: Words) => string | Omit<Extract<Reply, { kind: 'say' }>, 'kind'>;

/** `except`: somebody who knows it already. */
export type NotifyOwners = (accountId: string, what: Telling, except?: PersonId) => Promise<void>;

/** Nothing comes of it where the person never opened a private chat. */
export type NotifyPerson = (person: PersonId, what: Telling) => Promise<void>;

export function createNotifyPerson(parts: {
  db: Db;
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): NotifyPerson {
  return async (person, what) => {
    // A person's private chat has the person's own id.
    const said = what(await parts.wordsOf(person));
    const told = { chat: person, reply: { kind: 'say', ...(typeof said === 'string' ? { text: said } : said) } } as const;
    await parts.db.transaction().execute((tx) => parts.put(tx, `person:${parts.newId()}`, told));
  };
}

export function createNotifyOwners({ accounts, notifyPerson }: { accounts: Accounts; notifyPerson: NotifyPerson }): NotifyOwners {
  return async (accountId, what, except) => {
    for (const { id } of await accounts.owners(accountId)) if (id !== except) await notifyPerson(id, what);
  };
}

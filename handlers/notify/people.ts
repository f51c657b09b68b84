/** Tells a person something in private: an invitation; or to owners, news of rights. Causes that last are alerts. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Enqueue, PersonId, Reply } from '../message.ts';

/** Words a message in the recipient's language: a sentence, or one with buttons. */
export type Telling = (words: Words) => string | Omit<Extract<Reply, { kind: 'say' }>, 'kind'>;

/** What is told, as a reply. */
export const told = (what: ReturnType<Telling>): Reply => ({
  kind: 'say',
  ...(typeof what === 'string' ? { text: what } : what),
});

/** Tells all owners of an account; `except` is left out, as somebody who knows it already. */
export type NotifyOwners = (accountId: string, what: Telling, except?: PersonId) => Promise<void>;

/** Tells one person. Nothing comes of it where the person never opened a private chat. */
export type NotifyPerson = (person: PersonId, what: Telling) => Promise<void>;

export function createNotifyPerson(parts: {
  enqueue: Enqueue;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): NotifyPerson {
  return async (person, what) => {
    // A person's private chat has the person's own id.
    const reply = told(what(await parts.wordsOf(person)));
    await parts.enqueue([{ key: `person:${parts.newId()}`, chat: person, reply }]);
  };
}

export function createNotifyOwners({ accounts, notifyPerson }: { accounts: Accounts; notifyPerson: NotifyPerson }): NotifyOwners {
  return async (accountId, what, except) => {
    for (const { id } of await accounts.owners(accountId)) if (id !== except) await notifyPerson(id, what);
  };
}

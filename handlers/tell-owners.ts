/** Tells the owners of an account, each in private, what they must know: somebody guesses codes, the platform refuses the login. */
import type { Words } from '../locales/index.ts';
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Db } from '../services/store/database.ts';
import type { Put } from './tell.ts';

/** `what` says it in each owner's language. */
export type TellOwners = (accountId: string, what: (words: Words) => string) => Promise<void>;

export function createTellOwners(parts: {
  db: Db;
  put: Put;
  accounts: Accounts;
  wordsOf: (chat: string) => Promise<Words>;
  newId: () => string;
}): TellOwners {
  return async (accountId, what) => {
    for (const { id } of await parts.accounts.owners(accountId)) {
      // A person's private chat has the person's own id.
      const text = what(await parts.wordsOf(id));
      const warning = { chat: id, reply: { kind: 'say', text } } as const;
      await parts.db.transaction().execute((tx) => parts.put(tx, `owners:${parts.newId()}`, warning));
    }
  };
}

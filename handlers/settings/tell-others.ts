/** Tells the other owners of a store that a setting was changed, in the transaction of the change. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { TellChange } from '../../services/accounts/store-settings.ts';
import type { Outgoing } from '../message.ts';
import type { TellOthers } from './setting.ts';

export interface TellOthersParts {
  readonly accounts: Pick<Accounts, 'owners'>;
  readonly wordsOf: (chat: string) => Promise<Words>;
  /** The messages as writes. */
  readonly telling: (messages: readonly Outgoing[]) => TellChange;
  readonly newId: () => string;
}

export function createTellOthers(parts: TellOthersParts): TellOthers {
  return async ({ store, person }, changed) => {
    const change = parts.newId();
    const others = (await parts.accounts.owners(store.accountId)).filter(({ id }) => id !== person.id);
    const messages = others.map(async ({ id: chat }): Promise<Outgoing> => {
      const words = await parts.wordsOf(chat);
      const name = person.name || words.say('nameless');
      const text = words.say('told-setting', { name, store: store.name, ...changed(words) });
      return { key: `setting:${change}:${chat}`, chat, reply: { kind: 'say', text } };
    });
    return parts.telling(await Promise.all(messages));
  };
}

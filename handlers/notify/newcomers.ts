/** Tells owners of new staff and new owners, with a button to remove them. */
import type { Account } from '../../services/accounts/accounts.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Incoming, Person } from '../message.ts';
import type { Removal } from '../staff.ts';
import type { NotifyOwners } from './people.ts';

/** Tells that a person joined by an invitation. */
export type NotifyJoined = (store: Store, person: Person) => Promise<void>;
/** Tells the earlier owners that a person proved the account's credentials in a chat, and owns it too. */
export type NotifyNewOwner = (account: Account, incoming: Pick<Incoming, 'group' | 'title'>, person: Person) => Promise<void>;

export interface Newcomers {
  readonly notifyJoined: NotifyJoined;
  readonly notifyNewOwner: NotifyNewOwner;
}

export function createNewcomers(parts: {
  notifyOwners: NotifyOwners;
  removals: Collection<Removal>;
  newId: () => string;
}): Newcomers {
  const { notifyOwners, removals, newId } = parts;
  return {
    async notifyJoined({ id: storeId, accountId, name: store }, { id: person, name }) {
      const removal = newId();
      await removals.set(removal, { kind: 'staff', storeId, person, name });
      await notifyOwners(accountId, (words) => {
        const shown = name || words.say('nameless');
        const label = words.say('button-remove', { name: shown });
        return {
          text: words.say('told-joined', { person: shown, store }),
          buttons: [[{ verb: 'staff-remove', id: removal, label, style: 'danger' }]],
        };
      });
    },

    async notifyNewOwner({ id: accountId, platform }, { group, title }, { id: person, name }) {
      const removal = newId();
      await removals.set(removal, { kind: 'owner', accountId, person, name });
      await notifyOwners(
        accountId,
        (words) => {
          const shown = name || words.say('nameless');
          const label = words.say('button-remove', { name: shown });
          const chat = group ? words.say('chat-group', { title }) : words.say('chat-private');
          return {
            text: words.say('told-new-owner', { person: shown, chat, platform: words.say(`platform-${platform}`) }),
            buttons: [[{ verb: 'staff-remove', id: removal, label, style: 'danger' }]],
          };
        },
        person,
      );
    },
  };
}

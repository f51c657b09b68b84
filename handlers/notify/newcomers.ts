/** Tells owners of new staff, with a button to remove them. */
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Person } from '../message.ts';
import type { Removal } from '../staff/person.ts';
import type { NotifyOwners } from './people.ts';

/** Tells that a person joined by an invitation. */
export type NotifyJoined = (store: Store, person: Person) => Promise<void>;

export function createNotifyJoined(parts: {
  notifyOwners: NotifyOwners;
  removals: Collection<Removal>;
  newId: () => string;
}): NotifyJoined {
  const { notifyOwners, removals, newId } = parts;
  return async ({ id: storeId, accountId, name: store }, { id: person, name }) => {
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
  };
}

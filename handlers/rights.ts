/** Authorises presses: the person's role now, in the store of the very card that was pressed. */
import type { Members, Role } from '../services/accounts/members.ts';
import type { Store, Stores } from '../services/accounts/stores.ts';
import type { Verification } from '../services/verification/verification.ts';
import type { Principal } from '../services/facts/by.ts';
import type { Asker } from './handler.ts';
import type { Person } from './message.ts';

export interface Rights {
  /** The store and this person's role in it now; undefined when the store is gone. */
  at(storeId: string, asker: Asker): Promise<{ readonly store: Store; readonly role: Role } | undefined>;
}

export function createRights({ stores, members }: { stores: Stores; members: Members }): Rights {
  return {
    async at(storeId, asker) {
      const store = await stores.get(storeId);
      return store && { store, role: await members.role(asker.person.id, store, asker.chat) };
    },
  };
}

/** Lets owners and staff look up and verify. */
export const mayVerify = (role: Role): boolean => role === 'owner' || role === 'staff';

/** Lets the owner undo and decide every verification, and staff their own as long as they may verify. */
export const mayAnswerFor = ({ by }: Verification, role: Role, { person }: Asker): boolean =>
  role === 'owner' || (mayVerify(role) && by?.id === person.id);

/** The principal of somebody who speaks for himself. */
export const principalOf = ({ id, name }: Person): Principal => ({ kind: 'person', id, name });

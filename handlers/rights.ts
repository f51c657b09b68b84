/** Authorises presses: the person's role now, in the store of the very card that was pressed. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Members, Role } from '../services/accounts/members.ts';
import type { Store, Stores } from '../services/accounts/stores.ts';
import type { Verification } from '../services/verification/verification.ts';
import type { Principal } from '../services/facts/by.ts';
import type { Asker } from './handler.ts';
import type { Person } from './message.ts';

export interface Rights {
  /** The store and this person's role in it now; undefined when the store is gone. */
  at(storeId: string, asker: Asker): Promise<{ readonly store: Store; readonly role: Role } | undefined>;
  /**
   * Why this person may not settle who verifies: bind chats, invite, open a group. An owner who has only proved a former
   * password may not, as that outlasts the ownership. Undefined where they may.
   */
  settles(accountId: string, asker: Asker): Promise<'owner-only' | 'owner-unproven-first' | undefined>;
}

export function createRights({
  stores,
  members,
  accounts,
}: {
  stores: Stores;
  members: Members;
  accounts: Pick<Accounts, 'owners'>;
}): Rights {
  return {
    async at(storeId, asker) {
      const store = await stores.get(storeId);
      return store && { store, role: await members.role(asker.person.id, store, asker.chat) };
    },
    async settles(accountId, { person }) {
      const owner = (await accounts.owners(accountId)).find(({ id }) => id === person.id);
      if (!owner) return 'owner-only';
      return owner.endsAt === undefined ? undefined : 'owner-unproven-first';
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

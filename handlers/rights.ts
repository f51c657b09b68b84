/** Rights at press time: what this person may do with the store of the very card that was pressed. */
import type { Members, Role } from '../services/accounts/members.ts';
import type { Store, Stores } from '../services/accounts/stores.ts';
import type { Verification } from '../services/verification/verification.ts';
import type { Asker } from './handler.ts';

export interface Rights {
  /** The store and this person's role in it now; nothing when there is no such store any more. */
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

/** Owners and staff look up and verify. */
export const mayVerify = (role: Role): boolean => role === 'owner' || role === 'staff';

/** The owner takes back and judges what anybody verified; others their own, while they may still verify. */
export const mayAnswerFor = ({ by }: Verification, role: Role, { person }: Asker): boolean =>
  role === 'owner' || (mayVerify(role) && by?.id === person.id);

/** Authorises presses: the person's role now, in the store of the very card that was pressed. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Members, Role } from '../services/accounts/members.ts';
import { seenIn, type Store, type Stores } from '../services/accounts/stores.ts';
import { broughtBy, type Verification } from '../services/verification/verification.ts';
import { asPerson, type Principal } from '../services/facts/by.ts';
import type { StorePlace } from '../services/self-service/places.ts';
import type { Visits } from '../services/self-service/visits.ts';
import type { Asker } from './handler.ts';
import type { Person } from './message.ts';

/** A person's role at a store now; `place` is where a customer is. */
export interface At {
  readonly store: Store;
  readonly role: Role;
  readonly place?: StorePlace;
}

export interface Rights {
  /** The store as it is seen in this chat, and this person's role in it now; undefined when the store is gone. */
  at(storeId: string, asker: Pick<Asker, 'person' | 'chat'>): Promise<At | undefined>;
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
  visits,
}: {
  stores: Stores;
  members: Members;
  accounts: Pick<Accounts, 'owners'>;
  visits: Pick<Visits, 'of'>;
}): Rights {
  return {
    async at(storeId, asker) {
      const found = await stores.get(storeId);
      if (!found) return undefined;
      const store = seenIn(found, asker.chat);
      const role = await members.role(asker.person.id, store, asker.chat);
      if (role !== 'stranger' || asker.chat.group) return { store, role };
      const visit = await visits.of(asker.chat.id);
      return visit?.store.id === storeId ? { store, role: 'customer', place: visit.place } : { store, role };
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

/** Whether it is this person, also by the identity that speaks: what it began while it was linked names it alone. */
const isPerson = (by: Principal | undefined, { id, via }: Person): boolean => by !== undefined && (by.id === id || by.id === via);

/** Lets the owner undo every verification, and staff what the owner's setting lets them, as long as they may verify. */
export const mayUndo = ({ by }: Verification, store: Store, role: Role, { person }: Asker): boolean =>
  role === 'owner' || (mayVerify(role) && (store.mayUndo === 'staff' || (store.mayUndo === 'verifier' && isPerson(by, person))));

/** Lets the owner decide every verification whose outcome is not known, and staff their own as long as they may verify. */
export const mayAnswerFor = ({ by }: Verification, role: Role, { person }: Asker): boolean =>
  role === 'owner' || (mayVerify(role) && isPerson(by, person));

/** The principal of a customer. */
export const customerOf = (person: Person) => ({ ...asPerson(person), kind: 'customer' }) as const satisfies Principal;

/** Whether it is this person's own use as a customer, pressed or verified by a rule. */
export const isOwnUse = (v: Pick<Verification, 'by' | 'sender'>, { person }: Asker): boolean => {
  const brought = broughtBy(v);
  return brought?.kind === 'customer' && isPerson(brought, person);
};

/** The principal of somebody who speaks for himself. */
export const principalOf: (person: Person) => Principal = asPerson;

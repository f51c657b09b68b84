/** Ends a person's ownership of an account, with everything that rests on it. */
import { deleteOwner } from '../accounts/accounts.ts';
import { unbindChats } from '../accounts/chats.ts';
import { deleteStaffInvitedBy } from '../accounts/members.ts';
import { removeForeignListings } from '../accounts/stores.ts';
import type { Db } from '../database/database.ts';
import { deleteOwnerGroups } from '../ledger/owner-groups.ts';

export interface Disowned {
  /** The chats that the person had bound to the account's stores, now unbound. */
  readonly chats: readonly string[];
}

/** Atomic. Nothing where the person does not own the account. */
export type Disown = (accountId: string, person: string) => Promise<Disowned | undefined>;

export function createDisown({ db, now }: { db: Db; now: () => number }): Disown {
  return (accountId, person) =>
    db.transaction().execute(async (tx) => {
      if (!(await deleteOwner(tx, accountId, person))) return undefined;
      // Otherwise everybody in a group that is open to all could go on verifying.
      const chats = await unbindChats(tx, accountId, person, now());
      await deleteOwnerGroups(tx, accountId, [person, ...chats]);
      await deleteStaffInvitedBy(tx, accountId, person);
      await removeForeignListings(tx, accountId, now());
      return { chats };
    });
}

/** The stores whose books somebody may read: those of the accounts that they own, at this moment. */
import type { Accounts } from '../accounts/accounts.ts';
import type { Store, Stores } from '../accounts/stores.ts';

/** In the order in which they were bound; none for whoever owns nothing any more. */
export type OwnStores = (person: string) => Promise<readonly Store[]>;

export function createOwnStores({
  accounts,
  stores,
}: {
  accounts: Pick<Accounts, 'ownedBy'>;
  stores: Pick<Stores, 'ofPerson'>;
}): OwnStores {
  return async (person) => {
    const owned = new Set((await accounts.ownedBy(person)).map(({ id }) => id));
    // Staff of a store do not read its books.
    return owned.size === 0 ? [] : (await stores.ofPerson(person)).filter(({ accountId }) => owned.has(accountId));
  };
}

/** Whose books are on the page: the reader's own stores, and the one or all of them that are looked at. */
import type { Store } from '../../services/accounts/stores.ts';
import type { OwnStores } from '../../services/books/own-stores.ts';
import type { Reader } from '../../services/books/sessions.ts';

/** The most stores that are looked at together: each is read for itself. */
export const MOST_TOGETHER = 20;

export interface Shelf {
  /** All stores of the reader. */
  readonly stores: readonly Store[];
  /** Those that are looked at, one or several. */
  readonly chosen: readonly Store[];
  /** The id of the one, where one was chosen. */
  readonly store: string | undefined;
  /** Whether all can be looked at together. */
  readonly together: boolean;
}

/** The books of a reader now. `none`: they own no store any more; `unknown`: not the one that was asked for. */
export type OpenShelf = (reader: Reader, store: string | undefined) => Promise<Shelf | 'none' | 'unknown'>;

export function createOpenShelf({ ownStores }: { ownStores: OwnStores }): OpenShelf {
  return async ({ person }, store) => {
    const stores = await ownStores(person);
    if (stores.length === 0) return 'none';
    // Simulated money is in no sum with real money.
    const real = stores.filter(({ practice }) => !practice);
    const all = real.length > 0 ? real : stores;
    const together = all.length <= MOST_TOGETHER;
    if (store === undefined)
      return { stores, chosen: together ? all : all.slice(0, 1), store: together ? undefined : all[0]!.id, together };
    const chosen = stores.filter(({ id }) => id === store);
    return chosen.length === 0 ? 'unknown' : { stores, chosen, store, together };
  };
}

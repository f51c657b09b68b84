/** Where a customer's chat is: at the place whose link it came by last, for twelve hours. */
import type { Store, Stores } from '../accounts/stores.ts';
import type { Collection } from '../collection.ts';
import type { Places, StorePlace } from './places.ts';

/** As it is kept. The token is named too: a visit by a code that was replaced since is over. */
export interface KeptVisit {
  readonly placeId: string;
  readonly tokenMac: string;
  /** When the link was opened, ms. */
  readonly at: number;
}

export interface Visit {
  readonly store: Store;
  readonly place: StorePlace;
}

/** The longest visit, ms: an evening and the night after it. */
export const VISIT_MS = 12 * 3_600_000;

export interface Visits {
  /** Where the chat is now; undefined where no link led it anywhere, and where its place or its code is no more. */
  of(chat: string): Promise<Visit | undefined>;
  /** Notes that the chat came to a place at this time, ms. A visit that began later stays. */
  enter(chat: string, place: StorePlace, at: number): Promise<void>;
}

export function createVisits(parts: {
  visits: Collection<KeptVisit>;
  places: Pick<Places, 'get'>;
  stores: Pick<Stores, 'get'>;
  now: () => number;
}): Visits {
  const { visits, places, stores, now } = parts;
  return {
    async of(chat) {
      const kept = await visits.get(chat);
      const place = kept && (await places.get(kept.placeId));
      if (!place || place.tokenMac !== kept.tokenMac || now() - kept.at >= VISIT_MS) return undefined;
      const store = await stores.get(place.storeId);
      return store && { store, place };
    },
    async enter(chat, { id, tokenMac }, at) {
      const left = at + VISIT_MS - now();
      const kept = await visits.get(chat);
      if (left <= 0 || (kept && kept.at > at)) return;
      await visits.set(chat, { placeId: id, tokenMac, at }, left);
    },
  };
}

/** Asks each platform that lists a store, and tells what each said under its name; one that fails does not silence the others. */
import type { Words } from '../../locales/index.ts';
import type { Listing, Store, Stores } from '../../services/accounts/stores.ts';
import type { Counter } from '../../services/platforms/client.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Reply } from '../message.ts';
import { faultTitle } from '../cards/refusal.ts';
import { say } from '../handler.ts';

/** `ask` gives the words; undefined where this platform has nothing of the kind. Yields one message, or nothing. */
export async function* perListing(
  { stores, counter }: { stores: Pick<Stores, 'listings'>; counter: (listing: Listing) => Promise<Counter> },
  store: Store,
  words: Words,
  ask: (counter: Counter, listing: Listing) => Promise<string | undefined>,
): AsyncIterable<Reply> {
  const listings = await stores.listings(store);
  const told: string[] = [];
  for (const listing of listings) {
    const at = await counter(listing);
    const text = await ask(at, listing).catch((error: unknown) => {
      if (!(error instanceof PlatformFault)) throw error;
      return faultTitle(error, words, store.zone);
    });
    if (text !== undefined) told.push(`${words.say(`platform-${at.platform}`)}\n${text}`);
  }
  if (told.length > 0) yield say([store.name, ...told].join('\n\n'));
}

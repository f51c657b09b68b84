/** Asks each platform that lists a store, and tells what each said under its name; one that fails does not silence the others. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Store, Stores } from '../../services/accounts/stores.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Reply } from '../message.ts';
import { faultTitle } from '../cards/refusal.ts';
import { say } from '../handler.ts';

/** `ask` gives the words; undefined where this platform has nothing of the kind. Yields one message, or nothing. */
export async function* perListing(
  { stores, client }: { stores: Pick<Stores, 'storeAccounts'>; client: (storeAccount: StoreAccount) => Promise<PlatformClient> },
  store: Store,
  words: Words,
  ask: (client: PlatformClient, storeAccount: StoreAccount) => Promise<string | undefined>,
): AsyncIterable<Reply> {
  const storeAccounts = await stores.storeAccounts(store);
  const told: string[] = [];
  for (const storeAccount of storeAccounts) {
    const at = await client(storeAccount);
    const text = await ask(at, storeAccount).catch((error: unknown) => {
      if (!(error instanceof PlatformFault)) throw error;
      return faultTitle(error, words, store.zone);
    });
    if (text !== undefined) told.push(`${words.say(`platform-${at.platform}`)}\n${text}`);
  }
  if (told.length > 0) yield say([store.name, ...told].join('\n\n'));
}

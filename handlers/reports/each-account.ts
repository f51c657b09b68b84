/** Queries each account of a store, and words the answers under the platform's name; one that fails does not hide the others. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Store, Stores } from '../../services/accounts/stores.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Reply } from '../message.ts';
import { faultTitle } from '../cards/refusal.ts';
import { say } from '../handler.ts';

/** Yields one message, or none. `ask` words one account's answer; undefined where its platform has no such list. */
export async function* eachAccount(
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

/** Tells owners of what an account needs of them, and the merchant's own systems as well. */
import type { Words } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { NotifyOwners } from './people.ts';

/** Publishes an event of a store to whoever listens. */
export type PublishAttention = (storeId: string, data: { readonly platform: string; readonly message: string }) => Promise<void>;

/** Makes the same as `NotifyOwners`, for what stops or soon stops an account from verifying. */
export function createNotifyAttention(parts: {
  notifyOwners: NotifyOwners;
  accounts: Pick<Accounts, 'get'>;
  stores: Pick<Stores, 'listedBy'>;
  publish: PublishAttention;
  /** Of the installation's language: programs have none. */
  words: Words;
}): NotifyOwners {
  const { notifyOwners, accounts, stores, publish, words } = parts;
  return async (accountId, what, except) => {
    await notifyOwners(accountId, what, except);
    const account = await accounts.get(accountId);
    if (!account) return;
    const said = what(words);
    const message = typeof said === 'string' ? said : said.text;
    for (const { storeId } of await stores.listedBy(accountId)) await publish(storeId, { platform: account.platform, message });
  };
}

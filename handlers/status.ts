/** 状态: tells the store's authorisation, its remaining quota, and the time of the platform's last answer. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { StoreAccount, Store, Stores } from '../services/accounts/stores.ts';
import type { Reports } from '../services/ledger/reports.ts';
import type { PlatformClient } from '../services/platforms/client.ts';
import { PlatformFault } from '../services/platforms/platform.ts';
import { faultTitle } from './cards/refusal.ts';
import type { Button } from './message.ts';
import { identityOf, say, type Handler, type Asker } from './handler.ts';

/** The number of paid calls below which the quota is a warning. */
export const LOW_QUOTA = 200;

export function createStatus(parts: {
  accounts: Accounts;
  stores: Pick<Stores, 'storeAccounts'>;
  reports: Reports;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  /** The state of the installation, shown to `operators` alone. */
  installation: () => Promise<{
    readonly version: string;
    readonly inbox: number;
    readonly due: number;
    readonly uncertain: number;
    /** Put aside in either queue. */
    readonly dead: number;
  }>;
  operators: readonly string[];
}): Handler {
  /** Tells the platform's view of the store, and how long the authorisation lasts. */
  const platformLines = async (storeAccount: StoreAccount, store: Store, { words }: Asker): Promise<string[]> => {
    const lines: string[] = [];
    try {
      const found = (await (await parts.client(storeAccount)).stores()).find(({ id }) => id === storeAccount.externalId);
      if (!found) return [words.say('status-store-missing')];
      const authorised = { yes: 'status-authorised', never: 'status-not-authorised', expired: 'status-expired' } as const;
      lines.push(words.say(found.authorised === undefined ? 'status-logged-in' : authorised[found.authorised]));
      if (found.quota !== undefined)
        lines.push(words.say(found.quota < LOW_QUOTA ? 'status-quota-low' : 'status-quota', { quota: found.quota }));
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      lines.push(faultTitle(error, words, store.zone));
    }
    const { endsAt, renewalsLeft } = (await parts.accounts.get(storeAccount.accountId)) ?? {};
    if (endsAt !== undefined) lines.push(words.say('status-ends', { time: words.moment(endsAt, store.zone) }));
    if (renewalsLeft !== undefined) lines.push(words.say('status-renewals', { count: renewalsLeft }));
    return lines;
  };

  return async function* status(_, asker) {
    const { words, store, role, chat } = asker;
    const lines: string[] = [];
    if (parts.operators.includes(identityOf(asker.person))) {
      const { version, inbox, due, uncertain, dead } = await parts.installation();
      lines.push(words.say('status-installation', { version, inbox, due, uncertain, dead }));
    }
    if (!store) {
      const reporting = await parts.reports.storesOf(chat.id);
      lines.push(
        reporting.length > 0
          ? words.say('status-owner-group', { stores: reporting.map(({ name }) => name).join(words.say('list-comma')) })
          : words.say('unbound'),
      );
      return yield say(lines.join('\n'));
    }
    if (role === 'stranger') return yield say(words.say('stranger'));
    const storeAccounts = await parts.stores.storeAccounts(store);
    for (const storeAccount of storeAccounts) {
      const account = await parts.accounts.get(storeAccount.accountId);
      const platform = account ? words.say(`platform-${account.platform}`) : '';
      lines.push(
        words.say(storeAccount.id === undefined ? 'status-store' : 'status-also', { store: storeAccount.name, platform }),
        ...(await platformLines(storeAccount, store, asker)),
      );
    }
    if (store.lastSuccessAt !== undefined)
      lines.push(words.say('status-last', { time: words.moment(store.lastSuccessAt, store.zone) }));
    if (chat.group) lines.push(words.say(`who-may-${chat.whoMay}`));
    const removable = role === 'owner' ? storeAccounts.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }])) : [];
    const buttons = removable.map(({ id, name }): Button[] => [
      { verb: 'listing-remove', id, label: words.say('button-listing-remove', { other: name }) },
    ]);
    yield { kind: 'say', text: lines.join('\n'), ...(buttons.length > 0 && { buttons }) };
  };
}

/** 状态: whether the store's authorisation holds, what is left of its quota, and when the platform last answered. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Listing, Store, Stores } from '../services/accounts/stores.ts';
import type { Reports } from '../services/ledger/reports.ts';
import type { Counter } from '../services/platforms/client.ts';
import { PlatformFault } from '../services/platforms/platform.ts';
import { faultTitle } from './cards/refusal.ts';
import { say, type Handler, type Who } from './handler.ts';

/** Below this many paid calls the line is a warning. */
export const LOW_QUOTA = 200;

export function createStatus(parts: {
  accounts: Accounts;
  stores: Pick<Stores, 'listings'>;
  reports: Reports;
  counter: (listing: Listing) => Promise<Counter>;
  /** For those who run the installation: how it is. */
  installation: () => Promise<{
    readonly version: string;
    readonly inbox: number;
    readonly due: number;
    readonly uncertain: number;
  }>;
  operators: readonly string[];
}): Handler {
  /** What the platform says of the store, and how long the authorisation lasts. */
  const platformLines = async (listing: Listing, store: Store, { words }: Who): Promise<string[]> => {
    const lines: string[] = [];
    try {
      const found = (await (await parts.counter(listing)).stores()).find(({ id }) => id === listing.externalId);
      if (!found) return [words.say('status-store-missing')];
      const authorised = { yes: 'status-authorised', never: 'status-not-authorised', expired: 'status-expired' } as const;
      lines.push(words.say(found.authorised === undefined ? 'status-logged-in' : authorised[found.authorised]));
      if (found.quota !== undefined)
        lines.push(words.say(found.quota < LOW_QUOTA ? 'status-quota-low' : 'status-quota', { quota: found.quota }));
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      lines.push(faultTitle(error, words, store.zone));
    }
    const { endsAt, renewalsLeft } = (await parts.accounts.get(listing.accountId)) ?? {};
    if (endsAt !== undefined) lines.push(words.say('status-ends', { time: words.moment(endsAt, store.zone) }));
    if (renewalsLeft !== undefined) lines.push(words.say('status-renewals', { count: renewalsLeft }));
    return lines;
  };

  return async function* status(_, who) {
    const { words, store, role, chat } = who;
    const lines: string[] = [];
    if (parts.operators.includes(who.person.id)) {
      const { version, inbox, due, uncertain } = await parts.installation();
      lines.push(words.say('status-installation', { version, inbox, due, uncertain }));
    }
    if (!store) {
      const reporting = await parts.reports.storesOf(chat.id);
      lines.push(
        reporting.length > 0
          ? words.say('status-owner-group', { stores: reporting.map(({ name }) => name).join('、') })
          : words.say('unbound'),
      );
      return yield say(lines.join('\n'));
    }
    if (role === 'stranger') return yield say(words.say('stranger'));
    const listings = await parts.stores.listings(store);
    for (const listing of listings) {
      const account = await parts.accounts.get(listing.accountId);
      const platform = account ? words.say(`platform-${account.platform}`) : '';
      lines.push(
        words.say(listing.id === undefined ? 'status-store' : 'status-also', { store: listing.name, platform }),
        ...(await platformLines(listing, store, who)),
      );
    }
    if (store.lastSuccessAt !== undefined)
      lines.push(words.say('status-last', { time: words.moment(store.lastSuccessAt, store.zone) }));
    if (chat.group) lines.push(words.say(`who-may-${chat.whoMay}`));
    const removable = role === 'owner' ? listings.flatMap(({ id, name }) => (id === undefined ? [] : [{ id, name }])) : [];
    const buttons = removable.map(({ id, name }) => [
      { verb: 'listing-remove', id, label: words.say('button-listing-remove', { other: name }) },
    ]);
    yield { kind: 'say', text: lines.join('\n'), ...(buttons.length > 0 && { buttons }) };
  };
}

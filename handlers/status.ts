/** 状态: whether the store's authorisation holds, what is left of its quota, and when the platform last answered. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Store } from '../services/accounts/stores.ts';
import type { Reports } from '../services/ledger/reports.ts';
import type { Counter } from '../services/platforms/access.ts';
import { PlatformFault } from '../services/platforms/platform.ts';
import { faultTitle } from './refusal.ts';
import { say, type Handler, type Who } from './who.ts';

/** Below this many paid calls the line is a warning. */
const LOW_QUOTA = 200;

export function createStatus(parts: {
  accounts: Accounts;
  reports: Reports;
  counter: (store: Store) => Promise<Counter>;
  /** For those who run the installation: how it is. */
  installation: () => Promise<{
    readonly version: string;
    readonly inbox: number;
    readonly due: number;
    readonly uncertain: number;
  }>;
  operators: readonly string[];
}): Handler {
  const platformLines = async (store: Store, { words }: Who): Promise<string[]> => {
    try {
      const found = (await (await parts.counter(store)).stores()).find(({ id }) => id === store.externalId);
      if (!found) return [words.say('status-store-missing')];
      const authorised = { yes: 'status-authorised', never: 'status-not-authorised', expired: 'status-expired' } as const;
      return [
        words.say(found.authorised === undefined ? 'status-logged-in' : authorised[found.authorised]),
        ...(found.quota === undefined
          ? []
          : [words.say(found.quota < LOW_QUOTA ? 'status-quota-low' : 'status-quota', { quota: found.quota })]),
      ];
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      return [faultTitle(error, words, store.zone)];
    }
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
    const account = await parts.accounts.get(store.accountId);
    lines.push(
      words.say('status-store', { store: store.name, platform: account ? words.say(`platform-${account.platform}`) : '' }),
    );
    lines.push(...(await platformLines(store, who)));
    if (store.lastSuccessAt !== undefined)
      lines.push(words.say('status-last', { time: words.moment(store.lastSuccessAt, store.zone) }));
    if (chat.group) lines.push(words.say(`who-may-${chat.whoMay}`));
    yield say(lines.join('\n'));
  };
}

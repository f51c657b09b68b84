/** Renews authorisations, and warns owners before one ends or a quota runs out. */
import type { Words } from '../../locales/index.ts';
import type { Account, Accounts } from '../../services/accounts/accounts.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { Log } from '../../services/log.ts';
import { PlatformFault, type PlatformStore } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import { LOW_QUOTA } from '../status.ts';
import type { NotifyOwners } from './people.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The interval of checks for each account; a renewal is due days before the authorisation ends. */
const EVERY_MS = 6 * HOUR_MS;
const AT_ONCE = 5;
/** The time without a successful renewal after which owners are warned; it is retried at every check. */
const OVERDUE_MS = DAY_MS;
const FEW_RENEWALS = 5;
/** The same warning is not repeated within this time. */
export const TOLD_MS = 3 * DAY_MS;

/** Makes the job; a run checks the accounts that are due, and returns how many. */
export function createAccountWarnings(parts: {
  accounts: Pick<Accounts, 'claimDue' | 'get'>;
  stores: Pick<Stores, 'listedBy'>;
  clientOf: (accountId: string) => Promise<PlatformClient>;
  notifyOwners: NotifyOwners;
  told: Collection<true>;
  now: () => number;
  /** Formats a day. */
  day: (at: number) => string;
  log: Log;
}): () => Promise<number> {
  const { accounts, stores, clientOf, notifyOwners, told, now, day, log } = parts;

  const warn = async (account: Account, what: string, sentence: (words: Words) => string): Promise<void> => {
    const key = `${account.id}:${what}`;
    if (await told.get(key)) return;
    await told.set(key, true);
    await notifyOwners(account.id, sentence);
  };

  const lookAt = async (account: Account, listed: PlatformStore): Promise<void> => {
    const { name: store, authorised, quota } = listed;
    if (authorised === 'expired' || authorised === 'never')
      await warn(account, `authorised ${listed.id}`, (words) => words.say('watch-not-authorised', { store }));
    if (quota !== undefined && quota < LOW_QUOTA)
      await warn(account, `quota ${listed.id}`, (words) => words.say('watch-quota', { store, quota }));
  };

  const lookAfter = async (due: Account): Promise<void> => {
    const bound = await stores.listedBy(due.id);
    if (bound.length === 0) return;
    const client = await clientOf(due.id);
    await client.renew({ priority: 'background' });
    const account = (await accounts.get(due.id)) ?? due;
    const { endsAt, renewAt, renewalsLeft } = account;
    const facts = (words: Words) => ({ platform: words.say(`platform-${account.platform}`), day: day(endsAt ?? now()) });
    if (renewAt !== undefined && now() - renewAt > OVERDUE_MS)
      await warn(account, 'ends', (words) => words.say('watch-ends', facts(words)));
    else if (renewalsLeft !== undefined && renewalsLeft < FEW_RENEWALS)
      await warn(account, 'renewals', (words) => words.say('watch-renewals', { ...facts(words), count: renewalsLeft }));
    for (const listed of await client.stores({ priority: 'background' }))
      if (bound.some(({ externalId }) => externalId === listed.id)) await lookAt(account, listed);
  };

  return async () => {
    const due = await accounts.claimDue(EVERY_MS, AT_ONCE);
    for (const account of due)
      await lookAfter(account).catch((error: unknown) => {
        // The next check retries; a refused login is reported where logins are made.
        if (!(error instanceof PlatformFault)) log.error('an account cannot be looked after', { account: account.id, error });
      });
    return due.length;
  };
}

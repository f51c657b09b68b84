/** Renews authorisations, and raises alerts before one ends or a quota runs out; ends them when that is over. */
import type { Account, Accounts } from '../../services/accounts/accounts.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Alert } from '../../services/alerts/alert.ts';
import type { Alerting } from '../../services/alerts/alerting.ts';
import { daysLeft, withLook, type Left } from '../../services/alerts/pace.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { Log } from '../../services/log.ts';
import { PlatformFault, type PlatformStore } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import { LOW_QUOTA } from '../status.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The interval of checks for each account; a renewal is due days before the authorisation ends. */
const EVERY_MS = 6 * HOUR_MS;
const AT_ONCE = 5;
/** The time without a successful renewal after which owners are warned; it is retried at every check. */
const OVERDUE_MS = DAY_MS;
const FEW_RENEWALS = 5;
/** A quota that lasts less than this is told: time to pay an invoice, a weekend included. */
const FEW_DAYS = 7;
/** How long the looks at a quota are kept without another, ms. */
export const LOOKS_MS = 14 * DAY_MS;

/** Makes the job; a run checks the accounts that are due, and returns how many. */
export function createAccountWarnings(parts: {
  accounts: Pick<Accounts, 'claimDue' | 'get'>;
  stores: Pick<Stores, 'listedBy'>;
  clientOf: (accountId: string) => Promise<PlatformClient>;
  alerting: Pick<Alerting, 'raise' | 'over'>;
  /** What was left of a store's quota at the last looks. */
  looks: Collection<readonly Left[]>;
  now: () => number;
  log: Log;
}): () => Promise<number> {
  const { accounts, stores, clientOf, alerting, looks, now, log } = parts;

  /** Raises it where it is so, and ends it where it is not. */
  const keep = async (alert: Alert, isSo: boolean): Promise<void> => await (isSo ? alerting.raise(alert) : alerting.over(alert));

  const lookAt = async (account: Account, listed: PlatformStore, storeIds: readonly string[]): Promise<void> => {
    const { id, name, authorised, quota } = listed;
    const about = { accountId: account.id, storeIds };
    if (authorised !== undefined)
      await keep(
        { ...about, kind: 'ended', key: `store:${account.id}:${id}`, facts: { of: 'store', name } },
        authorised !== 'yes',
      );
    if (quota === undefined) return;
    const key = `${account.id}:${id}`;
    const seen = withLook((await looks.get(key)) ?? [], { at: now(), quota });
    await looks.set(key, seen);
    const days = daysLeft(seen);
    const facts = { store: name, quota, days: days ?? null };
    await keep({ ...about, kind: 'quota', key, facts }, quota < LOW_QUOTA || (days !== undefined && days < FEW_DAYS));
  };

  const lookAfter = async (due: Account): Promise<void> => {
    const bound = await stores.listedBy(due.id);
    if (bound.length === 0) return;
    const client = await clientOf(due.id);
    await client.renew({ priority: 'background' });
    const account = (await accounts.get(due.id)) ?? due;
    const { id: accountId, platform, endsAt = now(), renewAt, renewalsLeft } = account;
    const about = { kind: 'ending', accountId, storeIds: [...new Set(bound.map(({ storeId }) => storeId))] } as const;
    const overdue = renewAt !== undefined && now() - renewAt > OVERDUE_MS;
    const few = !overdue && renewalsLeft !== undefined && renewalsLeft < FEW_RENEWALS;
    await keep({ ...about, key: `${accountId}:ends`, facts: { platform, endsAt, renewals: null } }, overdue);
    const renewals = { platform, endsAt, renewals: renewalsLeft ?? null };
    await keep({ ...about, key: `${accountId}:renewals`, facts: renewals }, few);
    for (const listed of await client.stores({ priority: 'background' })) {
      const theirs = bound.filter(({ externalId }) => externalId === listed.id).map(({ storeId }) => storeId);
      if (theirs.length > 0) await lookAt(account, listed, theirs);
    }
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

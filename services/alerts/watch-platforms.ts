/** Raises an alert while a platform gives an account no usable answers, and ends it with the first answer. A job. */
import type { Accounts } from '../accounts/accounts.ts';
import type { Stores } from '../accounts/stores.ts';
import type { PlatformHealth } from './platform-health.ts';
import type { Alerting } from './alerting.ts';
import type { Alerts } from './alerts.ts';

/** Shorter failures pass while people try once more; each of them saw on the card that the platform did not answer. ms. */
const FAILING_MS = 10 * 60_000;
/** One or two may be this machine's network. */
const FAILURES = 3;

export function createWatchPlatforms(parts: {
  readonly health: PlatformHealth;
  readonly alerts: Pick<Alerts, 'open'>;
  readonly alerting: Pick<Alerting, 'raise' | 'over'>;
  readonly accounts: Pick<Accounts, 'get'>;
  readonly stores: Pick<Stores, 'listedBy'>;
}): () => Promise<void> {
  const { health, alerts, alerting, accounts, stores } = parts;
  return async () => {
    const answered = new Set(health.answered());
    if (answered.size > 0)
      for (const { kind, key } of await alerts.open('platform')) if (answered.has(key)) await alerting.over({ kind, key });
    for (const { accountId, since, until, failures } of health.failing()) {
      if (until - since < FAILING_MS || failures < FAILURES) continue;
      const account = await accounts.get(accountId);
      const storeIds = [...new Set((await stores.listedBy(accountId)).map(({ storeId }) => storeId))];
      if (!account || storeIds.length === 0) continue;
      const facts = { platform: account.platform, since };
      await alerting.raise({ kind: 'platform', key: accountId, accountId, storeIds, facts });
    }
  };
}

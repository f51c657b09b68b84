/** Raises alerts: the platform refuses an account's login, or somebody guesses its password. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { EnrolmentParts } from '../../services/accounts/enrolment.ts';
import type { PlatformClientsParts } from '../../services/platforms/client.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Alerting } from '../../services/alerts/alerting.ts';

export interface NotifyLogins {
  /** Hears of every login of a kept account; the owners hear of the first refused one. */
  readonly onLogin: NonNullable<PlatformClientsParts['onLogin']>;
  readonly onGuessing: EnrolmentParts['onGuessing'];
}

export function createNotifyLogins(parts: {
  accounts: Pick<Accounts, 'setRefused'>;
  stores: Pick<Stores, 'listedBy'>;
  /** The platforms this installation is set up for. */
  platforms: readonly Pick<Platform, 'name' | 'authorisation' | 'questions'>[];
  alerting: Pick<Alerting, 'raise' | 'over'>;
}): NotifyLogins {
  const { accounts, stores, platforms, alerting } = parts;
  const about = async (accountId: string) => ({
    accountId,
    storeIds: [...new Set((await stores.listedBy(accountId)).map(({ storeId }) => storeId))],
  });
  return {
    async onLogin({ platform, identity }, taken) {
      const account = await accounts.setRefused({ platform, identity }, !taken);
      if (!account) return;
      const key = `login:${account.id}`;
      if (taken) return await alerting.over({ kind: 'ended', key });
      // Where merchants authorise at the platform there is no password that they could mend.
      const own = platforms.find(({ name }) => name === platform);
      const authorises = own && (own.authorisation || !own.questions.some(({ secret }) => secret));
      const facts = authorises ? ({ of: 'authorisation', name: platform } as const) : ({ of: 'login', name: identity } as const);
      await alerting.raise({ ...(await about(account.id)), kind: 'ended', key, facts });
    },
    async onGuessing({ id, identity }) {
      const facts = { of: 'login', account: identity } as const;
      await alerting.raise({ ...(await about(id)), kind: 'guessing', key: `login:${id}`, facts });
    },
  };
}

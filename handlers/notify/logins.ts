/** Tells owners that the platform refuses their account's login, or that somebody guesses its password. */
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { EnrolmentParts } from '../../services/accounts/enrolment.ts';
import type { PlatformClientsParts } from '../../services/platforms/client.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { NotifyOwners } from './people.ts';

export interface NotifyLogins {
  /** Hears of every login of a kept account; the owners hear of the first refused one. */
  readonly onLogin: NonNullable<PlatformClientsParts['onLogin']>;
  readonly onGuessing: EnrolmentParts['onGuessing'];
}

export function createNotifyLogins(parts: {
  accounts: Pick<Accounts, 'setRefused'>;
  /** The platforms this installation is set up for. */
  platforms: readonly Pick<Platform, 'name' | 'authorisation' | 'questions'>[];
  notifyOwners: NotifyOwners;
}): NotifyLogins {
  const { accounts, platforms, notifyOwners } = parts;
  return {
    async onLogin({ platform, identity }, taken) {
      const account = await accounts.setRefused({ platform, identity }, !taken);
      if (!account || taken) return;
      // Where merchants authorise at the platform there is no password that they could mend.
      const own = platforms.find(({ name }) => name === platform);
      const authorises = own && (own.authorisation || !own.questions.some(({ secret }) => secret));
      await notifyOwners(account.id, (words) =>
        authorises
          ? words.say('authorisation-over', { platform: words.say(`platform-${platform}`) })
          : words.say('login-refused', { account: identity }),
      );
    },
    onGuessing: ({ id, identity }) => notifyOwners(id, (words) => words.say('login-guessing', { account: identity })),
  };
}

/** What somebody agreed to on a platform's page: who has the store now, and how to take it back for an hour. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import type { EndOwnership } from './end-ownership.ts';
import type { Incoming, Person } from '../message.ts';
import type { NotifyOwners, NotifyPerson } from '../notify/people.ts';

/** Who asked for an authorisation, and where. */
export interface Applicant {
  readonly platform: PlatformName;
  readonly chat: Pick<Incoming, 'chat' | 'group' | 'title'>;
  readonly person: Person;
}

export interface Grant extends Applicant {
  /** The browser that agreed, and nobody else, may look at it and take it back. */
  readonly browser: string;
  /** ms; until then it can be taken back. */
  readonly until: number;
  /** Nothing while the platform is being asked. */
  readonly outcome?: 'failed' | 'taken-back' | { readonly accountId: string; readonly newOwner: boolean };
}

/** How long what was granted can be taken back by the one who did. */
export const GRANT_MS = 3_600_000;

export interface Grants {
  open(asker: Applicant, browser: string): Promise<string>;
  settle(id: string, outcome: NonNullable<Grant['outcome']>): Promise<void>;
  /** The grant, and the name of the store that its chat verifies for through it, once that is chosen. */
  look(id: string): Promise<{ readonly grant: Grant; readonly store: string | undefined } | undefined>;
  /** Unbinds the chat and ends the ownership that came of the grant, once. False where there is nothing to take back. */
  takeBack(id: string): Promise<boolean>;
}

export function createGrants(parts: {
  grants: Collection<Grant>;
  chats: Chats;
  stores: Pick<Stores, 'storeAccounts' | 'removeStoreAccount'>;
  endOwnership: EndOwnership;
  notifyOwners: NotifyOwners;
  notifyPerson: NotifyPerson;
  now: () => number;
  newId: () => string;
}): Grants {
  const { grants, chats, stores, endOwnership, notifyOwners, notifyPerson, now, newId } = parts;
  const keep = (id: string, grant: Grant): Promise<void> => grants.set(id, grant, Math.max(1, grant.until - now()));

  /** The listing through which the chat reaches the account, if it does. */
  const reached = async ({ chat }: Grant, accountId: string) => {
    const { store } = await chats.get(chat.chat);
    const storeAccount = store && (await stores.storeAccounts(store)).find((one) => one.accountId === accountId);
    return store && storeAccount ? { store, storeAccount } : undefined;
  };

  return {
    async open({ platform, chat, person }, browser) {
      const id = newId() + newId();
      await keep(id, { platform, chat, person, browser, until: now() + GRANT_MS });
      return id;
    },

    async settle(id, outcome) {
      const grant = await grants.get(id);
      if (grant) await keep(id, { ...grant, outcome });
    },

    async look(id) {
      const grant = await grants.get(id);
      if (!grant) return undefined;
      const at = typeof grant.outcome === 'object' ? await reached(grant, grant.outcome.accountId) : undefined;
      return { grant, store: at?.storeAccount.name };
    },

    async takeBack(id) {
      const before = await grants.get(id);
      if (typeof before?.outcome !== 'object') return false;
      // Exactly one of several presses takes it.
      const grant = await grants.take(id);
      if (typeof grant?.outcome !== 'object') return false;
      await keep(id, { ...grant, outcome: 'taken-back' });
      const { accountId, newOwner } = grant.outcome;
      if (newOwner) await endOwnership(accountId, grant.person.id);
      // An owner of before loses this chat alone; and what somebody else bound meanwhile goes too.
      const at = await reached(grant, accountId);
      if (at?.storeAccount.id !== undefined) await stores.removeStoreAccount(at.store.id, at.storeAccount.id);
      else if (at) {
        await chats.unbind(grant.chat.chat);
        await notifyPerson(grant.chat.chat, (words) => words.say('told-unbound'));
      }
      const { person, platform } = grant;
      await notifyOwners(
        accountId,
        (words) => {
          const names = { person: person.name || words.say('nameless'), platform: words.say(`platform-${platform}`) };
          return words.say('told-taken-back', names);
        },
        person.id,
      );
      return true;
    },
  };
}

/** Records authorisations given on a platform's page, and lets the same browser revoke one for an hour. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { By } from '../../services/facts/by.ts';
import type { PlatformName } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import type { Ended } from '../../services/lifecycle/end-ownership.ts';
import type { Incoming, Person } from '../message.ts';
import type { NotifyOwners, NotifyPerson } from '../notify/people.ts';

/** The person and the chat that asked for an authorisation. */
export interface Applicant {
  readonly platform: PlatformName;
  readonly chat: Pick<Incoming, 'chat' | 'group' | 'title' | 'topic'>;
  readonly person: Person;
}

export interface Grant extends Applicant {
  /** The browser that gave it; no other one may see or revoke it. */
  readonly browser: string;
  /** ms; it can be revoked until then. */
  readonly until: number;
  /** Undefined while the platform is being called. */
  readonly outcome?: 'failed' | 'taken-back' | { readonly accountId: string; readonly newOwner: boolean };
}

/** The merchant who takes an authorisation back on the platform's page; his name is not told. */
export const TAKER: By = { kind: 'platform', id: 'authorisation', name: '' };

/** How long an authorisation can be revoked. */
export const GRANT_MS = 3_600_000;

export interface Grants {
  open(asker: Applicant, browser: string): Promise<string>;
  settle(id: string, outcome: NonNullable<Grant['outcome']>): Promise<void>;
  /** The grant, and the name of the store that its chat is bound to through it, once that is chosen. */
  look(id: string): Promise<{ readonly grant: Grant; readonly store: string | undefined } | undefined>;
  /** Revokes the grant once: unbinds the chat, and ends an ownership that it gave. False where there is nothing to revoke. */
  takeBack(id: string): Promise<boolean>;
}

export interface GrantsParts {
  grants: Collection<Grant>;
  chats: Chats;
  stores: Pick<Stores, 'storeAccounts' | 'removeStoreAccount'>;
  /** Ends the ownership that the grant gave, and tells the person and the chats that were unbound with it. */
  takeBackOwnership: (accountId: string, person: Person) => Promise<Ended | undefined>;
  notifyOwners: NotifyOwners;
  notifyPerson: NotifyPerson;
  now: () => number;
  newId: () => string;
}

export function createGrants(parts: GrantsParts): Grants {
  const { grants, chats, stores, takeBackOwnership, notifyOwners, notifyPerson, now, newId } = parts;
  const keep = (id: string, grant: Grant): Promise<void> => grants.set(id, grant, Math.max(1, grant.until - now()));

  /** Finds the store account through which the chat uses the account, if it does. */
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
      // Exactly one of several concurrent presses takes it.
      const grant = await grants.take(id);
      if (typeof grant?.outcome !== 'object') return false;
      await keep(id, { ...grant, outcome: 'taken-back' });
      const { accountId, newOwner } = grant.outcome;
      if (newOwner) await takeBackOwnership(accountId, grant.person);
      // A former owner loses this chat alone. A binding that another person made meanwhile goes too.
      const at = await reached(grant, accountId);
      if (at?.storeAccount.id !== undefined) await stores.removeStoreAccount(at.store.id, at.storeAccount.id, TAKER);
      else if (at) {
        await chats.unbind(grant.chat.chat, TAKER);
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

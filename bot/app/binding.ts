/** Puts the handlers of binding together: the dialogue, a platform's own page, and what a chat is bound to in the end. */
import { AWAY_MS, createBindAuthorise, type Away, type Trip } from '../../handlers/bind/authorise.ts';
import { createBindListing, type Offer } from '../../handlers/bind/add-account.ts';
import { createBindLogin, type BindDialogue } from '../../handlers/bind/login.ts';
import { createBindStore } from '../../handlers/bind/choose-store.ts';
import { createBind } from '../../handlers/bind/bind.ts';
import type { EndOwnership } from '../../handlers/bind/end-ownership.ts';
import { createGrants, GRANT_MS, type Grant } from '../../handlers/bind/grants.ts';
import type { ChatId, PersonId } from '../../handlers/message.ts';
import type { TellNewOwner } from '../../handlers/notify/newcomers.ts';
import type { TellOwners, TellPerson } from '../../handlers/notify/people.ts';
import type { Standing } from '../../handlers/rights.ts';
import { ASKED_MS, createStraySecrets } from '../../handlers/bind/stray-secrets.ts';
import type { Handler } from '../../handlers/handler.ts';
import type { createServices } from './services.ts';

const TEN_MINUTES = 10 * 60_000;

export interface BindingParts {
  readonly services: ReturnType<typeof createServices>;
  readonly standing: Standing;
  readonly administers: (chat: ChatId, person: PersonId) => Promise<boolean>;
  readonly newId: () => string;
  readonly endOwnership: EndOwnership;
  readonly tellOwners: TellOwners;
  readonly tellPerson: TellPerson;
  readonly tellNewOwner: TellNewOwner;
  readonly now: () => number;
  /** Where people reach us; a platform's page leads back there. */
  readonly publicUrl: string | undefined;
}

export function createBinding(parts: BindingParts) {
  const { services, standing, administers, newId, tellPerson, tellNewOwner, publicUrl = '' } = parts;
  const { accounts, chats, stores, counters, enrolment, counterOf, collections, polite: platforms } = services;
  const bindStore = createBindStore({ accounts, chats, stores, standing, administers });
  const offers = collections<Offer>('listing', TEN_MINUTES);
  const bindListing = createBindListing({ accounts, stores, standing, bindStore, offers, newId });
  const dialogues = collections<BindDialogue>('dialogue', TEN_MINUTES);
  const away = collections<Away>('away', AWAY_MS);
  const straySecrets = createStraySecrets({ asked: collections<true>('secret-asked', ASKED_MS) });
  const login = createBindLogin({
    accounts,
    enrolment,
    counterOf,
    dialogues,
    bindListing,
    secrets: straySecrets,
    questionsOf: (name) => platforms.find((platform) => platform.name === name)?.questions ?? [],
    tellNewOwner,
  });
  const trips = collections<Trip>('trip', AWAY_MS);
  const grants = createGrants({ ...parts, chats, stores, grants: collections<Grant>('grant', GRANT_MS) });
  const authorise = createBindAuthorise({
    accounts,
    counters,
    dialogues,
    away,
    grants,
    login,
    newId,
    pageOf: (platform, word) => `${publicUrl}/oauth/${platform}/${word}`,
    tellPerson,
    tellNewOwner,
  });
  const bind = createBind({
    accounts,
    stores,
    login,
    dialogues,
    bindStore,
    bindListing,
    authorise,
    secrets: straySecrets,
    platforms,
    newId,
  });
  const presses: Readonly<Record<string, Handler>> = {
    'bind-platform': bind.platform,
    'bind-account': bind.account,
    'bind-store': bind.store,
    'bind-page': bind.page,
    'bind-retry': bind.retry,
    'bind-change': bind.change,
    'bind-leave': bind.left,
    'listing-add': bindListing.add,
    'listing-instead': bindListing.instead,
    'listing-stay': bindListing.stay,
    'listing-remove': bindListing.remove,
    store: bindStore.goTo,
    may: bindStore.whoMay,
    unbind: bindStore.unbindYes,
  };
  return { bind, bindStore, straySecrets, authorisations: { away, trips, grants }, presses };
}

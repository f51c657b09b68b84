/** Puts the handlers of binding together: the dialogue, a platform's own page, and what a chat is bound to in the end. */
import { AWAY_MS, createBindAuthorise, type Away } from '../handlers/bind-authorise.ts';
import { createBindListing, type Offer } from '../handlers/bind-listing.ts';
import { createBindLogin, type BindDialogue } from '../handlers/bind-login.ts';
import { createBindStore } from '../handlers/bind-store.ts';
import { createBind } from '../handlers/bind.ts';
import type { ChatId, PersonId } from '../handlers/message.ts';
import type { Standing } from '../handlers/standing.ts';
import type { Handler } from '../handlers/who.ts';
import type { createServices } from './services.ts';

const TEN_MINUTES = 10 * 60_000;

export interface BindingParts {
  readonly services: ReturnType<typeof createServices>;
  readonly standing: Standing;
  readonly administers: (chat: ChatId, person: PersonId) => Promise<boolean>;
  readonly newId: () => string;
}

export function createBinding({ services, standing, administers, newId }: BindingParts) {
  const { accounts, chats, stores, counters, enrolment, counterOf, collections, polite: platforms } = services;
  const bindStore = createBindStore({ chats, stores, standing, administers });
  const offers = collections<Offer>('listing', TEN_MINUTES);
  const bindListing = createBindListing({ stores, standing, bindStore, offers, newId });
  const dialogues = collections<BindDialogue>('dialogue', TEN_MINUTES);
  const away = collections<Away>('away', AWAY_MS);
  const login = createBindLogin({ accounts, enrolment, counterOf, dialogues, bindListing });
  const authorise = createBindAuthorise({ accounts, counters, dialogues, away, login, newId });
  const bind = createBind({ accounts, stores, login, dialogues, bindStore, bindListing, authorise, platforms, newId });
  const presses: Readonly<Record<string, Handler>> = {
    'bind-platform': bind.platform,
    'bind-account': bind.account,
    'bind-store': bind.store,
    'bind-page': bind.page,
    'bind-retry': bind.retry,
    'bind-leave': bind.left,
    'listing-add': bindListing.add,
    'listing-instead': bindListing.instead,
    'listing-remove': bindListing.remove,
    store: bindStore.goTo,
    may: bindStore.whoMay,
    unbind: bindStore.unbindYes,
  };
  return { bind, bindStore, away, presses };
}

/** Puts the handlers of binding together: the dialogue, the platform's own page, and the choice of a store. */
import { AWAY_MS, createAuthorise, type Away, type Trip } from '../../handlers/bind/authorise.ts';
import { createAddAccount, type Offer } from '../../handlers/bind/add-account.ts';
import { createLogin, type BindDialogue } from '../../handlers/bind/login.ts';
import { createChooseStore } from '../../handlers/bind/choose-store.ts';
import { createBind } from '../../handlers/bind/bind.ts';
import { createGrants, GRANT_MS, type Grant, type GrantsParts } from '../../handlers/bind/grants.ts';
import type { ChatId, Outgoing, PersonId } from '../../handlers/message.ts';
import { createConnected } from '../../handlers/onboarding/connected.ts';
import { createReview, UNREVIEWED } from '../../handlers/onboarding/review.ts';
import { createStandingOf, mayBind } from '../../handlers/onboarding/standing.ts';
import type { SaveAccount } from '../../handlers/notify/owners.ts';
import type { NotifyOwners, NotifyPerson } from '../../handlers/notify/people.ts';
import type { Rights } from '../../handlers/rights.ts';
import { ASKED_MS, createStraySecrets } from '../../handlers/bind/stray-secrets.ts';
import type { Words } from '../../locales/index.ts';
import type { Tx } from '../../services/database/database.ts';
import { SIMULATED } from '../../services/platforms/names.ts';
import type { Config } from '../config/config.ts';
import { PLATFORM_SETTINGS } from '../config/platforms.ts';
import type { Services } from './services.ts';

const TEN_MINUTES = 10 * 60_000;

export interface BindingParts {
  readonly services: Services;
  readonly rights: Rights;
  readonly administers: (chat: ChatId, person: PersonId) => Promise<boolean>;
  readonly newId: () => string;
  readonly takeBackOwnership: GrantsParts['takeBackOwnership'];
  readonly notifyOwners: NotifyOwners;
  readonly notifyPerson: NotifyPerson;
  readonly saveAccount: SaveAccount;
  readonly now: () => number;
  readonly config: Pick<Config, 'operators' | 'access' | 'timeZone' | 'publicUrl'> & Partial<Pick<Config, 'onlyPractice'>>;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** Writes messages in the transaction of what they tell. */
  readonly put: (tx: Tx, messages: readonly Outgoing[]) => Promise<void>;
}

export function createBinding(parts: BindingParts) {
  const { services, config, rights, administers, newId, notifyPerson, saveAccount, put } = parts;
  const { operators, access, timeZone: zone, publicUrl = '', onlyPractice = false } = config;
  const { accounts, applications, members, chats, stores, reports, clients, enrolment, clientOf, collections, platforms } =
    services;
  const practice = platforms.some(({ name }) => name === SIMULATED);
  const standingOf = access === 'review' ? createStandingOf({ applications, members, operators }) : undefined;
  const connected = standingOf ? createConnected({ connect: applications.connect, practice }) : undefined;
  const bindStore = createChooseStore({ ...parts, chats, stores, reports, rights, administers, connected });
  const offers = collections<Offer>('listing', TEN_MINUTES);
  const addAccount = createAddAccount({ accounts, stores, rights, bindStore, offers, newId });
  const dialogues = collections<BindDialogue>('dialogue', TEN_MINUTES);
  const away = collections<Away>('away', AWAY_MS, { secretKeys: true });
  const straySecrets = createStraySecrets({ asked: collections<true>('secret-asked', ASKED_MS) });
  const login = createLogin({
    saveAccount,
    enrolment,
    clientOf,
    dialogues,
    addAccount,
    secrets: straySecrets,
    questionsOf: (name) => platforms.find((platform) => platform.name === name)?.questions ?? [],
    stopped: standingOf && (async (person) => !mayBind(await standingOf(person))),
  });
  const trips = collections<Trip>('trip', AWAY_MS, { secretKeys: true });
  const grants = createGrants({ ...parts, chats, stores, grants: collections<Grant>('grant', GRANT_MS, { secretKeys: true }) });
  const authorise = createAuthorise({
    saveAccount,
    clients,
    dialogues,
    away,
    grants,
    login,
    newId,
    pageOf: (platform, word) => `${publicUrl}/oauth/${platform}/${word}`,
    notifyPerson,
  });
  const plain = createBind({
    accounts,
    stores,
    login,
    dialogues,
    bindStore,
    addAccount,
    authorise,
    secrets: straySecrets,
    platforms: onlyPractice ? platforms.filter(({ name }) => name === SIMULATED) : platforms,
    onlyPractice,
    operators,
    settings: PLATFORM_SETTINGS,
    newId,
  });
  const review =
    standingOf === undefined
      ? { ...UNREVIEWED, bind: plain }
      : createReview({
          ...parts,
          standingOf,
          bind: plain,
          applications,
          apply: (person, particulars, messages) =>
            applications.apply(person, particulars, (tx, made) => put(tx, messages(made))),
          decide: (id, decision, by, messages) => applications.decide(id, decision, by, (tx, done) => put(tx, messages(done))),
          collections,
          dialogues,
          grants,
          operators,
          practice,
          zone,
        });
  const { bind } = review;
  const presses = { ...bind.presses, ...addAccount.presses, ...bindStore.presses, ...review.presses };
  return { bind, bindStore, straySecrets, authorisations: { away, trips, grants }, presses, review };
}

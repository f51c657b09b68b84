/** Puts the services together: what the program knows, before anybody is answered. */
import { randomInt } from 'node:crypto';
import { createAccounts } from '../../services/accounts/accounts.ts';
import { createChats } from '../../services/accounts/chats.ts';
import { createDisown } from '../../services/lifecycle/end-ownership.ts';
import { followChat } from '../../services/lifecycle/move-chat.ts';
import { createEnrolment, type EnrolmentParts } from '../../services/accounts/enrolment.ts';
import { createMembers, INVITATION_MS, type Invitation } from '../../services/accounts/members.ts';
import { createStores, type StoreAccount, type Store as Shop } from '../../services/accounts/stores.ts';
import { createLedger } from '../../services/ledger/ledger.ts';
import { createReports } from '../../services/ledger/reports.ts';
import type { Log } from '../../services/log.ts';
import { createAbsent } from '../../services/platforms/absent.ts';
import { createPlatformClients, type PlatformClient, type PlatformClientsParts } from '../../services/platforms/client.ts';
import { rateLimited } from '../../services/platforms/rate-limited.ts';
import type { Session, Platform } from '../../services/platforms/platform.ts';
import { createSlots } from '../../services/platforms/slots.ts';
import { claimClock } from '../../services/database/claim.ts';
import type { Database } from '../../services/database/database.ts';
import { createAttempts } from '../../services/database/attempts.ts';
import { createCollections, type Collections } from '../../services/database/collections.ts';
import { createLeases } from '../../services/database/leases.ts';
import type { Seal } from '../../services/database/seal.ts';
import { createSteps } from '../../services/verification/countdown.ts';
import { createDesk } from '../../services/verification/desk.ts';
import { createGuessLimiter } from '../../services/verification/guess-limiter.ts';
import { createRepository } from '../../services/verification/repository.ts';
import { OPEN_MS, type OpenCard } from '../../services/verification/verification.ts';
import type { Config } from '../config/config.ts';

export interface ServicesParts {
  readonly config: Pick<Config, 'timeZone'>;
  readonly database: Database;
  readonly seal: Seal;
  /** The platforms offered at binding, in this order. */
  readonly platforms: (collections: Collections) => readonly Platform[];
  readonly log: Log;
  readonly now: () => number;
  /** 16 lower-case letters and digits, random. */
  readonly newId: () => string;
  /** `CountersParts.onLogin`, once there is somebody to tell. */
  readonly onLogin: () => NonNullable<PlatformClientsParts['onLogin']>;
  readonly onGuessing: () => EnrolmentParts['onGuessing'];
}

const DAY = 24 * 3_600_000;
/** Longer than any login is used. */
const LOGIN_MS = 40 * DAY;

export function createServices({ config, database, seal, platforms, log, now, newId, onLogin, onGuessing }: ServicesParts) {
  const { db, embedded } = database;
  const collections = createCollections(db, seal);
  const onDefect = (error: unknown): void => log.error('a defect with a verification', { error });

  const offered = platforms(collections);
  const accounts = createAccounts({
    db,
    seal,
    now,
    newId,
    term: (name, credentials) => offered.find((platform) => platform.name === name)?.authorisation?.term(credentials),
  });
  const stores = createStores({ db, now, newId, zone: config.timeZone });
  const chats = createChats({ db, now, follow: followChat });
  const newWord = (): string => randomInt(1_000_000).toString().padStart(6, '0');
  const members = createMembers({ db, now, newWord, invitations: collections<Invitation>('invitation', INVITATION_MS) });
  const disown = createDisown({ db, now });
  const ledger = createLedger(db);
  const reports = createReports({ db, ledger, now });

  const attempts = createAttempts({ db, now });
  const leases = createLeases(db, now, claimClock(embedded));
  const slots = createSlots({ db, embedded, now });
  const polite = new Map(offered.map((platform) => [platform.name, rateLimited(platform, { slots, now })]));
  const clients = createPlatformClients({
    platforms: (name) => polite.get(name) ?? rateLimited(createAbsent(name), { slots, now }),
    logins: collections<Session>('login', LOGIN_MS),
    now,
    leases,
    me: newId(),
    onLogin: (holder, taken) => onLogin()(holder, taken),
  });
  const enrolment = createEnrolment({ clients, accounts, attempts, onGuessing: (account) => onGuessing()(account) });
  // An account's platform and identity never change, so its counter is made once; credentials are read when a login is due.
  const known = new Map<string, PlatformClient>();
  const clientOf = async (accountId: string): Promise<PlatformClient> => {
    const found = known.get(accountId);
    if (found) return found;
    const account = (await accounts.get(accountId)) ?? missing('the account of a store');
    const made = clients.forAccount({
      ...account,
      credentials: () => accounts.credentials(account.id),
      renewed: (credentials) => accounts.renew(account.id, credentials),
    });
    known.set(account.id, made);
    return made;
  };
  const client = ({ accountId }: Pick<StoreAccount, 'accountId'>): Promise<PlatformClient> => clientOf(accountId);
  const storeOf = async (id: string): Promise<Shop> => (await stores.get(id)) ?? missing('the store of a verification');

  const repository = createRepository(db);
  const cards = collections<OpenCard>('card', OPEN_MS);
  const desk = createDesk({ db, repository, cards, client, store: storeOf, stores, now, newId, onDefect });
  const steps = createSteps({ db, now, onDefect });
  const guessLimiter = createGuessLimiter(attempts);

  return {
    collections,
    accounts,
    stores,
    chats,
    members,
    disown,
    ledger,
    reports,
    polite: [...polite.values()],
    clients,
    enrolment,
    attempts,
    clientOf,
    client,
    leases,
    storeOf,
    db,
    repository,
    slots,
    steps,
    desk,
    guessLimiter,
    onDefect,
  };
}

function missing(what: string): never {
  throw new Error(`${what} is missing`);
}

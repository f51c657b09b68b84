/** Puts the repositories together: everything that is read from and written to the database. */
import type { Incoming } from '../../handlers/message.ts';
import { createAccounts } from '../../services/accounts/accounts.ts';
import { createApiKeys } from '../../services/accounts/api-keys.ts';
import { createApplications } from '../../services/accounts/applications.ts';
import { createChats } from '../../services/accounts/chats.ts';
import { createIdentities } from '../../services/accounts/identities.ts';
import { createEndOwnership } from '../../services/lifecycle/end-ownership.ts';
import { createLinkPeople } from '../../services/lifecycle/link-people.ts';
import { createLinkWords } from '../../services/lifecycle/link-words.ts';
import { followChat } from '../../services/lifecycle/move-chat.ts';
import { createMembers, INVITATION_MS, type Invitation, type WordForm } from '../../services/accounts/members.ts';
import { createPeople } from '../../services/accounts/people.ts';
import { createStoreSettings } from '../../services/accounts/store-settings.ts';
import { createStores } from '../../services/accounts/stores.ts';
import { createAlertSettings } from '../../services/alerts/alert-settings.ts';
import { createAlerts } from '../../services/alerts/alerts.ts';
import { createAttempts } from '../../services/database/attempts.ts';
import { claimClock } from '../../services/database/queues/claim.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { Database } from '../../services/database/database.ts';
import { createInboxRows } from '../../services/database/queues/inbox.ts';
import type { Leases } from '../../services/database/locks/leases.ts';
import { createOutbox } from '../../services/database/queues/outbox.ts';
import type { Seal } from '../../services/database/seal.ts';
import { createFacts } from '../../services/facts/facts.ts';
import { createTrail } from '../../services/facts/trail.ts';
import { createKeptFiles } from '../../services/files/kept-files.ts';
import { createLedger } from '../../services/ledger/ledger.ts';
import { createBookSessions } from '../../services/books/sessions.ts';
import { createDayTotals } from '../../services/ledger/day-totals.ts';
import { createExportDays } from '../../services/ledger/export-days.ts';
import { createKnownWords, namesOf } from '../../services/ledger/names.ts';
import { createReadPage } from '../../services/ledger/pages.ts';
import { createReports } from '../../services/ledger/reports.ts';
import { createStoreCalendars } from '../../services/ledger/store-calendar.ts';
import { createShifts } from '../../services/ledger/shifts.ts';
import { createReconciliations } from '../../services/reconciliation/reconciliations.ts';
import type { Log } from '../../services/log.ts';
import type { Credentials, Platform, Question } from '../../services/platforms/platform.ts';
import { createUnconfirmed } from '../../services/silence/unconfirmed.ts';
import { createUptime } from '../../services/silence/uptime.ts';
import { createOwnSlots, NOTED_MS } from '../../services/rate-limit/own-slots.ts';
import { createSharedSlots } from '../../services/rate-limit/shared-slots.ts';
import type { Time } from '../../services/time/time.ts';
import { createDeliveries } from '../../services/webhooks/deliveries.ts';
import { createEndpoints } from '../../services/webhooks/endpoints.ts';
import { createEvents, type EventMessage } from '../../services/webhooks/events.ts';
import { createApprovals } from '../../services/verification/approvals.ts';
import { createIdempotency } from '../../services/verification/idempotency.ts';
import { createRepository } from '../../services/verification/repository/repository.ts';
import type { Config } from '../config/config.ts';
import type { Message } from '../delivery/outbox.ts';
import { LONGEST_WAIT_MS } from '../delivery/webhooks.ts';

export interface StorageParts {
  readonly database: Database;
  readonly seal: Seal;
  readonly log: Log;
  readonly now: () => number;
  /** 16 lower-case letters and digits, random. */
  readonly newId: () => string;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
}

/** The two queues between the program and its channels: events that were heard, messages that are to go out. */
export function createQueues({ database: { db, embedded, onDisk }, seal, now, newId, log }: StorageParts) {
  const clock = claimClock(embedded);
  return {
    inboxRows: createInboxRows<Incoming>(db, seal, now, { clock, log, onDisk }),
    outbox: createOutbox<Message>(db, seal, now, newId, { clock, log }),
  };
}

export interface RepositoriesParts extends Omit<StorageParts, 'log'>, Pick<Time, 'monotonic' | 'sleep'> {
  /** Left out: nothing is delivered by these. */
  readonly log?: Log;
  readonly config: Pick<Config, 'timeZone'>;
  readonly collections: Collections;
  readonly leases: Leases;
  /** The platforms offered at binding, in this order. */
  readonly platforms: readonly Platform[];
}

export function createRepositories({
  config,
  database,
  seal,
  collections,
  leases,
  platforms,
  now,
  monotonic,
  sleep,
  newId,
  random,
  log,
}: RepositoriesParts) {
  const { db, embedded } = database;
  const clock = claimClock(embedded);
  const ledger = createLedger(db);
  const attempts = createAttempts({ db, now, clock });
  const webhookOutbox = createOutbox<EventMessage>(db, seal, now, newId, {
    clock,
    ...(log && { log }),
    kind: 'webhook',
    longestWaitMs: LONGEST_WAIT_MS,
  });
  const newWord = (form: WordForm): string =>
    form === 'link' ? random(16).toString('hex') : (random(6).readUIntBE(0, 6) % 100_000_000).toString().padStart(8, '0');
  const authorisationOf = (name: string) => platforms.find((platform) => platform.name === name)?.authorisation;
  return {
    db,
    clock,
    collections,
    accounts: createAccounts({
      db,
      seal,
      now,
      newId,
      clock,
      term: (name, credentials) => authorisationOf(name)?.term(credentials),
      secret: (name, credentials) => secretIn(platforms.find((platform) => platform.name === name)?.questions ?? [], credentials),
    }),
    stores: createStores({ db, now, newId, zone: config.timeZone }),
    chats: createChats({ db, now, follow: followChat }),
    members: createMembers({
      db,
      now,
      newWord,
      invitations: collections<Invitation>('invitation', INVITATION_MS, { secretKeys: true }),
    }),
    apiKeys: createApiKeys({ db, now, newId, random }),
    people: createPeople({ db, now }),
    identities: createIdentities({ db }),
    linkPeople: createLinkPeople({ db, now }),
    linkWords: createLinkWords({ collections, random }),
    endOwnership: createEndOwnership({ db, now }),
    ledger,
    readPage: createReadPage(db),
    knownWords: createKnownWords(db),
    trail: createTrail(db),
    exportDays: createExportDays(db),
    dayTotals: createDayTotals({ db, ledger, now, sleep, log }),
    readNames: (storeId: string) => namesOf(db, storeId),
    bookSessions: createBookSessions({ collections, random }),
    keptFiles: createKeptFiles({ db, collections, random, now }),
    reports: createReports({ db, ledger, now }),
    calendars: createStoreCalendars({ db, now }),
    storeSettings: createStoreSettings({ db, now }),
    reconciliations: createReconciliations({ db, now }),
    alerts: createAlerts({ db, now }),
    alertSettings: createAlertSettings({ db, now }),
    shifts: createShifts({ db, now, newId }),
    unconfirmed: createUnconfirmed({ db, seal, now }),
    uptime: createUptime({ db, now }),
    attempts,
    applications: createApplications({ db, seal, attempts, now, newId }),
    leases,
    slots: embedded
      ? createOwnSlots({ calls: collections<true>('calls', NOTED_MS, { relaxed: true }), monotonic, sleep })
      : createSharedSlots({ db, now, sleep }),
    facts: createFacts(db),
    repository: createRepository(db, clock),
    approvals: createApprovals({ db, now, newId }),
    idempotency: createIdempotency({ db, now }),
    webhookOutbox,
    endpoints: createEndpoints({ db, seal, now, newId, random }),
    events: createEvents({ db, outbox: webhookOutbox, now, newId }),
    deliveries: createDeliveries(db),
  };
}

/** The answers to a platform's secret questions; undefined where it asks none. */
function secretIn(questions: readonly Question[], credentials: Credentials): string | undefined {
  const secrets = questions.flatMap(({ name, secret }) => (secret ? [credentials[name] ?? ''] : []));
  return secrets.length > 0 ? secrets.join('\n') : undefined;
}

export type Repositories = ReturnType<typeof createRepositories>;

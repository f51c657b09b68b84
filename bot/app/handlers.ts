/** Puts services and handlers together: from a database and settings to one function that answers, and the jobs. */
import { createAnswer, wordsOfChat, type Answer } from '../../handlers/answer.ts';
import { createConfirmCoupon } from '../../handlers/coupon/confirm-coupon.ts';
import { createCustomers, type CustomerLinks } from '../../handlers/customers.ts';
import { createFindCoupon } from '../../handlers/coupon/find-coupon.ts';
import { createOfferCodes, type Offered } from '../../handlers/coupon/offer-codes.ts';
import { createGuard } from '../../handlers/guard.ts';
import { createHelp } from '../../handlers/help.ts';
import { createHistory } from '../../handlers/reports/history.ts';
import { createLanguage } from '../../handlers/language.ts';
import type { ChatId, Incoming, PersonId, Reply } from '../../handlers/message.ts';
import { createPlatformRecords } from '../../handlers/reports/platform-records.ts';
import { createProducts } from '../../handlers/reports/products.ts';
import { createReadPhoto, type ReadPhotoParts } from '../../handlers/coupon/read-photo.ts';
import { createOpenPractice, type OpenPractice } from '../../handlers/bind/practice.ts';
import { createReport } from '../../handlers/reports/report.ts';
import { createLoseGroup, createReportGroups, type GroupWebhook, type Pairing } from '../../handlers/reports/owner-groups.ts';
import { ASKED_MS, createJoining, type Asked } from '../../handlers/bind/join.ts';
import { createNewcomers } from '../../handlers/notify/newcomers.ts';
import { createEndOwnership } from '../../handlers/bind/end-ownership.ts';
import { createStaff, type Removal } from '../../handlers/staff.ts';
import { createRights } from '../../handlers/rights.ts';
import { createStats } from '../../handlers/reports/stats.ts';
import { createStatus } from '../../handlers/status.ts';
import { createStrangerLimit } from '../../handlers/stranger-limit.ts';
import { createSummary } from '../../handlers/reports/summary.ts';
import { createNotifyOwners, createNotifyPerson } from '../../handlers/notify/people.ts';
import { createUndo } from '../../handlers/coupon/undo.ts';
import type { Words } from '../../locales/index.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { EnrolmentParts } from '../../services/accounts/enrolment.ts';
import type { PlatformClientsParts } from '../../services/platforms/client.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { claimClock } from '../../services/database/claim.ts';
import type { Collections } from '../../services/database/collections.ts';
import { createInboxRows, type InboxRows } from '../../services/database/inbox.ts';
import { createOutbox, type Outbox } from '../../services/database/outbox.ts';
import { OPEN_MS } from '../../services/verification/verification.ts';
import { createBinding } from './binding.ts';
import type { Config } from '../config/config.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createEnqueuing } from './outgoing.ts';
import type { OauthParts } from '../http/oauth/oauth.ts';
import { createServices, type ServicesParts } from './services.ts';

export interface Wiring extends Jobs {
  readonly answer: Answer;
  readonly openPractice: OpenPractice;
  readonly chats: Chats;
  readonly inboxRows: InboxRows<Incoming>;
  readonly outbox: Outbox<Reply>;
  readonly collections: Collections;
  /** The platforms this installation is set up for. */
  readonly platforms: readonly Pick<Platform, 'name' | 'authorisation'>[];
  /** Who is away on a platform's page, and what came of it. */
  readonly authorisations: Pick<OauthParts, 'away' | 'trips' | 'grants'>;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** An owner group cannot be reached any more: its owners are told, once. */
  readonly loseGroup: (chat: ChatId) => Promise<void>;
  /** At start of an embedded store: what a dead process was doing is taken up. */
  recover(): Promise<void>;
}

/** What the services need, and what only handlers do. */
export interface WiringParts extends Omit<ServicesParts, 'config' | 'onLogin' | 'onGuessing'> {
  readonly config: Pick<Config, 'locale' | 'timeZone' | 'operators'> & Partial<Pick<Config, 'publicUrl'>>;
  readonly administers: (chat: ChatId, person: PersonId) => Promise<boolean>;
  readonly link: (chat: ChatId, word: string) => string | undefined;
  /** Left out where no channel writes to groups by an address. */
  readonly webhook?: GroupWebhook;
  /** Left out where no channel has links for customers. */
  readonly customerLinks?: CustomerLinks;
  /** Left out where no pictures are read. */
  readonly photos?: Pick<ReadPhotoParts, 'fetchFile' | 'read'>;
  readonly version: string;
}

const DAY = 24 * 3_600_000;

const NO_WEBHOOK: GroupWebhook = {
  connect: () => Promise.resolve({ problem: 'not-one' }),
  disconnect: () => Promise.resolve(),
};

const NO_PHOTOS: Pick<ReadPhotoParts, 'fetchFile' | 'read'> = {
  fetchFile: () => Promise.resolve('gone'),
  read: () => Promise.resolve({ kind: 'none' }),
};

export function createHandlers(parts: WiringParts): Wiring {
  const { config, seal, log, now, newId, administers, link } = parts;
  const { db, embedded } = parts.database;
  const services = createServices({ ...parts, onLogin: () => onLogin, onGuessing: () => onGuessing });
  const {
    collections,
    accounts,
    stores,
    chats,
    members,
    disown,
    ledger,
    reports,
    clients,
    client,
    storeOf,
    repository,
    slots,
    desk,
    guessLimiter,
  } = services;
  const outbox = createOutbox<Reply>(db, seal, now, newId, { clock: claimClock(embedded), log });
  const inboxRows = createInboxRows<Incoming>(db, seal, now, { clock: claimClock(embedded), log });

  const wordsOf = async (chat: ChatId): Promise<Words> => wordsOfChat(await chats.get(chat), config.locale);
  const { enqueue, put } = createEnqueuing({ db, outbox });
  const notifyPerson = createNotifyPerson({ enqueue, wordsOf, newId });
  const notifyOwners = createNotifyOwners({ accounts, notifyPerson });
  const onLogin: NonNullable<PlatformClientsParts['onLogin']> = async ({ platform, identity }, taken) => {
    const account = await accounts.setRefused({ platform, identity }, !taken);
    if (!account || taken) return;
    const authorised = services.polite.some(({ name, authorisation }) => name === platform && authorisation);
    await notifyOwners(account.id, (words) =>
      authorised
        ? words.say('authorisation-over', { platform: words.say(`platform-${platform}`) })
        : words.say('login-refused', { account: identity }),
    );
  };
  const onGuessing: EnrolmentParts['onGuessing'] = ({ id, identity }) =>
    notifyOwners(id, (words) => words.say('login-guessing', { account: identity }));
  const rights = createRights({ stores, members });
  const removals = collections<Removal>('removal', DAY);
  const { notifyJoined, notifyNewOwner } = createNewcomers({ notifyOwners, removals, newId });
  const endOwnership = createEndOwnership({ disown, notifyPerson });
  const { bind, bindStore, straySecrets, authorisations, presses } = createBinding({
    services,
    rights,
    administers,
    newId,
    endOwnership,
    notifyOwners,
    notifyPerson,
    notifyNewOwner,
    now,
    publicUrl: config.publicUrl,
  });
  const offerCodes = createOfferCodes({ offers: collections<Offered>('offer', OPEN_MS), newId });
  const findCoupon = createFindCoupon({
    desk,
    guessLimiter,
    offerCodes,
    now,
    notifyOwners,
    touch: (shop) => stores.touch(shop),
    listed: (person, shop) => members.listed(person, shop),
  });
  const confirmCoupon = createConfirmCoupon({ desk, rights, now });
  const undo = createUndo({ desk, ledger, rights, now });
  const groups = createReportGroups({
    reports,
    chats,
    rights,
    webhook: parts.webhook ?? NO_WEBHOOK,
    pairings: collections<Pairing>('report-group', DAY),
    newId,
  });
  const help = createHelp({ reports });
  const report = createReport({ reports, stores, rights, groups });
  const language = createLanguage({ chats });
  const staff = createStaff({ members, accounts, rights, endOwnership, removals, newId, link, notifyPerson });
  const asked = collections<Asked>('joining', ASKED_MS);
  const joining = createJoining({ members, chats, stores, guessLimiter, storeOf, asked, newId, notifyJoined });
  const installation = async () => ({ version: parts.version, inbox: await inboxRows.waiting(), ...(await outbox.counts()) });

  const answer = createAnswer({
    chats,
    members,
    stores,
    defaultLocale: config.locale,
    guard: createGuard({ reports }),
    bind,
    straySecrets,
    findCoupon,
    readPhoto: createReadPhoto({ ...(parts.photos ?? NO_PHOTOS), findCoupon, offerCodes }),
    join: joining.join,
    strangers: createStrangerLimit({ now, known: (person) => members.known(person) }),
    commands: {
      start: help,
      help,
      bind: bind.command,
      unbind: bindStore.unbind,
      store: bind.switchStore,
      undo: undo.command,
      history: createHistory({ ledger, reports, stores, client, now }),
      products: createProducts({ stores, client }),
      stats: createStats({ stores, client }),
      summary: createSummary({ ledger, reports, now }),
      report: report.command,
      staff: staff.command,
      customers: createCustomers({ customerLinks: parts.customerLinks ?? (() => Promise.resolve([])) }),
      status: createStatus({ accounts, stores, reports, client, installation, operators: config.operators }),
      language: language.command,
      cancel: bind.cancel,
    },
    presses: {
      ...confirmCoupon,
      ...findCoupon.presses,
      ...undo.presses,
      ...presses,
      ...createPlatformRecords({ ledger, stores, client }),
      ...report.presses,
      ...groups.presses,
      ...staff.presses,
      ...joining.presses,
      ...language.presses,
    },
  });

  return {
    answer,
    openPractice: createOpenPractice({ accounts, stores, chats, reports, clients }),
    chats,
    inboxRows,
    outbox,
    collections,
    platforms: services.polite,
    authorisations,
    wordsOf,
    ...createJobs({ services, put, wordsOf, notifyOwners, log, now }),
    loseGroup: createLoseGroup({
      ...services,
      drop: (store, chat, told) => reports.drop(store, chat, (tx) => put(tx, told)),
      wordsOf,
      newId,
    }),
    async recover() {
      if (!embedded) return;
      await inboxRows.recover();
      await slots.recover();
      await repository.recheckInterrupted(now());
    },
  };
}

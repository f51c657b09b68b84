/** Puts the handlers together: one function that answers every event. */
import { createManageKeys, DRAFT_MS, type DraftKey } from '../../handlers/api/manage-keys.ts';
import { createAnswer } from '../../handlers/answer.ts';
import { createAutomationHandlers, type AskedHours } from '../../handlers/automation/automation.ts';
import { createApproval, type Requests } from '../../handlers/coupon/approval.ts';
import { createClosedApproval } from '../../handlers/coupon/closed-approval.ts';
import { createConfirmCoupon } from '../../handlers/coupon/confirm-coupon.ts';
import { createEdits, HEARD_MS, type Heard } from '../../handlers/coupon/edits.ts';
import { createCardFor } from '../../handlers/cards/customer-card.ts';
import { createFindCoupon } from '../../handlers/coupon/find-coupon.ts';
import { createOfferCodes, type Offered } from '../../handlers/coupon/offer-codes.ts';
import { createGuard } from '../../handlers/guard.ts';
import { createHelp } from '../../handlers/help.ts';
import { keepPresses } from '../../handlers/keep.ts';
import { createLanguage } from '../../handlers/language.ts';
import { createReadPhoto, type ReadPhotoParts } from '../../handlers/coupon/read-photo.ts';
import type { Pairing } from '../../handlers/reports/owner-groups.ts';
import { createReportHandlers } from '../../handlers/reports/reports.ts';
import { ASKED_MS, createJoining, type Asked } from '../../handlers/bind/join.ts';
import { createGuessWord } from '../../handlers/bind/guess-word.ts';
import { TAKER } from '../../handlers/bind/grants.ts';
import { say } from '../../handlers/handler.ts';
import { createWordDecision } from '../../handlers/notify/decisions.ts';
import { createLinkAndTell } from '../../handlers/notify/linked.ts';
import { createNotifyJoined } from '../../handlers/notify/newcomers.ts';
import { createSaveAccount } from '../../handlers/notify/owners.ts';
import { createAnswerTalk } from '../../handlers/spoken/small-talk.ts';
import { createSelfServiceHandlers } from '../../handlers/self-service/self-service.ts';
import { createSettings, OPEN_LIST_MS, type OpenList } from '../../handlers/settings/settings.ts';
import type { Removal } from '../../handlers/staff/person.ts';
import { createPeopleHandlers } from '../../handlers/staff/people.ts';
import { createRights } from '../../handlers/rights.ts';
import { createStatus } from '../../handlers/status.ts';
import { createStrangerLimit } from '../../handlers/stranger-limit.ts';
import { typedBy } from '../../handlers/typed.ts';
import { createVerifyAll, type Batch } from '../../handlers/coupon/verify-all.ts';
import { createUndo } from '../../handlers/coupon/undo.ts';
import { createVerifyByRule } from '../../handlers/coupon/verify-by-rule.ts';
import { createWebhooks, type Repeat } from '../../handlers/webhooks/webhooks.ts';
import type { Time } from '../../services/time/time.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { OPEN_MS } from '../../services/verification/verification.ts';
import type { Channels } from '../channel/channels.ts';
import type { Config } from '../config/config.ts';
import type { Waiting } from '../telemetry/metrics.ts';
import { createBinding } from './binding.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';
import type { WebhookParts } from './webhooks.ts';

export interface HandlersParts {
  readonly config: Pick<Config, 'locale' | 'operators' | 'access' | 'timeZone' | 'publicUrl' | 'webhookPrivate'> &
    Partial<Pick<Config, 'onlyPractice' | 'pagesUrl'>>;
  readonly services: Services;
  readonly notices: Notices;
  readonly webhooks: WebhookParts;
  readonly channels: Pick<Channels, 'administers' | 'links' | 'webhook' | 'customerLinks' | 'fetchFile'>;
  /** Left out where no pictures are read. */
  readonly readPicture: ReadPhotoParts['read'] | undefined;
  /** Figures of the two queues, for `/status`. */
  readonly queues: Waiting;
  readonly now: () => number;
  readonly sleep: Time['sleep'];
  readonly newId: () => string;
  readonly version: string;
}

const DAY = 24 * 3_600_000;

const NO_PICTURES: ReadPhotoParts['read'] = () => Promise.resolve({ kind: 'none' });

export function createHandlers(parts: HandlersParts) {
  const { config, services, notices, channels, queues, now, newId } = parts;
  const { notifyPerson, notifyOwners, raise, put, wordsOf, tellEnded } = notices;
  const { collections, accounts, stores, chats, members, endOwnership } = services;
  const { reports, readPage, client, storeOf, desk, approvals, guessLimiter, selfService } = services;
  const rights = createRights({ stores, members, accounts, visits: selfService.visits });
  const cardFor = createCardFor({ places: selfService.places, chats, now });
  const removals = collections<Removal>('removal', DAY);
  const notifyJoined = createNotifyJoined({ notifyOwners, removals, newId });
  const saveAccount = createSaveAccount({
    save: (proven, person, messages) => accounts.save(proven, person, (tx, saved) => put(tx, messages(saved))),
    removals,
    defaultLocale: config.locale,
    newId,
  });
  const { bind, bindStore, straySecrets, authorisations, presses, review } = createBinding({
    services,
    config,
    rights,
    administers: channels.administers,
    newId,
    takeBackOwnership: (accountId, person) => endOwnership.takeBack(accountId, person.id, TAKER, tellEnded),
    notifyOwners,
    notifyPerson,
    saveAccount,
    now,
    wordsOf,
    put,
  });
  const offerCodes = createOfferCodes({ offers: collections<Offered>('offer', OPEN_MS), newId });
  const answerTalk = createAnswerTalk({ reports });
  const verifyByRule = createVerifyByRule({ desk, rights, automation: services.automation, cardFor });
  const looking = {
    desk,
    guessLimiter,
    offerCodes,
    now,
    raise,
    listed: (person: string, shop: Store) => members.listed(person, shop),
  };
  const findCoupon = createFindCoupon({
    ...looking,
    answerTalk,
    reportedTo: (chat) => reports.storesOf(chat),
    touch: (shop) => stores.touch(shop),
    obstacle: selfService.obstacle,
    cardFor,
    verifyByRule,
  });
  const confirmCoupon = createConfirmCoupon({
    desk,
    rights,
    cardFor,
    decide: (id, yes, by, messages) => desk.decide(id, yes, by, (tx) => put(tx, messages)),
    wordDecision: createWordDecision({ accounts, wordsOf, newId }),
    now,
  });
  const undo = createUndo({ desk, readPage, rights, cardFor, now });
  const requests: Requests = {
    ask: (v, by, chat, messages, verify) => approvals.ask(v, by, chat, (tx, made) => put(tx, messages(made)), verify),
    decide: (id, agreed, v, by, messages) => approvals.decide(id, agreed, v, by, (tx, done) => put(tx, messages(done))),
  };
  const asking = { ...services, ...requests, rights, cardFor, undo, enqueue: notices.enqueue, wordsOf, now };
  const help = createHelp({ reports, steps: review.steps });
  const language = createLanguage({ chats });
  const shared = { ...services, rights, notifyOwners, now, newId };
  const guessWord = createGuessWord(shared);
  const link = createLinkAndTell({ ...services, put, removals, defaultLocale: config.locale, newId });
  const staff = createPeopleHandlers({ ...shared, tellEnded, link, guessWord, removals, links: channels.links, notifyPerson });
  const settings = createSettings({ ...shared, ...notices, lists: collections<OpenList>('open-setting', OPEN_LIST_MS) });
  const books = createReportHandlers({
    ...shared,
    booksUrl: config.pagesUrl ?? config.publicUrl,
    sleep: parts.sleep,
    webhook: channels.webhook,
    pairings: collections<Pairing>('report-group', DAY),
  });
  const drafts = collections<DraftKey>('api-key', DRAFT_MS);
  const keys = createManageKeys({ ...shared, drafts, publicUrl: config.publicUrl });
  const webhooks = createWebhooks({
    ...shared,
    deliver: parts.webhooks.deliver,
    repeats: collections<Repeat>('webhook-repeat', DAY),
    privateToo: config.webhookPrivate,
  });
  const asked = collections<Asked>('joining', ASKED_MS);
  const joining = createJoining({ members, chats, stores, guessWord, storeOf, asked, newId, notifyJoined });
  const installation = async () => {
    const dead = await queues.dead();
    const waiting = { inbox: await queues.inbox(), ...(await queues.outbox()) };
    return { version: parts.version, ...waiting, dead: dead.inbox + dead.outbox };
  };

  const readPhoto = createReadPhoto({
    fetchFile: channels.fetchFile,
    read: parts.readPicture ?? NO_PICTURES,
    findCoupon,
    offerCodes,
    reportedTo: (chat) => reports.storesOf(chat),
  });
  const { customerLinks } = channels;
  const automation = createAutomationHandlers({ ...shared, asked: collections<AskedHours>('rule-hours', DAY) });
  const { entry, customers } = createSelfServiceHandlers({ ...shared, customerLinks, findCoupon, readPhoto });

  const typed = typedBy(automation, customers, settings, staff);

  const answer = createAnswer({
    chats,
    members,
    identities: services.identities,
    stores,
    defaultLocale: config.locale,
    guard: createGuard({ reports }),
    bind,
    straySecrets,
    answerTalk,
    edits: createEdits({ heard: collections<Heard>('heard-codes', HEARD_MS, { relaxed: true }) }),
    findCoupon,
    readPhoto,
    entry,
    selfServiceTyped: typed,
    join: joining.join,
    strangers: createStrangerLimit({ now, known: (person) => members.known(person) }),
    commands: {
      start: help.command,
      help: help.command,
      bind: bind.command,
      unbind: bindStore.unbind,
      store: bind.switchStore,
      undo: undo.command,
      ...books.commands,
      staff: staff.command,
      link: staff.link,
      customers: customers.command,
      api: keys.command,
      webhook: webhooks.command,
      status: review.status(createStatus({ accounts, stores, reports, client, installation, operators: config.operators })),
      settings: settings.command,
      language: language.command,
      async *cancel(incoming, asker, rest) {
        if (await typed.cancel(asker)) return yield say(asker.words.say('cancelled'));
        yield* bind.cancel(incoming, asker, rest);
      },
    },
    presses: {
      ...confirmCoupon,
      ...findCoupon.presses,
      ...createVerifyAll({ ...looking, rights, batches: collections<Batch>('batch', OPEN_MS), newId }),
      ...undo.presses,
      ...createApproval(asking),
      ...createClosedApproval(asking),
      ...automation.presses,
      ...presses,
      ...books.presses,
      ...staff.presses,
      ...keys.presses,
      ...joining.presses,
      ...help.presses,
      ...language.presses,
      ...settings.presses,
      ...keepPresses,
      ...webhooks.presses,
      ...entry.presses,
      ...customers.presses,
    },
  });

  return {
    answer,
    /** The merchants under way on a platform's own page, and the outcome. */
    authorisations,
  };
}

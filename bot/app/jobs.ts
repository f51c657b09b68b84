/** The jobs: a table of everything that is done by itself, and when. Each does what is due, at whatever time it runs. */
import { expiredNotice } from '../../handlers/coupon/closed-approval.ts';
import { createAccountWarnings, LOOKS_MS } from '../../handlers/notify/account-warnings.ts';
import { createUnknownHolidays } from '../../handlers/notify/unknown-holidays.ts';
import { createCountDown } from '../../handlers/notify/countdown.ts';
import { createReconcileDays } from '../../handlers/reconcile/reconcile.ts';
import { createPostSummaries, type ReconciledReport } from '../../handlers/reports/post-summaries.ts';
import type { Incoming } from '../../handlers/message.ts';
import { sweepChats } from '../../services/accounts/chats.ts';
import type { Left } from '../../services/alerts/pace.ts';
import { createWatchPlatforms } from '../../services/alerts/watch-platforms.ts';
import { createWatchUses } from '../../services/alerts/watch-uses.ts';
import { sweepPostedDays, type DueGroup } from '../../services/ledger/owner-groups.ts';
import type { FactChain } from '../../services/facts/fact-chain.ts';
import { sweepPractice } from '../../services/lifecycle/practice-sweep.ts';
import { sweepExpired } from '../../services/database/collections.ts';
import type { InboxRows } from '../../services/database/queues/inbox.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Log } from '../../services/log.ts';
import { sweepDropped } from '../../services/verification/repository/repository.ts';
import { KEPT_MS } from '../../services/webhooks/events.ts';
import { createRecheck } from '../../services/verification/recheck.ts';
import type { Job } from '../delivery/clock.ts';
import type { Message } from '../delivery/outbox.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';
import type { WebhookParts } from './webhooks.ts';

const EVERY_SECOND = '* * * * * *';
const EVERY_3_SECONDS = '*/3 * * * * *';
const EVERY_5_SECONDS = '*/5 * * * * *';
const EVERY_MINUTE = '45 * * * * *';
const EVERY_10_MINUTES = '30 */10 * * * *';

/** The lease of the instance that seals facts, ms; it is held on to as long as it lives. */
const SEALING_MS = 60_000;

/** The lease of the instance that brings the sums of days up to date, ms. */
const TOTALS_MS = 120_000;

/** How long a summary waits for the platforms' lists, ms. */
const RECONCILED_MS = 120_000;

/** Messages that went out are kept so long, ms. */
const SENT_MS = 30 * 24 * 3_600_000;

export interface JobsParts {
  readonly services: Services;
  readonly notices: Notices;
  readonly inboxRows: InboxRows<Incoming>;
  readonly outbox: Outbox<Message>;
  /** Takes up events that wait. */
  readonly resumeInbox: () => Promise<unknown>;
  /** Delivers messages that are due. */
  readonly deliver: () => Promise<unknown>;
  readonly webhooks: Pick<WebhookParts, 'run'>;
  /** Compares this machine's clock with the database's. */
  readonly compareClocks: () => Promise<void>;
  /** Leader elections of channels that only one instance may hear, by the channel's name. */
  readonly elections: readonly { readonly channel: string; readonly run: () => Promise<void> }[];
  readonly factChain: FactChain;
  /** This instance. */
  readonly holder: string;
  readonly log: Log;
  readonly now: () => number;
}

export function createJobs(parts: JobsParts): readonly Job[] {
  const {
    services,
    notices,
    inboxRows,
    outbox,
    resumeInbox,
    deliver,
    webhooks,
    compareClocks,
    elections,
    factChain,
    holder,
    log,
    now,
  } = parts;
  const {
    accounts,
    stores,
    steps,
    reports,
    clientOf,
    storeOf,
    collections,
    db,
    leases,
    slots,
    attempts,
    applications,
    approvals,
    idempotency,
    events,
    deliveries,
    unconfirmed,
    uptime,
    platformDays,
    reconciliations,
    alerts,
    hasLists,
    dayTotals,
  } = services;
  const { endOwnership } = services;
  const { put, wordsOf, alerting, notifyOutcome, tellEnded } = notices;
  const looks = collections<readonly Left[]>('quota', LOOKS_MS, { relaxed: true });

  /** A summary does not wait for it, and a card that cannot be read ends with the others. */
  const collectUnconfirmed = (): Promise<void> =>
    unconfirmed.collect().catch((error: unknown) => log.error('cards that ran out cannot be listed', { error }));

  const sweep = async (): Promise<void> => {
    await collectUnconfirmed();
    await unconfirmed.sweep();
    await uptime.sweep();
    await platformDays.sweep();
    await sweepExpired(db, now());
    await inboxRows.sweep();
    await outbox.sweep(now() - SENT_MS);
    await leases.sweep();
    await attempts.sweep();
    await applications.sweep();
    await approvals.sweep();
    await idempotency.sweep();
    await events.sweep();
    await deliveries.sweep(now() - KEPT_MS);
    await reconciliations.sweep();
    await alerts.sweep();
    await slots.sweep();
    await sweepPostedDays(db, now());
    await sweepDropped(db, now());
    await sweepChats(db, now());
    await sweepPractice(db, now(), factChain);
  };

  /** One instance at a time: others would only wait for it. */
  const sealFacts = async (): Promise<void> => {
    if (await leases.hold('facts', holder, SEALING_MS)) await factChain.seal();
  };

  const recheck = createRecheck({ ...services, store: storeOf, now, notify: notifyOutcome });
  const reconcileDays = createReconcileDays({
    ...services,
    store: (id) => stores.get(id),
    again: (seen, result, messages) => reconciliations.again(seen, result, (tx) => put(tx, messages)),
    wordsOf,
    log,
  });
  /** One instance at a time: others would only do the same. */
  const refreshTotals = async (): Promise<void> => {
    if (await leases.hold('totals', holder, TOTALS_MS)) await dayTotals.refresh();
  };
  /** One instance at a time: each list is read once. */
  const reconcileAlone = async (): Promise<void> => {
    if (await leases.hold('reconcile', holder, RECONCILED_MS / 2)) await reconcileDays();
  };
  /** Brings up to date what a summary tells of cards and of the program itself. */
  const dueSummaries = async (): Promise<readonly DueGroup[]> => {
    const due = await reports.due();
    if (due.length === 0) return due;
    await collectUnconfirmed();
    await uptime.beat().catch((error: unknown) => log.error('the uptime cannot be noted', { error }));
    await platformDays.note().catch((error: unknown) => log.error('the calls of a day cannot be noted', { error }));
    return due;
  };
  const postSummaries = createPostSummaries({
    reports: { due: dueSummaries, putOff: (due) => reports.putOff(due) },
    isReconciled: async (due) => {
      if (now() - due.since > RECONCILED_MS || !(await hasLists(due.storeId))) return true;
      const store = await storeOf(due.storeId);
      return (await reconciliations.get(store.id, reports.dayToTell(store, due))) !== undefined;
    },
    post: async (dues, messages) => {
      const lists = new Map<string, boolean>();
      for (const { storeId } of dues) lists.set(storeId, await hasLists(storeId));
      return await reports.post(dues, async (tx, posted) => {
        const reconciled: ReconciledReport[] = [];
        for (const report of posted) {
          const { store, day: of } = report;
          const reconciliation = lists.get(store.id) === true ? await reconciliations.known(tx, store.id, of) : undefined;
          reconciled.push({ ...report, reconciliation });
          await events.publish(tx, store.id, 'summary.posted', { day: of }, `summary:${store.id}:${of}`);
        }
        await put(tx, messages(reconciled));
      });
    },
    wordsOf,
    log,
  });
  const countDown = createCountDown({
    steps,
    take: (v, messages) => steps.take(v, (tx) => put(tx, messages)),
    now,
    log,
  });
  const watch = createAccountWarnings({ accounts, stores, clientOf, alerting, looks, now, log });
  const unknownHolidays = createUnknownHolidays({
    following: () => services.selfService.rules.followingHolidays(),
    store: (id) => stores.get(id),
    raise: alerting.raise,
    now,
  });
  /** One instance at a time: owners are told once. */
  const tellHolidays = async (): Promise<void> => {
    if (await leases.hold('holidays', holder, SEALING_MS)) await unknownHolidays();
  };
  const watchPlatforms = createWatchPlatforms({ ...services, alerting });
  const watchUses = createWatchUses({ db, store: (id) => stores.get(id), alerting, onDefect: services.onDefect });
  const tellAlerts = async (): Promise<void> => {
    await watchPlatforms();
    await watchUses();
    await alerting.tell();
  };
  const endRequests = (): Promise<void> =>
    approvals.expire(async (approval) => {
      const over = await expiredNotice(approval, wordsOf);
      return (tx) => put(tx, over);
    });
  // Messages come after what writes them, so that one round of all jobs also delivers them.
  return [
    { name: 'clocks', when: EVERY_5_SECONDS, run: compareClocks },
    { name: 'recheck', when: EVERY_SECOND, run: recheck },
    { name: 'reconcile', when: EVERY_5_SECONDS, run: reconcileAlone },
    { name: 'summaries', when: EVERY_5_SECONDS, run: postSummaries },
    { name: 'countdown', when: EVERY_5_SECONDS, run: countDown },
    { name: 'uptime', when: EVERY_MINUTE, run: uptime.beat },
    { name: 'calls', when: EVERY_MINUTE, run: platformDays.note },
    { name: 'requests', when: EVERY_MINUTE, run: endRequests },
    { name: 'totals', when: EVERY_MINUTE, run: refreshTotals },
    { name: 'watch', when: EVERY_MINUTE, run: watch },
    { name: 'alerts', when: EVERY_MINUTE, run: tellAlerts },
    { name: 'holidays', when: EVERY_10_MINUTES, run: tellHolidays },
    { name: 'owners', when: EVERY_10_MINUTES, run: () => endOwnership.lapse(tellEnded) },
    { name: 'facts', when: EVERY_5_SECONDS, run: sealFacts },
    { name: 'webhooks', when: EVERY_SECOND, run: webhooks.run, overlaps: true },
    { name: 'outbox', when: EVERY_SECOND, run: deliver, overlaps: true },
    { name: 'inbox', when: EVERY_SECOND, run: resumeInbox },
    { name: 'sweep', when: EVERY_10_MINUTES, run: sweep },
    ...elections.map(({ channel, run }): Job => ({ name: `hear ${channel}`, when: EVERY_3_SECONDS, run, overlaps: true })),
  ];
}

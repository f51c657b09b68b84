/** Puts the jobs together: what is done because it is time, and not because somebody asked. */
import { createCountDown } from '../../handlers/notify/countdown.ts';
import { createPostSummaries } from '../../handlers/reports/report.ts';
import { createNotifyOutcome } from '../../handlers/notify/outcome.ts';
import type { NotifyOwners } from '../../handlers/notify/people.ts';
import { createAccountWarnings, TOLD_MS } from '../../handlers/notify/account-warnings.ts';
import type { Words } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import { createRecheck, type RecheckParts } from '../../services/verification/recheck.ts';
import type { Enqueuing } from './outgoing.ts';
import type { createServices } from './services.ts';

/** Each may be run at any time, does what is due, and resolves with how much that was. */
export interface Jobs {
  /** Settles what nobody knows. */
  readonly recheck: () => Promise<number>;
  /** Posts the summaries that are due. */
  readonly postSummaries: () => Promise<number>;
  /** Shows cards anew whose time of undo has come to another step. */
  readonly countDown: () => Promise<number>;
  /** Looks after accounts: renews what ends, warns of what will stop a store. */
  readonly watch: () => Promise<number>;
}

export function createJobs(parts: {
  services: ReturnType<typeof createServices>;
  put: Enqueuing['put'];
  wordsOf: (chat: string) => Promise<Words>;
  notifyOwners: NotifyOwners;
  log: Log;
  now: () => number;
}): Jobs {
  const { services, put, wordsOf, notifyOwners, log, now } = parts;
  const { accounts, stores, repository, steps, reports, clientOf, storeOf, collections } = services;
  const { batchOf } = repository;
  const wordOutcome = createNotifyOutcome({ wordsOf, storeOf, now });
  const notifier: RecheckParts['notifier'] = async (verification) => {
    const word = await wordOutcome(verification);
    return async (tx, settled) => await put(tx, word(settled, await batchOf(settled, tx)));
  };
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return {
    recheck: createRecheck({ ...services, store: storeOf, now, notifier }),
    postSummaries: createPostSummaries({
      reports,
      post: (due, messages) => reports.post(due, (tx, report) => put(tx, messages(report))),
      wordsOf,
      log,
    }),
    countDown: createCountDown({
      steps,
      take: (v, messages) => steps.take(v, async (tx) => await put(tx, messages(await batchOf(v, tx)))),
      wordsOf,
      storeOf,
      now,
      log,
    }),
    watch: createAccountWarnings({
      accounts,
      stores,
      clientOf,
      notifyOwners,
      told: collections<true>('told', TOLD_MS),
      now,
      day,
      log,
    }),
  };
}

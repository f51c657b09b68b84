/** Puts the jobs together: what is done because it is time, and not because somebody asked. */
import { createCountDown } from '../../handlers/notify/countdown.ts';
import { createPostSummaries } from '../../handlers/reports/report.ts';
import { createNotifyOutcome, type Put } from '../../handlers/notify/outcome.ts';
import type { NotifyOwners } from '../../handlers/notify/people.ts';
import { createAccountWarnings, TOLD_MS } from '../../handlers/notify/account-warnings.ts';
import type { Words } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import { createRecheck } from '../../services/verification/recheck.ts';
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
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  notifyOwners: NotifyOwners;
  log: Log;
  now: () => number;
}): Jobs {
  const { services, put, wordsOf, notifyOwners, log, now } = parts;
  const { accounts, stores, repository, steps, reports, clientOf, storeOf, collections } = services;
  const { batchOf } = repository;
  const notifier = createNotifyOutcome({ put, wordsOf, storeOf, batchOf, now });
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return {
    recheck: createRecheck({ ...services, store: storeOf, now, notifier }),
    postSummaries: createPostSummaries({ reports, wordsOf, put, log }),
    countDown: createCountDown({ steps, put, wordsOf, storeOf, batchOf, now, log }),
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

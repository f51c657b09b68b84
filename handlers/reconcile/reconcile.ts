/** 对账: compares a closed day with the platforms' own lists, on request and once each day has ended. */
import type { Words } from '../../locales/index.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { DueGroup, Reports } from '../../services/ledger/reports.ts';
import { maskCode, shownCode } from '../../services/coupons/mask.ts';
import type { Log } from '../../services/log.ts';
import type { Reconcile, Reconciliation } from '../../services/reconciliation/reconcile.ts';
import type { Reconciliations, StoredReconciliation } from '../../services/reconciliation/reconciliations.ts';
import { parseDay, previousDay } from '../../services/time/business-day.ts';
import { dayAt } from '../../services/time/calendar.ts';
import { marked } from '../cards/practice-mark.ts';
import { say, type Handler, type StoreAsker } from '../handler.ts';
import type { Outgoing } from '../message.ts';
import { differencesIn, wordFoundLate, wordInSummary, wordReconciliation } from './word-reconciliation.ts';

/** Makes the handler of `/reconcile [date]`: of the day that ended last, or of that day. */
export function createReconcileCommand(parts: {
  reconcile: Reconcile;
  stores: Pick<Stores, 'get'>;
  now: () => number;
}): Handler<StoreAsker> {
  const { reconcile, stores, now } = parts;
  return async function* reconciled(_, { words, store, chat }, rest) {
    const today = dayAt(now(), store);
    const day = rest === '' ? previousDay(today) : parseDay(rest, today);
    if (day === undefined) return yield say(words.say('reconcile-usage'));
    if (day >= today) return yield say(words.say('reconcile-not-over'));
    const result = await reconcile(store, day);
    const names = new Map<string, string>();
    for (const { ours } of differencesIn(result))
      if (ours && ours.storeId !== store.id) names.set(ours.storeId, (await stores.get(ours.storeId))?.name ?? '');
    // In a group others read it too, and a coupon that was taken back is as good as new.
    const shown = chat.group && store.groupCodes !== 'whole' ? maskCode : shownCode;
    const text = wordReconciliation({ result, store, day, storeName: (id) => names.get(id) ?? '', shown }, words);
    yield say(marked(text, store, words));
  };
}

/**
 * Makes the job that compares days that have ended, with the priority of background work: first those whose summaries are due,
 * then those that are to be looked at again. What is found after the summary went out is told to the same chats.
 */
export function createReconcileDays(parts: {
  reports: Pick<Reports, 'due' | 'dayToTell' | 'groupsOf'>;
  reconciliations: Pick<Reconciliations, 'get' | 'begin' | 'due'>;
  reconcile: Reconcile;
  /** Whether some platform of the store has a list. */
  hasLists: (storeId: string) => Promise<boolean>;
  store: (id: string) => Promise<Store | undefined>;
  /** Stores a later look and enqueues the messages in one transaction; nothing where another instance was first. */
  again: (seen: StoredReconciliation, result: Reconciliation, messages: readonly Outgoing[]) => Promise<void>;
  wordsOf: (chat: string) => Promise<Words>;
  log: Log;
}): () => Promise<void> {
  const { reports, reconciliations, reconcile, wordsOf, log } = parts;

  const first = async (due: DueGroup): Promise<void> => {
    const store = await parts.store(due.storeId);
    if (!store || !(await parts.hasLists(store.id))) return;
    const day = reports.dayToTell(store, due);
    if (await reconciliations.get(store.id, day)) return;
    await reconciliations.begin(store.id, day, await reconcile(store, day));
  };

  /** Words a message to each chat that receives the store's summaries. */
  const toGroups = async (
    store: Store,
    { day, looks }: StoredReconciliation,
    told: (words: Words) => readonly string[],
  ): Promise<readonly Outgoing[]> =>
    await Promise.all(
      (await reports.groupsOf(store.id)).map(async ({ chat, topic }): Promise<Outgoing> => {
        const words = await wordsOf(chat);
        const lines = [words.say('reconcile-title', { store: store.name, day }), ...told(words)];
        return {
          key: `reconciled:${store.id}:${chat}:${day}:${looks}`,
          chat,
          reply: { kind: 'say', text: lines.join('\n'), ...(topic !== undefined && { topic }) },
        };
      }),
    );

  const again = async (seen: StoredReconciliation): Promise<void> => {
    const store = await parts.store(seen.storeId);
    const result = store ? await reconcile(store, seen.day) : [];
    const { day } = seen;
    const givenUp = seen.isLast && isOpen(result);
    const told = (words: Words): readonly string[] =>
      givenUp || !store
        ? [words.say('reconcile-given-up', { day })]
        : [...wordInSummary(result, store, day, words), ...wordFoundLate(seen.result, result, words)];
    const messages = store && (givenUp || isNews(seen.result, result)) ? await toGroups(store, seen, told) : [];
    await parts.again(seen, result, messages);
  };

  /** One that fails is tried again in the next run, and delays no other. */
  const each = async <Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> => {
    for (const item of items) await run(item).catch((error: unknown) => log.error('a day cannot be reconciled', { error }));
  };
  return async () => {
    await each(await reports.due(), first);
    await each(await reconciliations.due(), again);
  };
}

/** Whether some list could not be had yet. */
const isOpen = (result: Reconciliation | undefined): boolean =>
  result === undefined || result.some(({ kind }) => kind === 'unavailable');

/** Whether a later look tells something that the chats were not told: an answer at last, or other differences. */
function isNews(before: Reconciliation | undefined, now: Reconciliation): boolean {
  if (isOpen(before)) return !isOpen(now);
  return JSON.stringify(differencesIn(before ?? [])) !== JSON.stringify(differencesIn(now));
}

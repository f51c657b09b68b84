/** Daily summaries: which chat receives which store's, what is due, and what was posted. */
import { createAccountFacts } from '../accounts/account-facts.ts';
import { readStore, type Store } from '../accounts/stores.ts';
import { backoff } from '../backoff.ts';
import { correctionsOf, type Correction } from './corrections.ts';
import type { Db, Tx } from '../database/database.ts';
import { BY_PROGRAM, type By } from '../facts/by.ts';
import { createFacts } from '../facts/facts.ts';
import { nextDay, previousDay } from '../time/business-day.ts';
import { boundsOf, dayAt } from '../time/calendar.ts';
import type { Figures, Ledger } from './ledger.ts';
import { endedPeriods, periodReports, type PeriodReport } from './periods.ts';
import type { Perspective } from './perspective.ts';
import {
  addOwnerGroup,
  claimOwnerGroup,
  dressOwnerGroup,
  extrasOf,
  groupsOf,
  markTold,
  postponeOwnerGroup,
  prepareDueGroups,
  removeOwnerGroup,
  type DueGroup,
  type Extras,
  type Group,
  type PictureChoice,
} from './owner-groups.ts';

export type { Correction } from './corrections.ts';
export type { DueGroup } from './owner-groups.ts';

/** A due summary: `day` has ended and was not posted yet. */
export interface DueReport {
  readonly store: Store;
  readonly chat: string;
  /** The topic of the chat that it goes to, where the chat has topics. */
  readonly topic: string | undefined;
  readonly day: string;
  readonly figures: Figures;
  readonly perspective: Perspective;
  readonly corrections: readonly Correction[];
  readonly picture: PictureChoice;
  /** The weeks and months that ended with the day, where the chat receives them. */
  readonly periods: readonly PeriodReport[];
}

/** Back-off after failures, ms: the first wait and the longest. */
const RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;

/** After downtime, days longer ago than this are skipped: at most a week of summaries at once. */
const LATE_DAYS = 7;

export interface Reports {
  /**
   * Subscribes a chat to a store's summaries from the current business day on. Where that day was posted there before an
   * unsubscription, from the next day on, and later changes are corrections. They go to `topic`; a subscribed chat moves there.
   */
  subscribe(store: Store, chat: string, by: By, topic?: string): Promise<void>;
  unsubscribe(storeId: string, chat: string, by: By): Promise<boolean>;
  /** Unsubscribes in one transaction with the writes of `tell`, which is not called where the chat was not subscribed. */
  drop(storeId: string, chat: string, tell: (tx: Tx) => Promise<void>): Promise<void>;
  /** What the chat receives beside the text of a store's summary; undefined where it receives none. */
  extras(storeId: string, chat: string): Promise<Extras | undefined>;
  dress(store: Store, chat: string, extras: Partial<Extras>, by: By): Promise<boolean>;
  /** Stores whose summaries this chat receives. */
  storesOf(chat: string): Promise<readonly Store[]>;
  groupsOf(storeId: string): Promise<readonly Group[]>;
  /** The day that a due summary is of: after a long downtime the oldest days are skipped. */
  dayToTell(store: Store, due: DueGroup): string;
  /** The due days, one per store and owner group, oldest first; of a chat all that are due, or none. */
  due(): Promise<readonly DueGroup[]>;
  /**
   * Posts the due summaries of one chat: reads figures and corrections and stores them as posted, in one transaction with the
   * outbox rows of `tell`, which gets those that no other instance has posted, and is not called without any. Returns how many.
   */
  post(due: readonly DueGroup[], tell: (tx: Tx, reports: readonly DueReport[]) => Promise<void>): Promise<number>;
  /** Backs off after a failure; returns the time of the retry, ms. */
  putOff(due: DueGroup): Promise<number>;
}

export function createReports({ db, ledger, now }: { db: Db; ledger: Ledger; now: () => number }): Reports {
  const facts = createAccountFacts({ db, now });
  const storeFacts = createFacts(db);
  const endOf = (day: string, store: Store): number => boundsOf(day, store).to;
  const today = (store: Store): string => dayAt(now(), store);

  const dayToTell = (store: Store, nextUntold: string): string => {
    let oldest = today(store);
    for (let back = 0; back < LATE_DAYS; back++) oldest = previousDay(oldest);
    return nextUntold < oldest ? oldest : nextUntold;
  };

  /** Claims a due summary, and reads what it says; undefined where another instance won. */
  const claim = async (tx: Tx, { storeId, chat }: DueGroup): Promise<DueReport | undefined> => {
    const row = await tx
      .selectFrom('owner_group')
      .innerJoin('store', 'store.id', 'owner_group.store_id')
      .innerJoin('account', 'account.id', 'store.account_id')
      .selectAll('store')
      .select(['account.platform', 'owner_group.next_day', 'owner_group.next_at', 'owner_group.topic'])
      .select(['owner_group.picture', 'owner_group.periods', 'owner_group.posted_at', 'owner_group.posted_fact'])
      .where('owner_group.store_id', '=', storeId)
      .where('owner_group.chat_id', '=', chat)
      .executeTakeFirst();
    if (!row) return undefined;
    const store = readStore(row);
    const day = dayToTell(store, row.next_day);
    const next = nextDay(day);
    // Before anything is read: what comes in between is looked at again.
    const posted_fact = await storeFacts.last(`store:${storeId}`, tx);
    // The conditional write is the claim: one instance of several posts.
    const told = { next_day: next, next_at: endOf(next, store), posted_at: now(), posted_fact };
    if (!(await claimOwnerGroup(tx, { storeId, chat }, row, told))) return undefined;
    const figures = await ledger.figures(storeId, day, tx);
    const last = { fact: row.posted_fact, at: row.posted_at };
    const corrections = await correctionsOf(tx, ledger, { store, chat, day, last });
    await markTold(tx, storeId, chat, day, JSON.stringify(figures));
    for (const { day: earlier, now: changed } of corrections) await markTold(tx, storeId, chat, earlier, JSON.stringify(changed));
    const perspective = await ledger.perspective(store, day, tx);
    const periods = await periodReports(tx, ledger, storeId, endedPeriods(row.next_day, day, row.periods));
    const { picture } = row;
    return { store, chat, topic: row.topic ?? undefined, day, figures, perspective, corrections, picture, periods };
  };

  const dueGroups = prepareDueGroups(db);
  return {
    dayToTell: (store, { untold }) => dayToTell(store, untold),
    async subscribe(store, chat, by, topic) {
      const running = today(store);
      const told = await db
        .selectFrom('posted_day')
        .select('business_day')
        .where('store_id', '=', store.id)
        .where('chat_id', '=', chat)
        .where('business_day', '=', running)
        .executeTakeFirst();
      const day = told ? nextDay(running) : running;
      const since = told ? boundsOf(running, store).from : now();
      const next = { next_day: day, next_at: endOf(day, store), posted_at: since, topic: topic ?? null };
      await db.transaction().execute(async (tx) => {
        if (await addOwnerGroup(tx, store.id, chat, next))
          await facts.recordAt(tx, store.id, { kind: 'summary.on', subject: chat, by });
      });
    },
    unsubscribe: (storeId, chat, by) =>
      db.transaction().execute(async (tx) => {
        const gone = await removeOwnerGroup(tx, storeId, chat);
        if (gone) await facts.recordAt(tx, storeId, { kind: 'summary.off', subject: chat, by });
        return gone;
      }),
    drop: (storeId, chat, tell) =>
      db.transaction().execute(async (tx) => {
        if (!(await removeOwnerGroup(tx, storeId, chat))) return;
        await facts.recordAt(tx, storeId, { kind: 'summary.off', subject: chat, by: BY_PROGRAM });
        await tell(tx);
      }),
    extras: (storeId, chat) => extrasOf(db, storeId, chat),
    dress: (store, chat, extras, by) =>
      db.transaction().execute(async (tx) => {
        if (!(await dressOwnerGroup(tx, { storeId: store.id, chat }, extras))) return false;
        await facts.recordAt(tx, store.id, { kind: 'summary.extras', subject: chat, by, detail: { ...extras } });
        return true;
      }),
    async storesOf(chat) {
      const rows = await db
        .selectFrom('owner_group')
        .innerJoin('store', 'store.id', 'owner_group.store_id')
        .innerJoin('account', 'account.id', 'store.account_id')
        .selectAll('store')
        .select('account.platform')
        .where('owner_group.chat_id', '=', chat)
        .execute();
      return rows.map(readStore);
    },
    groupsOf: (storeId) => groupsOf(db, storeId),
    async due() {
      const { rows } = await dueGroups({ at: now() });
      return rows.map((row) => ({
        storeId: row.store_id,
        chat: row.chat_id,
        failures: row.failures,
        untold: row.next_day,
        since: row.next_at,
      }));
    },
    async putOff(due) {
      const at = now();
      const nextAt = at + backoff(due.failures + 1, { firstMs: RETRY_MS, longestMs: LONGEST_RETRY_MS });
      await postponeOwnerGroup(db, due, at, nextAt);
      return nextAt;
    },
    post: (dues, tell) =>
      db.transaction().execute(async (tx) => {
        const reports: DueReport[] = [];
        // In one order in every instance: two that post the same chat wait for each other, and never both.
        for (const due of dues.toSorted((a, b) => (a.storeId < b.storeId ? -1 : 1))) {
          const report = await claim(tx, due);
          if (report) reports.push(report);
        }
        if (reports.length > 0) await tell(tx, reports);
        return reports.length;
      }),
  };
}

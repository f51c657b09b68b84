/** Reconciles a closed business day of a store: reads the lists of its accounts and compares the ledger with each. */
import type { Store, StoreAccount, Stores } from '../accounts/stores.ts';
import type { Db } from '../database/database.ts';
import type { PlatformClient, Waiting } from '../platforms/client.ts';
import type { PlatformName } from '../platforms/names.ts';
import { PlatformFault } from '../platforms/platform.ts';
import type { PlatformRecord } from '../platforms/platform-lists.ts';
import { nextDay, previousDay } from '../time/business-day.ts';
import { boundsOf } from '../time/calendar.ts';
import { chinaTime } from '../time/platform-time.ts';
import type { RefundFound } from './refund-found.ts';
import { CLOCKS_MS, compare, isLack, type Comparison } from './compare.ts';
import { explainLacks } from './explain-lacks.ts';
import { usesElsewhere, usesOnDays, type IdsOf } from './our-uses.ts';

/** What became of one account. `no-list`: its platform has none. `unavailable`: it cannot be had now. */
export type AccountResult = { readonly platform: PlatformName; readonly listingId: string | undefined } & (
  ({ readonly kind: 'compared' } & Comparison) | { readonly kind: 'no-list' } | { readonly kind: 'unavailable' }
);

export type Reconciliation = readonly AccountResult[];

export interface Reconcile {
  /**
   * Compares the day with every list, behind people in each account's queue; a fault of one account hides no other. The day has
   * ended.
   */
  (store: Store, day: string): Promise<Reconciliation>;
}

const DAY_MS = 86_400_000;
const BEHIND_PEOPLE: Waiting = { priority: 'background' };

export function createReconcile(parts: {
  db: Db;
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  /** Records once that the coupon of a verification was refunded, and tells it. */
  onRefund: RefundFound;
  now: () => number;
}): Reconcile {
  const { db, stores, client, onRefund, now } = parts;

  return async (store, day) => {
    const { from, to } = boundsOf(day, store);
    const accounts = await Promise.all(
      (await stores.storeAccounts(store)).map(async (account) => ({ account, at: await client(account) })),
    );
    const idsOf: IdsOf = (listingId, handle) =>
      accounts.find(({ account }) => account.id === listingId)?.at.recordIds(handle) ?? [];
    const around = [previousDay(previousDay(day)), previousDay(day), day, nextDay(day), nextDay(nextDay(day))];
    const ours = await usesOnDays(db, store.id, around, idsOf);

    const look = async ({ account, at }: (typeof accounts)[number]): Promise<Comparison | undefined> => {
      const theirs = await listOf(at, account, calendarDays(from - CLOCKS_MS, Math.min(now(), to + DAY_MS)));
      if (!theirs) return undefined;
      const known = new Set(ours.map(({ code }) => code));
      const codes = theirs.map(({ code }) => code).filter((code) => !known.has(code));
      const others = { storeId: store.id, codes, since: from - 2 * DAY_MS };
      const sales = [...ours, ...(await usesElsewhere(db, others, (_, handle) => at.recordIds(handle)))];
      return compare(sales, theirs, { day, from, to, storeId: store.id, listingId: account.id, now: now() });
    };
    const ofAccount = async (one: (typeof accounts)[number]): Promise<AccountResult> => {
      const { account, at } = one;
      const named = { platform: at.platform, listingId: account.id };
      if (!at.hasRecords) return { ...named, kind: 'no-list' };
      const first = await look(one);
      if (!first) return { ...named, kind: 'unavailable' };
      if (!first.differences.some(isLack)) return { ...named, kind: 'compared', ...first };
      // Rows that move from page to page while they are read are missed by one reading, and hardly by two.
      const second = await look(one);
      if (!second) return { ...named, kind: 'unavailable' };
      const confirmed = missedTwice(first, second);
      const differences = await explainLacks(at, account, confirmed.differences, ours);
      for (const { cause, ours: use } of differences) {
        const ids = ours.find(({ id }) => id === use?.verification)?.ids ?? [];
        if (cause === 'refunded' && use) await onRefund(account.accountId, use.verification, ids);
      }
      return { ...named, kind: 'compared', ...confirmed, differences };
    };
    return await Promise.all(accounts.map(ofAccount));
  };
}

/** What both readings lack. What only the second lacks is waited for. */
function missedTwice(first: Comparison, second: Comparison): Comparison {
  const lacked = new Set(first.differences.filter(isLack).map(({ ours }) => ours?.verification));
  const differences = second.differences.filter((one) => !isLack(one) || lacked.has(one.ours?.verification));
  return { ...second, differences, pending: second.pending + second.differences.length - differences.length };
}

/** Whether some account of the store has a list to compare with. */
export async function hasLists(
  { stores, client }: Pick<Parameters<typeof createReconcile>[0], 'stores' | 'client'>,
  store: Store,
): Promise<boolean> {
  for (const account of await stores.storeAccounts(store)) if ((await client(account)).hasRecords) return true;
  return false;
}

/** The platforms' calendar days, which are China's, of a span of time. */
export function calendarDays(from: number, to: number): readonly string[] {
  const last = chinaTime(to).slice(0, 10);
  const days: string[] = [];
  for (let day = chinaTime(from).slice(0, 10); day <= last; day = nextDay(day)) days.push(day);
  return days;
}

async function listOf(
  client: PlatformClient,
  { externalId }: StoreAccount,
  days: readonly string[],
): Promise<readonly PlatformRecord[] | undefined> {
  const found: PlatformRecord[] = [];
  try {
    for (const day of days) found.push(...((await client.records(externalId, day, BEHIND_PEOPLE)) ?? []));
    return found;
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    return undefined;
  }
}

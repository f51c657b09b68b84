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
import { CLOCKS_MS, compare, type Comparison } from './compare.ts';
import { usesElsewhere, usesOnDays } from './our-uses.ts';

/** What became of one account. `no-list`: its platform has none. `unavailable`: it cannot be had now. */
export type AccountResult = { readonly platform: PlatformName; readonly listingId: string | undefined } & (
  ({ readonly kind: 'compared' } & Comparison) | { readonly kind: 'no-list' } | { readonly kind: 'unavailable' }
);

export type Reconciliation = readonly AccountResult[];

export interface Reconcile {
  /** Compares the day with every list; a fault of one account hides no other. The day has ended. */
  (store: Store, day: string, waiting?: Waiting): Promise<Reconciliation>;
}

const DAY_MS = 86_400_000;

export function createReconcile(parts: {
  db: Db;
  stores: Pick<Stores, 'storeAccounts'>;
  client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  now: () => number;
}): Reconcile {
  const { db, stores, client, now } = parts;

  return async (store, day, waiting) => {
    const { from, to } = boundsOf(day, store);
    const accounts = await Promise.all(
      (await stores.storeAccounts(store)).map(async (account) => ({ account, at: await client(account) })),
    );
    const idsOf = (listingId: string | undefined, handle: string): readonly string[] =>
      accounts.find(({ account }) => account.id === listingId)?.at.recordIds(handle) ?? [];
    const around = [previousDay(previousDay(day)), previousDay(day), day, nextDay(day), nextDay(nextDay(day))];
    const ours = await usesOnDays(db, store.id, around, idsOf);

    const ofAccount = async ({ account, at }: (typeof accounts)[number]): Promise<AccountResult> => {
      const named = { platform: at.platform, listingId: account.id };
      if (!at.hasRecords) return { ...named, kind: 'no-list' };
      const theirs = await listOf(at, account, calendarDays(from - CLOCKS_MS, Math.min(now(), to + DAY_MS)), waiting);
      if (!theirs) return { ...named, kind: 'unavailable' };
      const known = new Set(ours.map(({ code }) => code));
      const strange = theirs.map(({ code }) => code).filter((code) => !known.has(code));
      const others = await usesElsewhere(db, store.id, strange, from - 2 * DAY_MS);
      const compared = { day, from, to, storeId: store.id, listingId: account.id, now: now() };
      return { ...named, kind: 'compared', ...compare([...ours, ...others], theirs, compared) };
    };
    return await Promise.all(accounts.map(ofAccount));
  };
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
  waiting?: Waiting,
): Promise<readonly PlatformRecord[] | undefined> {
  const found: PlatformRecord[] = [];
  try {
    for (const day of days) found.push(...((await client.records(externalId, day, waiting)) ?? []));
    return found;
  } catch (error) {
    if (!(error instanceof PlatformFault)) throw error;
    return undefined;
  }
}

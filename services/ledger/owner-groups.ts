/** The tables `owner_group` and `posted_day`: every write of them. */
import { storesOf } from '../accounts/stores.ts';
import type { AccountFacts } from '../accounts/account-facts.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { OwnerGroupTable } from '../database/schema/tables.ts';
import type { By } from '../facts/by.ts';
import type { Periods } from './periods.ts';

/** An owner group whose summary is due. */
export interface DueGroup {
  readonly storeId: string;
  readonly chat: string;
  /** Consecutive failures. */
  readonly failures: number;
  /** The first day that was not posted, and when it became due, ms. */
  readonly untold: string;
  readonly since: number;
}

/** A chat that receives the summaries of a store, and the topic that they go to, where the chat has topics. */
export interface Group {
  readonly chat: string;
  readonly topic: string | undefined;
}

export async function groupsOf(db: Db, storeId: string): Promise<readonly Group[]> {
  const rows = await db.selectFrom('owner_group').select(['chat_id', 'topic']).where('store_id', '=', storeId).execute();
  return rows.map((row) => ({ chat: row.chat_id, topic: row.topic ?? undefined }));
}

/** Which picture goes with a summary. */
export const PICTURES = ['light', 'dark', 'none'] as const;
export type PictureChoice = (typeof PICTURES)[number];

/** What a chat receives beside the text of the daily summary. */
export interface Extras {
  readonly picture: PictureChoice;
  readonly periods: Periods;
}

/** Chats of one run. */
const AT_ONCE = 100;

/** Prepares the query of the groups whose summaries are due: of a chat all of them, as they are one message. */
export const prepareDueGroups = (db: Db) =>
  prepared(db, ({ at }: { at: number }) =>
    db
      .selectFrom('owner_group')
      .select(['store_id', 'chat_id', 'failures', 'next_day', 'next_at'])
      .where('next_at', '<=', at)
      .where('chat_id', 'in', (e) =>
        e
          .selectFrom('owner_group as due')
          .select('due.chat_id')
          .where('due.next_at', '<=', at)
          .groupBy('due.chat_id')
          .orderBy((o) => o.fn.min('due.next_at'))
          .limit(sql.lit(AT_ONCE)),
      )
      .orderBy('next_at')
      .orderBy('store_id'),
  );

type Next = Pick<OwnerGroupTable, 'next_day' | 'next_at'>;
type Told = Pick<OwnerGroupTable, 'next_day' | 'next_at' | 'posted_at'> & { readonly posted_fact?: number };

/** Adds an owner group, or moves it to another topic. False where it is there already. */
export async function addOwnerGroup(
  tx: Tx,
  storeId: string,
  chat: string,
  next: Told & { readonly topic: string | null },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('owner_group')
    .values({ store_id: storeId, chat_id: chat, ...next })
    .onConflict((c) =>
      c
        .columns(['store_id', 'chat_id'])
        .doUpdateSet({ topic: next.topic })
        .where((e) => e(e.fn.coalesce('owner_group.topic', e.val('')), '<>', next.topic ?? '')),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** The owner groups of a store. */
export async function ownerGroupsOf(on: Db | Tx, storeId: string): Promise<readonly string[]> {
  const rows = await on.selectFrom('owner_group').select('chat_id').where('store_id', '=', storeId).orderBy('chat_id').execute();
  return rows.map(({ chat_id: chat }) => chat);
}

/** Removes an owner group. False where it was none. */
export async function removeOwnerGroup(on: Db | Tx, storeId: string, chat: string): Promise<boolean> {
  const { numDeletedRows } = await on
    .deleteFrom('owner_group')
    .where('store_id', '=', storeId)
    .where('chat_id', '=', chat)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Sets the day to be told next, unless it is no longer `untold`: a summary was posted meanwhile. */
export async function scheduleOwnerGroup(tx: Tx, storeId: string, chat: string, untold: string, next: Next): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('owner_group')
    .set(next)
    .where('store_id', '=', storeId)
    .where('chat_id', '=', chat)
    .where('next_day', '=', untold)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Counts a failure and schedules the retry, unless another instance did. */
export async function postponeOwnerGroup(db: Db, due: DueGroup, at: number, nextAt: number): Promise<void> {
  await db
    .updateTable('owner_group')
    .set({ next_at: nextAt, failures: due.failures + 1 })
    .where('store_id', '=', due.storeId)
    .where('chat_id', '=', due.chat)
    .where('failures', '=', due.failures)
    .where('next_at', '<=', at)
    .execute();
}

/**
 * Claims a due summary by advancing to the next day; one instance of several succeeds, and none where the end of the day was
 * changed since `read`.
 */
export async function claimOwnerGroup(
  tx: Tx,
  { storeId, chat }: Pick<DueGroup, 'storeId' | 'chat'>,
  read: Next,
  next: Told,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('owner_group')
    .set({ ...next, failures: 0 })
    .where('store_id', '=', storeId)
    .where('chat_id', '=', chat)
    .where('next_day', '=', read.next_day)
    .where('next_at', '=', read.next_at)
    .where('next_at', '<=', next.posted_at)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Sets what a chat receives beside the text of the daily summary. False where it receives none. */
export async function dressOwnerGroup(
  tx: Tx,
  { storeId, chat }: Pick<DueGroup, 'storeId' | 'chat'>,
  extras: Partial<Extras>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('owner_group')
    .set(extras)
    .where('store_id', '=', storeId)
    .where('chat_id', '=', chat)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What a chat receives beside the text; undefined where it receives no summaries of the store. */
export const extrasOf = (on: Db | Tx, storeId: string, chat: string): Promise<Extras | undefined> =>
  on
    .selectFrom('owner_group')
    .select(['picture', 'periods'])
    .where('store_id', '=', storeId)
    .where('chat_id', '=', chat)
    .executeTakeFirst();

/** Stores the figures of a day as posted; `figures` is JSON. */
export async function markTold(tx: Tx, storeId: string, chat: string, day: string, figures: string): Promise<void> {
  await tx
    .insertInto('posted_day')
    .values({ store_id: storeId, chat_id: chat, business_day: day, figures })
    .onConflict((c) => c.columns(['store_id', 'chat_id', 'business_day']).doUpdateSet({ figures }))
    .execute();
}

/** Posted figures are kept so long for corrections, ms. */
const POSTED_MS = 60 * 24 * 3_600_000;
/** Days of one run, so that other writes do not wait: a day has a row for each store and chat. */
const DAYS_A_RUN = 7;

/** Deletes the figures of days that are too old to be corrected. */
export async function sweepPostedDays(db: Db, now: number): Promise<void> {
  const oldest = new Date(now - POSTED_MS).toISOString().slice(0, 10);
  for (let days = 0; days < DAYS_A_RUN; days++) {
    const row = await db
      .selectFrom('posted_day')
      .select('business_day')
      .where('business_day', '<', oldest)
      .orderBy('business_day')
      .limit(1)
      .executeTakeFirst();
    if (!row) return;
    await db.deleteFrom('posted_day').where('business_day', '=', row.business_day).execute();
  }
}

/** Follows a chat to its new id. Rows of the old one may be newer than an earlier notice of the same move. */
export async function moveOwnerGroups(tx: Tx, from: string, to: string): Promise<void> {
  const there = tx.selectFrom('owner_group').select('store_id').where('chat_id', '=', to);
  await tx.deleteFrom('owner_group').where('chat_id', '=', from).where('store_id', 'in', there).execute();
  await tx.updateTable('owner_group').set({ chat_id: to }).where('chat_id', '=', from).execute();
  const toldThere = tx.selectFrom('posted_day').select('store_id').where('chat_id', '=', to);
  await tx.deleteFrom('posted_day').where('chat_id', '=', from).where('store_id', 'in', toldThere).execute();
  await tx.updateTable('posted_day').set({ chat_id: to }).where('chat_id', '=', from).execute();
}

/** Unsubscribes these chats from the summaries of the account's stores. */
export async function deleteOwnerGroups(
  tx: Tx,
  facts: AccountFacts,
  { accountId, chats, by }: { accountId: string; chats: readonly string[]; by: By },
): Promise<void> {
  const gone = await tx
    .deleteFrom('owner_group')
    .where('store_id', 'in', storesOf(tx, accountId))
    .where('chat_id', 'in', chats)
    .returning(['store_id as store', 'chat_id as chat'])
    .execute();
  for (const { store, chat } of gone)
    await facts.record(tx, accountId, { kind: 'summary.off', subject: chat, by, detail: { store } });
}

/** Deletes all subscriptions and posted figures of the account's stores. */
export async function deleteReports(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('owner_group').where('store_id', 'in', storesOf(tx, accountId)).execute();
  await tx.deleteFrom('posted_day').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

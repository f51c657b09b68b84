/**
 * Lists coupons that were looked up and never confirmed: cards that ran out, of codes that nobody verified or cancelled
 * afterwards. Somebody may have forgotten to press. Their codes are still worth money, so only their ends are kept in clear.
 */
import { readStore, storesOf } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { takeExpired } from '../database/collections.ts';
import type { Seal } from '../database/seal.ts';
import { knownDayAt } from '../time/calendar.ts';
import type { OpenCard } from '../verification/verification.ts';

/** The collection of open cards. */
const CARDS = 'card';
/** Cards of one transaction. */
const AT_ONCE = 200;
/** A code that is verified later than this after its card ran out stays in the day's list, ms. */
const LATER_MS = 2 * 24 * 3_600_000;
/** They are kept as long as cancelled cards, ms. */
const KEPT_MS = 30 * 24 * 3_600_000;

export interface Unconfirmed {
  /** Takes the cards that have run out, and lets go of those whose codes were decided meanwhile; before a summary, and periodically. */
  collect(): Promise<void>;
  sweep(): Promise<void>;
}

export function createUnconfirmed({ db, seal, now }: { db: Db; seal: Seal; now: () => number }): Unconfirmed {
  /** Takes some, in one transaction with their rows. Returns how many. */
  const take = (at: number): Promise<number> =>
    db.transaction().execute(async (tx) => {
      const ended = await takeExpired(tx, seal, { ns: CARDS, now: at, most: AT_ONCE });
      // A merchant's own system looks up without a card.
      for (const { value, expires } of ended) {
        const card = value as OpenCard;
        if (card.chat !== '') await keep(tx, card, expires);
      }
      return ended.length;
    });

  const keep = async (tx: Tx, { storeId, coupon: { code }, openedAt }: OpenCard, expires: number): Promise<void> => {
    const store = await tx
      .selectFrom('store')
      .innerJoin('account', 'account.id', 'store.account_id')
      .selectAll('store')
      .select('account.platform')
      .where('store.id', '=', storeId)
      .executeTakeFirst();
    if (!store) return;
    const business_day = knownDayAt(expires, readStore(store));
    if (business_day === undefined) return;
    const [code_index] = seal.indexes(indexed(storeId, code));
    await tx
      .insertInto('unconfirmed')
      .values({ store_id: storeId, business_day, code_index, code_tail: code.slice(-4), opened_at: openedAt, ended_at: expires })
      .onConflict((c) => c.columns(['store_id', 'business_day', 'code_index']).doNothing())
      .execute();
  };

  /** Lets go of codes that somebody confirmed or cancelled after they were looked up. */
  const settle = async (at: number): Promise<void> => {
    const rows = await db
      .selectFrom('unconfirmed as u')
      .innerJoin('verification as v', (join) =>
        join.onRef('v.store_id', '=', 'u.store_id').onRef('v.code_tail', '=', 'u.code_tail'),
      )
      .select(['u.store_id', 'u.code_index', 'v.code'])
      .where('u.ended_at', '>', at - LATER_MS)
      .whereRef('v.changed_at', '>=', 'u.opened_at')
      .execute();
    for (const { store_id, code_index, code } of rows)
      if (seal.indexes(indexed(store_id, code)).includes(code_index))
        await db
          .deleteFrom('unconfirmed')
          .where('store_id', '=', store_id)
          .where('code_index', '=', code_index)
          .where('ended_at', '>', at - LATER_MS)
          .execute();
  };

  return {
    async collect() {
      const at = now();
      while ((await take(at)) === AT_ONCE);
      await settle(at);
    },
    async sweep() {
      await db
        .deleteFrom('unconfirmed')
        .where('ended_at', '<', now() - KEPT_MS)
        .execute();
    },
  };
}

const indexed = (storeId: string, code: string): string => `unconfirmed ${storeId} ${code}`;

/** The last four digits of a day's codes that were never confirmed, in the order in which they were looked up. */
export async function unconfirmedOn(on: Db | Tx, storeId: string, day: string): Promise<readonly string[]> {
  const rows = await on
    .selectFrom('unconfirmed')
    .select('code_tail')
    .where('store_id', '=', storeId)
    .where('business_day', '=', day)
    .orderBy('opened_at')
    .orderBy('code_tail')
    .execute();
  return rows.map((row) => row.code_tail);
}

/** Forgets them with the account's stores. */
export async function deleteUnconfirmed(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('unconfirmed').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

/** Reads of verifications: by id, by code, by press. */
import { storesOfMerchant, storesOfShop } from '../../accounts/same-merchant.ts';
import { sql, type Db, type Tx } from '../../database/database.ts';
import { prepared } from '../../database/prepared.ts';
import type { VerificationState } from '../../database/schema/tables.ts';
import { read } from './row-mapping.ts';
import type { Verification } from '../verification.ts';

/** A card, or the verification it became. */
export type Shown = Pick<Verification, 'id' | 'storeId' | 'code' | 'openedAt'>;

export interface Reads {
  get(id: string, on?: Db | Tx): Promise<Verification | undefined>;
  /** The latest verification of a code in a store, also where it was submitted by another code of the coupon; no refused or dropped one. */
  latest(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The verification of a code that is in flight in any store of this store's merchant. */
  inFlight(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /**
   * Other uses of a card's or verification's code that settled after the card was shown, in any store of the merchant; with
   * `shop`, also in the stores of others that are the same shop.
   */
  usedSince(on: Db | Tx, shown: Shown, scope: 'merchant' | 'shop'): Promise<readonly Verification[]>;
  /**
   * The other uses of a verification's coupon in the stores of the merchant: `Item.handle` of all, undone ones too, and whether
   * one was undone since the card was shown, or shortly before by clocks that differ.
   */
  otherUses(on: Db | Tx, verification: Shown): Promise<{ readonly booked: readonly string[]; readonly undoneSince: boolean }>;
  /** The verifications of one press, the one whose card was pressed first. */
  batchOf(verification: Verification, on?: Db | Tx): Promise<readonly Verification[]>;
}

/** How far the clocks of two instances may differ together, ms. */
const CLOCKS_MS = 600_000;

export function createReads(db: Db): Reads {
  const one = prepared(db, ({ id }: { id: string }) => db.selectFrom('verification').selectAll().where('id', '=', id));
  interface Code {
    readonly storeId: string;
    readonly code: string;
  }
  // Each by an index of its own.
  const latest = prepared(db, ({ storeId, code }: Code) => {
    const latestBy = (column: 'code' | 'other_code') =>
      db
        .selectFrom('verification')
        .selectAll()
        .where('store_id', 'in', [storeId])
        .where(column, 'in', [code])
        .where('state', 'not in', sql<VerificationState>`('dropped', 'refused')`)
        .orderBy('submitted_at', 'desc')
        .limit(sql.lit(1));
    return db
      .selectFrom(latestBy('code').as('own'))
      .selectAll()
      .unionAll(db.selectFrom(latestBy('other_code').as('other')).selectAll());
  });
  const inFlight = prepared(db, ({ storeId, code }: Code) =>
    db
      .selectFrom('verification')
      .selectAll()
      .where('code', 'in', [code])
      // Must match the condition of its partial index literally.
      .where(sql<boolean>`state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`)
      .where(sql<boolean>`store_id in (${storesOfMerchant(storeId)})`),
  );
  return {
    async get(id, on) {
      const [row] = (await one({ id }, on)).rows;
      return row && read(row);
    },
    async latest(on, storeId, code) {
      const [first, second] = (await latest({ storeId, code }, on)).rows;
      const row = first && second && (first.submitted_at ?? 0) < (second.submitted_at ?? 0) ? second : first;
      return row && read(row);
    },
    async inFlight(on, storeId, code) {
      const [row] = (await inFlight({ storeId, code }, on)).rows;
      return row && read(row);
    },
    async usedSince(on, { id, storeId, code, openedAt }, scope) {
      const merchant = storesOfMerchant(storeId);
      const stores = scope === 'merchant' ? merchant : sql`${merchant} union ${storesOfShop(storeId)}`;
      const rows = await on
        .selectFrom('verification')
        .selectAll()
        .where(sql<boolean>`store_id in (${stores})`)
        .where('code', 'in', [code])
        .where('id', '<>', id)
        .where('settled_at', '>', openedAt)
        .where('state', 'in', ['verified', 'undoing', 'undo-unsure'])
        .execute();
      return rows.map(read);
    },
    async otherUses(on, { id, storeId, code, openedAt }) {
      const uses = (column: 'code' | 'other_code') =>
        on
          .selectFrom('verification')
          .select(['receipt_handle', 'undone_at'])
          .where(sql<boolean>`store_id in (${storesOfMerchant(storeId)})`)
          .where(column, 'in', [code])
          .where('id', '<>', id)
          .where((e) => e.or([e('receipt_handle', 'is not', null), e('undone_at', 'is not', null)]));
      const rows = await uses('code').unionAll(uses('other_code')).execute();
      return {
        booked: rows.flatMap(({ receipt_handle: handle }) => handle ?? []),
        undoneSince: rows.some(({ undone_at: at }) => at !== null && at >= openedAt - CLOCKS_MS),
      };
    },
    async batchOf(v, on = db) {
      if (v.items === 1 && v.confirmation === undefined) return [v];
      const pressed = v.confirmation ?? v.id;
      const found = await on
        .selectFrom('verification')
        .selectAll()
        .where((e) => e.or([e('id', '=', pressed), e('confirmation', '=', pressed)]))
        .execute();
      const numberOf = ({ id }: Verification): number => Number(id.slice(pressed.length + 1));
      return found.map(read).toSorted((a, b) => numberOf(a) - numberOf(b));
    },
  };
}

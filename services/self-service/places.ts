/** Places of a store (tables, rooms, lanes), each with a token for its links. Every change leaves its fact. */
import { createAccountFacts } from '../accounts/account-facts.ts';
import { storesOf } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import { prepared } from '../database/prepared.ts';
import type { PlaceTable } from '../database/schema/self-service-tables.ts';
import { WrongKey, type Seal } from '../database/seal.ts';
import type { By } from '../facts/by.ts';
import { resealToken, type PlaceTokens } from './place-tokens.ts';

export interface StorePlace {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  /** What its customers read after 核销成功; empty for nothing. */
  readonly instructions: string;
  /** Names its present token without telling it; another one after a rotation. */
  readonly tokenMac: string;
}

export interface Places {
  get(id: string): Promise<StorePlace | undefined>;
  /** All places of a store, the first one first. */
  of(storeId: string): Promise<readonly StorePlace[]>;
  /** The place of a link's token; nothing for one that was replaced, removed or never given. */
  byToken(token: string): Promise<StorePlace | undefined>;
  /** The token of a place's links, for its owner. */
  token(id: string): Promise<string | undefined>;
  /** Adds a place; undefined where the store has `MOST_PLACES`. */
  add(storeId: string, name: string, by: By): Promise<StorePlace | undefined>;
  rename(id: string, name: string, by: By): Promise<void>;
  instruct(id: string, instructions: string, by: By): Promise<void>;
  /** Gives the place another token: links and QR codes of the former one are dead. */
  rotate(id: string, by: By): Promise<void>;
  /** Removes a place; false where it is gone already. */
  remove(id: string, by: By): Promise<boolean>;
}

/** Places of a store: a large hall of lanes. */
export const MOST_PLACES = 60;
/** Characters of a place's name: it stands on buttons. */
export const LONGEST_NAME = 20;
/** Characters of the instructions: they stand on a card. */
export const LONGEST_INSTRUCTIONS = 300;

const readPlace = (row: PlaceTable): StorePlace => ({
  id: row.id,
  storeId: row.store_id,
  name: row.name,
  instructions: row.instructions,
  tokenMac: row.token_mac,
});

export function createPlaces(parts: { db: Db; tokens: PlaceTokens; now: () => number; newId: () => string }): Places {
  const { db, tokens, now, newId } = parts;
  const facts = createAccountFacts({ db, now });
  const lockAccounts = createLockAccounts(db);
  const byId = prepared(db, ({ id }: { id: string }) => db.selectFrom('place').selectAll().where('id', 'in', [id]));

  /** Writes a change of a place that is still there, and its fact. */
  const change = (
    id: string,
    by: By,
    kind: 'place.renamed' | 'place.instructions' | 'place.rotated',
    values: Partial<Pick<PlaceTable, 'name' | 'instructions' | 'token_sealed' | 'token_mac'>>,
  ): Promise<void> =>
    db.transaction().execute(async (tx) => {
      const before = await tx.selectFrom('place').selectAll().where('id', '=', id).executeTakeFirst();
      if (!before) return;
      await tx.updateTable('place').set(values).where('id', '=', id).execute();
      const renamed = values.name === undefined ? {} : { from: before.name, to: values.name };
      await facts.recordAt(tx, before.store_id, {
        kind,
        subject: id,
        by,
        ...renamed,
        detail: { name: values.name ?? before.name },
      });
    });

  return {
    async get(id) {
      const [row] = (await byId({ id })).rows;
      return row && readPlace(row);
    },
    async of(storeId) {
      const rows = await db
        .selectFrom('place')
        .selectAll()
        .where('store_id', '=', storeId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(readPlace);
    },
    async byToken(token) {
      const macs = tokens.macs(token);
      if (macs.length === 0) return undefined;
      const row = await db.selectFrom('place').selectAll().where('token_mac', 'in', macs).executeTakeFirst();
      return row && readPlace(row);
    },
    async token(id) {
      const [row] = (await byId({ id })).rows;
      return row && tokens.open(id, row.token_sealed);
    },
    add: (storeId, name, by) =>
      db.transaction().execute(async (tx) => {
        // Two who add at a time are counted one after the other.
        await lockAccounts(tx, storeId);
        const { count } = await tx
          .selectFrom('place')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('store_id', '=', storeId)
          .executeTakeFirstOrThrow();
        if (count >= MOST_PLACES) return undefined;
        const id = newId();
        const row = { id, store_id: storeId, name, instructions: '', ...tokens.make(id), created_at: now() };
        await tx.insertInto('place').values(row).execute();
        await facts.recordAt(tx, storeId, { kind: 'place.added', subject: row.id, by, detail: { name } });
        return readPlace(row);
      }),
    rename: (id, name, by) => change(id, by, 'place.renamed', { name }),
    instruct: (id, instructions, by) => change(id, by, 'place.instructions', { instructions }),
    rotate: (id, by) => change(id, by, 'place.rotated', tokens.make(id)),
    remove: (id, by) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('place').where('id', '=', id).returning(['store_id', 'name']).executeTakeFirst();
        if (gone)
          await facts.recordAt(tx, gone.store_id, { kind: 'place.removed', subject: id, by, detail: { name: gone.name } });
        return gone !== undefined;
      }),
  };
}

/** Deletes the places of an account's stores, before these are deleted. */
export async function deletePlaces(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('place').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

/** Seals the tokens of all places anew where the key has changed. Returns how many were, and how many no key opens. */
export async function resealPlaces(tx: Tx, seal: Seal): Promise<{ readonly values: number; readonly unreadable: number }> {
  const rows = await tx
    .selectFrom('place')
    .select(['id', 'token_sealed'])
    .where('token_sealed', 'not like', `${seal.current}%`)
    .execute();
  let unreadable = 0;
  for (const { id, token_sealed: before } of rows)
    try {
      const kept = resealToken(seal, id, before);
      await tx
        .updateTable('place')
        .set({ ...kept })
        .where('id', '=', id)
        .where('token_sealed', '=', before)
        .execute();
    } catch (error) {
      if (!(error instanceof WrongKey)) throw error;
      unreadable += 1;
    }
  return { values: rows.length - unreadable, unreadable };
}

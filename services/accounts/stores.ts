/** Stores (门店), their settings, and the accounts that list them. */
import { SIMULATED } from '../platforms/names.ts';
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { ListingTable } from '../database/tables.ts';

export interface Store {
  readonly id: string;
  /** The account it was first bound through; its owners own the store. */
  readonly accountId: string;
  /** The platform's id there. */
  readonly externalId: string;
  readonly name: string;
  readonly zone: string;
  /** `HH:MM`: when the business day ends. */
  readonly dayEnd: string;
  /** Time of the platform's last usable answer, ms. */
  readonly lastSuccessAt: number | undefined;
  /** Its coupons are simulated; every text about it says so. */
  readonly practice?: true;
}

/** A store as listed by one account: the parameters of platform calls. */
export interface StoreAccount {
  /** Undefined for the account the store was first bound through. */
  readonly id: string | undefined;
  readonly storeId: string;
  readonly accountId: string;
  /** The platform's id of the store. */
  readonly externalId: string;
  readonly name: string;
}

/** The store account a store was first bound through. */
export const firstStoreAccount = ({ id, accountId, externalId, name }: Store): StoreAccount => ({
  id: undefined,
  storeId: id,
  accountId,
  externalId,
  name,
});

export interface Stores {
  get(id: string): Promise<Store | undefined>;
  /** Creates or renames the store with the platform's id; returns the other store where the account was added to one. */
  save(accountId: string, store: { readonly id: string; readonly name: string }): Promise<Store>;
  /** All accounts of a store, the first one first. */
  storeAccounts(store: Store): Promise<readonly StoreAccount[]>;
  /** One of them, removed ones included: a verification ends through the account it began with. */
  storeAccount(store: Store, id: string | undefined): Promise<StoreAccount>;
  /** Adds the same shop's listing by another account. */
  addListing(store: Store, accountId: string, listed: { readonly id: string; readonly name: string }): Promise<void>;
  removeStoreAccount(storeId: string, id: string): Promise<void>;
  /** The bound stores that an account lists. */
  listedBy(accountId: string): Promise<readonly StoreAccount[]>;
  /** Stores of the accounts a person owns, or where the person is staff. */
  ofPerson(person: string): Promise<readonly Store[]>;
  /** Stores the time of the platform's answer, at most once a minute. */
  touch(store: Store): Promise<void>;
}

interface Row {
  id: string;
  account_id: string;
  external_id: string;
  name: string;
  time_zone: string;
  day_end: string;
  last_success_at: number | null;
  /** The platform of its account. */
  platform: string;
}

/** Reads a row of the `store` table, with its account's platform. */
export const readStore = (row: Row): Store => ({
  id: row.id,
  accountId: row.account_id,
  externalId: row.external_id,
  name: row.name,
  zone: row.time_zone,
  dayEnd: row.day_end,
  lastSuccessAt: row.last_success_at ?? undefined,
  ...(row.platform === SIMULATED && { practice: true }),
});

const readListing = (row: ListingTable): StoreAccount => ({
  id: row.id,
  storeId: row.store_id,
  accountId: row.account_id,
  externalId: row.external_id,
  name: row.name,
});

/** Selects stores with the platform of their account. */
const ofAccount = (db: Db) =>
  db.selectFrom('store').innerJoin('account', 'account.id', 'store.account_id').selectAll('store').select('account.platform');

export function createStores({ db, now, newId, zone }: { db: Db; now: () => number; newId: () => string; zone: string }): Stores {
  const one = prepared(db, ({ id }: { id: string }) => ofAccount(db).where('store.id', '=', id));
  const added = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('listing').selectAll().where('store_id', '=', id).where('removed_at', 'is', null),
  );
  const answered = prepared(db, ({ id, at }: { id: string; at: number }) =>
    db.updateTable('store').set({ last_success_at: at }).where('id', '=', id),
  );
  return {
    async get(id) {
      const [row] = (await one({ id })).rows;
      return row && readStore(row);
    },
    async save(accountId, { id, name }) {
      const elsewhere = await db
        .selectFrom('listing')
        .innerJoin('store', 'store.id', 'listing.store_id')
        .innerJoin('account', 'account.id', 'store.account_id')
        .selectAll('store')
        .select('account.platform')
        .where('listing.account_id', '=', accountId)
        .where('listing.external_id', '=', id)
        .where('listing.removed_at', 'is', null)
        .executeTakeFirst();
      if (elsewhere) return readStore(elsewhere);
      await db
        .insertInto('store')
        .values({
          id: newId(),
          account_id: accountId,
          external_id: id,
          name,
          time_zone: zone,
          day_end: '00:00',
          last_success_at: now(),
          created_at: now(),
        })
        .onConflict((c) => c.columns(['account_id', 'external_id']).doUpdateSet({ name, last_success_at: now() }))
        .execute();
      return readStore(
        await ofAccount(db)
          .where('store.account_id', '=', accountId)
          .where('store.external_id', '=', id)
          .executeTakeFirstOrThrow(),
      );
    },
    async storeAccounts(store) {
      const { rows } = await added({ id: store.id });
      return [firstStoreAccount(store), ...rows.toSorted((a, b) => a.since - b.since).map(readListing)];
    },
    async storeAccount(store, id) {
      if (id === undefined) return firstStoreAccount(store);
      return readListing(await db.selectFrom('listing').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
    },
    async addListing(store, accountId, { id, name }) {
      await db
        .insertInto('listing')
        .values({ id: newId(), store_id: store.id, account_id: accountId, external_id: id, name, since: now(), removed_at: null })
        .execute();
    },
    async removeStoreAccount(storeId, id) {
      await db.updateTable('listing').set({ removed_at: now() }).where('store_id', '=', storeId).where('id', '=', id).execute();
    },
    async listedBy(accountId) {
      const first = await ofAccount(db).where('store.account_id', '=', accountId).execute();
      const more = await db
        .selectFrom('listing')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('removed_at', 'is', null)
        .execute();
      return [...first.map((row) => firstStoreAccount(readStore(row))), ...more.map(readListing)];
    },
    async ofPerson(person) {
      const rows = await ofAccount(db)
        .where((e) =>
          e.or([
            e('store.account_id', 'in', e.selectFrom('owner').select('account_id').where('owner.person', '=', person)),
            e('store.id', 'in', e.selectFrom('staff').select('store_id').where('staff.person', '=', person)),
          ]),
        )
        .orderBy('store.created_at')
        .execute();
      return rows.map(readStore);
    },
    async touch(store) {
      if (store.lastSuccessAt !== undefined && now() - store.lastSuccessAt < 60_000) return;
      await answered({ id: store.id, at: now() });
    },
  };
}

/** Finds the store of something that refers to it, so that it exists. */
export const storeFinder =
  (stores: Pick<Stores, 'get'>) =>
  async (id: string): Promise<Store> => {
    const store = await stores.get(id);
    if (!store) throw new Error('the store of a verification is missing');
    return store;
  };

/** A subquery of the ids of an account's own stores. */
export const storesOf = (on: Db | Tx, accountId: string) =>
  on.selectFrom('store').select('store.id').where('store.account_id', '=', accountId);

/** Sets the end of the business day, `HH:MM`. */
export async function writeDayEnd(tx: Tx, storeId: string, dayEnd: string): Promise<void> {
  await tx.updateTable('store').set({ day_end: dayEnd }).where('id', '=', storeId).execute();
}

/** Removes an account's listings of stores that none of its owners owns. */
export async function removeForeignListings(tx: Tx, accountId: string, at: number): Promise<void> {
  const owned = tx
    .selectFrom('store')
    .innerJoin('owner as theirs', 'theirs.account_id', 'store.account_id')
    .innerJoin('owner as ours', 'ours.person', 'theirs.person')
    .select('store.id')
    .where('ours.account_id', '=', accountId);
  await tx
    .updateTable('listing')
    .set({ removed_at: at })
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .where('store_id', 'not in', owned)
    .execute();
}

/** Deletes an account's stores, to which no rows refer any more. */
export async function deleteStores(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('store').where('account_id', '=', accountId).execute();
}

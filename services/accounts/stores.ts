/** Stores (门店), their settings, and the accounts that list them. */
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { relaxed } from '../database/relaxed.ts';
import type { ListingTable } from '../database/schema/tables.ts';
import type { By } from '../facts/by.ts';
import { createAccountFacts, type AccountFacts } from './account-facts.ts';
import { personOf } from './identities.ts';
import { firstStoreAccount, ofAccount, readStore, type Store, type StoreAccount } from './store.ts';

export { firstStoreAccount, readStore, seenIn, storesListedBy, type Store, type StoreAccount } from './store.ts';

export interface Stores {
  get(id: string): Promise<Store | undefined>;
  /** Creates or renames the store with the platform's id; returns the other store where the account was added to one. */
  save(accountId: string, store: { readonly id: string; readonly name: string }, by: By): Promise<Store>;
  /** All accounts of a store, the first one first. */
  storeAccounts(store: Store): Promise<readonly StoreAccount[]>;
  /** One of them, removed ones included: a verification ends through the account it began with. */
  storeAccount(store: Store, id: string | undefined): Promise<StoreAccount>;
  /** Adds the same shop's listing by another account. */
  addListing(store: Store, accountId: string, listed: { readonly id: string; readonly name: string }, by: By): Promise<void>;
  removeStoreAccount(storeId: string, id: string, by: By): Promise<void>;
  /** The bound stores that an account lists. */
  listedBy(accountId: string): Promise<readonly StoreAccount[]>;
  /** Stores of the accounts a person owns, or where the person is staff. */
  ofPerson(person: string): Promise<readonly Store[]>;
  /** Stores the time of the platform's answer, at most once a minute. */
  touch(store: Store): Promise<void>;
}

const readListing = (row: ListingTable): StoreAccount => ({
  id: row.id,
  storeId: row.store_id,
  accountId: row.account_id,
  externalId: row.external_id,
  name: row.name,
});

const DAY_MS = 86_400_000;

export function createStores({ db, now, newId, zone }: { db: Db; now: () => number; newId: () => string; zone: string }): Stores {
  const facts = createAccountFacts({ db, now });
  const one = prepared(db, ({ id }: { id: string }) => ofAccount(db).where('store.id', 'in', [id]));
  const added = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('listing').selectAll().where('store_id', '=', id).where('removed_at', 'is', null),
  );
  const answered = prepared(
    db,
    ({ id, at }: { id: string; at: number }) => db.updateTable('store').set({ last_success_at: at }).where('id', '=', id),
    'relaxed',
  );
  return {
    async get(id) {
      const [row] = (await one({ id })).rows;
      return row && readStore(row);
    },
    async save(accountId, { id, name }, by) {
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
      return await db.transaction().execute(async (tx) => {
        const fresh = newId();
        const { id: subject } = await tx
          .insertInto('store')
          .values({
            id: fresh,
            account_id: accountId,
            external_id: id,
            name,
            time_zone: zone,
            day_end: '00:00',
            last_success_at: now(),
            created_at: now(),
          })
          .onConflict((c) => c.columns(['account_id', 'external_id']).doUpdateSet({ name, last_success_at: now() }))
          .returning('id')
          .executeTakeFirstOrThrow();
        if (subject === fresh)
          await facts.record(tx, accountId, { kind: 'store.added', subject, by, detail: { store: subject, name } });
        return readStore(await ofAccount(tx).where('store.id', '=', subject).executeTakeFirstOrThrow());
      });
    },
    async storeAccounts(store) {
      const { rows } = await added({ id: store.id });
      return [firstStoreAccount(store), ...rows.toSorted((a, b) => a.since - b.since).map(readListing)];
    },
    async storeAccount(store, id) {
      if (id === undefined) return firstStoreAccount(store);
      return readListing(await db.selectFrom('listing').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
    },
    addListing: (store, accountId, { id, name }, by) =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('listing')
          .values({
            id: newId(),
            store_id: store.id,
            account_id: accountId,
            external_id: id,
            name,
            since: now(),
            removed_at: null,
          })
          .execute();
        const detail = { account: accountId, name };
        await facts.recordAt(tx, store.id, { kind: 'listing.added', subject: store.id, by, detail });
      }),
    removeStoreAccount: (storeId, id, by) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx
          .updateTable('listing')
          .set({ removed_at: now() })
          .where('store_id', '=', storeId)
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .returning(['account_id as account', 'name'])
          .executeTakeFirst();
        if (gone) await facts.recordAt(tx, storeId, { kind: 'listing.removed', subject: storeId, by, detail: { ...gone } });
      }),
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
            e('store.account_id', 'in', e.selectFrom('owner').select('account_id').where('owner.person', '=', personOf(person))),
            e('store.id', 'in', e.selectFrom('staff').select('store_id').where('staff.person', '=', personOf(person))),
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

/** What owners set for a store. */
type Settable = Pick<Store, 'zone' | 'dayEnd' | 'earlier' | 'mayUndo' | 'groupCodes'>;

/** Sets what owners may set, by what it is now; gives the store before and after, the same one where nothing changes. */
export async function writeSettings(
  tx: Tx,
  storeId: string,
  change: (before: Store) => Partial<Settable>,
): Promise<{ readonly before: Store; readonly after: Store }> {
  // Locks the row: two changes at once follow one another.
  await tx
    .updateTable('store')
    .set((e) => ({ calendars: e.ref('store.calendars') }))
    .where('id', '=', storeId)
    .execute();
  const before = readStore(await ofAccount(tx).where('store.id', '=', storeId).executeTakeFirstOrThrow());
  const after = { ...before, ...change(before) };
  if (SETTABLE.every((name) => before[name] === after[name])) return { before, after: before };
  await tx
    .updateTable('store')
    .set((e) => ({
      time_zone: after.zone,
      day_end: after.dayEnd,
      calendars: JSON.stringify(after.earlier ?? []),
      may_undo: after.mayUndo,
      group_codes: after.groupCodes,
      // Days may be closed by it that were open when the sums of days were looked after last.
      totals_until: e('totals_until', '-', 4 * DAY_MS),
    }))
    .where('id', '=', storeId)
    .execute();
  return { before, after };
}
const SETTABLE = ['zone', 'dayEnd', 'mayUndo', 'groupCodes'] as const satisfies readonly (keyof Settable)[];

/** Notes until when changes are in the sums of the store's closed days, ms; lost in a power cut, they are made again. */
export async function writeTotalsUntil(tx: Tx, storeId: string, until: number): Promise<void> {
  await tx.executeQuery(relaxed(tx.updateTable('store').set({ totals_until: until }).where('id', '=', storeId).compile()));
}

/** Removes an account's listings of stores that none of its owners owns. */
export async function removeForeignListings(
  tx: Tx,
  facts: AccountFacts,
  { accountId, by, at }: { accountId: string; by: By; at: number },
): Promise<void> {
  const owned = tx
    .selectFrom('store')
    .innerJoin('owner as theirs', 'theirs.account_id', 'store.account_id')
    .innerJoin('owner as ours', 'ours.person', 'theirs.person')
    .select('store.id')
    .where('ours.account_id', '=', accountId);
  const gone = await tx
    .updateTable('listing')
    .set({ removed_at: at })
    .where('account_id', '=', accountId)
    .where('removed_at', 'is', null)
    .where('store_id', 'not in', owned)
    .returning(['store_id as store', 'name'])
    .execute();
  for (const { store, name } of gone)
    await facts.recordAt(tx, store, { kind: 'listing.removed', subject: store, by, detail: { account: accountId, name } });
}

/** Deletes an account's stores, to which no rows refer any more. */
export async function deleteStores(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('store').where('account_id', '=', accountId).execute();
}

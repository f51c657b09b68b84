/** The stores (门店) of accounts that somebody bound, and their settings. */
import type { Db } from '../store/database.ts';
import { prepared } from '../store/prepared.ts';

export interface Store {
  readonly id: string;
  readonly accountId: string;
  /** The platform's id. */
  readonly externalId: string;
  readonly name: string;
  readonly zone: string;
  /** `HH:MM`: when the business day ends. */
  readonly dayEnd: string;
  /** ms; the platform's last usable answer. */
  readonly lastSuccessAt: number | undefined;
}

export interface Stores {
  get(id: string): Promise<Store | undefined>;
  /** The store with the platform's id, made or renamed. */
  save(accountId: string, store: { readonly id: string; readonly name: string }): Promise<Store>;
  /** Stores a person has to do with: of owned accounts, or as staff. */
  ofPerson(person: string): Promise<readonly Store[]>;
  /** Notes that the platform answered; written at most once a minute. */
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
}

/** Reads a row of the `store` table. */
export const readStore = (row: Row): Store => ({
  id: row.id,
  accountId: row.account_id,
  externalId: row.external_id,
  name: row.name,
  zone: row.time_zone,
  dayEnd: row.day_end,
  lastSuccessAt: row.last_success_at ?? undefined,
});

export function createStores({ db, now, newId, zone }: { db: Db; now: () => number; newId: () => string; zone: string }): Stores {
  const one = prepared(db, ({ id }: { id: string }) => db.selectFrom('store').selectAll().where('id', '=', id));
  const answered = prepared(db, ({ id, at }: { id: string; at: number }) =>
    db.updateTable('store').set({ last_success_at: at }).where('id', '=', id),
  );
  return {
    async get(id) {
      const [row] = (await one({ id })).rows;
      return row && readStore(row);
    },
    async save(accountId, { id, name }) {
      const row = await db
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
        .returningAll()
        .executeTakeFirstOrThrow();
      return readStore(row);
    },
    async ofPerson(person) {
      const rows = await db
        .selectFrom('store')
        .selectAll()
        .where((e) =>
          e.or([
            e('account_id', 'in', e.selectFrom('owner').select('account_id').where('owner.person', '=', person)),
            e('id', 'in', e.selectFrom('staff').select('store_id').where('staff.person', '=', person)),
          ]),
        )
        .orderBy('created_at')
        .execute();
      return rows.map(readStore);
    },
    async touch(store) {
      if (store.lastSuccessAt !== undefined && now() - store.lastSuccessAt < 60_000) return;
      await answered({ id: store.id, at: now() });
    },
  };
}

/** A store as it is read from its row, and as an account lists it. */
import type { StoreTable } from '../database/schema/tables.ts';
import { SIMULATED } from '../platforms/names.ts';

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

type Row = Pick<StoreTable, 'id' | 'account_id' | 'external_id' | 'name' | 'time_zone' | 'day_end' | 'last_success_at'> & {
  /** The platform of its account. */
  platform: string;
};

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

/** A store as it is read from its row, and as an account lists it. */
import type { Db, Tx } from '../database/database.ts';
import type { StoreTable } from '../database/schema/tables.ts';
import { SIMULATED } from '../platforms/names.ts';
import type { EarlierCalendar } from '../time/calendar.ts';

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
  readonly mayUndo: MayUndo;
  readonly groupCodes: GroupCodes;
  /** The time zones and day ends before the present ones, the oldest first. */
  readonly earlier?: readonly EarlierCalendar[];
  /** Set where it is seen in a group whose people are shown the ends of codes alone: `seenIn`. */
  readonly hidesCodes?: boolean;
}

/** Who may undo besides the owners: nobody, staff what they verified themselves, or staff everything. */
export const MAY_UNDO = ['owner', 'verifier', 'staff'] as const;
export type MayUndo = (typeof MAY_UNDO)[number];

/**
 * How codes are shown in groups. `auto`: whole on cards, by their end where others read: in the owner group, in what compares
 * days. `tail`: by their end everywhere. `whole`: also in what compares days.
 */
export const GROUP_CODES = ['auto', 'tail', 'whole'] as const;
export type GroupCodes = (typeof GROUP_CODES)[number];

/** The store as it is seen in a chat. */
export const seenIn = (store: Store, { group }: { readonly group: boolean }): Store =>
  store.groupCodes === 'tail' ? { ...store, hidesCodes: group } : store;

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

/** The columns that a store is read from. */
export type StoreRow = Omit<StoreTable, 'created_at' | 'totals_until' | 'may_undo' | 'group_codes' | 'calendars'> & {
  may_undo: MayUndo;
  group_codes: GroupCodes;
  calendars: string;
  /** The platform of its account. */
  platform: string;
};

/** Reads a row of the `store` table, with its account's platform. */
export const readStore = (row: StoreRow): Store => ({
  id: row.id,
  accountId: row.account_id,
  externalId: row.external_id,
  name: row.name,
  zone: row.time_zone,
  dayEnd: row.day_end,
  lastSuccessAt: row.last_success_at ?? undefined,
  ...(row.platform === SIMULATED && { practice: true }),
  mayUndo: row.may_undo,
  groupCodes: row.group_codes,
  ...(row.calendars !== '[]' && { earlier: JSON.parse(row.calendars) as EarlierCalendar[] }),
});

/** Selects stores with the platform of their account. */
export const ofAccount = (on: Db | Tx) =>
  on.selectFrom('store').innerJoin('account', 'account.id', 'store.account_id').selectAll('store').select('account.platform');

/** The stores that each of these accounts lists. */
export async function storesListedBy(
  on: Db | Tx,
  accountIds: readonly string[],
): Promise<readonly { readonly accountId: string; readonly store: Store }[]> {
  const own = on.selectFrom('store').select(['id', 'account_id as lister']).where('account_id', 'in', accountIds);
  const more = on
    .selectFrom('listing')
    .select(['store_id as id', 'account_id as lister'])
    .where('account_id', 'in', accountIds)
    .where('removed_at', 'is', null);
  const rows = await ofAccount(on)
    .innerJoin(own.union(more).as('listed'), 'listed.id', 'store.id')
    .select('listed.lister')
    .execute();
  return rows.map((row) => ({ accountId: row.lister, store: readStore(row) }));
}

/** The tables of stores: their settings, and the accounts that list them. */
import type { Generated } from 'kysely';

export interface StoreTable {
  id: string;
  /** The listing it was first bound by. The owners of this account own the store. */
  account_id: string;
  /** The platform's id of the store. */
  external_id: string;
  name: string;
  time_zone: string;
  /** `HH:MM`: when the business day ends. */
  day_end: string;
  /** Last successful call, for `/status`. */
  last_success_at: number | null;
  created_at: number;
  /** Changes of verifications before this moment are in `day_total`; 0 before it was ever made. */
  totals_until: Generated<number>;
  /** Who may undo besides the owners: nobody, whoever verified it, or all who may verify. */
  may_undo: Generated<'owner' | 'verifier' | 'staff'>;
  /** How codes are shown in groups: by their end alone, whole, or each where it is of use. */
  group_codes: Generated<'auto' | 'tail' | 'whole'>;
  /** Time zones and ends of the day that the store had before, `EarlierCalendar[]`, JSON. */
  calendars: Generated<string>;
}

/** Listings of a store by further accounts: the same shop, reached through another platform. */
export interface ListingTable {
  id: string;
  store_id: string;
  account_id: string;
  /** The platform's id of the store there. */
  external_id: string;
  name: string;
  since: number;
  /** Kept for what was begun through it. */
  removed_at: number | null;
}

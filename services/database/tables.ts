/** The tables. Times are ms since the epoch, money is fen, ids and codes are text; `json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { InboxTable, OutboxTable } from './queue-tables.ts';

export type { InboxTable, OutboxTable } from './queue-tables.ts';

export interface AccountTable {
  id: string;
  platform: string;
  /** `Platform.identity` of the credentials: one account per merchant and platform. */
  identity: string;
  /** Credentials, sealed. */
  sealed: string;
  /** Since when logins are refused; null while they work. */
  refused_at: number | null;
  created_at: number;
  /** `Term` of an authorisation; null where a login needs none. */
  ends_at: number | null;
  renew_at: number | null;
  renewals_left: number | null;
  /** When it is checked next: renewed, and its owners warned. */
  look_at: number | null;
}

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

/** Who owns an account: whoever bound it with its credentials. */
export interface OwnerTable {
  account_id: string;
  person: string;
  name: string;
  since: number;
}

/** Who was invited to a store. */
export interface StaffTable {
  store_id: string;
  person: string;
  name: string;
  invited_by: string;
  since: number;
}

export interface ChatTable {
  id: string;
  title: string;
  /** 1 for a group. */
  is_group: number;
  store_id: string | null;
  /** Who may verify in a group: `owner` until the question was answered. */
  who_may: 'owner' | 'invited' | 'everyone';
  bound_by: string | null;
  locale: string | null;
  updated_at: number;
}

/** A chat that receives the daily summaries of a store. */
export interface OwnerGroupTable {
  store_id: string;
  chat_id: string;
  /** The first business day not yet posted, `YYYY-MM-DD`. */
  next_day: string;
  /** When that day ends, ms: what the clock asks for. */
  next_at: number;
  /** Rows changed after this moment on posted days become corrections. */
  posted_at: number;
  /** Failures since the last summary; the wait for the next attempt grows with them. */
  failures: Generated<number>;
}

/** The figures of a business day as last posted in a chat; corrections are the difference to the ledger. */
export interface PostedDayTable {
  store_id: string;
  chat_id: string;
  business_day: string;
  /** Figures as told, JSON. */
  figures: string;
}

export type VerificationState =
  'open' | 'dropped' | 'submitting' | 'unsure' | 'person' | 'verified' | 'refused' | 'undoing' | 'undo-unsure' | 'undone';

export interface VerificationTable {
  id: string;
  store_id: string;
  /** Through which listing; null: the one the store was first bound by. */
  listing_id: string | null;
  /** The verification this one was confirmed with, of several consumed by one press; null for that one itself. */
  confirmation: string | null;
  /** How many were consumed or refused by that press, itself included; 1 for the others. */
  items: number;
  code: string;
  /** The last four digits: what people search by. */
  code_tail: string;
  state: VerificationState;
  title: string;
  /** Price of one use, null where unknown. */
  price: number | null;
  remaining: number;
  /** How many uses were confirmed; 0 while open. */
  count: number;
  /** What was consumed, fen; null until verified, or where nobody knows. */
  amount: number | null;
  /** The coupon as it was shown, JSON (`Coupon`). */
  coupon: string;
  /** `Coupon.orderId`, by which a coupon is known again whose code has changed. */
  order_id: string | null;
  chat_id: string;
  /** Where the card stands, JSON (`MessageRef`), once somebody pressed it. */
  card: string | null;
  opened_at: number;
  person: string | null;
  person_name: string | null;
  request_id: string | null;
  submitted_at: number | null;
  /** Reckoned from `submitted_at` by the store's day end, and kept. */
  business_day: string | null;
  settled_at: number | null;
  /** A `Refusal`, JSON. */
  refusal: string | null;
  /** What `Platform.undo` needs. */
  receipt_handle: string | null;
  undo_until: number | null;
  /** When the card shows anew how long it can be taken back. */
  step_at: number | null;
  undo_request_id: string | null;
  undo_by: string | null;
  undone_at: number | null;
  /** The code that undoing left behind. */
  new_code: string | null;
  /** When to query the platform again; null when there is nothing to query. While it is queried, the end of the lease. */
  check_at: number | null;
  asked: number;
  /** Notes of the queries so far, a JSON list of words. */
  notes: string;
  /** 1 when a person decided, not the platform. */
  decided: number;
  /** Any change after `submitting`, for corrections. */
  changed_at: number;
}

/** Expiring values behind Keyv. */
export interface KvTable {
  ns: string;
  k: string;
  v: string;
  expires: number | null;
}

/** Call slots: each admits one call, and the next only when `free_at` has passed. */
export interface CallSlotTable {
  account: string;
  slot: number;
  free_at: number;
}

/** Leases: who holds what, until when. */
export interface LeaseTable {
  name: string;
  holder: string;
  until: number;
}

/** Failed attempts by key (a person, an account, a store's day), and until when the next one has to wait. */
export interface AttemptTable {
  key: string;
  failures: number;
  until: number;
  /** 1 once it was announced. */
  announced: number;
  expires: number;
}

export interface Tables {
  account: AccountTable;
  store: StoreTable;
  listing: ListingTable;
  owner: OwnerTable;
  staff: StaffTable;
  chat: ChatTable;
  owner_group: OwnerGroupTable;
  posted_day: PostedDayTable;
  verification: VerificationTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  kv: KvTable;
  call_slot: CallSlotTable;
  lease: LeaseTable;
  attempt: AttemptTable;
}

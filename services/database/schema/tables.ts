/** The tables. Times are ms since the epoch, money is fen, ids and codes are text; `json` columns hold JSON text. */
import type { Generated } from 'kysely';
import type { AlertTables } from './alert-tables.ts';
import type { ApplicationTable, ApprovalTable } from './approval-tables.ts';
import type {
  DayTotalTable,
  PlatformDayTable,
  ReconciliationTable,
  ShiftTable,
  UnconfirmedTable,
  UptimeTable,
} from './book-tables.ts';
import type { FactHeadTable, FactStreamTable, FactTable } from './fact-tables.ts';
import type { GivenNameTable, IdentityTable } from './people-tables.ts';
import type { InboxTable, OutboxTable } from './queue-tables.ts';
import type { AutoRuleTable, PlaceTable, SelfServiceTable } from './self-service-tables.ts';
import type { ListingTable, StoreTable } from './store-tables.ts';
import type { VerificationTable } from './verification-table.ts';
import type { EventStreamTable, EventTable, WebhookDeliveryTable, WebhookEndpointTable } from './webhook-tables.ts';

export type { ApplicationTable, ApprovalTable } from './approval-tables.ts';
export type { DayTotalTable, ReconciliationTable, ShiftTable, UnconfirmedTable, UptimeTable } from './book-tables.ts';
export type { Certainty, FactHeadTable, FactTable, PrincipalKind } from './fact-tables.ts';
export type { InboxTable, OutboxTable } from './queue-tables.ts';
export type { ListingTable, StoreTable } from './store-tables.ts';
export type { VerificationState, VerificationTable } from './verification-table.ts';
export type { EventTable, WebhookDeliveryTable, WebhookEndpointTable } from './webhook-tables.ts';

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
  /** Which of its passwords or keys this is, from 0 on; grows when another one is proved. */
  secret_epoch: Generated<number>;
  /** When the present one was proved first; null where it is the first. */
  secret_since: number | null;
}

/** Who owns an account: whoever bound it with its credentials. */
export interface OwnerTable {
  account_id: string;
  person: string;
  name: string;
  since: number;
  /** The latest `secret_epoch` that this person has proved. */
  proved_epoch: Generated<number>;
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
  /** Rows changed after this moment on posted days become corrections, where `posted_fact` is null. */
  posted_at: number;
  /** The number of the store's last fact when a summary was posted last: what later facts changed becomes a correction. */
  posted_fact: Generated<number | null>;
  /** Failures since the last summary; the wait for the next attempt grows with them. */
  failures: Generated<number>;
  /** The topic of the chat that they go to, by the channel's own id; null where there are none. */
  topic: Generated<string | null>;
  /** The picture that goes with a summary. */
  picture: Generated<'light' | 'dark' | 'none'>;
  /** Which summaries come besides the daily one. */
  periods: Generated<'none' | 'week' | 'month' | 'both'>;
}

/** The figures of a business day as last posted in a chat; corrections are the difference to the ledger. */
export interface PostedDayTable {
  store_id: string;
  chat_id: string;
  business_day: string;
  /** Figures as told, JSON. */
  figures: string;
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

/** Requests that can be repeated safely, by principal and key. */
export interface IdempotencyTable {
  /** `<kind>:<id>`. */
  principal: string;
  key: string;
  request_hash: string;
  /** What the request began, once it is stored. */
  verification_id: string | null;
  /** The answer, JSON; null while the request is under way. */
  response: string | null;
  at: number;
  /** Until then nobody else takes the request up. */
  claimed_until: number;
}

/** Keys of the API, each for one store. A revoked one stays: verifications and facts name it. */
export interface ApiKeyTable {
  id: string;
  store_id: string;
  name: string;
  /** Words with blanks between: `read verify undo`. */
  scopes: string;
  /** SHA-256 of the key, hex; the key itself is nowhere. */
  hash: string;
  last_four: string;
  /** The owner who made it; it ends with that ownership. */
  made_by: string;
  since: number;
  /** The last business day it was used on; null before its first use. */
  used_day: string | null;
  revoked_at: number | null;
}

export interface Tables extends AlertTables {
  account: AccountTable;
  store: StoreTable;
  given_name: GivenNameTable;
  identity: IdentityTable;
  listing: ListingTable;
  owner: OwnerTable;
  staff: StaffTable;
  chat: ChatTable;
  owner_group: OwnerGroupTable;
  posted_day: PostedDayTable;
  reconciliation: ReconciliationTable;
  shift: ShiftTable;
  unconfirmed: UnconfirmedTable;
  uptime: UptimeTable;
  platform_day: PlatformDayTable;
  day_total: DayTotalTable;
  verification: VerificationTable;
  fact_stream: FactStreamTable;
  fact: FactTable;
  fact_head: FactHeadTable;
  inbox: InboxTable;
  outbox: OutboxTable;
  kv: KvTable;
  call_slot: CallSlotTable;
  lease: LeaseTable;
  attempt: AttemptTable;
  idempotency: IdempotencyTable;
  self_service: SelfServiceTable;
  place: PlaceTable;
  auto_rule: AutoRuleTable;
  api_key: ApiKeyTable;
  application: ApplicationTable;
  approval: ApprovalTable;
  webhook_endpoint: WebhookEndpointTable;
  event_stream: EventStreamTable;
  event: EventTable;
  webhook_delivery: WebhookDeliveryTable;
}

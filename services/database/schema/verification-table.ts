/** The table of verifications: the ledger. */
import type { Certainty, PrincipalKind } from './fact-tables.ts';

export type VerificationState =
  'open' | 'dropped' | 'submitting' | 'unsure' | 'person' | 'verified' | 'refused' | 'undoing' | 'undo-unsure' | 'undone';

export interface VerificationTable {
  id: string;
  store_id: string;
  /** The account of its store. Among those in flight an account and a code stand once, except for rows without it. */
  account_id: string | null;
  /** Through which listing; null: the one the store was first bound by. */
  listing_id: string | null;
  /** The verification this one was confirmed with, of several consumed by one press; null for that one itself. */
  confirmation: string | null;
  /** How many were consumed or refused by that press, itself included; 1 for the others. */
  items: number;
  code: string;
  /** The last four digits: what people search by. */
  code_tail: string;
  /** Another code of the same coupon, where the platform told one: it is found by either. And its last four digits. */
  other_code: string | null;
  other_tail: string | null;
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
  /** Empty where it came by no chat. */
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
  /** Why it was refused, a `Refusal`, JSON; while it is unsure, the platform's unknown words. */
  refusal: string | null;
  /** Why its undo was refused, likewise. */
  undo_refusal: string | null;
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
  decided_by: string | null;
  /** How the yes is known; null before it, and where an earlier program did not keep it. */
  certainty: Certainty | null;
  /** What kind of principal `person` is. */
  by_kind: PrincipalKind;
  /** The number of the last claim on the row: a submission, or a recheck. Its holder alone may send a call. */
  epoch: number;
  /** The id of the place (table, room, lane) whose link led here; null where no link did. */
  place_id: string | null;
  /** Where it was used, in words: the place's name then, or what the merchant's own system said. */
  place: string | null;
  /** What was said beside the code. */
  note: string | null;
  /** What the merchant's own system answered to the use ("3 号桌已开灯"), for the card. */
  merchant_message: string | null;
  /** How its code was read (`Reading`); null where nobody noted it. */
  reading: string | null;
  /** Who brought the coupon that a rule verified; null where somebody pressed. */
  sender_kind: PrincipalKind | null;
  sender: string | null;
  sender_name: string | null;
  /** The event whose message brought it, by its id. */
  event: string | null;
  /** Any change after `submitting`, for corrections. */
  changed_at: number;
}

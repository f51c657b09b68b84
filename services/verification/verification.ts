/** The states of a verification and the moves between them. Pure; the laws are stated here and nowhere else. */
import type { Coupon, Fen } from '../coupons/coupon.ts';
import type { Refusal } from '../platforms/platform.ts';
import type { VerificationState as State } from '../database/tables.ts';

export type { VerificationState as State } from '../database/tables.ts';

/** What can happen to a verification. */
export type Event =
  | 'confirm'
  | 'drop'
  | 'yes'
  | 'no'
  | 'lost'
  | 'unclear'
  | 'decide-yes'
  | 'decide-no'
  | 'undo'
  | 'undo-yes'
  | 'undo-no'
  | 'undo-lost';

/**
 * Every allowed move. `dropped`, `refused` and `undone` have none: nothing leaves an end.
 * A late `yes` after `lost` is allowed: the platform's word wins over our not knowing.
 */
const MOVES: Readonly<Record<State, Partial<Record<Event, State>>>> = {
  open: { confirm: 'submitting', drop: 'dropped' },
  submitting: { yes: 'verified', no: 'refused', lost: 'unsure' },
  unsure: { yes: 'verified', no: 'refused', unclear: 'person' },
  person: { yes: 'verified', 'decide-yes': 'verified', 'decide-no': 'refused' },
  verified: { undo: 'undoing' },
  undoing: { 'undo-yes': 'undone', 'undo-no': 'verified', 'undo-lost': 'undo-unsure' },
  'undo-unsure': { 'undo-yes': 'undone', 'undo-no': 'verified', 'decide-yes': 'undone', 'decide-no': 'verified' },
  dropped: {},
  refused: {},
  undone: {},
};

/** All states, for tables and tests. */
export const STATES = Object.keys(MOVES) as readonly State[];

/** The state after this event, or nothing when it may not happen there. */
export function move(state: State, event: Event): State | undefined {
  return MOVES[state][event];
}

/** The states in which this event may happen. */
export function statesBefore(event: Event): readonly State[] {
  return STATES.filter((state) => move(state, event) !== undefined);
}

/** How long a card waits for its press; then it is dropped. */
export const OPEN_MS = 15 * 60_000;

/** A verification that waits for its press. It is kept as an expiring value; the first press makes it a row. */
export interface OpenCard {
  readonly id: string;
  readonly storeId: string;
  /** `Listing.id`. */
  readonly listingId?: string;
  readonly coupon: Coupon;
  readonly chat: string;
  readonly openedAt: number;
}

/** A verification as the rest of the program sees it; the ledger's row, read. Times ms, money fen. */
export interface Verification {
  readonly id: string;
  readonly storeId: string;
  /** `Listing.id` of the listing it goes through. */
  readonly listingId: string | undefined;
  /** The verification this one was confirmed with; undefined for the one whose card was pressed. */
  readonly confirmation: string | undefined;
  /** What its press brought, itself included: more than one are verifications of their own. */
  readonly items: number;
  readonly code: string;
  readonly state: State;
  readonly coupon: Coupon;
  /** Confirmed uses; 0 while open. */
  readonly count: number;
  readonly amount: Fen | undefined;
  readonly chat: string;
  /** `MessageRef` of the card, as it was pressed. */
  readonly card: { readonly chat: string; readonly message: string } | undefined;
  readonly openedAt: number;
  readonly by: { readonly id: string; readonly name: string } | undefined;
  readonly requestId: string | undefined;
  readonly submittedAt: number | undefined;
  readonly businessDay: string | undefined;
  readonly settledAt: number | undefined;
  /** While it is unsure: the platform's words, where it answered in words that settle nothing. */
  readonly refusal: Refusal | undefined;
  readonly receiptHandle: string | undefined;
  readonly undoUntil: number | undefined;
  readonly undoRequestId: string | undefined;
  readonly undoBy: string | undefined;
  readonly undoneAt: number | undefined;
  readonly newCode: string | undefined;
  /** The platform is going to be asked again; otherwise an unsure undo waits for people. */
  readonly checking: boolean;
  /** When the platform is to be asked again, ms; while it is being asked, until when. */
  readonly checkAt: number | undefined;
  /** The last time its state changed. */
  readonly changedAt: number;
  readonly asked: number;
  readonly notes: readonly string[];
  readonly decided: boolean;
}

/** Every use the coupon had was confirmed by this verification, and the platform said yes. */
export function usedUp({ state, count, coupon }: Verification): boolean {
  return state === 'verified' && count >= coupon.remaining;
}

/** The state machine of a verification; pure. */
import type { Coupon, Fen } from '../coupons/coupon.ts';
import type { Reading } from '../coupons/reading.ts';
import type { Refusal } from '../platforms/platform.ts';
import type { Certainty, VerificationState as State } from '../database/schema/tables.ts';
import type { Principal } from '../facts/by.ts';

export type { VerificationState as State } from '../database/schema/tables.ts';

/** The events of a verification. */
export type Event =
  | 'confirm'
  | 'drop'
  | 'yes'
  | 'late-yes'
  | 'no'
  | 'lost'
  | 'unclear'
  | 'decide-yes'
  | 'decide-no'
  | 'undo'
  | 'undo-yes'
  | 'late-undo-yes'
  | 'undo-no'
  | 'undo-lost'
  | 'taken-back';

/**
 * The transitions. `dropped`, `refused` and `undone` are final, except for the late truth: where others concluded from a lost
 * answer, the call's own answer outranks them whenever it comes. `taken-back`: the platform shows a used coupon as usable again,
 * so somebody undid it elsewhere.
 */
const MOVES: Readonly<Record<State, Partial<Record<Event, State>>>> = {
  open: { confirm: 'submitting', drop: 'dropped' },
  submitting: { yes: 'verified', no: 'refused', lost: 'unsure' },
  unsure: { yes: 'verified', no: 'refused', unclear: 'person' },
  person: { yes: 'verified', no: 'refused', 'decide-yes': 'verified', 'decide-no': 'refused' },
  verified: { undo: 'undoing', 'late-yes': 'verified', 'late-undo-yes': 'undone', 'taken-back': 'undone' },
  undoing: { 'undo-yes': 'undone', 'undo-no': 'verified', 'undo-lost': 'undo-unsure' },
  'undo-unsure': { 'undo-yes': 'undone', 'undo-no': 'verified', 'decide-yes': 'undone', 'decide-no': 'verified' },
  dropped: {},
  refused: { 'late-yes': 'verified' },
  undone: {},
};

/** All states, for tables and tests. */
export const STATES = Object.keys(MOVES) as readonly State[];

/** The state after this event, or nothing where it is not allowed. */
export function move(state: State, event: Event): State | undefined {
  return MOVES[state][event];
}

/** The states in which this event is allowed. */
export function statesBefore(event: Event): readonly State[] {
  return STATES.filter((state) => move(state, event) !== undefined);
}

/** The states of a sale. An undo under way or unsure: verified until the platform confirms it. */
export const VERIFIED: readonly State[] = ['verified', 'undoing', 'undo-unsure'];
export const isVerified = (state: State): boolean => VERIFIED.includes(state);

/** The time to live of an open card, ms. */
export const OPEN_MS = 15 * 60_000;

/** Where a coupon is used: a table, a room, a lane. `id` where a link of the store's led there; the name as it was then. */
export interface Place {
  readonly id?: string;
  readonly name: string;
}

/** A coupon that was shown and not pressed yet. Stored as an expiring value; the first press inserts its row. */
export interface OpenCard {
  readonly id: string;
  readonly storeId: string;
  /** `StoreAccount.id`. */
  readonly listingId?: string;
  readonly coupon: Coupon;
  /** Empty where it was looked up by no chat. */
  readonly chat: string;
  readonly openedAt: number;
  readonly place?: Place;
  /** What was said beside the code, one line. */
  readonly note?: string;
  /** The uses that were asked for beside the code: offered first, verified only by a press. */
  readonly uses?: number;
  /** How its code was read; left out where nobody noted it, or something is against taking it at its word. */
  readonly reading?: Reading;
}

/** A row of the ledger, as the rest of the program sees it. Times in ms, money in fen. */
export interface Verification {
  readonly id: string;
  readonly storeId: string;
  /** `StoreAccount.id` it goes through. */
  readonly listingId: string | undefined;
  /** The first verification of its batch; undefined for that one itself. */
  readonly confirmation: string | undefined;
  /** The size of its batch, itself included. */
  readonly items: number;
  readonly code: string;
  readonly state: State;
  readonly coupon: Coupon;
  /** Confirmed uses; 0 while open. */
  readonly count: number;
  readonly amount: Fen | undefined;
  /** Empty where it came by no chat: then nobody is told by a message. */
  readonly chat: string;
  /** `MessageRef` of the card, as it was pressed. */
  readonly card: { readonly chat: string; readonly message: string; readonly topic?: string } | undefined;
  readonly openedAt: number;
  readonly by: Principal | undefined;
  readonly requestId: string | undefined;
  readonly submittedAt: number | undefined;
  readonly businessDay: string | undefined;
  readonly settledAt: number | undefined;
  /** Why it was refused. While it is unsure: the platform's words, where it answered in unknown ones. */
  readonly refusal: Refusal | undefined;
  /** Why its last undo was refused, likewise. */
  readonly undoRefusal: Refusal | undefined;
  readonly receiptHandle: string | undefined;
  readonly undoUntil: number | undefined;
  readonly undoRequestId: string | undefined;
  readonly undoBy: string | undefined;
  readonly undoneAt: number | undefined;
  readonly newCode: string | undefined;
  /** Further queries are scheduled; without, an unsure undo waits for a person. */
  readonly checking: boolean;
  /** When the platform is queried next, ms; while it is queried, the end of the lease. */
  readonly checkAt: number | undefined;
  /** The last time its state changed. */
  readonly changedAt: number;
  readonly asked: number;
  readonly notes: readonly string[];
  readonly decided: boolean;
  /** The id of the person who decided. */
  readonly decidedBy: string | undefined;
  /** How the yes is known; undefined before it, and where an earlier program did not keep it. */
  readonly certainty: Certainty | undefined;
  readonly place: Place | undefined;
  /** What was said beside the code. */
  readonly note: string | undefined;
  /** What the merchant's own system answered to the use, one line. */
  readonly merchantMessage: string | undefined;
  readonly reading: Reading | undefined;
  /** Who brought the coupon, where a rule verified it and nobody pressed. */
  readonly sender: Principal | undefined;
  /** The id of the event whose message brought it. */
  readonly event: string | undefined;
  /** The number of the last claim on it: a submission, or a recheck. */
  readonly epoch: number;
}

/** Whether a call of it may be under way. */
export const isUnderWay = ({ state }: Pick<Verification, 'state'>): boolean => state === 'submitting' || state === 'undoing';

/** Whether this verification used up the coupon. */
export function usedUp({ state, count, coupon }: Verification): boolean {
  return state === 'verified' && count >= coupon.remaining;
}

/** Who brought the coupon: whoever pressed, or sent what a rule verified. */
export const broughtBy = ({ by, sender }: Pick<Verification, 'by' | 'sender'>): Principal | undefined => sender ?? by;

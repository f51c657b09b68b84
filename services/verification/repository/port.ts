/** The port of the repository of verifications: what can be written, and when nothing is. */
import type { Coupon } from '../../coupons/coupon.ts';
import type { Db, Tx } from '../../database/database.ts';
import type { By } from '../../facts/by.ts';
import type { Event, OpenCard, Verification } from '../verification.ts';
import type { Reads } from './reads.ts';
import type { Changes, JoinedItem } from './row-mapping.ts';

export interface Repository extends Reads {
  /**
   * Inserts the row of an open card, `submitting` or `dropped`. Idempotent by its id: of many presses exactly one begins, the
   * others get nothing. Throws a unique violation when another verification of the same merchant and code is in flight.
   */
  begin(on: Db | Tx, card: OpenCard, event: 'confirm' | 'drop', changes: Changes, by: By): Promise<Verification | undefined>;
  /**
   * Applies an event if the current state allows it, in one conditional write. Nothing when it does not (another update won), or
   * where `epoch` is given and is not the last claim's. `undo` is a claim of its own.
   * Throws a unique violation when another verification of the same merchant and code is in flight.
   */
  transition(on: Db | Tx, id: string, event: Event, changes: Changes, by: By, epoch?: number): Promise<Verification | undefined>;
  /** Whether the claim that was read with this verification still holds, and its state stands. */
  holds(claimed: Verification): Promise<boolean>;
  /** Claims what is due to be rechecked, for `leaseMs`. Unreadable rows go to `onDefect` and block no other. */
  claimDue(now: number, leaseMs: number, limit: number, onDefect: (error: unknown) => void): Promise<readonly Verification[]>;
  /** Updates a claimed verification. False, and nothing changed, where its state changed or it was claimed again. */
  updateClaimed(on: Db | Tx, claimed: Verification, changes: Changes): Promise<boolean>;
  /** Inserts a further item of a press, consumed or refused, into the batch of its first one. Idempotent. */
  addToBatch(on: Db | Tx, verification: Verification, n: number, item: JoinedItem): Promise<void>;
  /** Keeps what the merchant's own system answered to a use, once; undefined where it is not verified, or had an answer. */
  keepMessage(on: Db | Tx, id: string, message: string): Promise<Verification | undefined>;
  /** Notes where the card of a verification stands that nobody pressed. */
  noteCard(on: Db | Tx, id: string, card: NonNullable<Verification['card']>): Promise<void>;
  /** Links an undone verification to the coupon's new code, where exactly one matches. */
  linkRenewedCode(storeId: string, coupon: Coupon): Promise<void>;
  /** Makes all verifications under way due at once, after a crash of their process. */
  recheckInterrupted(now: number): Promise<void>;
}

/** A store's till at its platform: the calls the desk needs, logged in and politely queued by whoever hands it out. */
import type { Coupon } from '../coupons/coupon.ts';
import type {
  Deal,
  LostCall,
  PlatformStore,
  Receipt,
  Refusal,
  Settlement,
  Undone,
  UndoRequest,
  VerifyRequest,
} from '../platforms/platform.ts';

/** Every call may throw `PlatformFault`. */
export interface Till {
  lookup(store: string, code: string): Promise<Coupon | Refusal>;
  verify(request: VerifyRequest): Promise<Receipt | Refusal>;
  settle(lost: LostCall): Promise<{ readonly settlement: Settlement<Receipt>; readonly note: string }>;
  undo(request: UndoRequest): Promise<Undone | Refusal>;
  settleUndo(request: UndoRequest): Promise<Settlement<Undone>>;
  stores(): Promise<readonly PlatformStore[]>;
  deals(store: string): Promise<readonly Deal[]>;
  /** How long a person's call would wait now: the place in line and ms. */
  waiting(): { readonly place: number; readonly ms: number };
}

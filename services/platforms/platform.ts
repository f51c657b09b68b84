/** The contract of a platform: a gateway through which coupons are looked up, verified and, where it can, taken back. */
import type { Coupon, Fen } from '../coupons/coupon.ts';

export type PlatformName = 'umember' | 'practice';

/** What binding asks for, one question each. A secret is deleted from the chat and sealed at rest. */
export interface Question {
  readonly name: string;
  readonly secret: boolean;
}
/** Answers to the questions by name; `owner` is the person who binds. */
export type Credentials = Readonly<Record<string, string>>;

/** A login that holds for a while. `token` is secret. */
export interface Access {
  readonly token: string;
  /** ms since the epoch; ask for a new one from then on. */
  readonly expiresAt: number;
}

/** A store as the platform lists it. `authorised` is undefined where the platform does not say (which is not a no). */
export interface PlatformStore {
  readonly id: string;
  readonly name: string;
  readonly address?: string;
  readonly authorised?: 'yes' | 'never' | 'expired';
  /** Paid calls left, where the platform counts them. */
  readonly quota?: number;
}

export interface Deal {
  readonly id: string;
  readonly title: string;
  readonly price?: Fen;
  readonly marketPrice?: Fen;
}

/**
 * Why a platform said no. Expected, hence a value. Three are our own: `lost`, a lost call that turned out not to have been
 * applied; `busy` and `unreachable`, a call that certainly never took place.
 */
export type RefusalReason =
  | 'not-found'
  | 'used'
  | 'expired'
  | 'not-yet'
  | 'wrong-store'
  | 'refunded'
  | 'frozen'
  | 'hidden'
  | 'count'
  | 'unauthorised'
  | 'quota'
  | 'undo-late'
  | 'risk'
  | 'lost'
  | 'busy'
  | 'unreachable'
  | 'other';

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** When, where and by whom it was used, where the platform says. `at` in ms. */
  readonly used?: { readonly at?: number; readonly where?: string; readonly by?: string };
  /** The platform's own words, cleaned (no links, at most 100 characters). */
  readonly words?: string;
}

/** What one human confirmation asks of the platform. The same `requestId` is one operation, however often it is sent. */
export interface VerifyRequest {
  readonly store: string;
  readonly code: string;
  /** The platform's handle of the coupon as `lookup` gave it; opaque to others, survives JSON. */
  readonly handle: Coupon['handle'];
  readonly count: number;
  readonly requestId: string;
  /** Who pressed, for platforms that keep it. */
  readonly operator: string;
}

/** The platform's yes. */
export interface Receipt {
  readonly kind: 'verified';
  /** ms, by the platform's clock. */
  readonly at: number;
  /** Amount of everything consumed by this request, where the platform says; else the price × count of the card. */
  readonly amount?: Fen;
  /** What `undo` needs; opaque, survives JSON. */
  readonly handle?: string;
  /** ms; taken back until then. Absent where the platform has no undo. */
  readonly undoUntil?: number;
}

export interface Undone {
  readonly kind: 'undone';
  readonly at: number;
  /** The coupon's new code, where undoing changes it and the platform says so. */
  readonly newCode?: string;
}

/**
 * What asking again brought after an answer was lost.
 * `verified`/`undone`: it went through. `not-done`: it did not, and will not any more.
 * `again`: cannot be told yet; ask after `afterMs`. `person`: the platform cannot tell whose use it was; somebody decides.
 */
export type Settlement<Yes> =
  Yes | { readonly kind: 'not-done' } | { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'person' };

/** What is known about a lost call when it is asked about. Times in ms. */
export interface LostCall extends VerifyRequest {
  /** When the coupon was last seen unused, before the call. */
  readonly seenUnusedAt: number;
  /** When the call was begun (stored before it was sent). */
  readonly submittedAt: number;
  /** How many times it has been asked about, this time not counted; and the results of those in a platform's own words. */
  readonly asked: number;
  readonly notes: readonly string[];
}

export interface UndoRequest {
  readonly store: string;
  readonly code: string;
  readonly receiptHandle?: string;
  readonly requestId: string;
  readonly operator: string;
}

/**
 * One gateway. Every method makes exactly one request and ends in one of three ways: a yes, a `Refusal`, or a thrown
 * `PlatformFault`. Codes and ids are strings, times ms, money fen.
 */
export interface Platform {
  readonly name: PlatformName;
  /** How many calls may arrive in any window of one second, for each account; undefined where there is no limit. */
  readonly perSecond: number | undefined;
  readonly questions: readonly Question[];
  /** Credentials travel unencrypted: people are warned at binding. */
  readonly plainHttp: boolean;
  /** Whether a verification can be taken back through this platform at all. */
  readonly undoes: boolean;
  /** The account behind credentials, stable and not secret (an e-mail in lower case): one per merchant, its limit is shared. */
  identity(credentials: Credentials): string;
  login(credentials: Credentials): Promise<Access | Refusal>;
  stores(access: Access): Promise<readonly PlatformStore[]>;
  deals(access: Access, store: string): Promise<readonly Deal[]>;
  /** Read-only. A coupon that is not usable comes back as a refusal. */
  lookup(access: Access, store: string, code: string): Promise<Coupon | Refusal>;
  verify(access: Access, request: VerifyRequest): Promise<Receipt | Refusal>;
  /** Read-only. `note` is kept and comes back in `LostCall.notes` the next time. */
  settle(
    access: Access,
    lost: LostCall,
    now: number,
  ): Promise<{ readonly settlement: Settlement<Receipt>; readonly note: string }>;
  undo?(access: Access, request: UndoRequest): Promise<Undone | Refusal>;
  settleUndo?(access: Access, request: UndoRequest, now: number): Promise<Settlement<Undone>>;
}

/**
 * A call that brought no usable answer.
 * `unreachable`: the network. `busy`: it asked us to slow down, or our own queue is full. `unauthorised`: the login is not
 * valid any more. `nonsense`: an answer that makes no sense. `outcome` is `not-done` only where nothing can have happened.
 */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
  readonly kind: 'unreachable' | 'busy' | 'unauthorised' | 'nonsense';
  readonly outcome: 'not-done' | 'unknown';
  constructor(kind: PlatformFault['kind'], outcome: PlatformFault['outcome'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.outcome = outcome;
  }
}

/** The contract of a platform: a gateway through which coupons are looked up, verified and, where it can, taken back. */
import type { Coupon, Fen } from '../coupons/coupon.ts';
import type { Market } from '../coupons/markets.ts';
import type { PlatformName } from './names.ts';
import type { Deal, PlatformRecord, Stats } from './platform-lists.ts';
import type { AbsenceReason, FinalNo, Refusal } from './refusals.ts';

export { PLATFORM_NAMES, type PlatformName } from './names.ts';
export type { AbsenceReason, FinalNo, Refusal, RefusalReason, Write } from './refusals.ts';

/** What binding asks for, one question each. A secret is deleted from the chat and sealed at rest. */
export type Question =
  | { readonly name: 'password' | 'key' | 'private-key'; readonly secret: true }
  | { readonly name: 'email' | 'app-id' | 'shop-id' | 'shop-name' | 'operator'; readonly secret: false };
/** Answers to the questions by name, or what `Authorisation.redeem` gave; `owner` is the person who binds. */
export type Credentials = Readonly<Record<string, string>>;

/** A login that holds for a while. `token` is secret. */
export interface Session {
  readonly token: string;
  /** ms since the epoch; ask for a new one from then on. */
  readonly expiresAt: number;
  /** Logging in used the former credentials up: these take their place, and are kept before anything else happens. */
  readonly renewed?: Credentials;
}

/** Where a merchant says yes on the platform's own page, instead of telling us a password. */
export interface Authorisation {
  /** The page. `state` comes back with the merchant, to `PUBLIC_URL/oauth/<platform>`. */
  page(state: string): string;
  /** The parameter by which the platform's answer comes back. */
  readonly answer: string;
  /** Turns that answer, once, into credentials. */
  redeem(answer: string): Promise<{ readonly kind: 'granted'; readonly credentials: Credentials } | Refusal>;
  /** How long credentials last. */
  term(credentials: Credentials): Term;
}

/** How long an authorisation lasts, ms, and how often it can still be renewed where the platform counts. */
export interface Term {
  /** From then on the merchant has to authorise anew, unless it was renewed before. */
  readonly endsAt: number;
  readonly renewAt: number;
  readonly renewalsLeft?: number;
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

/** What one human confirmation asks of the platform. The same `requestId` is one operation, however often it is sent. */
export interface VerifyRequest {
  readonly store: string;
  readonly code: string;
  /** The platform's handle of the coupon as `lookup` gave it; opaque to others, survives JSON. */
  readonly handle: Coupon['handle'];
  readonly count: number;
  readonly requestId: string;
  /** Who pressed, for platforms that keep it: the chat's id of the person, and the name shown there. */
  readonly operator: string;
  readonly operatorName: string;
}

/** The platform's yes. */
export interface Receipt {
  readonly kind: 'verified';
  /** ms, by the platform's clock. */
  readonly at: number;
  /** ms; taken back until then, `UNPROMISED` where nobody says how long. Absent where the platform has no undo. */
  readonly undoUntil?: number;
  /** What was consumed, at least one; each can be taken back for itself. */
  readonly items: readonly Item[];
}

/** A time of undo for platforms that may take a use back and do not say until when: the last second of the year 9999. */
export const UNPROMISED = 253_402_300_799_000;

/** Something consumed, or refused while others of the same confirmation were consumed. */
export interface Item {
  /** Its own code where it is not the one that was sent. */
  readonly code?: string;
  /** Uses; they add up to the confirmed number over all items. */
  readonly count: number;
  /** What it cost, where the platform says; the price on the card counts before it. */
  readonly amount?: Fen;
  /** What `undo` needs; opaque, survives JSON. */
  readonly handle?: string;
  /** This one was not consumed. */
  readonly refusal?: Refusal;
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
export type QueryResult<Yes> =
  Yes | { readonly kind: 'not-done' } | { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'person' };

/** What was found out about a lost call so far. Times in ms. */
export interface Lost {
  /** When the call was begun (stored before it was sent). */
  readonly submittedAt: number;
  /** How many times it has been asked about, this time not counted; and the results of those in a platform's own words. */
  readonly asked: number;
  readonly notes: readonly string[];
}

export interface LostCall extends VerifyRequest, Lost {
  /** When the coupon was last seen unused, before the call. */
  readonly seenUnusedAt: number;
}

export interface UndoRequest {
  readonly store: string;
  readonly code: string;
  /** The coupon's own handle, as `lookup` gave it, and the consumed item's. */
  readonly handle: Coupon['handle'];
  readonly receiptHandle?: string;
  readonly requestId: string;
  readonly operator: string;
  readonly operatorName: string;
}

export interface LostUndo extends UndoRequest, Lost {}

/** What asking about a lost call brought. `note` is kept and comes back in `Lost.notes` the next time. */
export interface Asked<Yes> {
  readonly result: QueryResult<Yes>;
  readonly note: string;
}

/**
 * One gateway. A method makes one request (lists and figures one after another, where the platform gives them in parts and
 * has no `perSecond`) and ends in one of three ways: a yes, a `Refusal`, or a thrown `PlatformFault`. Codes and ids are
 * strings, times ms, money fen.
 */
export interface Platform {
  readonly name: PlatformName;
  /** How many calls may arrive in any window of one second, for each account; undefined where there is no limit. */
  readonly perSecond: number | undefined;
  readonly questions: readonly Question[];
  /** Where there are no questions to ask but a page to open. */
  readonly authorisation?: Authorisation;
  /**
   * Of several gateways to one system the one with the lowest rank is asked first, and what it says of a coupon holds for the
   * others. Each platform has a rank of its own; one that can undo is preferred.
   */
  readonly rank: number;
  /** Where the coupons were sold that can be reached through it, the likeliest first. */
  readonly markets: readonly Market[];
  /** Credentials travel unencrypted: people are warned at binding. */
  readonly plainHttp: boolean;
  /** Whether a verification can be taken back through this platform at all. */
  readonly undoes: boolean;
  /** The account behind credentials, stable and not secret (an e-mail in lower case): one per merchant, its limit is shared. */
  identity(credentials: Credentials): string;
  login(credentials: Credentials): Promise<Session | Refusal<'unauthorised'>>;
  stores(session: Session): Promise<readonly PlatformStore[]>;
  deals(session: Session, store: string): Promise<readonly Deal[]>;
  /** Read-only. A coupon that is not usable comes back as a refusal. */
  lookup(session: Session, store: string, code: string, market: Market): Promise<Coupon | Refusal>;
  /** Read-only: the coupons behind what a scanner read, where that is no code. */
  scan?(session: Session, store: string, scanned: string): Promise<readonly Coupon[] | Refusal>;
  verify(session: Session, request: VerifyRequest): Promise<Receipt | Refusal<FinalNo<'verify'>>>;
  /** Read-only. */
  query(session: Session, lost: LostCall, now: number): Promise<Asked<Receipt>>;
  undo?(session: Session, request: UndoRequest): Promise<Undone | Refusal<FinalNo<'undo'>>>;
  queryUndo?(session: Session, lost: LostUndo, now: number): Promise<Asked<Undone>>;
  /** Uses on a day (`YYYY-MM-DD`, the platform's calendar day) as the platform lists them, newest first. */
  records?(session: Session, store: string, day: string): Promise<readonly PlatformRecord[]>;
  stats?(session: Session, store: string, days: 1 | 7 | 30, now: number): Promise<Stats>;
}

/**
 * A call that brought no usable answer.
 * `unreachable`: the network. `busy`: it asked us to slow down, or our own queue is full. `unauthorised`: the login is not
 * valid any more. `nonsense`: an answer that makes no sense. `outcome` is `not-done` only where nothing can have happened.
 * `words`: the platform's own, cleaned, where it gave some from which nothing follows.
 */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
  readonly kind: 'unreachable' | 'busy' | 'unauthorised' | 'nonsense';
  readonly outcome: 'not-done' | 'unknown';
  readonly words: string | undefined;
  constructor(kind: PlatformFault['kind'], outcome: PlatformFault['outcome'], message: string, cause?: unknown, words?: string) {
    super(message, { cause });
    this.kind = kind;
    this.outcome = outcome;
    this.words = words === '' ? undefined : words;
  }
}

/** A fault of a platform that this installation does not offer: certainly nothing happened. */
export class PlatformAbsent extends PlatformFault {
  readonly reason: AbsenceReason;
  constructor(reason: AbsenceReason, message: string) {
    super('unreachable', 'not-done', message);
    this.reason = reason;
  }
}

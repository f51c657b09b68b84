/** The contract of a platform: a gateway that looks coupons up, verifies them and, where it can, undoes that. */
import type { Coupon, Fen } from '../coupons/coupon.ts';
import type { Market } from '../coupons/markets.ts';
import type { PlatformName } from './names.ts';
import type { Deal, PlatformRecord, Stats } from './platform-lists.ts';
import type { CouponState, Messages, News } from './messages.ts';
import type { FinalNo, Refusal } from './refusals.ts';

export { PlatformAbsent, PlatformFault } from './fault.ts';
export { PLATFORM_NAMES, type PlatformName } from './names.ts';
export type { AbsenceReason, FinalNo, Refusal, RefusalReason, Write } from './refusals.ts';

/** A question of the binding dialogue. The message with a secret is deleted from the chat, and the secret sealed at rest. */
export type Question =
  | { readonly name: 'password' | 'key' | 'private-key'; readonly secret: true }
  | { readonly name: 'email' | 'account-id' | 'app-id' | 'shop-id' | 'shop-name' | 'operator'; readonly secret: false };
/** Answers to the questions by name, or the result of `Authorisation.redeem`; `owner` is the person who binds. */
export type Credentials = Readonly<Record<string, string>>;

/** An open session at a platform. `token` is secret. */
export interface Session {
  readonly token: string;
  /** ms since the epoch; a new session is opened from then on. */
  readonly expiresAt: number;
  /** Credentials that replace those used up by this login. They are stored before anything else happens. */
  readonly renewed?: Credentials;
}

/** Authorisation on the platform's own page, in place of a password. */
export interface Authorisation {
  /** Gives the page's address. `state` comes back with the merchant, to `PUBLIC_URL/oauth/<platform>`. */
  page(state: string): string;
  /** The query parameter that holds the platform's answer. */
  readonly answer: string;
  /** Exchanges that answer, once, for credentials. */
  redeem(answer: string): Promise<{ readonly kind: 'granted'; readonly credentials: Credentials } | Refusal>;
  /** Reads the term of credentials. */
  term(credentials: Credentials): Term;
}

/** The term of an authorisation, ms, and how often it can still be renewed where the platform counts. */
export interface Term {
  /** The merchant has to authorise anew from then on, unless it was renewed before. */
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

/** The verification that one human confirmation asks for. The same `requestId` is one operation, however often it is sent. */
export interface VerifyRequest {
  readonly store: string;
  readonly code: string;
  /** The platform's handle of the coupon as `lookup` gave it; opaque to others, survives JSON. */
  readonly handle: Coupon['handle'];
  readonly count: number;
  readonly requestId: string;
  /** The person who confirmed, for platforms that keep it: id and name in the chat. */
  readonly operator: string;
  readonly operatorName: string;
}

/**
 * How a query knows that a lost call took effect. `listed`: the platform's list has our own entry. `inferred`: the coupon changed
 * between our two looks, and nobody says who did it.
 */
export type Certainty = 'listed' | 'inferred';

/** The platform's yes. */
export interface Receipt {
  readonly kind: 'verified';
  /** Of a query's yes; absent where the call itself was answered. */
  readonly certainty?: Certainty;
  /** ms, by the platform's clock. */
  readonly at: number;
  /** ms; undo is possible until then. `UNPROMISED` where the platform gives no time; absent where it has no undo. */
  readonly undoUntil?: number;
  /** The consumed items, at least one; each can be undone for itself. */
  readonly items: readonly Item[];
}

/** The end of undo for platforms that may undo and give no time: the last second of the year 9999. */
export const UNPROMISED = 253_402_300_799_000;

/** A consumed item, or one that was refused while others of the same confirmation were consumed. */
export interface Item {
  /** Its own code where it is not the one that was sent. */
  readonly code?: string;
  /** Another code of the coupon that was sent: people may ask by it later. */
  readonly otherCode?: string;
  /** Uses; they add up to the confirmed number over all items. */
  readonly count: number;
  /** The amount, where the platform says; it counts after the price on the card. */
  readonly amount?: Fen;
  /** The handle that `undo` needs; opaque, survives JSON. */
  readonly handle?: string;
  /** Present where this item was not consumed. */
  readonly refusal?: Refusal;
}

export interface Undone {
  readonly kind: 'undone';
  /** As for a receipt. */
  readonly certainty?: Certainty;
  readonly at: number;
  /** The coupon's new code, where undoing changes it and the platform says so. */
  readonly newCode?: string;
}

/**
 * The result of a query about a lost call.
 * `verified`/`undone`: it took effect. `not-done`: it did not, and will not any more; `refusal` where somebody else used the coupon.
 * `again`: cannot be told yet; ask after `afterMs`. `person`: the platform cannot tell whose use it was, so a person decides.
 */
export type QueryResult<Yes> =
  | Yes
  | { readonly kind: 'not-done'; readonly refusal?: Refusal<'used'> }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'person' };

/** The facts about a lost call so far. Times in ms. */
export interface Lost {
  /** The time at which the call began (stored before it was sent). */
  readonly submittedAt: number;
  /** The number of earlier queries, and their notes in the platform's own words. */
  readonly asked: number;
  readonly notes: readonly string[];
  /**
   * Another use of the coupon by this merchant was undone since it was seen unused, or at about that time: how many uses are left
   * of a coupon of several tells nothing then.
   */
  readonly undoneSince?: boolean;
}

export interface LostCall extends VerifyRequest, Lost {
  /** The time before the call at which the coupon was last seen unused. */
  readonly seenUnusedAt: number;
  /** True where the call was answered with 已核销, which may be about its own use: then nothing is inferred from the time. */
  readonly answeredUsed?: boolean;
  /** The name under which this platform has listed the operator before, where it is known: `Platform.operatorName`. */
  readonly listedAs?: string;
  /** `Item.handle` of the coupon's other uses by this merchant that are known: none of them is this call's. */
  readonly booked?: readonly string[];
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

/** The name of an operator as it was sent to the platform, and as the platform lists it. */
export interface OperatorName {
  readonly sent: string;
  readonly listed: string;
}

/** A use by this request that the platform has said yes to. */
export interface CertainUse extends VerifyRequest {
  readonly receipt: Receipt;
}

/** The answer to a query about a lost call. `note` is stored and comes back in `Lost.notes` the next time. */
export interface Asked<Yes> {
  readonly result: QueryResult<Yes>;
  readonly note: string;
}

/** Makes one request of a call that makes several, when its turn has come. */
export type TakeTurn = <Answer>(request: () => Promise<Answer>) => Promise<Answer>;

/**
 * A gateway to coupons. A call makes one request (`records` one for each page, in a turn of its own; other lists and figures
 * several in sequence, where the platform pages them and has no `perSecond`) and ends in one of three ways: a yes, a `Refusal`, or a thrown `PlatformFault`. Codes and ids are strings,
 * times ms, money fen. `PLATFORM_CALLS` describes each call.
 */
export interface Platform {
  readonly name: PlatformName;
  /** The rate limit: calls of an account that may arrive in any window of one second; undefined where there is none. */
  readonly perSecond: number | undefined;
  readonly questions: readonly Question[];
  /** Present where binding opens a page instead of asking questions. */
  readonly authorisation?: Authorisation;
  /**
   * Of several gateways to one system the one with the lowest rank is asked first, and what it says of a coupon holds for the
   * others. Each platform has a rank of its own; one that can undo is preferred.
   */
  readonly rank: number;
  /** The markets whose coupons it reaches, the likeliest first. */
  readonly markets: readonly Market[];
  /** Whether it alone is asked about its markets in a store that has it: other gateways lead to the very same coupons. */
  readonly exclusive?: boolean;
  /** Whether credentials travel unencrypted: people are warned at binding. */
  readonly plainHttp: boolean;
  /** Whether it can undo a verification at all. */
  readonly undoes: boolean;
  /** Names the account of credentials, stable and not secret (an e-mail in lower case). A merchant's calls share its limit. */
  identity(credentials: Credentials): string;
  /** Opens a session. `refused`: a token that was refused before its time; credentials that hold no newer one are renewed. */
  login(credentials: Credentials, refused?: string): Promise<Session | Refusal<'unauthorised'>>;
  stores(session: Session): Promise<readonly PlatformStore[]>;
  deals(session: Session, store: string): Promise<readonly Deal[]>;
  /** Looks a coupon up. One that is not usable comes back as a refusal. */
  lookup(session: Session, store: string, code: string, market: Market): Promise<Coupon | Refusal>;
  /** Looks up the coupons behind a scanned text that is no code. */
  scan?(session: Session, store: string, scanned: string): Promise<readonly Coupon[] | Refusal>;
  verify(session: Session, request: VerifyRequest): Promise<Receipt | Refusal<FinalNo<'verify'>>>;
  /** Asks about a verification whose answer was lost. */
  query(session: Session, lost: LostCall, now: number): Promise<Asked<Receipt>>;
  undo?(session: Session, request: UndoRequest): Promise<Undone | Refusal<FinalNo<'undo'>>>;
  queryUndo?(session: Session, lost: LostUndo, now: number): Promise<Asked<Undone>>;
  /**
   * Reads the name under which the platform lists the operator of a use that it has said yes to; undefined where the list does not
   * have it (yet). No platform documents whether it repeats the name that was sent, or masks or replaces it.
   */
  operatorName?(session: Session, use: CertainUse): Promise<OperatorName | undefined>;
  /** What the platform posts by itself, where it does. */
  readonly messages?: Messages;
  /** Reads back what a message is about; undefined where the platform does not know such a coupon. */
  state?(session: Session, news: News): Promise<CouponState | undefined>;
  /**
   * Lists the uses of a day (`YYYY-MM-DD`, the platform's calendar day), newest first; those taken back where it tells them. All
   * of them, or a fault.
   */
  records?(session: Session, store: string, day: string, inTurn: TakeTurn): Promise<readonly PlatformRecord[]>;
  /** Reads the numbers by which the list names a use of ours besides its code, from `Item.handle`. */
  recordIds?(receiptHandle: string): readonly string[];
  stats?(session: Session, store: string, days: 1 | 7 | 30, now: number): Promise<Stats>;
}

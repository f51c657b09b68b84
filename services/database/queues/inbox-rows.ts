/** What the inbox offers: events are stored, claimed, and ended by whoever claimed them. */
import type { Tx } from '../database.ts';
import type { Claim } from './claim.ts';

export interface Waiting<T> extends Claim {
  readonly event: T;
  /** Earlier attempts. */
  readonly attempts: number;
  /** What an earlier attempt noted by `note`. */
  readonly said: readonly string[];
}

/** Writes that end or renew a claim return false, and change nothing, where another claim has taken its place. */
export interface InboxRows<T> {
  /**
   * Stores an event, idempotent by its id (`known`). `claiming`: claims it in the same write where nothing else waits in the
   * chat (`claimed`, by `firstClaim`). A power cut may lose it until `onDisk`.
   */
  put(id: string, chat: string, event: T, claiming?: 'claiming'): Promise<'known' | 'waiting' | 'claimed'>;
  /** Resolves when all events that were put are on the disk: only then may somebody be told that one was taken. */
  onDisk(): Promise<void>;
  /**
   * Claims the chat's oldest event if it is due and no event of the chat is claimed; an expired claim is taken over first.
   * One that cannot be opened is put aside (`dead`), and the next is claimed.
   */
  claim(chat: string): Promise<Waiting<T> | undefined>;
  /** Whether anything waits in the chat; cheaper than a claim without a result. */
  more(chat: string): Promise<boolean>;
  renew(claim: Claim): Promise<boolean>;
  /** Notes digests of what was said so far, for another attempt after a crash. */
  note(claim: Claim, said: readonly string[]): Promise<boolean>;
  /** Ends an answered event: its content is deleted, its id kept. */
  done(claim: Claim, tx?: Tx): Promise<boolean>;
  /** Puts an event aside that cannot be answered: its content is deleted, its id kept. */
  putAside(claim: Claim, tx?: Tx): Promise<boolean>;
  /** Schedules a retry after `waitMs`. `untried`: this attempt does not count. */
  postpone(claim: Claim, waitMs: number, untried?: 'untried'): Promise<boolean>;
  /** Chats with due events, after a crash or of another instance: those bound to a store first, then by age. */
  chats(): Promise<readonly string[]>;
  /** Ends all claims: called at start of an embedded database, where their process has ended. */
  recover(): Promise<void>;
  /** Deletes old ids, and old events that were put aside. Puts aside what has waited for so long (its channel is not set up). */
  sweep(): Promise<void>;
  waiting(): Promise<number>;
  /** Events that were put aside. */
  dead(): Promise<number>;
}

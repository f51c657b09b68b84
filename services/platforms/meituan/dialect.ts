/** What a dialect must say, so that everything else about Meituan's coupons of services is written once. */
import type { Platform, Session, PlatformStore } from '../platform.ts';
import type { Envelope } from './envelope.ts';
import type { Permission } from './authorisation.ts';

/** Calls by the last part of their paths, which both dialects share. */
export type CallName =
  'prepare' | 'scanprepare' | 'consume' | 'getconsumed' | 'reverseconsume' | 'querylistbydate' | 'queryshopdeal';

/** The calls that change something over there. */
export const WRITES: ReadonlySet<CallName> = new Set(['consume', 'reverseconsume']);

/** By the successor's names; the other dialect translates them. Empty values are not sent. */
export type Call = Readonly<Record<string, string | number>>;

export interface Dialect {
  readonly name: 'dianping' | 'meituan';
  readonly rank: Platform['rank'];
  readonly plainHttp: boolean;
  readonly permission: Permission;
  /** Whether it knows `scanprepare`, which tells the coupons behind a scanned text. */
  readonly scans: boolean;
  /** Makes a call for a store. A login that is turned away is a fault `unauthorised`, `not-done`. */
  call(session: Session, store: string, name: CallName, call: Call): Promise<Envelope>;
  stores(session: Session): Promise<readonly PlatformStore[]>;
}

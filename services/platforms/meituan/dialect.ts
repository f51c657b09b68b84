/** The differences between the two gateways to Meituan's coupons of services. */
import type { Platform, Session, PlatformStore } from '../platform.ts';
import type { Envelope } from './envelope.ts';
import type { Permission } from './authorisation.ts';

/** A call by the last part of its path, which both dialects share. */
export type CallName =
  'prepare' | 'scanprepare' | 'consume' | 'getconsumed' | 'reverseconsume' | 'querylistbydate' | 'queryshopdeal';

/** The calls that write. */
export const WRITES: ReadonlySet<CallName> = new Set(['consume', 'reverseconsume']);

/** Parameters by the successor's names; the other dialect translates them. Empty values are not sent. */
export type Call = Readonly<Record<string, string | number>>;

export interface Dialect {
  readonly name: 'dianping' | 'meituan';
  readonly rank: Platform['rank'];
  readonly plainHttp: boolean;
  readonly permission: Permission;
  /** Whether it has `scanprepare`, which gives the coupons behind a scanned text. */
  readonly scans: boolean;
  /** Makes a call for a store. A refused login is a fault `unauthorised`, `not-done`. */
  call(session: Session, store: string, name: CallName, call: Call): Promise<Envelope>;
  stores(session: Session): Promise<readonly PlatformStore[]>;
}

/** The plan of a run: who does what, and what goes wrong. Any part of it can be left out, which makes a story short. */
import type { Lists } from '../doubles/lies.ts';
import type { Lie } from './gateways/gateway.ts';
import type { DouyinKind } from './gateways/douyin.ts';

/** What somebody does. Times are ms from the beginning. */
export type Act =
  | {
      readonly at: number;
      readonly do: 'send';
      readonly coupon: number;
      readonly chat: number;
      readonly person: number;
      readonly again: boolean;
    }
  /** Presses 确认核销 under the coupon's newest card in this chat, several times. */
  | {
      readonly at: number;
      readonly do: 'press';
      readonly coupon: number;
      readonly chat: number;
      readonly person: number;
      readonly times: number;
      readonly gapMs: number;
      readonly again: boolean;
    }
  /** Presses 撤销, and says yes to the question after thinking about it. */
  | { readonly at: number; readonly do: 'undo'; readonly coupon: number; readonly chat: number; readonly thinkMs?: number }
  | { readonly at: number; readonly do: 'elsewhere'; readonly coupon: number }
  | { readonly at: number; readonly do: 'summary'; readonly chat: number }
  /** The owner turns one of `RULES`. */
  | { readonly at: number; readonly do: 'rule'; readonly rule: number; readonly on: boolean }
  /** The owner takes back what a rule has verified, by the card that told him. */
  | { readonly at: number; readonly do: 'take-back'; readonly coupon: number }
  /** A customer opens the link of the place where he is. */
  | { readonly at: number; readonly do: 'visit'; readonly chat: number }
  /** The store's till verifies the coupon by the API, the same request so many times. */
  | { readonly at: number; readonly do: 'sale'; readonly coupon: number; readonly times: number; readonly gapMs: number }
  /** Of Douyin's coupons: one is refunded, or Douyin, or somebody in its name, posts what is not so. */
  | { readonly at: number; readonly do: 'refund' | 'rumour' | 'forgery'; readonly coupon: number };

/** A write at a platform, a message to a chat, a write to the database, one that stores an event. */
export type During = 'call' | 'message' | 'query' | 'event';
export type Mishap = Extract<Trouble, { kind: 'mishap' }>;

/** What goes wrong, for a while. `often` is a probability. */
export type Trouble =
  | { readonly kind: 'crash'; readonly at: number; readonly instance: number; readonly backMs: number }
  | { readonly kind: 'freeze'; readonly at: number; readonly instance: number; readonly ms: number }
  /** Happens in the middle of what the instance does next: it stands still, dies, or its clock is set forward while a call is on a long way. */
  | {
      readonly kind: 'mishap';
      readonly at: number;
      readonly instance: number;
      readonly during: During;
      readonly what: 'freeze' | 'crash' | 'leap';
      readonly ms: number;
    }
  | { readonly kind: 'step'; readonly at: number; readonly instance: number; readonly ms: number }
  | { readonly kind: 'disk'; readonly at: number; readonly ms: number }
  | { readonly kind: 'slow-database'; readonly at: number; readonly ms: number; readonly often: number; readonly mostMs: number }
  | { readonly kind: 'network'; readonly at: number; readonly ms: number; readonly often: number; readonly writesOnly: boolean }
  /** `only`: of this kind alone. */
  | { readonly kind: 'lies'; readonly at: number; readonly ms: number; readonly often: number; readonly only?: Lie['kind'] }
  | { readonly kind: 'outage'; readonly at: number; readonly ms: number }
  | { readonly kind: 'chat'; readonly at: number; readonly ms: number; readonly often: number }
  /** Merchants' own systems refuse events. */
  | { readonly kind: 'endpoint'; readonly at: number; readonly ms: number; readonly often: number }
  | { readonly kind: 'slow-chat'; readonly at: number; readonly ms: number; readonly mostMs: number };

/** `shop`: the place of its store in `SHOPS`; `host`: the platform whose coupon it is; `uses`: more than one for a times card. */
export interface PlanCoupon {
  readonly yuan: string;
  readonly shop: number;
  readonly host: string;
  readonly uses: number;
}

export interface Plan {
  readonly seed: string;
  readonly instances: number;
  /** ms since the epoch. */
  readonly start: number;
  /** How long people act and things go wrong, ms. */
  readonly activeMs: number;
  /** How far the clock of each instance is off, ms. */
  readonly aheadMs: readonly number[];
  readonly coupons: readonly PlanCoupon[];
  readonly flavour: 'plain' | 'rich';
  readonly lists: Lists;
  readonly douyin: DouyinKind;
  /** The shortest time between two runs of a job while there is something to do, ms; 2 s unless told, and 1 s in truth. */
  readonly jobsMs?: number;
  readonly acts: readonly Act[];
  readonly troubles: readonly Trouble[];
}

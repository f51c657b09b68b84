/** The reasons for which a platform refuses, and those that end a write for good. */

/**
 * The reason of a refusal. Refusals are expected, hence values. `operator`: this installation's own application is refused.
 * `unusable`: nothing can be used under the code, and the platform does not say why. Some reasons are our own: `lost`, a lost call that turned out
 * not to have been applied; `busy`, `unreachable`, `practice-off` and `not-set-up`, a call that certainly never took place.
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
  | 'need-qr'
  | 'count'
  | 'unauthorised'
  | 'quota'
  | 'undo-late'
  | 'risk'
  | 'config'
  | 'operator'
  | 'unusable'
  | 'lost'
  | 'busy'
  | 'unreachable'
  | AbsenceReason
  | 'other';

/** The reason for which this installation does not offer a platform. */
export type AbsenceReason = 'practice-off' | 'not-set-up';

export interface Refusal<R extends RefusalReason = RefusalReason> {
  readonly kind: 'refused';
  readonly reason: R;
  /** Time (ms), place and person of the use, where the platform says. */
  readonly used?: { readonly at?: number; readonly where?: string; readonly by?: string };
  /** The platform's own words, cleaned (no links, at most 100 characters). */
  readonly words?: string;
}

/**
 * The white list of reasons that end a write for good; the types allow no other. A no of any other meaning, in whatever words or
 * code, is a `PlatformFault` of unknown outcome, and the platform is asked what became of the call. A reason about the coupon
 * alone does not end an undo: a coupon that is not found may have been undone.
 */
export const FINAL_NOES = {
  verify: [
    'not-found',
    'used',
    'expired',
    'not-yet',
    'wrong-store',
    'refunded',
    'frozen',
    'hidden',
    'need-qr',
    'count',
    'unauthorised',
    'quota',
    'risk',
    'config',
    'operator',
    'unusable',
  ],
  undo: ['undo-late', 'wrong-store', 'unauthorised', 'quota', 'risk', 'config', 'operator'],
} as const satisfies Readonly<Record<string, readonly RefusalReason[]>>;
export type Write = keyof typeof FINAL_NOES;
export type FinalNo<W extends Write = Write> = (typeof FINAL_NOES)[W][number];

/** The noes of platforms: why a coupon is refused, and which of those reasons end a write for good. */

/**
 * Why a platform said no. Expected, hence a value. Some are our own: `lost`, a lost call that turned out not to have been
 * applied; `busy`, `unreachable`, `practice-off` and `not-set-up`, a call that certainly never took place.
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
  | 'lost'
  | 'busy'
  | 'unreachable'
  | AbsenceReason
  | 'other';

/** Why a platform is not there at all in this installation. */
export type AbsenceReason = 'practice-off' | 'not-set-up';

export interface Refusal<R extends RefusalReason = RefusalReason> {
  readonly kind: 'refused';
  readonly reason: R;
  /** When, where and by whom it was used, where the platform says. `at` in ms. */
  readonly used?: { readonly at?: number; readonly where?: string; readonly by?: string };
  /** The platform's own words, cleaned (no links, at most 100 characters). */
  readonly words?: string;
}

/**
 * The only reasons for which a platform refuses a write for good: no type lets it give another. A no of any other meaning,
 * in whatever words or code, is a `PlatformFault` of unknown outcome, and the platform is asked what became of the call.
 * What tells of the coupon alone does not end an undo: a coupon that is not found may have been taken back.
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
  ],
  undo: ['undo-late', 'wrong-store', 'unauthorised', 'quota', 'risk', 'config'],
} as const satisfies Readonly<Record<string, readonly RefusalReason[]>>;
export type Write = keyof typeof FINAL_NOES;
export type FinalNo<W extends Write = Write> = (typeof FINAL_NOES)[W][number];

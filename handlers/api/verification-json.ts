/** A verification as other programs see it: answers of the API, and the data of webhooks. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Principal } from '../../services/facts/by.ts';
import type { PlatformName, RefusalReason } from '../../services/platforms/platform.ts';
import { isoMoment } from '../../services/time/iso.ts';
import type { State, Verification } from '../../services/verification/verification.ts';
import { refusalText } from '../cards/refusal.ts';

export const STATUSES = ['verified', 'refused', 'unsure', 'undone'] as const;
export type Status = (typeof STATUSES)[number];

export const REFUSAL_CODES = [
  'used',
  'expired',
  'unknown_code',
  'wrong_store',
  'refunded',
  'frozen',
  'not_yet',
  'uses',
  'quota',
  'unauthorised',
  'undo_late',
  'refused',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Times are ISO 8601 with the store's offset, money is fen, what is unknown or does not apply is null. */
export interface VerificationJson {
  readonly id: string;
  readonly status: Status;
  readonly code: string;
  readonly title: string;
  readonly amount: number | null;
  readonly uses: number;
  readonly platform: PlatformName;
  /** The store's id. */
  readonly store: string;
  readonly place: string | null;
  readonly note: string | null;
  readonly by: { readonly kind: Principal['kind']; readonly name: string } | null;
  readonly business_day: string | null;
  readonly verified_at: string | null;
  readonly undo_until: string | null;
  readonly undone_at: string | null;
  /** The code that undoing left behind. */
  readonly new_code: string | null;
  readonly refusal: { readonly code: RefusalCode; readonly message: string } | null;
  readonly certainty: 'answered' | 'listed' | 'inferred' | 'decided' | null;
}

/** An undo under way, or lost, has undone nothing yet; while it is not known whether a coupon was used, the status is `unsure`. */
const STATUS_OF: Readonly<Record<State, Status>> = {
  open: 'unsure',
  dropped: 'refused',
  submitting: 'unsure',
  unsure: 'unsure',
  person: 'unsure',
  verified: 'verified',
  refused: 'refused',
  undoing: 'verified',
  'undo-unsure': 'verified',
  undone: 'undone',
};
export const statusOf = (state: State): Status => STATUS_OF[state];

const CODES: Partial<Record<RefusalReason, RefusalCode>> = {
  'not-found': 'unknown_code',
  used: 'used',
  expired: 'expired',
  'not-yet': 'not_yet',
  'wrong-store': 'wrong_store',
  refunded: 'refunded',
  frozen: 'frozen',
  count: 'uses',
  unauthorised: 'unauthorised',
  quota: 'quota',
  'undo-late': 'undo_late',
};
/** The code of a reason; reasons that no program could act on are `refused`. */
export const refusalCode = (reason: RefusalReason): RefusalCode => CODES[reason] ?? 'refused';

/** Shows a verification of this store, in words of the store's language. `platform` is that of the account it went through. */
export function verificationJson(v: Verification, store: Store, platform: PlatformName, words: Words): VerificationJson {
  const status = statusOf(v.state);
  const moment = (at: number | undefined): string | null => (at === undefined ? null : isoMoment(at, store.zone));
  const used = status === 'verified' || status === 'undone';
  return {
    id: v.id,
    status,
    code: v.code,
    title: v.coupon.title,
    amount: v.amount ?? null,
    uses: v.count,
    platform,
    store: store.id,
    place: v.place?.name ?? null,
    note: v.note ?? null,
    by: v.by ? { kind: v.by.kind, name: v.by.name } : null,
    business_day: v.businessDay ?? null,
    verified_at: used ? moment(v.settledAt) : null,
    undo_until: status === 'verified' ? moment(v.undoUntil) : null,
    undone_at: moment(v.undoneAt),
    new_code: v.newCode ?? null,
    refusal:
      status === 'refused' && v.refusal
        ? { code: refusalCode(v.refusal.reason), message: refusalText(v.refusal, words, store.zone) }
        : null,
    certainty: used ? (v.certainty ?? null) : null,
  };
}

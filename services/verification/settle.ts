/** Writes down what the platform answered: the one place where an answer becomes a state. */
import type { Store } from '../accounts/stores.ts';
import type { Fen } from '../coupons/coupon.ts';
import {
  PlatformFault,
  type Receipt,
  type Refusal,
  type RefusalReason,
  type Undone,
  type UndoRequest,
  type VerifyRequest,
} from '../platforms/platform.ts';
import type { Db, Tx } from '../store/database.ts';
import type { Changes, Rows } from './rows.ts';
import type { Verification } from './verification.ts';

/** How a call ended, with the case that nobody knows. */
export type Ended<Yes> = Yes | Refusal | { readonly kind: 'lost' };

/** First question after a lost answer. */
const FIRST_CHECK_MS = 1000;

/**
 * Makes a call and says how it ended. A fault that certainly did nothing is a refusal; any other is `lost`, and so is a
 * defect of ours in the middle of it: what was sent may have been applied. `onDefect` hears of those.
 */
export async function attempt<Yes>(call: () => Promise<Yes | Refusal>, onDefect: (error: unknown) => void): Promise<Ended<Yes>> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof PlatformFault)) onDefect(error);
    else if (error.outcome === 'not-done') return { kind: 'refused', reason: REASONS[error.kind] };
    return { kind: 'lost' };
  }
}

const REASONS: Readonly<Record<PlatformFault['kind'], RefusalReason>> = {
  unauthorised: 'unauthorised',
  busy: 'busy',
  unreachable: 'unreachable',
  nonsense: 'other',
};

/** Why a fault stopped a read, in the words refusals have. */
export const faultReason = (fault: PlatformFault): RefusalReason => REASONS[fault.kind];

/** Writes a verification's fate. Nothing where it stands already (an answer came twice, or late): it stays as it stands. */
export async function settle(
  on: Db | Tx,
  rows: Rows,
  verification: Verification,
  ended: Ended<Receipt>,
  at: number,
): Promise<Verification | undefined> {
  const { id } = verification;
  const settled = { settled_at: at, check_at: null, changed_at: at } satisfies Changes;
  return ended.kind === 'verified'
    ? await rows.happen(on, id, 'yes', {
        ...settled,
        amount: amountOf(verification, ended.amount) ?? null,
        receipt_handle: ended.handle ?? null,
        undo_until: ended.undoUntil ?? null,
      })
    : ended.kind === 'refused'
      ? await rows.happen(on, id, 'no', { ...settled, refusal: JSON.stringify(ended) })
      : await rows.happen(on, id, 'lost', { check_at: at + FIRST_CHECK_MS, asked: 0, notes: '[]', changed_at: at });
}

/** An undo's fate, likewise. A refused undo leaves the verification verified, and says why. */
export async function settleUndo(
  on: Db | Tx,
  rows: Rows,
  verification: Verification,
  ended: Ended<Undone>,
  at: number,
): Promise<Verification | undefined> {
  const { id } = verification;
  const settled = { check_at: null, changed_at: at } satisfies Changes;
  return ended.kind === 'undone'
    ? await rows.happen(on, id, 'undo-yes', { ...settled, undone_at: ended.at, new_code: ended.newCode ?? null })
    : ended.kind === 'refused'
      ? await rows.happen(on, id, 'undo-no', { ...settled, refusal: JSON.stringify(ended) })
      : await rows.happen(on, id, 'undo-lost', { check_at: at + FIRST_CHECK_MS, asked: 0, notes: '[]', changed_at: at });
}

/** What was consumed: the card's price for each use, which the person saw; where it was unknown, what the platform says. */
export function amountOf({ coupon, count }: Verification, told: Fen | undefined): Fen | undefined {
  return coupon.price === undefined ? told : coupon.price * count;
}

/** The platform request of a verification: the same one every time it is asked for. */
export function verifyRequest(store: Store, { coupon, count, requestId, by }: Verification): VerifyRequest {
  return {
    store: store.externalId,
    code: coupon.code,
    handle: coupon.handle,
    count,
    requestId: requestId ?? '',
    operator: by?.id ?? '',
  };
}

export function undoRequest(store: Store, { coupon, receiptHandle, undoRequestId, undoBy }: Verification): UndoRequest {
  return {
    store: store.externalId,
    code: coupon.code,
    ...(receiptHandle === undefined ? {} : { receiptHandle }),
    requestId: undoRequestId ?? '',
    operator: undoBy ?? '',
  };
}

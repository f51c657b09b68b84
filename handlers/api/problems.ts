/** Problems of coupons and platforms: what became of a call that a person would read as a sentence on a card. */
import type { PlatformFault, Refusal, RefusalReason } from '../../services/platforms/platform.ts';
import { faultReason } from '../../services/verification/outcome.ts';
import { usedUp, type Verification } from '../../services/verification/verification.ts';
import { faultText, refusalText, undoRefusal } from '../cards/refusal.ts';
import { problem, SOON_MS, type Caller, type Problem } from './answer.ts';
import { refusalCode } from './verification-json.ts';

/** The wait before a platform is worth another try, ms; one that this installation does not offer comes with a restart. */
const AGAIN_MS = 5_000;
const ABSENT_MS = 60_000;

/** Reasons for which a call certainly never took place: the very same request may be made again. */
const RETRY_MS: Partial<Record<RefusalReason, number>> = {
  busy: AGAIN_MS,
  unreachable: AGAIN_MS,
  'practice-off': ABSENT_MS,
  'not-set-up': ABSENT_MS,
};

/** A coupon's refusal, or a platform that could not be asked. */
export function refused(refusal: Refusal, { words, store }: Caller, verification?: string): Problem {
  const detail = refusalText(refusal, words, store.zone);
  const about = verification === undefined ? {} : { verification };
  const retryMs = RETRY_MS[refusal.reason];
  return retryMs === undefined
    ? problem(refusalCode(refusal.reason), detail, about)
    : problem('platform', detail, { ...about, retryMs });
}

/** A refused undo. Where it was lost and certainly did nothing, it may be tried again. */
export function undoRefused(refusal: Refusal, { words, store }: Caller, verification: string): Problem {
  const detail = undoRefusal(refusal, words, store.zone);
  const retryMs = refusal.reason === 'lost' ? AGAIN_MS : RETRY_MS[refusal.reason];
  return retryMs === undefined
    ? problem(refusalCode(refusal.reason), detail, { verification })
    : problem('platform', detail, { verification, retryMs });
}

/** A read without a usable answer: nothing has happened. */
export function faulted(fault: PlatformFault, caller: Caller): Problem {
  const reason = faultReason(fault);
  if (reason === 'unauthorised') return refused({ kind: 'refused', reason }, caller);
  return problem('platform', faultText(fault, caller.words, caller.store.zone), { retryMs: RETRY_MS[reason] ?? AGAIN_MS });
}

/** A use that is in the way of another one of the same coupon. One at another store of the merchant is not named. */
export function inTheWay(other: Verification, caller: Caller): Problem {
  const { id, storeId, state, settledAt, by } = other;
  const about = storeId === caller.store.id ? { verification: id } : {};
  if (usedUp(other)) {
    const used = { ...(settledAt !== undefined && { at: settledAt }), ...(about.verification && by && { by: by.name }) };
    return { ...refused({ kind: 'refused', reason: 'used', used }, caller), ...about };
  }
  if (state === 'undone') return { ...refused({ kind: 'refused', reason: 'not-found' }, caller), ...about };
  const detail = 'Another verification or undo of this coupon is under way, or its outcome is not known yet.';
  return problem('in_progress', detail, { ...about, retryMs: SOON_MS });
}

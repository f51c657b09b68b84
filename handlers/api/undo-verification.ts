/** Undoes a verification for a key, while the platform allows it. */
import { byKey } from '../../services/accounts/api-keys.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Request } from '../../services/verification/idempotency.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { undoable } from '../cards/undo-card.ts';
import { problem, UNDER_WAY, type Answer, type Caller } from './answer.ts';
import type { LookupCoupon } from './lookup-coupon.ts';
import { inTheWay, undoRefused } from './problems.ts';
import { noVerification } from './read-ledger.ts';
import type { Repeatable, Repeated } from './repeatable.ts';
import type { Show } from './show.ts';
import type { VerificationJson } from './verification-json.ts';

export type UndoVerification = (id: string, key: string, caller: Caller) => Promise<Repeated<VerificationJson>>;

export interface UndoVerificationParts {
  readonly desk: Desk;
  readonly lookups: LookupCoupon;
  readonly repeatable: Repeatable;
  readonly show: Show;
  readonly now: () => number;
}

export function createUndoVerification(parts: UndoVerificationParts): UndoVerification {
  const { desk, lookups, repeatable, show, now } = parts;

  /** What is told of an undo by what became of it; undefined while the platform is being called. */
  const tells = async (v: Verification, caller: Caller): Promise<Answer<VerificationJson> | undefined> => {
    if (v.state === 'undoing') return undefined;
    if (v.state === 'verified') return undoRefused(v.undoRefusal ?? { kind: 'refused', reason: 'lost' }, caller, v.id);
    return { kind: v.state === 'undone' ? 'done' : 'pending', value: await show.verification(v, caller) };
  };

  const carryOut = async (id: string, caller: Caller, request: Request): Promise<Answer<VerificationJson>> => {
    const v = await desk.get(id);
    if (v?.storeId !== caller.store.id) return noVerification();
    if (v.state === 'undone') return { kind: 'done', value: await show.verification(v, caller) };
    if (v.state === 'refused' || v.state === 'dropped')
      return problem('refused', 'It was not verified, so there is nothing to undo.', { verification: id });
    if (v.state !== 'verified') return inTheWay(v, caller);
    if (!undoable(v, now())) return undoRefused({ kind: 'refused', reason: 'undo-late' }, caller, id);
    const tooLong = await lookups.queue(caller.store, 'undo', v.listingId);
    if (tooLong) return tooLong;
    const begun = await desk.beginUndo(id, byKey(caller.key), request);
    if (begun.kind === 'gone') return noVerification();
    const { verification } = begun;
    if (begun.kind === 'already') {
      if (verification.state === 'undone') return { kind: 'done', value: await show.verification(verification, caller) };
      // Another use or undo of the same coupon came in between.
      return inTheWay({ ...verification, state: 'undoing' }, caller);
    }
    // Somebody may have begun another undo since this one ended: the key is told of that when it ends.
    return (await tells(await desk.submitUndo(verification), caller)) ?? UNDER_WAY;
  };

  return async (id, key, caller) =>
    await repeatable({
      caller,
      key,
      asks: ['undo', id],
      carryOut: (request) => carryOut(id, caller, request),
      tells: (v) => tells(v, caller),
    });
}

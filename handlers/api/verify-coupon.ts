/** Verifies a coupon for a key: the lookup and the press of a person in one call. */
import { byKey } from '../../services/accounts/api-keys.ts';
import { usesAtOnce } from '../../services/coupons/coupon.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Request } from '../../services/verification/idempotency.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { problem, UNDER_WAY, type Answer, type Caller } from './answer.ts';
import type { LookupCoupon } from './lookup-coupon.ts';
import { inTheWay, refused } from './problems.ts';
import type { Repeatable, Repeated } from './repeatable.ts';
import type { Show } from './show.ts';
import type { VerificationJson } from './verification-json.ts';

/** A verification, and the others that the same call consumed, where a platform books each use for itself. */
export interface VerifiedJson extends VerificationJson {
  readonly others?: readonly VerificationJson[];
}

/** What `POST verifications` asks. */
export interface VerifyAsk {
  readonly code: string;
  readonly uses: number;
  readonly place?: string | undefined;
  readonly note?: string | undefined;
  readonly choice?: string | undefined;
}

export type VerifyCoupon = (ask: VerifyAsk, key: string, caller: Caller) => Promise<Repeated<VerifiedJson>>;

export interface VerifyCouponParts {
  readonly desk: Desk;
  readonly lookups: LookupCoupon;
  readonly repeatable: Repeatable;
  readonly show: Show;
}

export function createVerifyCoupon({ desk, lookups, repeatable, show }: VerifyCouponParts): VerifyCoupon {
  /** What is told of a verification as it stands; undefined while the platform is being called. */
  const tells = async (v: Verification, caller: Caller): Promise<Answer<VerifiedJson> | undefined> => {
    if (v.state === 'submitting') return undefined;
    if (v.state === 'refused') return refused(v.refusal ?? { kind: 'refused', reason: 'other' }, caller, v.id);
    const [first, ...others] = await show.verifications(await desk.batchOf(v), caller);
    const value = others.length > 0 ? { ...first!, others } : first!;
    return { kind: value.status === 'unsure' ? 'pending' : 'done', value };
  };

  const carryOut = async (ask: VerifyAsk, caller: Caller, request: Request): Promise<Answer<VerifiedJson>> => {
    const { code, uses, place, note, choice } = ask;
    const beside = { ...(place !== undefined && { place: { name: place } }), ...(note !== undefined && { note }) };
    const card = await lookups.find(code, choice, beside, caller);
    if ('kind' in card) return card;
    const most = usesAtOnce(card.coupon);
    if (uses > most) return problem('uses', `This coupon takes ${most} at once, not ${uses}.`);
    const tooLong = await lookups.queue(caller.store, 'verify', card.listingId);
    if (tooLong) return tooLong;
    const begun = await desk.begin(card.id, byKey(caller.key), uses, undefined, request);
    if (begun.kind === 'gone') throw new Error('a card expired within one request');
    if (begun.kind === 'already') return inTheWay(begun.verification, caller);
    return (await tells(await desk.submit(begun.verification), caller)) ?? UNDER_WAY;
  };

  return async (ask, key, caller) =>
    await repeatable({
      caller,
      key,
      asks: ['verify', ask],
      carryOut: (request) => carryOut(ask, caller, request),
      tells: (v) => tells(v, caller),
    });
}

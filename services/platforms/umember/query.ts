/** What a umember coupon's detail tells about a verification whose answer was lost. The gateway keeps no request ids. */
import { judgeLostCall, type Seen } from '../judge-lost-call.ts';
import { meaningOf } from '../phrases.ts';
import type { Asked, LostCall, Receipt } from '../platform.ts';
import { sightOf, usesOf, type Sight } from './coupon.ts';

/** A detail that was answered, of a coupon or with a refusal. */
export function weigh(
  detail: { readonly success: boolean; readonly words: string; readonly data: unknown },
  lost: LostCall,
  now: number,
): Asked<Receipt> {
  const seen = detail.success ? seenIn(sightOf(detail.data), lost) : seenOf(meaningOf(detail.words));
  return judgeLostCall(seen, lost, now, () => ({ kind: 'verified', at: lost.submittedAt, items: [{ count: lost.count }] }));
}

/**
 * A coupon of several uses stays unused after one: one fewer left means used, and an untold number means nothing. More than
 * that was not ours alone; and where it is not a 次卡, fewer may be left because another coupon of its order was used.
 */
function seenIn(sight: Sight, lost: LostCall): Seen {
  if (sight.state === 'refused') return seenOf(sight.reason);
  const before = usesOf(lost.handle);
  if (before === 1) return 'unused';
  if (sight.uses === undefined) return 'unclear';
  if (sight.uses >= before) return 'unused';
  return sight.timesCard && sight.uses === before - lost.count ? 'used' : 'unclear';
}

function seenOf(meaning: ReturnType<typeof meaningOf>): Seen {
  switch (meaning) {
    case 'used':
      return 'used';
    case 'refunded':
    case 'frozen':
    case 'expired':
    case 'not-yet':
      return 'void';
    default:
      return 'unclear';
  }
}

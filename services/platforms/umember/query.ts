/** Judges a lost verification by the coupon's detail at umember. The gateway keeps no request ids. */
import { judgeLostCall, type Seen } from '../judge-lost-call.ts';
import { meaningOf } from '../phrases.ts';
import type { Asked, LostCall, Receipt } from '../platform.ts';
import { sightOf, usesOf, type Sight } from './coupon.ts';

/** Judges by a detail that was answered, with a coupon or with a refusal. */
export function weigh(
  detail: { readonly success: boolean; readonly words: string; readonly data: unknown },
  lost: LostCall,
  now: number,
): Asked<Receipt> {
  const seen = detail.success ? seenIn(sightOf(detail.data), lost) : seenOf(meaningOf(detail.words));
  return judgeLostCall(seen, lost, now, (certainty) => ({
    kind: 'verified',
    certainty,
    at: lost.submittedAt,
    items: [{ count: lost.count }],
  }));
}

/**
 * Compares the uses left. A coupon of several uses stays unused after one of them: one fewer left means used, and a missing
 * number means nothing. A larger difference was not ours alone, and except for a 次卡 another coupon of the order may be the cause.
 */
function seenIn(sight: Sight, lost: LostCall): Seen {
  if (sight.state === 'refused') return seenOf(sight.reason);
  const before = usesOf(lost.handle);
  if (before === 1) return 'unused';
  if (sight.uses === undefined) return 'unclear';
  if (lost.undoneSince) return 'unclear';
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

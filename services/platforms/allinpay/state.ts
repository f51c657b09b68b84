/** Reads the state of a coupon from `queryById`. */
import { parseTime } from '../../time/platform-time.ts';
import { textOf } from '../../fields.ts';
import { meaningOf, type Meaning } from '../phrases.ts';
import type { Refusal } from '../platform.ts';
import { hasAny, recordsOf } from './tolerant-shapes.ts';

/** The state. `gone`: there is no coupon of this code. `void`: refunded, expired … */
export type State =
  | { readonly kind: 'unused' | 'void' | 'gone' | 'unclear' }
  /** `at`: the time of the use, ms, where it is told. */
  | { readonly kind: 'used'; readonly at: number | undefined };

/** The fields that mark an answer as a coupon's state, which is empty while the coupon is unused. */
export const STATE_MARKS = ['couponStatus', 'couponName', 'couponNo'] as const;

export function stateOf(answer: Refusal | { readonly kind: 'yes'; readonly data: unknown }): State {
  if (answer.kind === 'refused') return stateBy(answer.reason, answer.used?.at);
  if (!hasAny(answer.data, STATE_MARKS)) return { kind: 'unclear' };
  const [fields = {}] = recordsOf(answer.data);
  const status = textOf(fields['couponStatus']);
  if (status === undefined || /^[未可待](使用|核销|验证|消费)$/.test(status)) return { kind: 'unused' };
  return stateBy(meaningOf(status), parseTime(fields['consumeTime']));
}

function stateBy(meaning: Meaning, at: number | undefined): State {
  switch (meaning) {
    case 'used':
      return { kind: 'used', at };
    case 'refunded':
    case 'frozen':
    case 'expired':
    case 'not-yet':
      return { kind: 'void' };
    case 'not-found':
      return { kind: 'gone' };
    default:
      return { kind: 'unclear' };
  }
}

/** What the platform shows of a call whose answer was lost. Two reads tell: who used a code, and whether it can be used. */
import { chinaTime, parseTime } from '../../time/platform-time.ts';
import { countOf, textOf, type Fields } from '../fields.ts';
import type { Seen } from '../judge-lost-call.ts';
import { saysUnused } from '../phrases.ts';
import type { Item, LostCall, LostUndo, Receipt } from '../platform.ts';
import { refused, type Envelope } from './envelope.ts';
import { verifierOf } from './coupon.ts';
import { itemOf, readHandle, writeHandle } from './handles.ts';
import { accountOf } from './operator.ts';
import { fieldName } from './field-names.ts';

/** A use that long before the call, and after the coupon was seen unused, is not the call's. */
const CLOCKS_MS = 60_000;
/** Coupons consumed by one call carry the same time, to the second. */
const TOGETHER_MS = 2_000;

/** What was seen, when, and the fields beside it. */
export interface Sight {
  readonly seen: Seen;
  readonly at?: number | undefined;
  readonly row: Fields;
}

/** By `getconsumed`, which knows used coupons only, and by whom and when. */
export function sightOfUse(answer: Envelope, lost: LostCall): Sight {
  const row = fieldName(answer.data) ?? {};
  if (!answer.success) {
    const { reason, words = '' } = refused(answer);
    return { seen: reason === 'not-found' || saysUnused(words) ? 'unused' : 'unclear', row };
  }
  if (sayingNothing(answer)) return { seen: 'unclear', row };
  const at = parseTime(row['verifytime']);
  const by = verifierOf(row);
  if (at === undefined && by === undefined) return { seen: 'unused', row };
  if (isBefore(at, lost)) return { seen: 'others', row };
  if (at === undefined || by === undefined) return { seen: 'used', at, row };
  return { seen: by === accountOf(lost.operator) ? 'ours' : 'others', at, row };
}

/** By `prepare`, which finds a coupon usable or says when it was used, and not by whom. */
export function sightOfCoupon(answer: Envelope, lost: LostCall): Sight {
  const row = fieldName(answer.data) ?? {};
  if (sayingNothing(answer)) return { seen: 'unclear', row };
  if (answer.success) {
    const { timesCard, remaining } = readHandle(lost.handle);
    // Any other coupon is the very one that was sent; a 次卡 stays usable, and others may have used it too.
    const left = timesCard ? leftOf(row, remaining) : remaining;
    return { seen: left >= remaining ? 'unused' : left === remaining - lost.count ? 'used' : 'unclear', row };
  }
  const { reason, used } = refused(answer);
  switch (reason) {
    case 'used': {
      const at = used?.at;
      if (isBefore(at, lost)) return { seen: 'others', row };
      // Where it was last seen unused long ago, whose use it was is for the other read to tell.
      return { seen: lost.seenUnusedAt >= lost.submittedAt - CLOCKS_MS ? 'used' : 'unclear', at, row };
    }
    case 'refunded':
    case 'frozen':
    case 'expired':
    case 'not-yet':
      return { seen: 'void', row };
    default:
      return { seen: 'unclear', row };
  }
}

/** By `prepare` on the old code: taking back gives the coupon a new one, and the old is not found any more. */
export function sightOfUndo(answer: Envelope, lost: LostUndo): Seen {
  if (sayingNothing(answer)) return 'unclear';
  if (answer.success) {
    const { timesCard, remaining } = readHandle(lost.handle);
    if (!timesCard) return 'ours';
    const left = leftOf(fieldName(answer.data) ?? {}, remaining);
    if (left >= remaining) return 'ours';
    // Where it was used again since, what is left does not tell whether these uses are among it.
    const { uses } = itemOf(lost);
    return uses === undefined || left === remaining - uses ? 'unused' : 'unclear';
  }
  const { reason } = refused(answer);
  return reason === 'not-found' ? 'ours' : reason === 'used' ? 'unused' : 'unclear';
}

/** Used between the card and the press. Earlier than the card it cannot be: there the clocks disagree. */
const isBefore = (at: number | undefined, { submittedAt, seenUnusedAt }: LostCall): boolean =>
  at !== undefined && at < submittedAt - CLOCKS_MS && at >= seenUnusedAt;

/** A yes with nothing in it: whatever it says, it does not say that a coupon was used, or was not. */
const sayingNothing = ({ success, data }: Envelope): boolean => success && fieldName(data) === undefined;

/** Uses left; as many as before where nobody says. */
const leftOf = (row: Fields, before: number): number => countOf(row['count']) ?? before;

/** The day on which the others are listed, where some of what was consumed is not known by its code. */
export function dayOfOthers({ items, at }: Receipt): string | undefined {
  return items.length > 1 ? chinaTime(at).slice(0, 10) : undefined;
}

/**
 * The receipt with the other coupons by their codes, where the day's uses show as many as are missing: verified by the same
 * account in the same moment, of the same deal. Else as it was.
 */
export function withOthers(receipt: Receipt, uses: readonly Fields[], lost: LostCall): Receipt {
  const [own, rest] = receipt.items;
  if (!own || !rest) return receipt;
  const { dealId } = itemOf({ ...lost, ...(own.handle === undefined ? {} : { receiptHandle: own.handle }) });
  const found = uses.flatMap((row): Item[] => {
    const code = textOf(row['receiptcode']);
    const at = parseTime(row['verifytime']) ?? 0;
    const alike = verifierOf(row) === accountOf(lost.operator) && textOf(row['dealid']) === dealId;
    if (code === undefined || code === lost.code || !alike || Math.abs(at - receipt.at) > TOGETHER_MS) return [];
    return [{ ...own, code, handle: writeHandle({ code, ...(dealId === undefined ? {} : { dealId }) }) }];
  });
  return found.length === rest.count ? { ...receipt, items: [own, ...found] } : receipt;
}

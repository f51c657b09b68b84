/** Judges a lost call by two reads: one tells who used a code, the other whether it can be used. */
import { chinaTime, parseTime } from '../../time/platform-time.ts';
import { countOf, textOf, type Fields } from '../../fields.ts';
import { isOutside, OURS_MS, type Seen } from '../judge-lost-call.ts';
import { saysUnused } from '../phrases.ts';
import type { Item, LostCall, LostUndo, Receipt } from '../platform.ts';
import { refused, type Envelope } from './envelope.ts';
import { verifierOf } from './coupon.ts';
import { itemOf, readHandle, writeHandle } from './handles.ts';
import { accountOf } from './operator.ts';
import { fieldName } from './field-names.ts';

/** The tolerance between the clocks: a use this long before the call, and after the coupon was seen unused, may not be the call's. */
const CLOCKS_MS = 60_000;
/** The tolerance between coupons consumed by one call: their times are equal to the second. */
const TOGETHER_MS = 2_000;

/** A view of the coupon, the time of its use, and the answer's fields. */
export interface Sight {
  readonly seen: Seen;
  readonly at?: number | undefined;
  readonly row: Fields;
}

/**
 * Judges by `getconsumed`, which has only used coupons, with operator and time. Whether it repeats the operator that was sent is not
 * documented: a name that is neither that nor the one learnt from an earlier yes tells nothing.
 */
export function sightOfUse(answer: Envelope, lost: LostCall, now: number): Sight {
  const row = fieldName(answer.data) ?? {};
  if (!answer.success) {
    const { reason, words = '' } = refused(answer);
    return { seen: reason === 'not-found' || saysUnused(words) ? 'unused' : 'unclear', row };
  }
  if (sayingNothing(answer)) return { seen: 'unclear', row };
  const at = parseTime(row['verifytime']);
  const by = verifierOf(row);
  if (at === undefined && by === undefined) return { seen: 'unused', row };
  if (by !== undefined && isOwn(by, lost))
    return { seen: at === undefined || isBefore(at, lost) || isOutside(at, lost, now) ? 'used' : 'ours', at, row };
  return { seen: isOutside(at, lost, now) ? 'others' : 'used', at, row };
}

/** Whether a name in a list is the operator's: as it was sent, or as the platform has listed it before. */
const isOwn = (by: string, { operator, listedAs }: Pick<LostCall, 'operator' | 'listedAs'>): boolean =>
  by === accountOf(operator) || by === listedAs;

/** Judges by `prepare`, which finds a coupon usable or gives the time of its use, but no operator. */
export function sightOfCoupon(answer: Envelope, lost: LostCall, now: number): Sight {
  const row = fieldName(answer.data) ?? {};
  if (sayingNothing(answer)) return { seen: 'unclear', row };
  if (answer.success) {
    const { timesCard, remaining } = readHandle(lost.handle);
    // A 次卡 stays usable, and others may have used it too; any other coupon is usable only before its use.
    const left = timesCard ? leftOf(row, remaining) : remaining;
    if (timesCard && lost.undoneSince) return { seen: 'unclear', row };
    return { seen: left >= remaining ? 'unused' : left === remaining - lost.count ? 'used' : 'unclear', row };
  }
  const { reason, used } = refused(answer);
  switch (reason) {
    case 'used': {
      const at = used?.at;
      if (isOutside(at, lost, now)) return { seen: 'others', row };
      // Where nothing follows from the time, the other read may tell whose use it was.
      const recent = lost.seenUnusedAt >= lost.submittedAt - OURS_MS && lost.answeredUsed !== true;
      return { seen: recent ? 'used' : 'unclear', at, row };
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

/** Judges an undo by `prepare` on the old code: an undo gives the coupon a new code, and the old one is not found any more. */
export function sightOfUndo(answer: Envelope, lost: LostUndo): Seen {
  if (sayingNothing(answer)) return 'unclear';
  if (answer.success) {
    const { timesCard, remaining } = readHandle(lost.handle);
    if (!timesCard) return 'ours';
    if (lost.undoneSince) return 'unclear';
    const left = leftOf(fieldName(answer.data) ?? {}, remaining);
    if (left >= remaining) return 'ours';
    // After another use since, the uses left do not tell whether these were undone.
    const { uses } = itemOf(lost);
    return uses === undefined || left === remaining - uses ? 'unused' : 'unclear';
  }
  const { reason } = refused(answer);
  return reason === 'not-found' ? 'ours' : reason === 'used' ? 'unused' : 'unclear';
}

/** Whether it was used between card and press. A time before the card means that the clocks disagree. */
const isBefore = (at: number | undefined, { submittedAt, seenUnusedAt }: LostCall): boolean =>
  at !== undefined && at < submittedAt - CLOCKS_MS && at >= seenUnusedAt;

/** Whether a yes is empty: then it tells nothing about the coupon. */
const sayingNothing = ({ success, data }: Envelope): boolean => success && fieldName(data) === undefined;

/** Reads the uses left; as many as before where untold. */
const leftOf = (row: Fields, before: number): number => countOf(row['count']) ?? before;

/** Gives the day whose list has the other items, where some consumed items are not known by their codes. */
export function dayOfOthers({ items, at }: Receipt): string | undefined {
  return items.length > 1 ? chinaTime(at).slice(0, 10) : undefined;
}

/**
 * Adds the codes of the other coupons to the receipt, where the day's uses show exactly the missing number: verified by the same
 * account at the same time, of the same deal. Otherwise the receipt stays as it is.
 */
export function withOthers(receipt: Receipt, uses: readonly Fields[], lost: LostCall): Receipt {
  const [own, rest] = receipt.items;
  if (!own || !rest) return receipt;
  const { dealId } = itemOf({ ...lost, ...(own.handle === undefined ? {} : { receiptHandle: own.handle }) });
  const found = uses.flatMap((row): Item[] => {
    const code = textOf(row['receiptcode']);
    const at = parseTime(row['verifytime']) ?? 0;
    const by = verifierOf(row);
    const alike = by !== undefined && isOwn(by, lost) && textOf(row['dealid']) === dealId;
    if (code === undefined || code === lost.code || !alike || Math.abs(at - receipt.at) > TOGETHER_MS) return [];
    return [{ ...own, code, handle: writeHandle({ code, ...(dealId === undefined ? {} : { dealId }) }) }];
  });
  return found.length === rest.count ? { ...receipt, items: [own, ...found] } : receipt;
}

/** What this platform needs again later of a coupon and of what was consumed, as others keep it: opaque text. */
import { countOf, present, textOf } from '../fields.ts';
import type { UndoRequest } from '../platform.ts';
import { fieldsIn } from './field-names.ts';

/** Of a coupon that was shown. */
export interface CouponHandle {
  readonly dealId?: string;
  /** Uses that were left; 1 where nobody said. */
  readonly remaining: number;
  /** 次卡: one code for several uses, so that using it does not use it up. Other coupons have a code for each use. */
  readonly timesCard: boolean;
}

/** Of something consumed: both are needed to take it back. Without a code it cannot be told from its like. */
export interface ItemHandle {
  readonly code?: string;
  readonly dealId?: string;
  /** Of a 次卡: how many of its uses. */
  readonly uses?: number;
}

export const writeHandle = (handle: CouponHandle | ItemHandle): string => JSON.stringify(handle);

export function readHandle(handle: string | undefined): CouponHandle {
  const fields = fieldsIn(handle);
  return {
    ...present({ dealId: textOf(fields['dealId']) }),
    remaining: countOf(fields['remaining']) ?? 1,
    timesCard: fields['timesCard'] === true,
  };
}

/** What an undo is about: the consumed item, or the coupon where no item is known. */
export function itemOf({ code, handle, receiptHandle }: UndoRequest): ItemHandle {
  if (receiptHandle === undefined) return { code, ...present({ dealId: readHandle(handle).dealId }) };
  const fields = fieldsIn(receiptHandle);
  return present({ code: textOf(fields['code']), dealId: textOf(fields['dealId']), uses: countOf(fields['uses']) });
}

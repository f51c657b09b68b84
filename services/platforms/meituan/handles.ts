/** The handles of coupons and consumed items: facts that later calls need, stored by the caller as opaque text. */
import { countOf, present, textOf } from '../../fields.ts';
import type { UndoRequest } from '../platform.ts';
import { fieldsIn } from './field-names.ts';

/** The handle of a coupon that was shown. */
export interface CouponHandle {
  readonly dealId?: string;
  /** The uses that were left; 1 where untold. */
  readonly remaining: number;
  /** True for a 次卡: one code for several uses. Other coupons have a code for each use. */
  readonly timesCard: boolean;
}

/** The handle of a consumed item. An undo needs code and deal; without a code the item cannot be told from its like. */
export interface ItemHandle {
  readonly code?: string;
  readonly dealId?: string;
  /** The number of uses of a 次卡. */
  readonly uses?: number;
  /** The successor's number of the transaction, which its list has too. */
  readonly flow?: string;
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

/** Gives the item that an undo is about, or the coupon where no item is known. */
export function itemOf({ code, handle, receiptHandle }: UndoRequest): ItemHandle {
  if (receiptHandle === undefined) return { code, ...present({ dealId: readHandle(handle).dealId }) };
  return readItemHandle(receiptHandle);
}

export function readItemHandle(receiptHandle: string): ItemHandle {
  const fields = fieldsIn(receiptHandle);
  const [code, dealId, flow] = [textOf(fields['code']), textOf(fields['dealId']), textOf(fields['flow'])];
  return present({ code, dealId, uses: countOf(fields['uses']), flow });
}

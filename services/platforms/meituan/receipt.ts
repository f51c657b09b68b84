/** Reads the answer to `consume`, item by item. */
import type { Fen } from '../../coupons/coupon.ts';
import { splitFen } from '../../coupons/money.ts';
import { parseTime } from '../../time/platform-time.ts';
import { present, textOf, type Fields } from '../../fields.ts';
import { refuse } from '../refuse.ts';
import type { Item, Receipt, VerifyRequest } from '../platform.ts';
import { nonsense } from './envelope.ts';
import { isTimesCard, paidFor, priceOf } from './coupon.ts';
import { readHandle, writeHandle } from './handles.ts';

/** The time to undo: ten minutes from before the call was sent, without the last seconds. */
const UNDO_MS = 600_000;
const MARGIN_MS = 15_000;

/**
 * Reads a receipt. The answer has one entry for each consumed coupon: several uses of an order consume its other coupons too,
 * each under its own code. A 次卡 keeps one code for all its uses.
 */
export function readReceipt(rows: readonly Fields[], request: VerifyRequest, sentAt: number): Receipt {
  const [first] = rows;
  if (!first) throw nonsense(true, 'verified without data');
  const { code: sent, count, handle } = request;
  const coupon = readHandle(handle);
  const card = coupon.timesCard || isTimesCard(first);
  const missing = Math.max(0, count - rows.length);
  // A price of its own counts before a share of the order's, which stands in every entry; and how many shares an order has is
  // known only of those that are left, so it is shared when they are all used, and counted once.
  const paid = !card && count >= coupon.remaining ? paidFor(first) : undefined;
  const shares = paid === undefined ? [] : splitFen(paid, Math.max(coupon.remaining, rows.length, count));

  const byCode = Map.groupBy(rows, (row) => textOf(row['receiptcode']) ?? sent);
  const items = [...byCode].map(([code, [row = {}, ...same]], n): Item => {
    const uses = 1 + same.length + (card && n === 0 ? missing : 0);
    const price = priceOf(row, card);
    const share = sum(shares.splice(0, uses));
    return {
      ...(code === sent ? {} : { code }),
      count: uses,
      handle: writeHandle({
        code,
        ...present({
          dealId: textOf(row['dealid']) ?? coupon.dealId,
          uses: card ? uses : undefined,
          flow: textOf(row['flowid']),
        }),
      }),
      ...present({ amount: price === undefined ? share : price * uses }),
    };
  });
  const rest: Item[] = !card && missing > 0 ? [{ count: missing, refusal: refuse('count') }] : [];
  return receipt([...items, ...rest], parseTime(first['verifytime']) ?? sentAt, sentAt);
}

/** Builds the receipt of a yes that was found by a query. It does not tell the codes of the order's other coupons. */
export function laterReceipt(
  { code, count, handle, submittedAt }: VerifyRequest & { readonly submittedAt: number },
  row: Fields,
  at: number | undefined,
): Receipt {
  const { dealId, timesCard } = readHandle(handle);
  const own = timesCard ? count : 1;
  const price = priceOf(row, timesCard || isTimesCard(row));
  const found = present({ dealId: textOf(row['dealid']) ?? dealId, uses: timesCard ? count : undefined });
  const item: Item = {
    count: own,
    handle: writeHandle({ code, ...found }),
    ...present({ amount: price === undefined ? undefined : price * own }),
  };
  const others: Item[] = count > own ? [{ count: count - own, handle: writeHandle({}) }] : [];
  return receipt([item, ...others], at ?? submittedAt, submittedAt);
}

function receipt(items: readonly Item[], at: number, sentAt: number): Receipt {
  return { kind: 'verified', at, undoUntil: sentAt + UNDO_MS - MARGIN_MS, items };
}

const sum = (parts: readonly Fen[]): Fen | undefined =>
  parts.length === 0 ? undefined : parts.reduce((total, part) => total + part, 0);

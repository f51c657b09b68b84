/** Reads the answer to `verify`: every result by itself. */
import type { Fen } from '../../coupons/coupon.ts';
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import type { FinalNo, Item, Receipt, Refusal, VerifyRequest } from '../platform.ts';
import { FINAL_NOES } from '../refusals.ts';
import { refuse, unknownNo } from '../refuse.ts';
import { turnoverOf } from './amounts.ts';
import { fieldsIn, nonsense, rowsIn } from './envelope.ts';
import { meaningOfResult } from './errors.ts';
import { writeHandle, type Certificate, type CouponHandle } from './handles.ts';

type VerifyNo = Refusal<FinalNo<'verify'>>;

/** An hour to undo, from before the call was sent, without the last seconds. */
const UNDO_MS = 3_600_000;
const MARGIN_MS = 15_000;
export const undoUntil = (sentAt: number): number => sentAt + UNDO_MS - MARGIN_MS;

/** One use, as a result or a later look tells it. */
export interface Use {
  readonly certificate: Certificate;
  readonly verification: string;
  /** The coupon's own code, where it is told and not the one that was typed. */
  readonly code?: string | undefined;
  /** Another code of the typed coupon: 12 digits are printed on some, and 15 told of the same. */
  readonly otherCode?: string | undefined;
  readonly amount?: Fen | undefined;
}

/**
 * Reads the results, which come in any order, matched by the code that was sent: a times card has one for each use, all of the same
 * code. Where one is missing or in unknown words, nobody knows what became of that coupon, and all are asked about.
 */
export function readResults(
  data: Fields,
  request: VerifyRequest,
  handle: CouponHandle,
  asked: readonly Certificate[],
): { readonly uses: readonly Use[]; readonly refusals: readonly VerifyNo[] } {
  const left = [...rowsIn(data['verify_results'])];
  const uses: Use[] = [];
  const refusals: VerifyNo[] = [];
  for (const [n, certificate] of asked.entries()) {
    const at = left.findIndex((row) => textOf(row['code']) === certificate.sealed);
    const [row] = at < 0 ? [] : left.splice(at, 1);
    if (!row) throw nonsense(true, 'a coupon without a result');
    const verification = textOf(row['verify_id']);
    if (textOf(row['result']) !== '0') refusals.push(refusalIn(row));
    else if (verification === undefined) throw nonsense(true, 'verified without a number');
    else
      uses.push({
        certificate,
        verification,
        ...codesOf(textOf(row['origin_code']), request, handle),
        amount: amountOf(row, handle, n),
      });
  }
  return { uses, refusals };
}

function refusalIn(row: Fields): VerifyNo {
  const [code, words] = [textOf(row['result']) ?? '', textOf(row['msg']) ?? ''];
  const meaning = meaningOfResult(code, words);
  const final = FINAL_NOES.verify.find((one) => one === meaning);
  if (final === undefined) throw unknownNo('nonsense', 'a result of no known reason', words);
  return refuse(final, words);
}

/**
 * The plain code, where it is not the one that was typed: a scanned coupon goes by another, and an order has one for each. Of the
 * one coupon that was typed it is another code.
 */
export function codesOf(
  own: string | undefined,
  { code }: Pick<VerifyRequest, 'code'>,
  handle: CouponHandle,
): Pick<Use, 'code' | 'otherCode'> {
  if (own === undefined || own === code) return {};
  return isOneTyped(handle, code) ? { otherCode: own } : { code: own };
}

/** Whether one coupon was typed: the only one of its order, and no scanned one, which goes by its certificate. */
export const isOneTyped = ({ certificates }: CouponHandle, code: string): boolean =>
  certificates.length === 1 && certificates[0]?.id !== code;

/** The amount of one use. Those of a times card may differ, and stand in the result. */
function amountOf(row: Fields, { card, certificates }: CouponHandle, n: number): Fen | undefined {
  if (!card) return certificates[n]?.amount;
  return amountOfUse(fieldsIn(row['verify_amount_info']), card.amounts, card.used + n + 1);
}

export function amountOfUse(info: Fields, amounts: Readonly<Record<string, Fen>>, number: number): Fen | undefined {
  const serial = fieldsIn(info['times_card_serial_amount']);
  const told = turnoverOf(fieldsIn(serial['amount'])) ?? turnoverOf(fieldsIn(fieldsIn(info['time_card_amount'])['amount']));
  return told ?? amounts[String(countOf(serial['serial_numb']) ?? number)];
}

/** Builds the receipt: an item for each use, which is undone by itself. One number for several uses is one item. */
export function receiptOf(
  uses: readonly Use[],
  refusals: readonly Refusal[],
  order: string | undefined,
  at: number,
  sentAt: number,
): Receipt {
  const byNumber = [...Map.groupBy(uses, ({ verification }) => verification).values()];
  const items = byNumber.flatMap((same): Item[] => {
    const [first] = same;
    if (!first) return [];
    const { certificate, verification, code, otherCode } = first;
    const amounts = same.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
    const amount = amounts.length === same.length ? amounts.reduce((sum, one) => sum + one, 0) : undefined;
    const handle = writeHandle({ verification, certificate: certificate.id, sealed: certificate.sealed, ...present({ order }) });
    return [{ count: same.length, handle, ...present({ code, otherCode, amount }) }];
  });
  const refused = refusals.map((refusal): Item => ({ count: 1, refusal }));
  return { kind: 'verified', at, undoUntil: undoUntil(sentAt), items: [...items, ...refused] };
}

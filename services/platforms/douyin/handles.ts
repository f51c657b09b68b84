/** The handles of coupons and consumed items: facts that later calls need, stored by the caller as opaque text. */
import type { Fen } from '../../coupons/coupon.ts';
import { countOf, isRecord, present, textOf, type Fields } from '../../fields.ts';
import { rowsIn } from './envelope.ts';

/** A coupon of an order. */
export interface Certificate {
  readonly id: string;
  /** What verifying wants: `encrypted_code`. */
  readonly sealed: string;
  readonly amount?: Fen;
}

/** The uses of a times card when it was looked up: how many stood, and the amounts of all, by their number. */
export interface TimesCard {
  readonly used: number;
  readonly left: number;
  readonly amounts: Readonly<Record<string, Fen>>;
  /** The `verify_id`s of those that stood, as far as they were told: a number that is undone may be given again. */
  readonly stood: readonly string[];
}

/** The handle of a coupon that was shown: one use for each certificate, or several of the only one, a times card. */
export interface CouponHandle {
  readonly token: string;
  readonly order?: string;
  readonly certificates: readonly Certificate[];
  readonly card?: TimesCard;
}

/** The handle of a consumed item: what an undo takes, and the order in which it is looked for. */
export interface ItemHandle {
  readonly verification: string;
  readonly certificate: string;
  readonly order?: string;
  readonly sealed?: string;
}

export const writeHandle = (handle: CouponHandle | ItemHandle): string => JSON.stringify(handle);

/** The part of an item's handle that names its use. */
export const markOf = (verification: string): string => JSON.stringify({ verification }).slice(1, -1);

const parsed = (handle: string | undefined): Fields => {
  try {
    const value: unknown = JSON.parse(handle ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
};

export function readCouponHandle(handle: string | undefined): CouponHandle | undefined {
  const fields = parsed(handle);
  const token = textOf(fields['token']);
  const certificates = rowsIn(fields['certificates']).flatMap((row): Certificate[] => {
    const [id, sealed] = [textOf(row['id']), textOf(row['sealed'])];
    return id === undefined || sealed === undefined ? [] : [{ id, sealed, ...present({ amount: countOf(row['amount']) }) }];
  });
  if (token === undefined || certificates.length === 0) return undefined;
  return { token, certificates, ...present({ order: textOf(fields['order']), card: readCard(fields['card']) }) };
}

function readCard(value: unknown): TimesCard | undefined {
  if (!isRecord(value)) return undefined;
  const amounts = Object.entries(isRecord(value['amounts']) ? value['amounts'] : {}).flatMap(([number, amount]) => {
    const fen = countOf(amount);
    return fen === undefined ? [] : [[number, fen] as const];
  });
  const stood = Array.isArray(value['stood']) ? value['stood'].flatMap((id: unknown) => textOf(id) ?? []) : [];
  return { used: countOf(value['used']) ?? 0, left: countOf(value['left']) ?? 1, amounts: Object.fromEntries(amounts), stood };
}

export function readItemHandle(handle: string | undefined): ItemHandle | undefined {
  const fields = parsed(handle);
  const [verification, certificate] = [textOf(fields['verification']), textOf(fields['certificate'])];
  if (verification === undefined || certificate === undefined) return undefined;
  return { verification, certificate, ...present({ order: textOf(fields['order']), sealed: textOf(fields['sealed']) }) };
}

/** The certificates that so many uses consume, a times card's as often as it is used; undefined where there are not as many. */
export function taken({ certificates, card }: CouponHandle, count: number): readonly Certificate[] | undefined {
  const [first] = certificates;
  if (card && first) return count <= card.left ? Array.from({ length: count }, () => first) : undefined;
  return count <= certificates.length ? certificates.slice(0, count) : undefined;
}

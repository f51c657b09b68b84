/** Parses money of platforms into whole fen; no amount passes through a float. */
import type { Fen } from './coupon.ts';

/** ¥10,000,000,000: an amount above it is a fault of the sender. */
const MOST: Fen = 1e12;

/**
 * Digits after the second decimal are cut off, as platforms that calculate in doubles send 0.30000000000000004; for 59.70 they
 * send 59.699999999999996, so a row of nines is one fen more.
 */
const YUAN = /^¥?\s*(\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d{1,2})(9{6,})?\d*)?$/;
/** The full-width forms of ASCII and of the sign of the yuan. */
const FULL_WIDTH = /[\uff01-\uff5e]/g;

/**
 * Parses yuan, as decimal text (`49`, `¥49.9`, `￥1,299.00`, `１２９９`) or a JSON number. Undefined for no amount: negative (some
 * platforms say −1 for unknown), empty, not a number, more than 10^12 fen; and where commas do not group thousands (`12,99`), as
 * they may be decimal points.
 */
export function parseFen(value: unknown): Fen | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  // String() of a number is its shortest decimal form, so 1.15 is read as 1.15 and not as 1.149999….
  const text = String(value)
    .trim()
    .replaceAll('￥', '¥')
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfe_e0));
  const match = YUAN.exec(text);
  if (!match) return undefined;
  const fen = Number(match[1]?.replaceAll(',', '')) * 100 + Number((match[2] ?? '').padEnd(2, '0')) + (match[3] ? 1 : 0);
  return fen <= MOST ? fen : undefined;
}

/** Splits `total` into `parts` ≥ 1 shares that add up to it exactly and differ by at most one fen, the larger first. */
export function splitFen(total: Fen, parts: number): Fen[] {
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(parts) || parts < 1) {
    throw new RangeError(`cannot split ${total} fen into ${parts}`);
  }
  const share = Math.floor(total / parts);
  const left = total - share * parts;
  return Array.from({ length: parts }, (_, n) => (n < left ? share + 1 : share));
}

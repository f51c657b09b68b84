/** Allinpay's four kinds of coupon, its `type`: their markets, and their time to undo. */
import type { Market } from '../../coupons/markets.ts';
import { marketsOf } from '../../coupons/markets.ts';
import { UNPROMISED } from '../platform.ts';

/** `meituan`: 到餐. `tiktok`: Douyin. `mtdz`: 到综. */
export type Kind = 'meituan' | 'tiktok' | 'dianping' | 'mtdz';

export const KINDS: readonly Kind[] = ['mtdz', 'dianping', 'meituan', 'tiktok'];

const OF_MARKET: Readonly<Record<Market, Kind>> = {
  meituan: 'mtdz',
  dianping: 'dianping',
  dining: 'meituan',
  douyin: 'tiktok',
};

export const kindOf = (market: Market): Kind => OF_MARKET[market];

/** Guesses the kind from the form of a code. */
export const likelyKind = (code: string): Kind => kindOf(marketsOf(code)[0] ?? 'meituan');

/**
 * The time to undo. Allinpay documents none, so that of the platform behind it holds: 10 minutes for 到综 and 大众点评, an hour
 * for Douyin; for 到餐 none is documented. Less 15 s, so that a press at the last moment still arrives.
 */
const UNDO_MS: Readonly<Record<Exclude<Kind, 'meituan'>, number>> = { mtdz: 600_000, dianping: 600_000, tiktok: 3_600_000 };
const MARGIN_MS = 15_000;

/** Gives the end of undo, ms, counted from before the call was sent and so never later than the platform's own. */
export const undoUntil = (kind: Kind, sentAt: number): number =>
  kind === 'meituan' ? UNPROMISED : sentAt + UNDO_MS[kind] - MARGIN_MS;

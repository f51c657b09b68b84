/** A platform in memory with an undo that nobody limits: it says yes or no, or its answer is lost and found out hours later. */
import { PlatformFault, UNPROMISED, type Asked, type Platform, type Receipt } from '../../../services/platforms/platform.ts';
import type { Chance } from '../world/chance.ts';

export interface YearsPlatform {
  readonly platform: Platform;
  /** Makes a coupon; gives its code. */
  coupon(): { readonly code: string; readonly uses: number };
}

interface Sold {
  /** In fen; undefined where the platform never says. */
  readonly price: number | undefined;
  readonly uses: number;
  /** What becomes of its use, and of the undo of it. */
  readonly use: 'yes' | 'no' | 'lost';
  readonly applied: boolean;
  /** How long nobody can tell, ms. */
  readonly unknownMs: number;
}

const HOUR = 3_600_000;
const DEALS = ['畅玩4小时', '包夜', '双人下午茶', '台球一小时'] as const;
const lost = (): PlatformFault => new PlatformFault('unreachable', 'unknown', 'the answer is lost');

export function createYearsPlatform(now: () => number, chance: Chance): YearsPlatform {
  const sold = new Map<string, Sold>();
  const of = (code: string): Sold => sold.get(code)!;
  const receipt = (code: string, count: number): Receipt => ({
    kind: 'verified',
    certainty: 'listed',
    at: now(),
    undoUntil: UNPROMISED,
    items: [{ count, handle: code }],
  });
  const asked = <Yes extends { readonly kind: 'verified' | 'undone' }>(code: string, since: number, yes: Yes): Asked<Yes> => {
    const { applied, unknownMs } = of(code);
    if (now() < since + unknownMs) return { result: { kind: 'again', afterMs: 20 * 60_000 }, note: '' };
    return { result: applied ? yes : { kind: 'not-done' }, note: '' };
  };

  const platform: Platform = {
    name: 'allinpay',
    perSecond: undefined,
    questions: [],
    rank: 1,
    markets: ['meituan'],
    plainHttp: false,
    undoes: true,
    identity: () => 'years',
    login: () => Promise.resolve({ token: 'token', expiresAt: Number.MAX_SAFE_INTEGER }),
    stores: () => Promise.resolve([]),
    deals: () => Promise.resolve([]),
    lookup(_, store, code) {
      const { price, uses } = of(code);
      const deal = DEALS[Number(code) % DEALS.length]!;
      const about = { kind: 'coupon', code, title: deal, dealId: `${store}-${deal}`, remaining: uses } as const;
      return Promise.resolve({ ...about, ...(price !== undefined && { price }) });
    },
    verify(_, { code, count }) {
      const { use } = of(code);
      if (use === 'lost') return Promise.reject(lost());
      return Promise.resolve(use === 'yes' ? receipt(code, count) : { kind: 'refused', reason: 'expired' });
    },
    query: (_, { code, count, submittedAt }) => Promise.resolve(asked(code, submittedAt, receipt(code, count))),
    undo(_, { code }) {
      if (of(code).use === 'lost') return Promise.reject(lost());
      return Promise.resolve({ kind: 'undone', at: now() });
    },
    queryUndo: (_, { code, submittedAt }) => Promise.resolve(asked(code, submittedAt, { kind: 'undone', at: now() })),
  };

  return {
    platform,
    coupon() {
      const code = String(7_000_000_000 + sold.size);
      const uses = chance.often(0.2) ? chance.between(2, 3) : 1;
      sold.set(code, {
        price: chance.often(0.04) ? undefined : chance.between(1, 39_999),
        uses,
        use: chance.often(0.04) ? 'no' : chance.often(0.06) ? 'lost' : 'yes',
        applied: chance.often(0.7),
        unknownMs: chance.pick([0, HOUR, 5 * HOUR, 12 * HOUR]),
      });
      return { code, uses };
    },
  };
}

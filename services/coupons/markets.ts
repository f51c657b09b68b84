/** Markets that sell coupons, and the lengths of their codes. */

/**
 * `meituan`: 美团 services (到综), also sold as 大众点评 there. `dianping`: 大众点评, where a gateway tells it apart. `dining`: 美团
 * restaurants (到餐). `douyin`: 抖音.
 */
export const MARKETS = ['meituan', 'dianping', 'dining', 'douyin'] as const;
export type Market = (typeof MARKETS)[number];

/** The market that stands for a system: 美团 services and 大众点评 are one, so a coupon used through one gateway is used for all. */
export const familyOf = (market: Market): Market => (market === 'dianping' ? 'meituan' : market);

/**
 * Markets by the length of a code. From few samples each: 10 (7992697494), 11 and 13 (0109760017002) of services, 12 with
 * leading zeros of restaurants (013541450619) and of Douyin (104686126200), 15 of Douyin alone (104686126200130); 14
 * (77012321150807) and 18 (000000248531847767) were seen at Allinpay only.
 */
const BY_LENGTH: ReadonlyMap<number, readonly Market[]> = new Map([
  [10, ['meituan', 'dianping']],
  [11, ['meituan', 'dianping']],
  [12, ['dining', 'douyin']],
  [13, ['meituan', 'dianping']],
  [14, ['dining']],
  [15, ['douyin']],
  [18, ['dining', 'meituan', 'dianping', 'douyin']],
]);

/** The markets whose codes have this length; empty for a length nobody has seen. */
export const marketsOf = (code: string): readonly Market[] => BY_LENGTH.get(code.length) ?? [];

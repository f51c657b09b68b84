/** Gateways for the search, without a network: each knows the coupons of its markets, answers as told, and counts lookups. */
import type { StoreAccount } from '../../services/accounts/stores.ts';
import type { Coupon } from '../../services/coupons/coupon.ts';
import type { Market } from '../../services/coupons/markets.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import { PlatformFault, type PlatformName, type Refusal, type RefusalReason } from '../../services/platforms/platform.ts';

/** A gateway's answer for any code of a market: a coupon, a refusal, or nothing usable. */
export type Word = 'coupon' | RefusalReason | 'fault';

export interface Gateway {
  readonly storeAccount: StoreAccount;
  readonly client: PlatformClient;
  /** Every lookup: `market code`. */
  readonly asked: string[];
}

/** Some platforms, with the ranks that they have. */
const RANKS = { meituan: 10, dianping: 20, douyin: 25, allinpay: 30, umember: 40, practice: 50 } as const satisfies Partial<
  Record<PlatformName, number>
>;

/** A gateway that says this at each of its markets. */
export function createGateway(
  platform: keyof typeof RANKS,
  says: Partial<Record<Market, Word>>,
  rank: number = RANKS[platform],
): Gateway {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('a search only looks up');
  };
  const answer = (word: Word | undefined, code: string, market: Market): Coupon | Refusal => {
    if (word === 'fault') throw new PlatformFault('unreachable', 'not-done', platform);
    if (word === 'coupon') return { kind: 'coupon', code, title: `${platform} ${market}`, remaining: 1 };
    return { kind: 'refused', reason: word ?? 'not-found' };
  };
  const markets = Object.keys(says) as Market[];
  const client: PlatformClient = {
    platform,
    rank,
    markets,
    exclusive: platform === 'douyin',
    hasRecords: false,
    recordIds: () => [],
    async lookup(_, code, market) {
      asked.push(`${market} ${code}`);
      return answer(says[market], code, market);
    },
    scan: never,
    verify: never,
    query: never,
    undo: never,
    queryUndo: never,
    stores: never,
    deals: never,
    operatorName: never,
    state: never,
    records: never,
    stats: never,
    renew: never,
    waiting: never,
  };
  const storeAccount = { id: platform, storeId: 's', accountId: platform, externalId: '1', name: platform };
  return { storeAccount, client, asked };
}

/** A shop at each platform with a list, over real HTTP: coupons that are used and undone there, and other shops of the account. */
import type { Market } from '../../../services/coupons/markets.ts';
import type { Platform, Session } from '../../../services/platforms/platform.ts';
import type { Lists } from '../../doubles/lies.ts';
import { openStage as openAllinpay } from '../platforms/allinpay/harness.ts';
import { openHarness as openDouyin } from '../platforms/douyin/harness.ts';
import { openHarness as openMeituan } from '../platforms/meituan/harness.ts';

export const TOWNS = ['allinpay', 'dianping', 'meituan', 'douyin'] as const;
export type TownName = (typeof TOWNS)[number];

/** A coupon to be used: one, one of an order of two, or a card of three times. */
export interface Bought {
  readonly code: string;
  readonly market: Market;
}

export interface Town {
  readonly platform: Platform;
  readonly session: Session;
  readonly store: string;
  readonly lists: Lists;
  now(): number;
  pass(ms: number): void;
  single(n: number): Bought;
  pair(): Bought;
  card(): Bought;
  /** Somebody uses a coupon at another shop of the account. */
  useAtOther(): void;
  close(): Promise<void>;
}

export async function openTown(name: TownName): Promise<Town> {
  if (name === 'allinpay') return await allinpay();
  return name === 'douyin' ? await douyin() : await meituan(name);
}

async function allinpay(): Promise<Town> {
  const { double, platform, session, now, pass, close } = await openAllinpay();
  const { books, lists } = double;
  const other = books.shop();
  const kinds = [
    ['mtdz', 'meituan'],
    ['dianping', 'dianping'],
    ['meituan', 'dining'],
    ['tiktok', 'douyin'],
  ] as const;
  return {
    platform,
    session,
    store: '147',
    lists,
    now,
    pass,
    close,
    single(n) {
      const [type, market] = kinds[n % kinds.length]!;
      return { code: books.coupon({ type }), market };
    },
    pair: () => ({ code: books.coupon({ type: 'mtdz', uses: 2 }), market: 'meituan' }),
    card: () => ({ code: books.coupon({ type: 'tiktok', times: [3] }), market: 'douyin' }),
    useAtOther: () => books.useElsewhere(books.coupon({ shop: other })),
  };
}

async function meituan(dialect: 'dianping' | 'meituan'): Promise<Town> {
  const { double, platform, session, store, now, pass } = await openMeituan(dialect);
  const { books, lists, close } = double;
  const other = books.shop().id;
  return {
    platform,
    session,
    store,
    lists,
    now,
    pass,
    close,
    single: () => ({ code: books.coupon(), market: 'meituan' }),
    pair: () => ({ code: books.order(2)[0]!, market: 'meituan' }),
    card: () => ({ code: books.coupon({ uses: 3 }), market: 'meituan' }),
    useAtOther: () => books.useElsewhere(books.coupon({ shop: other })),
  };
}

async function douyin(): Promise<Town> {
  const { double, platform, session, store, now, pass, close } = await openDouyin();
  const { books, lists } = double;
  const other = books.shop('来客棋牌（光华店）').id;
  return {
    platform,
    session,
    store,
    lists,
    now,
    pass,
    close,
    single: () => ({ code: books.coupon(), market: 'douyin' }),
    pair: () => ({ code: books.order(2)[0]!, market: 'douyin' }),
    card: () => ({ code: books.coupon({ amounts: [4_900, 3_900, 2_900] }), market: 'douyin' }),
    useAtOther: () => books.useElsewhere(books.coupon({ shop: other })),
  };
}

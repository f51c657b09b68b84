/** A platform whose lookups a test answers one by one, to test the order in which calls go out. */
import type { Coupon } from '../../services/coupons/coupon.ts';
import type { Platform } from '../../services/platforms/platform.ts';

export interface Begun {
  readonly code: string;
  /** ms by the test's clock. */
  readonly at: number;
  answer(): void;
  fail(error: unknown): void;
}

/** `perSecond` as for umember. Calls other than `lookup` must not be made. */
export function scriptedPlatform(now: () => number, perSecond: number | undefined = 2) {
  const begun: Begun[] = [];
  const never = (): never => {
    throw new Error('this test makes lookups only');
  };
  const platform: Platform = {
    name: 'umember',
    perSecond,
    questions: [],
    rank: 1,
    markets: ['meituan'],
    plainHttp: false,
    undoes: false,
    identity: never,
    login: never,
    stores: never,
    deals: never,
    verify: never,
    query: never,
    lookup: (_access, _store, code) =>
      new Promise<Coupon>((resolve, reject) => {
        const answer = () => resolve({ kind: 'coupon', code, title: code, remaining: 1 });
        begun.push({ code, at: now(), answer, fail: reject });
      }),
  };
  return { platform, begun };
}

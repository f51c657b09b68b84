/** Allinpay as the tests of this folder meet it: its double, a merchant with a key, and a clock that can be moved. */
import { createAllinpay } from '../../../../services/platforms/allinpay/allinpay.ts';
import type { BodyName } from '../../../../services/platforms/allinpay/gateway.ts';
import type { SignerName } from '../../../../services/platforms/allinpay/sign.ts';
import {
  PlatformFault,
  type Access,
  type Credentials,
  type Platform,
  type VerifyRequest,
} from '../../../../services/platforms/platform.ts';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import type { Market } from '../../../../services/coupons/markets.ts';
import { createWire } from '../../../../services/platforms/wire.ts';
import { KEY, PRIVATE_KEY, startAllinpay, type FakeAllinpay, type Type } from '../../../doubles/allinpay.ts';

export const CREDENTIALS: Credentials = {
  'app-id': '1234567890',
  key: KEY,
  'private-key': PRIVATE_KEY,
  'shop-id': '147',
  'shop-name': '星巴克光华店',
  operator: 'liangqi',
};

export const MARKETS: Readonly<Record<Type, Market>> = {
  mtdz: 'meituan',
  dianping: 'dianping',
  meituan: 'dining',
  tiktok: 'douyin',
};

export interface Stage {
  readonly double: FakeAllinpay;
  readonly platform: Platform;
  readonly access: Access;
  now(): number;
  pass(ms: number): void;
  lookup(code: string, type?: Type): Promise<Coupon>;
  /** A press on the card of this code. */
  request(code: string, type?: Type, count?: number): Promise<VerifyRequest>;
  fault(call: Promise<unknown>): Promise<PlatformFault>;
  close(): Promise<void>;
}

export async function openStage({
  signer = 'md5',
  body = 'form',
  timeoutMs = 100,
}: { signer?: SignerName; body?: BodyName; timeoutMs?: number } = {}): Promise<Stage> {
  let ahead = 0;
  let requests = 0;
  const now = () => Date.now() + ahead;
  const double = await startAllinpay({ now });
  const platform = createAllinpay({ wire: createWire({ timeoutMs }), gatewayUrl: double.url, signer, body, now });
  const access = await platform.login(CREDENTIALS);
  if ('kind' in access) throw new Error('the login was refused');
  const lookup = async (code: string, type: Type = 'mtdz'): Promise<Coupon> => {
    const coupon = await platform.lookup(access, '147', code, MARKETS[type]);
    if (coupon.kind !== 'coupon') throw new Error(`refused: ${coupon.reason}`);
    return coupon;
  };
  return {
    double,
    platform,
    access,
    now,
    pass: (ms) => void (ahead += ms),
    lookup,
    async request(code, type = 'mtdz', count = 1) {
      const { handle } = await lookup(code, type);
      const requestId = `vb-${(requests += 1)}`;
      return { store: '147', code, handle, count, requestId, operator: 'telegram:1', operatorName: '王老板' };
    },
    async fault(call) {
      const error: unknown = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
      return error;
    },
    close: () => double.close(),
  };
}

/** A platform that asks for an e-mail and a password, and lists stores: for tests of binding. Coupons it has none. */
import { PlatformFault, type Platform, type PlatformStore } from '../../services/platforms/platform.ts';

export interface LoginPlatform {
  readonly platform: Platform;
  /** The password it takes. */
  password: string;
  /** Answers of the next calls that fail instead, the first one first. */
  readonly faults: PlatformFault[];
  readonly stores: PlatformStore[];
  /** Passwords that were tried. */
  readonly tried: string[];
}

export const unreachable = (): PlatformFault => new PlatformFault('unreachable', 'not-done', 'no answer');

export function loginPlatform(): LoginPlatform {
  const never = (): never => {
    throw new Error('this platform has no coupons');
  };
  const platform: Platform = {
    name: 'umember',
    rank: 40,
    perSecond: undefined,
    questions: [
      { name: 'email', secret: false },
      { name: 'password', secret: true },
    ],
    markets: ['meituan'],
    plainHttp: false,
    undoes: false,
    identity: ({ email = '' }) => email.toLowerCase(),
    async login({ email = '', password = '' }) {
      fail();
      double.tried.push(password);
      await Promise.resolve();
      if (password !== double.password) return { kind: 'refused', reason: 'unauthorised' };
      return { token: email, expiresAt: Number.MAX_SAFE_INTEGER };
    },
    async stores() {
      fail();
      return await Promise.resolve(double.stores);
    },
    deals: () => Promise.resolve([]),
    lookup: never,
    verify: never,
    query: never,
  };
  const fail = (): void => {
    const fault = double.faults.shift();
    if (fault) throw fault;
  };
  const double: LoginPlatform = {
    platform,
    password: 'secret',
    faults: [],
    stores: [{ id: '5', name: '大声發棋牌室' }],
    tried: [],
  };
  return double;
}

/**
 * The platform 美团技术服务合作中心, developer.meituan.com, business 58 (服务零售): the successor of 北极星. Fields and calls follow
 * Meituan's own SDKs.
 */
import type { Platform } from '../platform.ts';
import type { JsonHttp, JsonAnswer } from '../json-http.ts';
import { admitted, readAnswer } from './envelope.ts';
import { loginOf } from './authorisation.ts';
import { WRITES, type CallName, type Dialect } from './dialect.ts';
import { createGroupBuying } from './group-buying.ts';
import { sendable, signMeituan, type Parameters } from './signature.ts';

export interface MeituanParts {
  readonly http: JsonHttp;
  /**
   * The public ones are `https://api-open-cater.meituan.com`, and `https://open-erp.meituan.com` for the page of authorisation.
   */
  readonly baseUrl: string;
  readonly authUrl: string;
  readonly developerId: string;
  readonly signKey: string;
  readonly now: () => number;
}

/** The business 服务零售. */
const BUSINESS = '58';
const PATHS: Readonly<Partial<Record<CallName, string>>> = { queryshopdeal: '/ddzh/tuangou/deal/queryshopdeal' };
const YES = 'OP_SUCCESS';
/** The yes of the calls about tokens: the number 0. */
const TOKEN_YES = '0';
const DAY_MS = 86_400_000;
/** The `source` of deals: 2 is Meituan; 1 is Dianping, the default. */
const ON_MEITUAN = 2;

export const createMeituan = (parts: MeituanParts): Platform => createGroupBuying(meituan(parts), parts.now);

function meituan({ http, baseUrl, authUrl, developerId, signKey, now }: MeituanParts): Dialect {
  const base = baseUrl.replace(/\/+$/, '');

  const signed = (own: Parameters): URLSearchParams => {
    const timestamp = String(Math.floor(now() / 1000));
    const parameters = sendable({ businessId: BUSINESS, charset: 'UTF-8', developerId, timestamp, ...own });
    return new URLSearchParams({ ...parameters, sign: signMeituan(parameters, signKey) });
  };
  const send = (path: string, own: Parameters, writes: boolean): Promise<JsonAnswer> =>
    http({
      method: 'POST',
      url: new URL(`${base}${path}`),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: signed(own).toString(),
      writes,
    });

  return {
    name: 'meituan',
    rank: 10,
    plainHttp: new URL(base).protocol === 'http:',
    // Its `prepare` takes the digits of a scanned code; there is no call for other contents.
    scans: false,

    permission: {
      // A token lives 30 days and its refresh token 35, so it is renewed from the 20th on.
      earlyMs: 10 * DAY_MS,
      graceMs: 5 * DAY_MS,
      answer: 'code',
      /** The return address is set in the developer's console. */
      page: (state) => `${authUrl.replace(/\/+$/, '')}/general/auth?${signed({ state, scope: 'tuangou' }).toString()}`,
      async tokens(grant, value) {
        const answer =
          grant === 'authorization_code'
            ? await send('/oauth/token', { code: value, grantType: grant }, true)
            : await send('/oauth/refresh', { refreshToken: value, grantType: grant, scope: 'all' }, true);
        return readAnswer(answer, TOKEN_YES, true);
      },
    },

    /** The token belongs to a store, so calls do not name it. */
    async call(session, _store, name, call) {
      const writes = WRITES.has(name);
      const path = PATHS[name] ?? `/ddzh/tuangou/receipt/${name}`;
      const biz = JSON.stringify(name === 'queryshopdeal' ? { ...call, source: ON_MEITUAN } : call);
      const own = { appAuthToken: loginOf(session).token, biz, version: '2' };
      return admitted(readAnswer(await send(path, own, writes), YES, writes), writes);
    },

    /** Gives the one store of the authorisation. */
    stores(session) {
      const { merchant, name = merchant } = loginOf(session);
      return Promise.resolve([{ id: merchant, name, authorised: 'yes' }]);
    },
  };
}

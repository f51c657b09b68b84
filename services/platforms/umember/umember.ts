/**
 * The platform umember, a gateway named "mtopen" to coupons of Meituan shops: five calls.
 * https://github.com/zhouribin/mt_api_doc
 */
import { parseTime } from '../../time/platform-time.ts';
import { PlatformFault, type Session, type Platform, type Receipt } from '../platform.ts';
import { refuse, refuseRead, refuseWrite } from '../refuse.ts';
import type { JsonHttp } from '../json-http.ts';
import { isRecord, textOf } from '../../fields.ts';
import { amountOf, readCoupon, readDeal, readStore, rowsOf } from './coupon.ts';
import { call, type Envelope } from './envelope.ts';
import { weigh } from './query.ts';
import { expiryOf } from './token.ts';

/** The rate limit: two calls a second, "一秒并发为2次请求", taken to be per account. */
const PER_SECOND = 2;

/** Creates the platform. At the public `baseUrl`, `http://mtopen.umember.cn`, e-mail, password and codes travel in the clear. */
export function createUmember({ http, baseUrl, now }: { http: JsonHttp; baseUrl: string; now: () => number }): Platform {
  const base = baseUrl.replace(/\/+$/, '');

  const ask = (path: string, session: Session, query: Readonly<Record<string, string>> = {}): Promise<Envelope> => {
    const url = new URL(`${base}/open/user/meituan/${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return call(http, { method: 'GET', url, token: session.token, writes: false });
  };

  return {
    name: 'umember',
    perSecond: PER_SECOND,
    questions: [
      { name: 'email', secret: false },
      { name: 'password', secret: true },
    ],
    rank: 40,
    // Its paths name Meituan alone, and the coupons of its samples are of services.
    markets: ['meituan'],
    plainHttp: new URL(base).protocol === 'http:',
    undoes: false,

    identity: ({ email = '' }) => email.trim().toLowerCase(),

    async login({ email = '', password = '' }) {
      const url = new URL(`${base}/open/login`);
      const body = JSON.stringify({ email: email.trim(), password });
      try {
        const answer = await call(http, { method: 'POST', url, body, writes: false });
        if (!answer.success) {
          // Any no here is a refused login; `refuseRead` throws where the platform itself is in trouble.
          return { ...refuseRead(answer), reason: 'unauthorised' };
        }
        const token = isRecord(answer.data) ? textOf(answer.data['token']) : undefined;
        if (!token) throw new PlatformFault('nonsense', 'not-done', 'logged in without a token');
        return { token, expiresAt: expiryOf(token, now()) };
      } catch (error) {
        if (error instanceof PlatformFault && error.kind === 'unauthorised') return refuse('unauthorised');
        throw error;
      }
    },

    async stores(session) {
      const answer = await ask('store/list', session);
      return rowsOf(succeeded(answer)).flatMap(readStore);
    },

    async deals(session, store) {
      const answer = await ask('coupon/list', session, { store_id: store });
      return rowsOf(succeeded(answer)).flatMap(readDeal);
    },

    async lookup(session, store, code) {
      const answer = await ask('coupon/detail', session, { store_id: store, coupon_code: code });
      return answer.success ? readCoupon(answer.data, code) : refuseRead(answer);
    },

    async verify(session, { store, code, count }) {
      // One use a call: there is no count to send.
      if (count !== 1) return refuse('count');
      const url = new URL(`${base}/open/user/meituan/coupon/verify`);
      // JSON is written by hand: the id must be a number in it, and JavaScript's numbers would round it.
      const id = /^(0|[1-9]\d*)$/.test(store) ? store : JSON.stringify(store);
      const body = `{"store_id":${id},"coupon_code":${JSON.stringify(code)}}`;
      const answer = await call(http, { method: 'POST', url, token: session.token, body, writes: true });
      if (!answer.success) return refuseWrite('verify', answer);
      const { data } = answer;
      if (!isRecord(data)) throw new PlatformFault('nonsense', 'unknown', 'verified without data');
      const amount = amountOf(data['consume_details']);
      switch (data['verify_success']) {
        case true:
          return {
            kind: 'verified',
            at: parseTime(answer.time) ?? now(),
            items: [{ count, ...(amount === undefined ? {} : { amount }) }],
          } satisfies Receipt;
        case false:
          return refuseWrite('verify', { words: textOf(data['verify_message']) ?? '' });
        default:
          throw new PlatformFault('nonsense', 'unknown', 'neither verified nor refused');
      }
    },

    async query(session, lost, at) {
      const answer = await ask('coupon/detail', session, { store_id: lost.store, coupon_code: lost.code });
      if (!answer.success) refuseRead(answer);
      return weigh(answer, lost, at);
    },
  };
}

/** Gives a list's data. A list has no refusals of its own, so a no is a fault. */
function succeeded(answer: Envelope): unknown {
  if (answer.success) return answer.data;
  refuseRead(answer);
  throw new PlatformFault('nonsense', 'not-done', `refused a list (code ${answer.code})`);
}

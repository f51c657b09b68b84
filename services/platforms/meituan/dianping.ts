/**
 * The platform 大众点评北极星, open.dianping.com: the older dialect. It is being retired: from 2025-07-02 on its merchants move to
 * the successor, and its documents are gone. Known from a tutorial of 2021 and public code.
 */
import { chinaTime } from '../../time/platform-time.ts';
import { present, textOf, type Fields } from '../../fields.ts';
import type { Platform, PlatformStore } from '../platform.ts';
import type { JsonHttp, JsonAnswer } from '../json-http.ts';
import { admitted, listed, readAnswer } from './envelope.ts';
import { loginOf } from './authorisation.ts';
import { WRITES, type Call, type CallName, type Dialect } from './dialect.ts';
import { createGroupBuying } from './group-buying.ts';
import { sendable, signDianping, type Parameters } from './signature.ts';

export interface DianpingParts {
  readonly http: JsonHttp;
  /** The public ones are `https://openapi.dianping.com`, and `https://e.dianping.com` for the page of authorisation. */
  readonly baseUrl: string;
  readonly authUrl: string;
  readonly appKey: string;
  readonly appSecret: string;
  /** `PUBLIC_URL/oauth/dianping`. */
  readonly returnTo: string;
  readonly now: () => number;
}

/** Parameter names that differ from the successor's. An undo's `app_deal_id` is the coupon's `deal_id`. */
const NAMES: Readonly<Record<string, string>> = {
  receiptCode: 'receipt_code',
  qrCode: 'qr_code',
  requestId: 'requestid',
  dealId: 'app_deal_id',
  appShopAccount: 'app_shop_account',
  appShopAccountName: 'app_shop_accountname',
};
const PATHS: Readonly<Partial<Record<CallName, string>>> = { queryshopdeal: '/tuangou/deal/queryshopdeal' };
/** The calls that use GET. */
const GETS: ReadonlySet<CallName> = new Set(['getconsumed', 'querylistbydate', 'queryshopdeal']);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const YES = '200';
/** The stores on a page, and the most pages that are read. */
const PAGE = 20;
const PAGES = 100;
const DAY_MS = 86_400_000;

export const createDianping = (parts: DianpingParts): Platform => createGroupBuying(dianping(parts), parts.now);

function dianping({ http, baseUrl, authUrl, appKey, appSecret, returnTo, now }: DianpingParts): Dialect {
  const base = baseUrl.replace(/\/+$/, '');

  const send = async (path: string, own: Parameters, method: 'GET' | 'POST', writes: boolean): Promise<JsonAnswer> => {
    const common = { app_key: appKey, timestamp: chinaTime(now()), sign_method: 'MD5', format: 'json', v: '1' };
    const parameters = sendable({ ...common, ...own });
    const form = new URLSearchParams({ ...parameters, sign: signDianping(parameters, appSecret) }).toString();
    return method === 'GET'
      ? await http({ method, url: new URL(`${base}${path}?${form}`), writes })
      : await http({ method, url: new URL(`${base}${path}`), headers: FORM, body: form, writes });
  };

  return {
    name: 'dianping',
    rank: 20,
    plainHttp: new URL(base).protocol === 'http:',
    scans: true,

    permission: {
      earlyMs: 3 * DAY_MS,
      graceMs: 0,
      answer: 'auth_code',
      page(state) {
        const query = { app_key: appKey, redirect_url: returnTo, state, scope: '["tuangou"]' };
        return `${authUrl.replace(/\/+$/, '')}/dz-open/merchant/auth?${new URLSearchParams(query).toString()}`;
      },
      /** Requests tokens: unsigned, and answered without `data` around the fields. */
      async tokens(grant, value) {
        const by = grant === 'authorization_code' ? { auth_code: value, redirect_url: returnTo } : { refresh_token: value };
        const body = new URLSearchParams({ app_key: appKey, app_secret: appSecret, grant_type: grant, ...by }).toString();
        const url = new URL(`${base}/router/oauth/token`);
        const answer = await http({ method: 'POST', url, headers: FORM, body, writes: true });
        return { ...readAnswer(answer, YES, true), data: answer.json };
      },
    },

    async call(access, store, name, call) {
      const writes = WRITES.has(name);
      const session = loginOf(access).token;
      const path = PATHS[name] ?? `/router/tuangou/receipt/${name}`;
      const own = { session, ...renamed(call), open_shop_uuid: store };
      return admitted(readAnswer(await send(path, own, GETS.has(name) ? 'GET' : 'POST', writes), YES, writes), writes);
    },

    async stores(access) {
      const { token: session, merchant: bid } = loginOf(access);
      const found: PlatformStore[] = [];
      for (let page = 0; page < PAGES; page += 1) {
        const own = { session, bid, offset: String(page * PAGE), limit: String(PAGE) };
        const answer = await send('/router/oauth/session/scope', own, 'GET', false);
        const rows = listed(admitted(readAnswer(answer, YES, false), false));
        found.push(...rows.flatMap(readStore));
        if (rows.length < PAGE) break;
      }
      return found;
    },
  };
}

const renamed = (call: Call): Parameters =>
  Object.fromEntries(Object.entries(call).map(([name, value]) => [NAMES[name] ?? name, String(value)]));

/** Reads a store. `shopname` is the brand's, `branchname` tells its shops apart; the address lacks its city. */
function readStore(row: Fields): readonly PlatformStore[] {
  const id = textOf(row['openshopuuid']);
  if (id === undefined) return [];
  const [shop, branch] = [textOf(row['shopname']), textOf(row['branchname'])];
  const name = shop && branch ? `${shop}（${branch}）` : (shop ?? branch ?? id);
  const address = [textOf(row['cityname']), textOf(row['shopaddress'])].filter(Boolean).join(' ');
  return [{ id, name, ...present({ address: address === '' ? undefined : address }) }];
}

/** umember's oddities, over real HTTP. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { PlatformFault, type Session, type Platform, type VerifyRequest } from '../../../../services/platforms/platform.ts';
import { createUmember } from '../../../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../../../services/platforms/json-http.ts';
import { LOSSES } from '../../../doubles/faults.ts';
import { startUmember, type FakeUmember } from '../../../doubles/umember.ts';

let double: FakeUmember;
let umember: Platform;
/** The same, for answers that never come. */
let impatient: Platform;
let session: Session;
let ahead = 0;
const now = () => Date.now() + ahead;

beforeEach(async () => {
  ahead = 0;
  double = await startUmember({ now, perSecond: undefined });
  umember = createUmember({ http: createJsonHttp(), baseUrl: `${double.url}/`, now });
  impatient = createUmember({ http: createJsonHttp({ timeoutMs: 100 }), baseUrl: `${double.url}/`, now });
  session = (await umember.login({ email: 'owner@example.com', password: 'secret' })) as Session;
});
afterEach(() => double.close());

const verification = (code: string): VerifyRequest => ({
  store: '5',
  code,
  handle: undefined,
  count: 1,
  requestId: 'vb-1',
  operator: 'telegram:1',
  operatorName: '张三',
});
const fault = async (call: Promise<unknown>): Promise<PlatformFault> => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
  return error;
};

describe('logging in', () => {
  test('accounts are e-mails, whatever their spelling', () => {
    expect(umember.identity({ email: ' Owner@Example.COM ' })).toBe('owner@example.com');
  });

  test('is warned of where credentials travel in the clear', () => {
    expect(umember.plainHttp).toBe(true);
    expect(createUmember({ http: createJsonHttp(), baseUrl: 'https://mtopen.umember.cn', now }).plainHttp).toBe(false);
  });

  test('with a wrong password is refused, not a fault', async () => {
    expect(await umember.login({ email: 'owner@example.com', password: 'wrong' })).toEqual({
      kind: 'refused',
      reason: 'unauthorised',
      words: '邮箱或密码错误',
    });
  });

  test('a blank around the e-mail is forgiven, one in the password is not', async () => {
    expect(await umember.login({ email: ' owner@example.com ', password: 'secret' })).toHaveProperty('token');
    expect(await umember.login({ email: 'owner@example.com', password: 'secret ' })).toHaveProperty('kind', 'refused');
  });

  test('answered yes without a token is a fault, not a wrong password', async () => {
    double.fail('login', { kind: 'no-data' });
    expect(await fault(umember.login({ email: 'owner@example.com', password: 'secret' }))).toMatchObject({
      kind: 'nonsense',
      outcome: 'not-done',
    });
  });

  test('an older token lives on beside a newer one', async () => {
    await umember.login({ email: 'owner@example.com', password: 'secret' });
    expect(await umember.stores(session)).toHaveLength(1);
  });

  test.each(['http', 'code'] as const)('a token that is a day old is refused (%s): a fault that did nothing', async (bad) => {
    double.shape.bad = bad;
    const code = double.books.coupon();
    ahead = 86_400_001;
    expect(await fault(umember.verify(session, verification(code)))).toMatchObject({ kind: 'unauthorised', outcome: 'not-done' });
    expect(await fault(umember.stores(session))).toMatchObject({ kind: 'unauthorised' });
    expect(double.books.used(code)).toEqual([]);
  });

  test('trouble at the platform is a fault, not a wrong password', async () => {
    double.fail('login', { kind: 'no', words: '系统繁忙，请稍后再试' });
    expect(await fault(umember.login({ email: 'owner@example.com', password: 'secret' }))).toMatchObject({ kind: 'busy' });
  });
});

describe('stores', () => {
  test('are authorised, never were, not any more, or nobody says', async () => {
    for (const status of [1, 3, null] as const) double.books.shop({ status, name: `店${status}`, requests: 12 });
    expect(await umember.stores(session)).toEqual([
      { id: '5', name: '大声發24小时自助棋牌室5', address: '万达金街5-1079号', authorised: 'yes', quota: 9_983 },
      { id: '6', name: '店1', address: '万达金街5-1079号', authorised: 'never', quota: 12 },
      { id: '7', name: '店3', address: '万达金街5-1079号', authorised: 'expired', quota: 12 },
      { id: '8', name: '店null', quota: 12 },
    ]);
  });

  test('none, where the list comes without data', async () => {
    double.fail('stores', { kind: 'no-data' });
    expect(await umember.stores(session)).toEqual([]);
  });

  test('calls count down', async () => {
    const code = double.books.coupon();
    await umember.lookup(session, '5', code, 'meituan');
    await umember.lookup(session, '5', code, 'meituan');
    expect((await umember.stores(session))[0]?.quota).toBe(9_981);
    double.books.shops.get(5)!.requests = 0;
    expect(await umember.lookup(session, '5', code, 'meituan')).toMatchObject({ kind: 'refused', reason: 'quota' });
  });

  test('an authorisation that is missing or over is told as such', async () => {
    const code = double.books.coupon();
    for (const status of [1, 3] as const) {
      double.books.shops.get(5)!.status = status;
      expect(await fault(umember.verify(session, verification(code)))).toMatchObject({
        kind: 'unauthorised',
        outcome: 'not-done',
      });
    }
  });
});

describe('a coupon', () => {
  test('as documented has its price in its name and nowhere else', async () => {
    const code = double.books.coupon({ title: '【开业】畅玩[4小时]', yuan: '49.90' });
    expect(await umember.lookup(session, '5', code, 'meituan')).toEqual({
      kind: 'coupon',
      code,
      title: '【开业】畅玩[4小时]',
      price: 4_990,
      remaining: 1,
      orderId: '4971997871483391234',
      dealId: '1206941234',
    });
  });

  test('as later seen brings price, validity, phone and market price', async () => {
    Object.assign(double.shape, { flavour: 'rich', ids: 'string' });
    const until = Date.parse('2030-01-31T23:59:59+08:00');
    const code = double.books.coupon({ title: '双人撸猫', yuan: '59.90', until });
    expect(await umember.lookup(session, '5', code, 'meituan')).toEqual({
      kind: 'coupon',
      code,
      title: '双人撸猫',
      price: 5_990,
      marketPrice: 7_900,
      remaining: 1,
      validUntil: until,
      phone: '151****9212',
      orderId: '4971997871483391234',
      dealId: '1206941234',
    });
  });

  test('of several uses is offered one at a time, as the gateway takes no number', async () => {
    double.shape.flavour = 'rich';
    const code = double.books.coupon({ uses: 3 });
    expect(await umember.lookup(session, '5', code, 'meituan')).toMatchObject({ remaining: 3, atOnce: 1, handle: 'uses:3' });
    expect(await umember.verify(session, { ...verification(code), count: 2 })).toMatchObject({ reason: 'count' });
    expect(double.calls('verify')).toBe(0);
  });

  test('that is a 次卡 has no price but that of one use: the others are of the whole card', async () => {
    const priceOf = async (raw: object) => {
      const data = {
        status: '未使用',
        sku_name: '十次卡[299.00元][1206941234]',
        price: 299,
        rawData: { dealPrice: 299, count: 10, ...raw },
      };
      const http = () => Promise.resolve({ status: 200, json: { code: 10_000, data } });
      return ((await createUmember({ http, baseUrl: double.url, now }).lookup(session, '5', '1', 'meituan')) as Coupon).price;
    };
    expect(await priceOf({ tgTimesCardFlag: true })).toBeUndefined();
    expect(await priceOf({ bizType: 205 })).toBeUndefined();
    expect(await priceOf({ tgTimesCardFlag: true, timesCardUnitPrice: '29.9' })).toBe(2_990);
    expect(await priceOf({ tgTimesCardFlag: false, bizType: 0 })).toBe(29_900);
  });

  test('without data, or from a page that is no JSON, is a fault that did nothing', async () => {
    const code = double.books.coupon();
    for (const kind of ['no-data', 'html', 'cut', 'drip', 'late', 'error', 'redirect'] as const) {
      double.fail('detail', { kind });
      expect(await fault(impatient.lookup(session, '5', code, 'meituan')), kind).toHaveProperty('outcome', 'not-done');
    }
    expect(await umember.lookup(session, '5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  });

  test('code is sent whole, whatever is in it', async () => {
    const code = double.books.coupon({ code: '0&store_id=6#券 1' });
    expect(await umember.lookup(session, '5', code, 'meituan')).toHaveProperty('kind', 'coupon');
  });

  test('a store id too long for a number arrives digit by digit', async () => {
    let body = '';
    const http = createUmember({
      baseUrl: double.url,
      now,
      http: (request) => {
        body = request.body ?? '';
        return Promise.resolve({ status: 200, json: { code: 10_000, data: { verify_success: true } } });
      },
    });
    await http.verify(session, { ...verification('0332808512'), store: '12345678901234567890' });
    expect(body).toBe('{"store_id":12345678901234567890,"coupon_code":"0332808512"}');
  });
});

describe('a verification', () => {
  test('tells the moment by the platform and the amount where it says so', async () => {
    ahead = -7_200_000;
    const code = double.books.coupon();
    const receipt = await umember.verify(session, verification(code));
    expect(receipt).toEqual({
      kind: 'verified',
      at: Math.floor(double.books.used(code)[0]!.at / 1000) * 1000,
      items: [{ count: 1 }],
    });
    double.shape.flavour = 'rich';
    expect(await umember.verify(session, verification(double.books.coupon({ yuan: '59.90' })))).toHaveProperty('items', [
      { count: 1, amount: 5_990 },
    ]);
  });

  test.each([
    ['此券号已于 2024-12-16 10:28:14 被消费!', 'used'],
    ['该券已过期', 'expired'],
  ])('with HTTP 200, code 10000 and verify_success false is a refusal: %s', async (words, reason) => {
    const code = double.books.coupon();
    double.fail('verify', { kind: 'false', words });
    expect(await umember.verify(session, verification(code))).toMatchObject({ kind: 'refused', reason, words });
  });

  test('that met trouble at the platform is unknown, whichever way it says so', async () => {
    const code = double.books.coupon();
    for (const kind of ['false', 'no'] as const) {
      double.fail('verify', { kind, words: '系统异常，请稍后重试' });
      expect(await fault(umember.verify(session, verification(code)))).toHaveProperty('outcome', 'unknown');
    }
  });

  test.each(LOSSES)('is unknown after: %s', async (_, loss) => {
    const code = double.books.coupon();
    double.fail('verify', loss);
    expect(await fault(impatient.verify(session, verification(code)))).toHaveProperty('outcome', 'unknown');
    expect(double.books.used(code)).toHaveLength(loss.applied === false ? 0 : 1);
  });

  test.each(['busy', 'login-over'] as const)('certainly did not happen after: %s', async (kind) => {
    const code = double.books.coupon();
    double.fail('verify', { kind });
    expect(await fault(umember.verify(session, verification(code)))).toHaveProperty('outcome', 'not-done');
    expect(double.books.used(code)).toEqual([]);
  });
});

test('deals read their yuan as text', async () => {
  double.books.coupon({ yuan: '49.90' });
  expect(await umember.deals(session, '5')).toEqual([
    { id: '1206941234', title: '开业特惠通用畅玩4小时', price: 4_990, marketPrice: 7_800 },
  ]);
});

test('nothing that comes back is trusted', async () => {
  for (const json of [
    null,
    5,
    'x',
    [],
    {},
    { code: '10000' },
    { code: 10_000, data: [] },
    { code: 10_000, data: { status: {} } },
  ]) {
    const http = () => Promise.resolve({ status: 200, json });
    const odd = createUmember({ http, baseUrl: double.url, now });
    expect(await fault(odd.lookup(session, '5', '1', 'meituan'))).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
    expect(await fault(odd.verify(session, verification('1')))).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
  }
});

test('a yes that comes with an HTTP error is none', async () => {
  const http = () => Promise.resolve({ status: 404, json: { code: 10_000, data: { verify_success: true } } });
  const odd = createUmember({ http, baseUrl: double.url, now });
  expect(await fault(odd.verify(session, verification('1')))).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
});

test.each([400, 404, 409, 422])(
  'a no that comes with HTTP %i is that no, and a second code is asked about as ever',
  async (status) => {
    const json = { code: 40_000, msg: '此券号已于 2024-12-16 10:28:14 被消费!', data: null };
    const odd = createUmember({ http: () => Promise.resolve({ status, json }), baseUrl: double.url, now });
    const used = { kind: 'refused', reason: 'used', words: json.msg };
    expect(await odd.lookup(session, '5', '1', 'meituan')).toMatchObject(used);
    expect(await odd.verify(session, verification('1'))).toMatchObject(used);
    expect(await umember.lookup(session, '5', double.books.coupon(), 'meituan')).toMatchObject({ kind: 'coupon' });
  },
);

test('a coupon without name or price is still a coupon', async () => {
  const http = () => Promise.resolve({ status: 200, json: { code: 10_000, data: { status: '未使用' } } });
  const coupon = (await createUmember({ http, baseUrl: double.url, now }).lookup(session, '5', '1', 'meituan')) as Coupon;
  expect(coupon).toEqual({ kind: 'coupon', code: '1', title: '', remaining: 1 });
});

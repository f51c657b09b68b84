/** Allinpay's lists over real HTTP: uses of a day, deals, and figures. */
import { createFollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAllinpay } from '../../../../services/platforms/allinpay/allinpay.ts';
import { openStage, TYPES, type Harness } from './harness.ts';
import { systemTime } from '../../../../services/time/time.ts';
import { atOnce } from '../../../../services/platforms/lists/read-pages.ts';

let harness: Harness;
const NOON = Date.parse('2026-03-13T12:00:00+08:00');
beforeEach(async () => {
  harness = await openStage();
  harness.pass(NOON - harness.now());
});
afterEach(() => harness.close());

const records = (day = '2026-03-13') => harness.platform.records!(harness.session, '147', day, atOnce);

describe('uses of a day', () => {
  test('of all four types, newest first, each once', async () => {
    const codes: string[] = [];
    for (const type of TYPES) {
      const code = harness.double.books.coupon({ type, title: `${type}券`, yuan: '59.90' });
      await harness.verified(code, type);
      codes.unshift(code);
      harness.pass(61_000);
    }
    const list = await records();
    expect(list.map(({ code }) => code)).toEqual(codes);
    expect(list.map(({ via }) => via)).toEqual(['接口', '美团技术服务合作中心api验证', '接口', '接口']);
    expect(list[3]).toEqual({
      code: codes[3],
      title: 'mtdz券',
      at: Math.floor(NOON / 1_000) * 1_000,
      amount: 5_990,
      by: 'baowei',
      via: '接口',
      // The number of the use, and Allinpay's own of the coupon.
      ids: [expect.stringMatching(/^1654/), '000000546246490337'],
    });
    expect(list[1]).toMatchObject({ ids: [expect.stringMatching(/^1654/), '000000546246490337'] });
  });

  test('of 到餐 also those that went past Allinpay, and by whom', async () => {
    harness.double.books.useElsewhere(harness.double.books.coupon({ type: 'meituan' }));
    expect(await records()).toMatchObject([{ by: '前台小王', via: '商家版app验证' }]);
  });

  test('are of that day in China and no other', async () => {
    harness.pass(-12 * 3_600_000);
    await harness.verified(harness.double.books.coupon());
    harness.pass(-1_000);
    await harness.verified(harness.double.books.coupon());
    expect(await records()).toHaveLength(1);
    expect(await records('2026-03-12')).toHaveLength(1);
    expect(await records('2026-03-11')).toEqual([]);
  });

  test('that were taken back say so; of several the others stand', async () => {
    const { books } = harness.double;
    await harness.verified(books.coupon());
    const taken = await harness.verified(books.coupon());
    await harness.undo('', taken.items[0]!.handle);
    const several = await harness.verified(books.coupon({ uses: 3 }), 'mtdz', 3);
    await harness.undo('', several.items[1]!.handle);
    const list = await records();
    expect(list.filter(({ undoneAt }) => undoneAt === undefined)).toHaveLength(3);
    expect(list.filter(({ undoneAt }) => undoneAt !== undefined)).toHaveLength(2);
  });

  test('that were taken back on the next day say so there', async () => {
    harness.pass(11 * 3_600_000);
    const taken = await harness.verified(harness.double.books.coupon({ type: 'meituan' }), 'meituan');
    harness.pass(2 * 3_600_000);
    await harness.undo('', taken.items[0]!.handle);
    expect(await records('2026-03-14')).toMatchObject([{ undoneAt: expect.any(Number) }]);
  });

  test('fill several pages', async () => {
    const { books } = harness.double;
    for (let n = 0; n < 401; n += 1) books.useElsewhere(books.coupon());
    expect(await records()).toHaveLength(401);
    const pages = harness.double.asked('consumeHistory').filter(({ type }) => type === 'mtdz');
    expect(pages.map(({ pageNo, pageSize }) => [pageNo, pageSize])).toEqual([
      [1, 200],
      [2, 200],
      [3, 200],
      // A page that is not full may be one that was cut.
      [4, 200],
    ]);
  });

  test('end with a page that was read before, should a gateway repeat itself for ever', async () => {
    const row = (n: number) => ({ tranNo: String(n), couponNo: `c${n}`, tranDateTime: '2026-03-13 08:00:00' });
    const json = { code: 0, data: Array.from({ length: 200 }, (_, n) => row(n)) };
    let calls = 0;
    const http = () => Promise.resolve({ status: 200, json: (calls += 1) && json });
    const { url: gatewayUrl } = harness.double;
    const endless = createAllinpay({
      http,
      follow: createFollowDouyinLink(systemTime),
      gatewayUrl,
      signer: 'md5',
      body: 'form',
      now: harness.now,
    });
    expect(await endless.records!(harness.session, '147', '2026-03-13', atOnce)).toHaveLength(200);
    // Of each of the four types; the fifth list is not of this form.
    expect(calls).toBe(9);
  });

  test('come from the lists that can be had; where none can, that is a fault', async () => {
    await harness.verified(harness.double.books.coupon());
    harness.double.fail('verifyHistory', { kind: 'three', words: '该门店未授权美团' });
    expect(await records()).toHaveLength(1);
    const refused = harness.answering({ code: 3, msg: '该门店未授权' });
    expect(await harness.fault(refused.records!(harness.session, '147', '2026-03-13', atOnce))).toMatchObject({
      kind: 'nonsense',
      outcome: 'not-done',
    });
    harness.double.fail('consumeHistory', { kind: 'busy' });
    expect(await harness.fault(records())).toMatchObject({ kind: 'busy' });
  });
});

describe('deals', () => {
  const deals = () => harness.platform.deals(harness.session, '147');

  test('are of three lists, with what each tells', async () => {
    const { books } = harness.double;
    books.coupon({ type: 'meituan', yuan: '88.00', marketYuan: '128' });
    books.coupon({ type: 'mtdz', title: '畅玩4小时', yuan: '49.90', marketYuan: '68.00' });
    books.coupon({ type: 'tiktok', title: '抖音双人餐' });
    expect(await deals()).toEqual([
      { id: '1316147453', title: '1316147453', price: 8_800, marketPrice: 12_800 },
      { id: '90000', title: '畅玩4小时', price: 4_990, marketPrice: 6_800 },
      { id: '7102345678901234560', title: '抖音双人餐' },
    ]);
  });

  test('whose time is over are left out', async () => {
    harness.double.books.coupon({ type: 'meituan' });
    harness.double.books.coupon({ type: 'meituan' });
    expect(await deals()).toHaveLength(1);
  });

  test('fill several pages, of Douyin by its cursor', async () => {
    const { books } = harness.double;
    for (let n = 0; n < 101; n += 1) books.coupon({ type: 'mtdz', title: `券${n}` });
    for (let n = 0; n < 5; n += 1) books.coupon({ type: 'tiktok' });
    expect(await deals()).toHaveLength(106);
    expect(harness.double.asked('meituanProductList').map(({ pageNo }) => pageNo)).toEqual([1, 2]);
    expect(harness.double.asked('tiktokProductQuery').map(({ cursor }) => cursor)).toEqual([undefined, '2', '4']);
  });

  test('end where a cursor leads nowhere, or a later page is refused', async () => {
    const page = { hasMore: true, nextCursor: '2', products: [{ product: { productId: '1', productName: '抖音券' } }] };
    const stuck = harness.answering({ code: 0, data: page });
    expect(await stuck.deals(harness.session, '147')).toHaveLength(2);
    for (let n = 0; n < 3; n += 1) harness.double.books.coupon({ type: 'tiktok' });
    harness.double.fail('tiktokProductQuery', { kind: 'three', words: '无' }, 2);
    expect(await deals()).toHaveLength(2);
  });

  test.each([
    ['a no', { kind: 'three', words: '门店未绑定美团' }],
    ['a code that is about the caller', { kind: 'no', words: '接口无权限' }],
  ] as const)('of a list that answers %s: the shop has none of that sort', async (_, fault) => {
    harness.double.books.coupon();
    for (const call of ['meituanSetMealList', 'tiktokProductQuery'] as const) harness.double.fail(call, fault);
    expect(await deals()).toHaveLength(1);
  });

  test("of Douyin are refused by its own code, within Allinpay's yes", async () => {
    const refused = {
      code: 0,
      data: { errorCode: 2_190_008, description: 'access_token过期', products: [{ product: { productId: '1' } }] },
    };
    harness.double.fail('tiktokProductQuery', { kind: 'words', words: JSON.stringify(refused) });
    harness.double.books.coupon({ type: 'tiktok' });
    expect(await deals()).toEqual([]);
  });

  test('that no list tells of are a fault, and so is a broken connection', async () => {
    expect(await harness.fault(harness.answering({ code: 3, msg: '无' }).deals(harness.session, '147'))).toHaveProperty(
      'kind',
      'nonsense',
    );
    harness.double.fail('meituanProductList', { kind: 'reset' });
    expect(await harness.fault(deals())).toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
  });
});

describe('figures', () => {
  const stats = (days: 1 | 7 | 30) => harness.platform.stats!(harness.session, '147', days, harness.now());

  test('are of both platforms together, money in fen', async () => {
    expect(await stats(7)).toEqual({
      figures: [
        { name: 'consumed-money', value: 123_456 },
        { name: 'consumed-count', value: 7 },
        { name: 'paid-money', value: 29 },
        { name: 'paid-count', value: 2 },
        { name: 'reserved-money', value: 115 },
        { name: 'reserved-count', value: 1 },
        { name: 'bookings', value: 21 },
        { name: 'bookings-by-adverts', value: 1 },
        { name: 'bookings-by-phone', value: 2 },
        { name: 'viewers', value: 900 },
        { name: 'visitors', value: 300 },
        { name: 'buyers', value: 30 },
        { name: 'users', value: 25 },
        { name: 'bookers', value: 4 },
        { name: 'page-seconds', value: 61 },
      ],
      deals: [{ title: '双人餐', count: 10, total: 49_050 }],
    });
  });

  test('of each platform alone add up', async () => {
    const rows = {
      result: [
        { tgConsumeAmount: '600.10', platform: 1 },
        { tgConsumeAmount: 0.2, platform: '2' },
      ],
    };
    harness.double.fail('meituanConsumption', { kind: 'words', words: JSON.stringify({ code: 0, data: rows }) });
    expect((await stats(1)).figures[0]).toEqual({ name: 'consumed-money', value: 60_030 });
  });

  test.each([
    [1, '2026-03-11'],
    [7, '2026-03-05'],
    [30, '2026-02-10'],
  ] as const)('of %s days: traffic ends two days ago and spans no more', async (days, startDate) => {
    await stats(days);
    expect(harness.double.asked('meituanPoiTraffic')).toEqual([{ startDate, endDate: '2026-03-11', platform: 0, shopId: 147 }]);
    for (const report of ['meituanBooking', 'meituanConsumption', 'meituanDealGroupsConsumption'] as const)
      expect(harness.double.asked(report)).toEqual([{ dataType: days, shopId: 147 }]);
  });

  test('that the platform refuses are left out; all refused is a fault', async () => {
    for (const report of ['meituanConsumption', 'meituanBooking'] as const)
      harness.double.fail(report, { kind: 'three', words: '未开通' });
    harness.double.fail('meituanPoiTraffic', { kind: 'no', words: 'error' });
    expect(await stats(7)).toEqual({ figures: [], deals: [{ title: '双人餐', count: 10, total: 49_050 }] });
    const refused = harness.answering({ code: 3, msg: '未开通' });
    expect(await harness.fault(refused.stats!(harness.session, '147', 7, NOON))).toMatchObject({
      kind: 'nonsense',
      outcome: 'not-done',
    });
  });
});

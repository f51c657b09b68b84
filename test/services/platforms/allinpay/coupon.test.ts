/** Coupons of Allinpay's four types, as they are shown. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MARKETS, openStage, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

describe('a coupon', () => {
  const until = Date.parse('2030-01-31T23:59:59+08:00');

  test.each([
    ['mtdz', { dealId: '1316147453' }],
    ['dianping', { dealId: '1316147453' }],
    ['meituan', { dealId: '1316147453' }],
    ['tiktok', { dealId: '1786543210987654321' }],
  ] as const)('of %s shows title, prices and end', async (type, own) => {
    const code = harness.double.books.coupon({ type, title: '双人餐', yuan: '59.90', marketYuan: '79.9', until });
    const coupon = await harness.lookup(code, type);
    const { handle, ...shown } = coupon;
    expect(shown).toEqual({
      kind: 'coupon',
      code,
      title: '双人餐',
      price: 5_990,
      marketPrice: 7_990,
      remaining: 1,
      validUntil: until,
      ...own,
    });
    expect(JSON.parse(handle ?? '')).toMatchObject({ kind: type, left: 1 });
    expect(harness.double.asked('prepare').at(-1)).toEqual({ type, couponNo: code, shopId: 147 });
  });

  test.each(['mtdz', 'dianping', 'meituan', 'tiktok'] as const)('of %s tells how many uses are left', async (type) => {
    const { books } = harness.double;
    const code = books.coupon({ type, uses: 3 });
    expect(await harness.lookup(code, type)).toMatchObject({ remaining: 3, price: 4_900 });
    // One is used elsewhere: of an order the first code, which then is used up, while the others are not.
    books.useElsewhere(code);
    const next = books.tickets[0]!.units.at(-1)!.no;
    expect(await harness.lookup(type === 'mtdz' || type === 'dianping' ? next : code, type)).toMatchObject({ remaining: 2 });
  });

  test('that is a card of several times has no price: nobody says whether it is of one', async () => {
    const coupon = await harness.lookup(harness.double.books.coupon({ type: 'tiktok', times: [5] }), 'tiktok');
    expect(coupon).toMatchObject({ remaining: 5 });
    expect(coupon).not.toHaveProperty('price');
    expect(coupon).not.toHaveProperty('marketPrice');
  });

  test('of Douyin may have what it is within its certificate', async () => {
    const sku = { title: '抖音双人餐', skuId: '1786543210987654321', marketPrice: '12700' };
    const tikTok = { tiktokCertificateList: [{ certificateId: '7560254070939566118', sku }] };
    const odd = harness.answering({ code: 0, data: { couponName: '券', tikTok } });
    expect(await odd.lookup(harness.session, '147', '1', 'douyin')).toMatchObject({
      title: '抖音双人餐',
      dealId: '1786543210987654321',
      marketPrice: 12_700,
    });
  });

  test('of another market is not found', async () => {
    const code = harness.double.books.coupon({ type: 'dianping' });
    expect(await harness.platform.lookup(harness.session, '147', code, MARKETS.mtdz)).toMatchObject({ reason: 'not-found' });
  });

  test('whose end has passed is shown with it, where the platform does not refuse it', async () => {
    const json = { code: 0, data: { couponName: '旧券', validityEndDate: '2020-01-31 23:59:59' } };
    const lenient = harness.answering(json);
    const coupon = await lenient.lookup(harness.session, '147', '1', 'meituan');
    expect(coupon).toMatchObject({ kind: 'coupon', validUntil: Date.parse('2020-01-31T23:59:59+08:00') });
  });
});

/** Coupons, stores and lists, as both dialects show them. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { readCoupon } from '../../../../services/platforms/meituan/coupon.ts';
import { fieldName } from '../../../../services/platforms/meituan/field-names.ts';
import { chinaTime } from '../../../../services/time/platform-time.ts';
import { DIALECTS, faultOf, openHarness, platformOf, type Harness } from './harness.ts';
import { atOnce } from '../../../../services/platforms/lists/read-pages.ts';

const read = (fields: object) => readCoupon(fieldName(fields)!, '7992697494');

describe.each(DIALECTS)('%s', (dialect) => {
  let town: Harness;
  const lookup = (code: string) => town.platform.lookup(town.session, town.store, code, 'meituan');
  beforeEach(async () => {
    town = await openHarness(dialect);
  });
  afterEach(() => town.double.close());

  test('a coupon shows all that a card can', async () => {
    const until = Date.parse('2030-10-28T23:59:59+08:00');
    const code = town.double.books.coupon({ code: '0332808512', until });
    expect(await lookup(code)).toEqual({
      kind: 'coupon',
      code: '0332808512',
      title: '【新店特惠】小包茶室/棋牌/桌游包间首小时',
      price: 4_990,
      marketPrice: 9_800,
      remaining: 1,
      validUntil: until,
      phone: '178****1807',
      orderId: '4926962768587886221',
      dealId: '761417563',
      handle: '{"dealId":"761417563","remaining":1,"timesCard":false}',
    });
  });

  test('a coupon is known again by its order after its code has changed', async () => {
    const code = town.double.books.coupon();
    const before = (await lookup(code)) as Coupon;
    town.double.books.useElsewhere(code);
    town.double.books.reverse(code, town.store, '761417563');
    const after = (await lookup(town.double.books.codeNow(code))) as Coupon;
    expect(after.code).not.toBe(before.code);
    expect([after.orderId, after.dealId]).toEqual([before.orderId, before.dealId]);
  });

  test('coupons of one order count together', async () => {
    const [one] = town.double.books.order(3);
    expect(await lookup(one!)).toMatchObject({ remaining: 3 });
  });

  test('a used coupon is refused with its time, though its data come too', async () => {
    const code = town.double.books.coupon();
    town.double.books.useElsewhere(code);
    const { at } = town.double.books.used(code)[0]!;
    expect(await lookup(code)).toEqual({
      kind: 'refused',
      reason: 'used',
      used: { at: Math.floor(at / 1_000) * 1_000 },
      words: `此券号已于 ${chinaTime(at)} 被消费!`,
    });
  });

  test('deals on sale, and only those', async () => {
    town.double.books.coupon({ yuan: '0.29' });
    const titles = Array.from({ length: 130 }, (_, n) => town.double.books.coupon({ dealId: 1_000 + n, title: `套餐${n}` }));
    const deals = await town.platform.deals(town.session, town.store);
    expect(deals).toHaveLength(titles.length + 1);
    expect(deals[0]).toEqual({ id: '761417563', title: expect.any(String) as string, price: 29, marketPrice: 9_800 });
    expect(town.double.calls('queryshopdeal')).toBe(2);
  });

  test('uses of a day, the newest first, page by page', async () => {
    const day = chinaTime(town.now()).slice(0, 10);
    const codes = Array.from({ length: 203 }, () => town.double.books.coupon());
    for (const code of codes) town.double.books.useElsewhere(code, '前台小王');
    const records = await town.platform.records!(town.session, town.store, day, atOnce);
    expect(new Set(records.map(({ code }) => code))).toEqual(new Set(codes));
    expect(records[0]).toMatchObject({ amount: 4_990, by: '前台小王', via: '第三方验证' });
    expect(records.map(({ at }) => at!)).toEqual(records.map(({ at }) => at!).toSorted((a, b) => b - a));
    expect(await town.platform.records!(town.session, town.store, '2020-01-01', atOnce)).toEqual([]);
  });

  test('nothing that comes back is trusted', async () => {
    const yes = dialect === 'dianping' ? 200 : 'OP_SUCCESS';
    for (const json of [null, 5, 'x', [], {}, { code: yes }, { code: yes, data: 'x' }, { code: {} }]) {
      const odd = platformOf(dialect, 'http://odd', town.now, () => Promise.resolve({ status: 200, json }));
      const request = {
        store: 's',
        code: '7992697494',
        handle: undefined,
        count: 1,
        requestId: 'vb-1',
        operator: 'o',
        operatorName: '',
      };
      expect(await faultOf(odd.lookup(town.session, 's', '1', 'meituan'))).toMatchObject({
        kind: 'nonsense',
        outcome: 'not-done',
      });
      expect(await faultOf(odd.verify(town.session, request))).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
    }
    const late = platformOf(dialect, 'http://odd', town.now, () =>
      Promise.resolve({ status: 404, json: { code: yes, data: {} } }),
    );
    expect(await faultOf(late.lookup(town.session, 's', '1', 'meituan'))).toMatchObject({ kind: 'nonsense' });
  });

  test('a list that is refused is a fault, for it says nothing of a coupon', async () => {
    town.double.fail('queryshopdeal', { kind: 'no', words: '莫名其妙' });
    expect(await faultOf(town.platform.deals(town.session, town.store))).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
    town.double.fail('queryshopdeal', { kind: 'busy' });
    expect(await faultOf(town.platform.deals(town.session, town.store))).toMatchObject({ kind: 'busy', outcome: 'not-done' });
  });

  test('it is one market, and says where it travels in the clear', () => {
    expect(town.platform.markets).toEqual(['meituan']);
    expect(town.platform.plainHttp).toBe(true);
    expect(platformOf(dialect, 'https://api.example', town.now, () => Promise.reject(new Error('unused'))).plainHttp).toBe(false);
  });
});

describe('stores', () => {
  test('of 北极星 come page by page, each shop by its own name', async () => {
    const town = await openHarness('dianping');
    for (let n = 0; n < 44; n += 1) town.double.books.shop({ id: `shop-${n}`, branch: n === 0 ? '' : `${n}号店` });
    const stores = await town.platform.stores(town.session);
    expect(stores).toHaveLength(45);
    expect(town.double.calls('scope')).toBe(3);
    expect(stores.slice(0, 2)).toEqual([
      { id: '6eb50f3547e1195d43eb447b8ab62449', name: '访庭空间（万达1号店）', address: '上海 金街1号' },
      { id: 'shop-0', name: '访庭空间', address: '上海 金街2号' },
    ]);
    await town.double.close();
  });

  test('of its successor is the one that was authorised', async () => {
    const town = await openHarness('meituan');
    expect(await town.platform.stores(town.session)).toEqual([
      { id: '6eb50f3547e1195d43eb447b8ab62449', name: '访庭空间', authorised: 'yes' },
    ]);
    await town.double.close();
  });
});

describe('scanning', () => {
  test('北极星 tells the coupons behind what was scanned', async () => {
    const town = await openHarness('dianping');
    const [one, two] = town.double.books.order(2);
    const found = (await town.platform.scan!(town.session, town.store, `user:${town.store}`)) as readonly Coupon[];
    expect(found.map(({ code }) => code)).toEqual([one, two]);
    expect(found[0]).toMatchObject({ kind: 'coupon', remaining: 2, price: 4_990, dealId: '761417563' });
    expect(await town.platform.scan!(town.session, town.store, 'user:nobody')).toMatchObject({ reason: 'not-found' });
    await town.double.close();
  });

  test('its successor does not', async () => {
    const town = await openHarness('meituan');
    expect(town.platform.scan).toBeUndefined();
    await town.double.close();
  });
});

describe('reading', () => {
  const plain = {
    deal_id: 761_417_563,
    dealgroup_id: 695_771_494,
    deal_title: '茶室',
    deal_price: 49.9,
    receiptEndDate: 1_635_436_799_000,
  };

  test('is the same however names are spelled and numbers are written', () => {
    const camel = {
      dealId: '761417563',
      dealGroupId: '695771494',
      dealTitle: '茶室',
      dealPrice: '49.90',
      receipt_end_date: '2021-10-28 23:59:59',
    };
    const odd = { ...camel, receipt_end_date: undefined, reveipt_end_date: '1635436799000' };
    expect(read(camel)).toEqual(read(plain));
    expect(read(odd)).toEqual(read(plain));
    expect(read(plain)).toMatchObject({ price: 4_990, validUntil: 1_635_436_799_000, dealId: '761417563' });
  });

  test('the order of a payment is its digits before the first letter', () => {
    const paid = (id: string) =>
      read({ ...plain, payment_detail: [{ payment_detail_id: id, amount: 1, amount_type: 10 }] }).orderId;
    expect(paid('4926962768587886220NWL850101')).toBe('4926962768587886220');
    expect(paid('4926962768587886220')).toBeUndefined();
    expect(paid('NWL')).toBeUndefined();
    expect(read({ ...plain, orderId: '77', payment_detail: [{ payment_detail_id: '1NWL' }] }).orderId).toBe('77');
  });

  test('a 次卡 costs what one of its uses costs', () => {
    expect(read({ ...plain, tgTimesCardFlag: true, timesCardUnitPrice: '9.98', count: 5 })).toMatchObject({
      price: 998,
      remaining: 5,
    });
    expect(JSON.parse(read({ ...plain, biz_type: 205 }).handle!)).toHaveProperty('timesCard', true);
  });

  test('a 次卡 that does not say what a use costs has no price: that of its deal is for all of them', () => {
    expect(read({ ...plain, biz_type: 205, count: 5 })).not.toHaveProperty('price');
    expect(read({ ...plain, tgTimesCardFlag: true, count: 5 })).not.toHaveProperty('price');
  });

  test('a coupon that is no 次卡 costs its price, also where the price of a use of one is written as 0', () => {
    expect(read({ ...plain, tgTimesCardFlag: false, timesCardUnitPrice: '0.00' })).toHaveProperty('price', 4_990);
  });

  test('more than a hundred are used a hundred at a time', () => {
    expect(read({ ...plain, count: 120 })).toMatchObject({ remaining: 120, atOnce: 100 });
    expect(read({ ...plain, count: 100 })).not.toHaveProperty('atOnce');
  });

  test('any fields at all make a coupon that survives JSON, or none of them is read', () => {
    const names = [
      'count',
      'deal_id',
      'dealTitle',
      'deal_price',
      'mobile',
      'receiptEndDate',
      'payment_detail',
      'order_id',
      'biz_type',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (fields) => {
        const coupon = read(fields);
        expect(JSON.parse(JSON.stringify(coupon))).toEqual(coupon);
        expect(coupon.remaining).toBeGreaterThanOrEqual(1);
        for (const money of [coupon.price, coupon.marketPrice])
          expect(money === undefined || Number.isSafeInteger(money)).toBe(true);
      }),
    );
  });
});

/** Where Allinpay's description contradicts itself or its examples: each contradiction, by its number, is tolerated. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Platform, Receipt } from '../../../../services/platforms/platform.ts';
import { parseJson } from '../../../../services/platforms/json-http.ts';
import type { Shape } from '../../../doubles/allinpay.ts';
import { CONSUMED, LISTED, PREPARED, VERIFIED } from '../../../fixtures/allinpay.ts';
import { openStage, type Harness } from './harness.ts';
import { atOnce } from '../../../../services/platforms/lists/read-pages.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

const answering = (text: string): Platform => harness.answering(parseJson(text));
const shaped = (change: Partial<Shape>): void => void Object.assign(harness.double.shape, change);
const undo = ({ items }: Receipt, code: string) => harness.undo(code, items[0]!.handle);
const day = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

describe('1: the code is a number, a text, or missing together with the wrapper', () => {
  test.each([
    ['number', true],
    ['text', true],
    ['absent', true],
    ['number', false],
    ['absent', false],
  ] as const)('%s, wrapped: %s', async (code, wrapped) => {
    const coupon = harness.double.books.coupon({ type: 'meituan' });
    shaped({ code, wrapped });
    const receipt = await harness.verified(coupon, 'meituan');
    expect(await harness.platform.records!(harness.session, '147', day(harness.now()), atOnce)).toHaveLength(1);
    expect(await undo(receipt, coupon)).toHaveProperty('kind', 'undone');
  });
});

test('2: shop numbers are numbers, and text in answers', async () => {
  for (const values of ['number', 'text'] as const) {
    shaped({ values });
    const code = harness.double.books.coupon();
    expect(await undo(await harness.verified(code), code)).toHaveProperty('kind', 'undone');
  }
  const sent = harness.double.arrivals.map(({ business }) => business['shopId']);
  expect(new Set(sent)).toEqual(new Set([147]));
});

test('3: a remark is text, whatever the tables say', async () => {
  const code = harness.double.books.coupon();
  await undo(await harness.verified(code), code);
  expect([harness.double.asked('consume')[0]?.['remark'], harness.double.asked('cancel')[0]?.['remark']]).toEqual([
    'vb-1',
    'un-1',
  ]);
});

test.each(['table', 'type', 'shared'] as const)('4: the part of a type is found under any of its names (%s)', async (names) => {
  shaped({ names });
  for (const type of ['mtdz', 'dianping', 'meituan', 'tiktok'] as const) {
    const code = harness.double.books.coupon({ type, uses: 2 });
    const coupon = await harness.lookup(code, type);
    expect(coupon.dealId).toBe(type === 'tiktok' ? '1786543210987654321' : '1316147453');
  }
});

test.each(['examples', 'object', 'list'] as const)('5: the part of 到综 is an object or a list (%s)', async (parts) => {
  shaped({ parts });
  const code = harness.double.books.coupon({ uses: 2 });
  expect(await harness.lookup(code)).toMatchObject({ remaining: 2, dealId: '1316147453' });
  expect((await harness.verified(code)).items).toMatchObject([{ count: 1, amount: 4_900 }]);
});

test('6: a type is sent as its word, not as its number in the list', async () => {
  for (const type of ['mtdz', 'dianping', 'meituan', 'tiktok'] as const)
    await harness.verified(harness.double.books.coupon({ type }), type);
  expect(harness.double.asked('consume').map((asked) => asked['type'])).toEqual(['mtdz', 'dianping', 'meituan', 'tiktok']);
});

test('7: what it cost is the buying price, whichever other price comes with it', async () => {
  for (const price of ['couponPrice', 'couponValue'] as const) {
    shaped({ price });
    const { items } = await harness.verified(harness.double.books.coupon({ yuan: '49.90', marketYuan: '68.00' }));
    expect(items).toMatchObject([{ amount: 4_990 }]);
  }
  const request = await harness.request(harness.double.books.coupon());
  expect(await answering(CONSUMED).verify(harness.session, request)).toMatchObject({
    kind: 'verified',
    items: [{ count: 1, amount: 10 }],
  });
});

test('8: the source of a use is a number or a text, and may be one the list does not have', async () => {
  for (const values of ['number', 'text'] as const) {
    shaped({ values });
    const code = harness.double.books.coupon();
    await undo(await harness.verified(code), code);
    await harness.verified(harness.double.books.coupon());
  }
  const records = await harness.platform.records!(harness.session, '147', day(harness.now()), atOnce);
  expect(records.map(({ via }) => via)).toEqual(['接口', '接口', '接口', '接口']);
  expect(records.filter(({ undoneAt }) => undoneAt === undefined)).toHaveLength(2);
});

test('9: initAmount is how many there are when prepared, and money in fen by queryById', async () => {
  const data = '{"couponName":"券","initAmount":3}';
  expect(await answering(`{"code":0,"data":${data}}`).lookup(harness.session, '147', '1', 'meituan')).toMatchObject({
    remaining: 3,
  });
  const code = harness.double.books.coupon({ yuan: '20.00' });
  const request = await harness.request(code);
  harness.double.fail('consume', { kind: 'reset', applied: false });
  await harness.fault(harness.platform.verify(harness.session, request));
  const lost = { ...request, submittedAt: harness.now(), seenUnusedAt: harness.now(), asked: 1, notes: [] };
  // 2000 fen by queryById, for one coupon.
  expect((await harness.platform.query(harness.session, lost, harness.now() + 3_000)).note).toMatch(/^unused /);
});

test('10: a price is never the market price, however alike they look', async () => {
  const coupon = await answering(PREPARED).lookup(harness.session, '147', '5948286811', 'meituan');
  expect(coupon).toMatchObject({ price: 10, marketPrice: 10 });
  const [record] = await answering(VERIFIED).records!(harness.session, '147', '2024-03-22', atOnce);
  expect(record).toMatchObject({ amount: 10 });
});

test('11: an empty date is none, and so is an empty type', async () => {
  expect(await answering(PREPARED).lookup(harness.session, '147', '5948286811', 'meituan')).toEqual({
    kind: 'coupon',
    code: '5948286811',
    title: '0.1团10百货券',
    price: 10,
    marketPrice: 10,
    remaining: 1,
    dealId: '1316147453',
    handle: '{"kind":"mtdz","left":1}',
  });
  shaped({ dates: 'empty' });
  const before = Math.floor(harness.now() / 1000) * 1000;
  const receipt = await harness.verified(harness.double.books.coupon());
  expect(receipt.at).toBeGreaterThanOrEqual(before);
});

test.each(['meituan', 'mtdz'] as const)('12: a deal is known by text, also where its id is a number (%s)', async (type) => {
  expect(await harness.lookup(harness.double.books.coupon({ type }), type)).toHaveProperty('dealId', '1316147453');
});

test("13: Douyin's market price is in fen, all others in yuan; its times are seconds", async () => {
  for (const type of ['tiktok', 'meituan', 'mtdz', 'dianping'] as const) {
    const code = harness.double.books.coupon({ type, marketYuan: '127.00' });
    expect(await harness.lookup(code, type)).toHaveProperty('marketPrice', 12_700);
  }
});

describe('14: the list of uses', () => {
  test('as its example has it, invalid, is nonsense that did nothing', async () => {
    const words = LISTED.replace('"userId":"baowei",', '"userId":"baowei"').replace('" -400"', '" -400');
    for (const call of ['verifyHistory', 'consumeHistory', 'consumeHistory', 'consumeHistory', 'consumeHistory'] as const)
      harness.double.fail(call, { kind: 'words', words });
    const error = await harness.fault(harness.platform.records!(harness.session, '147', '2023-05-11', atOnce));
    expect(error).toMatchObject({ kind: 'nonsense', outcome: 'not-done' });
  });

  test('may be one object; its coupon is numbered in the details where the use stands in its place', async () => {
    expect(await answering(LISTED).records!(harness.session, '147', '2023-05-11', atOnce)).toEqual([
      {
        code: '000000546246490337',
        title: '名字很长的券',
        at: Date.parse('2023-05-11T23:59:59+08:00'),
        amount: 2_000,
        by: 'baowei',
        via: 'POS',
        ids: ['165416131313'],
      },
    ]);
  });

  test.each(['list', 'object'] as const)('tells of a lost use by its remark alone, as a %s', async (rows) => {
    shaped({ rows, numbers: 'tranNo' });
    const request = await harness.request(harness.double.books.coupon());
    harness.double.fail('consume', { kind: 'reset' });
    await harness.fault(harness.platform.verify(harness.session, request));
    const lost = { ...request, submittedAt: harness.now(), seenUnusedAt: 0, asked: 0, notes: [] };
    expect((await harness.platform.query(harness.session, lost, harness.now())).result).toMatchObject({ kind: 'verified' });
  });
});

test('15: a use is taken back by its own number, not by that of the coupon as in the example', async () => {
  const code = harness.double.books.coupon();
  await undo(await harness.verified(code), code);
  const { tranNo } = harness.double.books.uses[0]!;
  expect(harness.double.asked('cancel')[0]).toMatchObject({ tranNo, orderId: 'vb-1' });
  expect(tranNo).not.toBe(code);
});

test("16: a coupon's state is believed although it is numbered otherwise than it was asked for", async () => {
  const state = `{"code":0,"data":{"templateId":"1303","couponName":"满减测试","couponNo":"000000248531847767","initAmount":"20",
    "couponType":"套餐券","couponStatus":"已核销","consumeTime":"2023-05-11 23:59:59"}}`;
  const request = await harness.request(harness.double.books.coupon());
  const at = Date.parse('2023-05-11T23:59:58+08:00');
  const lost = { ...request, submittedAt: at, seenUnusedAt: at - 5_000, asked: 3, notes: [] };
  expect((await answering(state).query(harness.session, lost, at + 20_000)).result).toMatchObject({ kind: 'verified' });
});

test('a coupon and its state are read from a list of one too: used is never taken for unused', async () => {
  const at = Date.parse('2026-03-01T12:00:00+08:00');
  const request = await harness.request(harness.double.books.coupon());
  const lost = { ...request, submittedAt: at, seenUnusedAt: at - 5_000, asked: 3, notes: [] };
  const state = answering('{"code":0,"data":[{"couponName":"x","couponStatus":"已核销","consumeTime":"2026-03-01 12:00:01"}]}');
  expect((await state.query(harness.session, lost, at + 20_000)).result).toMatchObject({ kind: 'verified' });
  const coupon = answering('{"code":0,"data":[{"couponName":"0.1团10百货券","couponBuyPrice":"0.1","initAmount":1}]}');
  expect(await coupon.lookup(harness.session, '147', '5948286811', 'meituan')).toMatchObject({
    title: '0.1团10百货券',
    price: 10,
  });
});

describe("17: 到餐's list", () => {
  test('tells of other days than asked: those are left out', async () => {
    expect(await answering(VERIFIED).records!(harness.session, '147', '2024-03-11', atOnce)).toEqual([]);
  });

  test('has a total that is not its length, and nobody behind an empty account', async () => {
    expect(await answering(VERIFIED).records!(harness.session, '147', '2024-03-22', atOnce)).toEqual([
      {
        code: '013541450619',
        title: 't_dV77HpVl2人餐',
        at: Date.parse('2024-03-22T00:01:47+08:00'),
        amount: 10,
        via: '美团技术服务合作中心api验证',
      },
    ]);
  });

  test('is asked for without the orgId of its example', async () => {
    await harness.platform.records!(harness.session, '147', '2024-03-22', atOnce);
    expect(harness.double.asked('verifyHistory').at(-1)).toEqual({ date: '2024-03-22', pageNo: 1, pageSize: 200, shopId: 147 });
  });
});

test('18: a time of use long past is told as it is; how long it can be taken back is counted from our own', async () => {
  const request = await harness.request(harness.double.books.coupon());
  const before = harness.now();
  const receipt = (await answering(CONSUMED).verify(harness.session, request)) as Receipt;
  expect(receipt.at).toBe(Date.parse('2024-05-11T23:59:59+08:00'));
  expect(receipt.undoUntil).toBeGreaterThanOrEqual(before + 585_000);
});

test('19: ids of 19 digits arrive whole, as text or as bare numbers, whatever length the tables allow', async () => {
  for (const values of ['text', 'number'] as const) {
    shaped({ values });
    const code = harness.double.books.coupon({ type: 'tiktok', uses: 2 });
    const [a, b] = harness.double.books.tickets.at(-1)!.units.map(({ no }) => no);
    expect(a).toMatch(/^\d{19}$/);
    const { items } = await harness.verified(code, 'tiktok', 2);
    expect(items.map((item) => item.code)).toEqual([a, b]);
  }
});

test('20: a template of a type that is not listed is no hindrance', async () => {
  harness.double.books.coupon();
  const data = '{"couponName":"券","couponTemplateList":[{"templateId":"5582","couponType":"1"}],"initAmount":1}';
  expect(await answering(`{"code":0,"data":${data}}`).lookup(harness.session, '147', '1', 'meituan')).toHaveProperty(
    'kind',
    'coupon',
  );
});

test('21: numbers whose meaning is told elsewhere are not sent', async () => {
  await harness.platform.deals(harness.session, '147');
  expect(harness.double.asked('meituanSetMealList')).toEqual([{ shopId: 147 }]);
  expect(harness.double.asked('meituanProductList')[0]).not.toHaveProperty('type');
});

test('22: every method is called by its whole name, also where the description gives it without a label', async () => {
  await harness.platform.deals(harness.session, '147');
  await harness.platform.stats!(harness.session, '147', 7, harness.now());
  await harness.platform.records!(harness.session, '147', day(harness.now()), atOnce);
  const code = harness.double.books.coupon();
  await undo(await harness.verified(code), code);
  const methods = new Set(harness.double.arrivals.map(({ parameters }) => parameters['method']));
  // queryById is asked for lost calls only.
  expect(methods.size).toBe(12);
  for (const method of methods) expect(method).toMatch(/^allinpay\.shopoint\.third(Coupon|Data)Service\.\w+$/);
});

/** Consumption at Allinpay, several uses at once, and the items of its answer. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UNPROMISED, type Receipt } from '../../../../services/platforms/platform.ts';
import { openStage, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

describe('using', () => {
  test('goes in the name of the operator, under the id of the press', async () => {
    const code = harness.double.books.coupon();
    await harness.verified(code);
    expect(harness.double.asked('consume')).toEqual([
      { type: 'mtdz', orderId: 'vb-1', couponNo: code, operUserId: 'liangqi', remark: 'vb-1', num: 1, shopId: 147 },
    ]);
  });

  test.each([
    ['mtdz', 585_000],
    ['dianping', 585_000],
    ['tiktok', 3_585_000],
  ] as const)('%s can be taken back for so long, from before it was sent', async (type, ms) => {
    const code = harness.double.books.coupon({ type });
    const before = harness.now();
    const { undoUntil = 0 } = await harness.verified(code, type);
    expect(undoUntil).toBeGreaterThanOrEqual(before + ms);
    expect(undoUntil).toBeLessThan(before + ms + 5_000);
  });

  test('of 到餐 may be taken back, and nobody says until when', async () => {
    expect(await harness.verified(harness.double.books.coupon({ type: 'meituan' }), 'meituan')).toHaveProperty(
      'undoUntil',
      UNPROMISED,
    );
  });

  test('one tells what it cost; of several nobody says whether the price is of one', async () => {
    const { books } = harness.double;
    expect((await harness.verified(books.coupon({ yuan: '59.90' }))).items).toMatchObject([{ count: 1, amount: 5_990 }]);
    expect((await harness.verified(books.coupon({ type: 'meituan', uses: 3 }), 'meituan', 2)).items[0]).not.toHaveProperty(
      'amount',
    );
  });

  test.each(['mtdz', 'dianping'] as const)('several of an order (%s) tells each by its own code', async (type) => {
    const { books } = harness.double;
    const code = books.coupon({ type, uses: 3 });
    const { items } = await harness.verified(code, type, 2);
    const [first, second] = books.tickets[0]!.units;
    const { tranNo } = books.uses[0]!;
    const handle = (couponNo: string) => JSON.stringify({ kind: type, tranNo, orderId: 'vb-1', couponNo });
    expect(items).toEqual([
      { code, count: 1, handle: handle(first!.no) },
      { code: second!.no, count: 1, handle: handle(second!.no) },
    ]);
  });

  test('several of which the answer does not tell one by one is one item', async () => {
    const { books, shape } = harness.double;
    shape.receipts = false;
    for (const type of ['mtdz', 'tiktok', 'meituan'] as const) {
      const code = books.coupon({ type, uses: 2 });
      const { items } = await harness.verified(code, type, 2);
      const { tranNo, orderId } = books.uses.at(-1)!;
      expect(items).toEqual([{ count: 2, handle: JSON.stringify({ kind: type, tranNo, orderId }) }]);
    }
  });

  test.each([
    ['fewer than were confirmed', (code: string) => [code, '2']],
    ['the same one over and over', (code: string) => [code, code, code]],
  ])('a list of %s says nothing', async (_, codes) => {
    const code = harness.double.books.coupon({ uses: 3 });
    const request = await harness.request(code, 'mtdz', 3);
    const json = { code: 0, data: { tranNo: '1', mtdz: codes(code).map((receiptCode) => ({ receiptCode })) } };
    const odd = harness.answering(json);
    expect(await odd.verify(harness.session, request)).toMatchObject({ items: [{ count: 3 }] });
  });
});

describe("Douyin's certificates", () => {
  test('are sent by their ids, as many as are used, with times where they have such', async () => {
    const { books } = harness.double;
    const code = books.coupon({ type: 'tiktok', uses: 3 });
    const [a, b] = books.tickets[0]!.units;
    const { items } = await harness.verified(code, 'tiktok', 2);
    expect(harness.double.asked('consume')[0]).toMatchObject({
      tiktokCertificateList: [{ certificateId: a!.no }, { certificateId: b!.no }],
    });
    expect(items.map((item) => [item.code, item.count])).toEqual([
      [a!.no, 1],
      [b!.no, 1],
    ]);
    const card = books.coupon({ type: 'tiktok', times: [2, 5] });
    const [c, d] = books.tickets[1]!.units;
    await harness.verified(card, 'tiktok', 3);
    expect(harness.double.asked('consume')[1]).toMatchObject({
      tiktokCertificateList: [
        { certificateId: c!.no, num: 2 },
        { certificateId: d!.no, num: 1 },
      ],
    });
    expect(books.used(card)).toBe(3);
  });

  test('of which only some were used are told apart, and add up', async () => {
    const { books } = harness.double;
    const code = books.coupon({ type: 'tiktok', uses: 3 });
    const request = await harness.request(code, 'tiktok', 3);
    const [a, b, c] = books.tickets[0]!.units.map(({ no }) => no);
    const data = { tranNo: '165416131313', tiktokCertificateList: [{ certificateId: a }, { certificateId: c }] };
    const odd = harness.answering({ code: 0, data });
    const receipt = (await odd.verify(harness.session, request)) as Receipt;
    const handle = (couponNo: string) => JSON.stringify({ kind: 'tiktok', tranNo: '165416131313', orderId: 'vb-1', couponNo });
    expect(receipt.items).toEqual([
      { code: a, count: 1, handle: handle(a!) },
      { code: b, count: 1, refusal: { kind: 'refused', reason: 'other' } },
      { code: c, count: 1, handle: handle(c!) },
    ]);
  });

  test('of which one alone was used: it is taken back as the whole', async () => {
    const code = harness.double.books.coupon({ type: 'tiktok', uses: 2 });
    const request = await harness.request(code, 'tiktok', 2);
    const [a, b] = harness.double.books.tickets[0]!.units.map(({ no }) => no);
    const data = { tranNo: '165416131313', tiktokCertificateList: [{ certificateId: b }] };
    const receipt = (await harness.answering({ code: 0, data }).verify(harness.session, request)) as Receipt;
    const handle = JSON.stringify({ kind: 'tiktok', tranNo: '165416131313', orderId: 'vb-1' });
    expect(receipt.items).toMatchObject([
      { code: a, refusal: {} },
      { code: b, handle },
    ]);
  });

  test('more than there are are refused without a call', async () => {
    const { books } = harness.double;
    for (const code of [books.coupon({ type: 'tiktok', uses: 2 }), books.coupon({ type: 'tiktok', times: [2] })]) {
      const request = await harness.request(code, 'tiktok', 3);
      expect(await harness.platform.verify(harness.session, request)).toEqual({ kind: 'refused', reason: 'count' });
    }
    expect(harness.double.calls('consume')).toBe(0);
  });

  test('that prepare did not list are left to the platform', async () => {
    const code = harness.double.books.coupon({ type: 'tiktok' });
    const request = { ...(await harness.request(code, 'tiktok')), handle: JSON.stringify({ kind: 'tiktok', left: 1 }) };
    expect(await harness.platform.verify(harness.session, request)).toHaveProperty('kind', 'verified');
    expect(harness.double.asked('consume')[0]).toMatchObject({ type: 'tiktok', num: 1 });
    expect(harness.double.asked('consume')[0]).not.toHaveProperty('tiktokCertificateList');
  });
});

test('a coupon that was never looked up is taken for what its code looks like', async () => {
  const { books } = harness.double;
  for (const type of ['mtdz', 'meituan', 'tiktok'] as const) {
    const request = { ...(await harness.request(books.coupon({ type }), type)), handle: undefined };
    expect(await harness.platform.verify(harness.session, request)).toHaveProperty('kind', 'verified');
  }
});

/** Undo at Allinpay. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MARKETS, openStage, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

describe('taking back', () => {
  test('names the use by its number and its order, and the press in the remark', async () => {
    const code = harness.double.books.coupon();
    const { items } = await harness.verified(code);
    expect(await harness.undo(code, items[0]!.handle)).toMatchObject({ kind: 'undone' });
    expect(harness.double.asked('cancel')).toEqual([
      {
        type: 'mtdz',
        tranNo: harness.double.books.uses[0]!.tranNo,
        orderId: 'vb-1',
        operUserId: 'liangqi',
        remark: 'un-1',
        shopId: 147,
      },
    ]);
  });

  test('one of several leaves the others used', async () => {
    const { books } = harness.double;
    const code = books.coupon({ type: 'tiktok', uses: 3 });
    const { items } = await harness.verified(code, 'tiktok', 3);
    expect(await harness.undo(items[1]!.code!, items[1]!.handle)).toMatchObject({ kind: 'undone' });
    expect(harness.double.asked('cancel')[0]).toMatchObject({ couponNo: items[1]!.code });
    expect(books.uses[0]!.parts.map(({ undone }) => undone !== undefined)).toEqual([false, true, false]);
  });

  test.each([
    ['mtdz', true],
    ['dianping', true],
    ['meituan', false],
    ['tiktok', false],
  ] as const)('gives a coupon of %s another code: %s; which one is not told', async (type, changes) => {
    const { books } = harness.double;
    const code = books.coupon({ type });
    const { items } = await harness.verified(code, type);
    const undone = await harness.undo(code, items[0]!.handle);
    expect(undone).not.toHaveProperty('newCode');
    const old = await harness.platform.lookup(harness.session, '147', code, MARKETS[type]);
    expect(old).toMatchObject(changes ? { kind: 'refused', reason: 'not-found' } : { kind: 'coupon' });
    if (changes) expect(await harness.lookup(books.codeNow(code), type)).toHaveProperty('kind', 'coupon');
  });

  test.each([
    ['mtdz', 600_001],
    ['tiktok', 3_600_001],
  ] as const)('too late (%s) is a refusal', async (type, ms) => {
    const code = harness.double.books.coupon({ type });
    const { items } = await harness.verified(code, type);
    harness.pass(ms);
    expect(await harness.undo(code, items[0]!.handle)).toMatchObject({ kind: 'refused', reason: 'undo-late' });
  });

  test('what has no number cannot be asked for', async () => {
    expect(await harness.undo(harness.double.books.coupon(), undefined)).toEqual({ kind: 'refused', reason: 'undo-late' });
    expect(harness.double.calls('cancel')).toBe(0);
  });
});

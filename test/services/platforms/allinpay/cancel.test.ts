/** Taking uses back at Allinpay. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MARKETS, openStage, type Stage } from './harness.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe('taking back', () => {
  test('names the use by its number and its order, and the press in the remark', async () => {
    const code = stage.double.books.coupon();
    const { items } = await stage.verified(code);
    expect(await stage.undo(code, items[0]!.handle)).toMatchObject({ kind: 'undone' });
    expect(stage.double.asked('cancel')).toEqual([
      {
        type: 'mtdz',
        tranNo: stage.double.books.uses[0]!.tranNo,
        orderId: 'vb-1',
        operUserId: 'liangqi',
        remark: 'un-1',
        shopId: 147,
      },
    ]);
  });

  test('one of several leaves the others used', async () => {
    const { books } = stage.double;
    const code = books.coupon({ type: 'tiktok', uses: 3 });
    const { items } = await stage.verified(code, 'tiktok', 3);
    expect(await stage.undo(items[1]!.code!, items[1]!.handle)).toMatchObject({ kind: 'undone' });
    expect(stage.double.asked('cancel')[0]).toMatchObject({ couponNo: items[1]!.code });
    expect(books.uses[0]!.parts.map(({ undone }) => undone !== undefined)).toEqual([false, true, false]);
  });

  test.each([
    ['mtdz', true],
    ['dianping', true],
    ['meituan', false],
    ['tiktok', false],
  ] as const)('gives a coupon of %s another code: %s; which one is not told', async (type, changes) => {
    const { books } = stage.double;
    const code = books.coupon({ type });
    const { items } = await stage.verified(code, type);
    const undone = await stage.undo(code, items[0]!.handle);
    expect(undone).not.toHaveProperty('newCode');
    const old = await stage.platform.lookup(stage.access, '147', code, MARKETS[type]);
    expect(old).toMatchObject(changes ? { kind: 'refused', reason: 'not-found' } : { kind: 'coupon' });
    if (changes) expect(await stage.lookup(books.codeNow(code), type)).toHaveProperty('kind', 'coupon');
  });

  test.each([
    ['mtdz', 600_001],
    ['tiktok', 3_600_001],
  ] as const)('too late (%s) is a refusal', async (type, ms) => {
    const code = stage.double.books.coupon({ type });
    const { items } = await stage.verified(code, type);
    stage.pass(ms);
    expect(await stage.undo(code, items[0]!.handle)).toMatchObject({ kind: 'refused', reason: 'undo-late' });
  });

  test('what has no number cannot be asked for', async () => {
    expect(await stage.undo(stage.double.books.coupon(), undefined)).toEqual({ kind: 'refused', reason: 'undo-late' });
    expect(stage.double.calls('cancel')).toBe(0);
  });
});

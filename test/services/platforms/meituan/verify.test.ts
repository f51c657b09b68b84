/** Verify and undo: one request id for one confirmation, an item for each coupon, and the outcome of each loss. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { accountOf, operatorOf } from '../../../../services/platforms/meituan/operator.ts';
import { readReceipt } from '../../../../services/platforms/meituan/receipt.ts';
import { fieldName } from '../../../../services/platforms/meituan/field-names.ts';
import type { Receipt, UndoRequest, VerifyRequest } from '../../../../services/platforms/platform.ts';
import { LOSSES } from '../../../doubles/faults.ts';
import { DIALECTS, faultOf, openHarness, type Harness } from './harness.ts';

let requests = 0;
const requestFor = (store: string, code: string, change: Partial<VerifyRequest> = {}): VerifyRequest => {
  const requestId = `vb-${(requests += 1)}`;
  return { store, code, handle: undefined, count: 1, requestId, operator: 'telegram:1', operatorName: '张三', ...change };
};

describe.each(DIALECTS)('%s', (dialect) => {
  let town: Harness;
  beforeEach(async () => {
    town = await openHarness(dialect);
  });
  afterEach(() => town.double.close());

  const handleOf = async (code: string) =>
    ((await town.platform.lookup(town.session, town.store, code, 'meituan')) as Coupon).handle;
  const verify = (code: string, change: Partial<VerifyRequest> = {}) =>
    town.platform.verify(town.session, requestFor(town.store, code, change));
  const undoOf = (code: string, receiptHandle?: string, handle?: string): UndoRequest => {
    const { count: _, ...request } = requestFor(town.store, code, { handle });
    return { ...request, ...(receiptHandle === undefined ? {} : { receiptHandle }) };
  };
  const undo = (request: UndoRequest) => town.platform.undo!(town.session, request);

  test('a receipt has one item, taken back within ten minutes from before the sending', async () => {
    const code = town.double.books.coupon();
    const before = town.now();
    const receipt = (await verify(code)) as Receipt;
    expect(receipt).toMatchObject({ kind: 'verified', items: [{ count: 1, amount: 4_990 }] });
    expect(receipt.items[0]).not.toHaveProperty('code');
    expect(JSON.parse(receipt.items[0]!.handle!)).toMatchObject({ code, dealId: '761417563' });
    expect(receipt.at).toBeGreaterThanOrEqual(before);
    expect(receipt.undoUntil).toBe(receipt.at + 585_000);
  });

  test('several of an order are consumed with codes of their own, each to be taken back for itself', async () => {
    const { books } = town.double;
    const [one, two, three] = books.order(3);
    const { items } = (await verify(one!, { count: 2, handle: await handleOf(one!) })) as Receipt;
    expect(items.map(({ code, count, amount }) => ({ code, count, amount }))).toEqual([
      { code: undefined, count: 1, amount: 4_990 },
      { code: two, count: 1, amount: 4_990 },
    ]);
    expect([one, two, three].map((code) => books.used(code!).length)).toEqual([1, 1, 0]);
    expect(await undo(undoOf(two!, items[1]!.handle))).toMatchObject({ kind: 'undone' });
    expect([one, two].map((code) => books.used(code!).filter(({ undone }) => undone).length)).toEqual([0, 1]);
  });

  test('a 次卡 keeps its code for all its uses', async () => {
    const code = town.double.books.coupon({ uses: 5 });
    const handle = await handleOf(code);
    const { items } = (await verify(code, { count: 3, handle })) as Receipt;
    // What one use of it costs only the successor tells.
    expect(items).toMatchObject([{ count: 3 }]);
    expect(items[0]?.amount).toBe(dialect === 'meituan' ? 14_970 : undefined);
    expect(items[0]).not.toHaveProperty('code');
    expect(await town.platform.lookup(town.session, town.store, code, 'meituan')).toMatchObject({ remaining: 2 });
  });

  test('the request id is the confirmation’s own, and the operator is told', async () => {
    const code = town.double.books.coupon();
    await verify(code, { requestId: 'vb-7h3kq0' });
    await verify(town.double.books.coupon(), { requestId: 'vb-9z1xw2' });
    const ids = town.double.arrivals.filter(({ call }) => call === 'consume').map(({ raw }) => /vb-[0-9a-z]+/.exec(raw)?.[0]);
    expect(ids).toEqual(['vb-7h3kq0', 'vb-9z1xw2']);
    expect(town.double.books.used(code)).toMatchObject([{ account: 'telegram-1', name: '张三', requestId: 'vb-7h3kq0' }]);
  });

  test('the same request again is the same yes and uses nothing more; with another code it is not taken', async () => {
    const [one, two] = town.double.books.order(2);
    const first = (await verify(one!, { requestId: 'vb-same' })) as Receipt;
    const again = (await verify(one!, { requestId: 'vb-same' })) as Receipt;
    expect(again.items).toEqual(first.items);
    const fault = await faultOf(verify(two!, { requestId: 'vb-same' }));
    expect(fault).toMatchObject({ outcome: 'unknown', words: '请求标识与券码不一致' });
    expect([one, two].map((code) => town.double.books.used(code!).length)).toEqual([1, 0]);
  });

  test.each([
    ['该券已过期', 'expired'],
    ['该券已冻结', 'frozen'],
  ])('a no in words is a refusal: %s', async (words, reason) => {
    town.double.fail('consume', { kind: 'no', words });
    expect(await verify(town.double.books.coupon())).toMatchObject({ kind: 'refused', reason, words });
  });

  const TROUBLE = ['trouble over there', { kind: 'no', words: '系统异常，请稍后重试', applied: false }] as const;
  test.each([...LOSSES, TROUBLE])('is unknown after: %s', async (_, loss) => {
    const code = town.double.books.coupon();
    town.double.fail('consume', loss);
    const { platform, impatient } = town;
    const through = loss.kind === 'late' || loss.kind === 'drip' ? impatient : platform;
    const fault = await faultOf(through.verify(town.session, requestFor(town.store, code)));
    expect(fault.outcome).toBe('unknown');
    expect(fault.message).not.toContain(code);
    expect(town.double.books.used(code)).toHaveLength(loss.applied === false ? 0 : 1);
  });

  test('is unknown after a code that speaks of trouble, whatever its words', async () => {
    town.double.fail('consume', { kind: 'words', words: '{"code":"OP_SYSTEM_ERROR","msg":"失败"}' });
    expect(await faultOf(verify(town.double.books.coupon()))).toMatchObject({ kind: 'busy', outcome: 'unknown' });
  });

  test('a code whose meaning is known counts before any words', async () => {
    town.double.fail('consume', { kind: 'words', words: '{"code":1008,"msg":"请在授权门店重新登录token"}' });
    expect(await verify(town.double.books.coupon())).toMatchObject({ kind: 'refused', reason: 'used' });
  });

  test.each(['busy', 'login-over'] as const)('certainly did not happen after: %s', async (kind) => {
    const code = town.double.books.coupon();
    town.double.fail('consume', { kind });
    expect(await faultOf(verify(code))).toHaveProperty('outcome', 'not-done');
    expect(town.double.books.used(code)).toEqual([]);
  });

  test('no fault tells a code, a token or a secret', async () => {
    const { accessToken = '', refreshToken = '' } = town.credentials;
    const code = town.double.books.coupon();
    const echo = `token ${accessToken} ${refreshToken} ${code}`;
    town.double.fail('prepare', { kind: 'no', words: echo });
    town.double.fail('prepare', { kind: 'words', words: JSON.stringify({ code: `E${code}`, msg: '系统异常' }) }, 2);
    const torn = { ...town.session, token: `${town.session.token}x` };
    expect((await faultOf(town.platform.lookup(torn, town.store, code, 'meituan'))).message).not.toContain(accessToken);
    for (let n = 0; n < 2; n += 1) {
      const { message } = await faultOf(town.platform.lookup(town.session, town.store, code, 'meituan'));
      for (const secret of [accessToken, refreshToken, code]) expect(message).not.toContain(secret);
    }
  });

  describe('taking back', () => {
    test('gives the coupon a new code, which is not told', async () => {
      const code = town.double.books.coupon();
      const { items } = (await verify(code)) as Receipt;
      const undone = await undo(undoOf(code, items[0]!.handle));
      expect(undone).toEqual({ kind: 'undone', at: expect.any(Number) as number });
      expect(town.double.books.codeNow(code)).not.toBe(code);
    });

    test('needs the id of the deal, by the receipt or else by the coupon', async () => {
      const code = town.double.books.coupon();
      const handle = await handleOf(code);
      await verify(code, { handle });
      expect(await undo(undoOf(code))).toMatchObject({ kind: 'refused', reason: 'undo-late' });
      const wrong = undo(undoOf(code, JSON.stringify({ code, dealId: '695771494' })));
      expect(await faultOf(wrong)).toMatchObject({ outcome: 'unknown', words: '套餐与券码不一致' });
      expect(town.double.calls('reverseconsume')).toBe(1);
      expect(await undo(undoOf(code, undefined, handle))).toMatchObject({ kind: 'undone' });
    });

    test('of a coupon whose code nobody told is refused', async () => {
      const code = town.double.books.coupon();
      await verify(code);
      expect(await undo(undoOf(code, '{}', await handleOf(town.double.books.coupon())))).toMatchObject({ kind: 'refused' });
      expect(town.double.calls('reverseconsume')).toBe(0);
    });

    test('after ten minutes is too late', async () => {
      const code = town.double.books.coupon();
      const { items } = (await verify(code)) as Receipt;
      town.pass(601_000);
      expect(await undo(undoOf(code, items[0]!.handle))).toMatchObject({ kind: 'refused', reason: 'undo-late' });
      expect(town.double.books.codeNow(code)).toBe(code);
    });

    test('is unknown where its answer is lost', async () => {
      const code = town.double.books.coupon();
      const { items } = (await verify(code)) as Receipt;
      town.double.fail('reverseconsume', { kind: 'reset' });
      expect(await faultOf(undo(undoOf(code, items[0]!.handle)))).toMatchObject({ outcome: 'unknown' });
    });
  });
});

test('an undo refused by number alone is too late, whatever its words', async () => {
  const town = await openHarness('dianping');
  town.double.fail('reverseconsume', { kind: 'words', words: '{"code":1029,"msg":"失败"}' });
  const request = { ...requestFor(town.store, '7992697494'), receiptHandle: '{"code":"7992697494","dealId":"1"}' };
  expect(await town.platform.undo!(town.session, request)).toMatchObject({ reason: 'undo-late' });
  await town.double.close();
});

describe('a receipt', () => {
  const AT = 1_716_182_055_000;
  const row = (change: object) => fieldName({ receipt_code: '7992697494', deal_id: 1, ...change })!;
  const receipt = (rows: readonly ReturnType<typeof row>[], change: Partial<VerifyRequest> = {}) =>
    readReceipt(rows, requestFor('s', '7992697494', change), AT);
  const paid = [
    { amount: '99.99', amount_type: 10 },
    { amount: 0.01, amount_type: 2 },
  ];

  test('without prices shares what the order cost, to the fen, and does not count it once for each coupon', () => {
    const rows = ['7992697494', '2', '3'].map((code) => row({ receipt_code: code, payment_detail: paid }));
    const { items } = receipt(rows, { count: 3 });
    expect(items.map(({ amount }) => amount)).toEqual([3_334, 3_333, 3_333]);
  });

  test('without prices never counts more for the coupons of an order than it cost, used one after another', () => {
    const codes = ['7992697494', '2', '3'];
    const amounts = codes.map((code, n) => {
      const handle = JSON.stringify({ remaining: codes.length - n });
      return receipt([row({ receipt_code: code, payment_detail: paid })], { code, handle }).items[0]!.amount;
    });
    // How many the order had is known to nobody; what it cost is, when the last of them is used.
    expect(amounts).toEqual([undefined, undefined, 10_000]);
  });

  test('counts a price of its own before a share', () => {
    expect(receipt([row({ deal_price: 1.15, payment_detail: paid })]).items[0]).toHaveProperty('amount', 115);
  });

  test('without any amount says none', () => expect(receipt([row({})]).items[0]).not.toHaveProperty('amount'));

  test('tells the platform’s own time where it comes', () => {
    const told = receipt([row({ verify_time: '2024-05-20 13:14:20' })]);
    expect([told.at - AT, told.undoUntil! - AT]).toEqual([5_000, 585_000]);
  });

  test('of a 次卡 that answers once for several uses counts them all', () => {
    expect(receipt([row({ tgTimesCardFlag: true, timesCardUnitPrice: '10' })], { count: 3 }).items).toMatchObject([
      { count: 3, amount: 3_000 },
    ]);
  });

  test.each([{ tgTimesCardFlag: true }, { biz_type: 205 }])(
    'of a 次卡 does not take the price of the card for that of a use: %o',
    (card) => {
      const { items } = receipt([row({ ...card, deal_price: 299 })], { count: 3, handle: '{"remaining":10,"timesCard":true}' });
      expect(items).toEqual([expect.objectContaining({ count: 3 })]);
      expect(items[0]).not.toHaveProperty('amount');
    },
  );

  test('that names fewer coupons than were asked for refuses the rest', () => {
    expect(receipt([row({})], { count: 3 }).items).toMatchObject([{ count: 1 }, { count: 2, refusal: { reason: 'count' } }]);
  });
});

describe('an operator', () => {
  test('is told in characters that are safe, at most 32, and two are never one', () => {
    const long = (tail: string) => `wecom-kf:wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q:wmAJ2GCAAAme1XQRC-NI-q0_ZM9${tail}`;
    expect(accountOf('telegram:123')).toBe('telegram-123');
    expect(accountOf('staff01')).toBe('staff01');
    expect(accountOf(long('a'))).toMatch(/^[\w-]{32}$/);
    expect(accountOf(long('a'))).not.toBe(accountOf(long('b')));
    expect(accountOf('')).not.toBe('');
  });

  test('without a name goes by the account, and a long name is cut', () => {
    expect(operatorOf({ operator: 'web:1', operatorName: ' ' }).appShopAccountName).toBe('web-1');
    expect(Array.from(operatorOf({ operator: 'web:1', operatorName: '𠮷'.repeat(40) }).appShopAccountName)).toHaveLength(32);
  });
});

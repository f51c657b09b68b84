/** Lost uses at Allinpay over real HTTP: what the list and the coupon's state tell, and when it is believed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LostCall, Receipt } from '../../../../services/platforms/platform.ts';
import type { Fault, Type } from '../../../doubles/allinpay.ts';
import { ask, openStage, TYPES, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

/** A use whose answer is lost. `fault` undefined: nothing was ever sent. */
async function lose(type: Type, fault: Fault | undefined, { uses = 1, count = 1 } = {}): Promise<LostCall> {
  const code = harness.double.books.coupon({ type, uses });
  const request = await harness.request(code, type, count);
  const submittedAt = harness.now();
  if (fault) {
    harness.double.fail('consume', fault);
    await harness.fault(harness.hasty.verify(harness.session, request));
  }
  return { ...request, submittedAt, seenUnusedAt: submittedAt - 10_000, asked: 0, notes: [] };
}

const query = (lost: LostCall, how = {}) => ask(lost, (call, now) => harness.platform.query(harness.session, call, now), how);

describe.each(TYPES)('a lost use of %s', (type) => {
  test('that was made is in the list, at once, and can be taken back', async () => {
    const lost = await lose(type, { kind: 'late' });
    const { result, seen, ms } = await query(lost);
    expect([seen, ms]).toEqual([['ours'], 1_000]);
    const { tranNo, at } = harness.double.books.uses[0]!;
    expect(result).toMatchObject({
      kind: 'verified',
      at: Math.floor(at / 1_000) * 1_000,
      undoUntil: expect.any(Number) as number,
    });
    const [item] = (result as Receipt).items;
    expect(JSON.parse(item!.handle ?? '')).toEqual({ kind: type, tranNo, orderId: lost.requestId });
  });

  test('that was not made is asked for 8 s, the list and the state by turns, and then believed', async () => {
    const { result, seen, ms } = await query(await lose(type, { kind: 'reset', applied: false }));
    expect([result.kind, seen, ms]).toEqual(['not-done', ['unused', 'unused', 'unused'], 8_000]);
    expect([harness.double.calls('consumeHistory'), harness.double.calls('queryById')]).toEqual([2, 1]);
  });

  test('that was made at the till meanwhile was not ours', async () => {
    const lost = await lose(type, undefined);
    harness.double.books.useElsewhere(lost.code);
    expect((await query(lost)).result.kind).toBe('not-done');
  });
});

test('the list is asked for the coupon, around the call, in China', async () => {
  const lost = await lose('mtdz', undefined);
  const submittedAt = Date.parse('2026-03-01T00:01:00+08:00');
  await harness.platform.query(harness.session, { ...lost, submittedAt }, submittedAt + 1_000);
  expect(harness.double.asked('consumeHistory')).toEqual([
    {
      pageNo: 1,
      pageSize: 200,
      type: 'mtdz',
      searchStr: lost.code,
      createStartTime: '2026-02-28 23:59:00',
      createEndTime: '2026-03-01 00:03:01',
      shopId: 147,
    },
  ]);
});

describe('a list without remarks', () => {
  beforeEach(() => void (harness.double.shape.remarks = false));

  test('tells by the operator and the means', async () => {
    const lost = await lose('mtdz', { kind: 'reset' });
    expect((await query({ ...lost, seenUnusedAt: 0 })).result).toMatchObject({ kind: 'verified' });
  });

  test('does not count a use from before, whose coupon was given back', async () => {
    const { books } = harness.double;
    const lost = await lose('tiktok', { kind: 'reset' });
    books.cancel('tiktok', 147, books.uses[0]!.tranNo, undefined, '');
    const later = { ...lost, requestId: 'vb-9', submittedAt: harness.now() + 600_000, seenUnusedAt: harness.now() + 590_000 };
    expect((await query(later)).result.kind).toBe('not-done');
  });
});

describe('an entry without a remark', () => {
  const row = { tranNo: '1', changeSource: 42, userId: 'liangqi', tranDateTime: '2026-03-01 12:00:01' };
  const at = Date.parse('2026-03-01T12:00:00+08:00');

  test.each([
    ['by our operator, through a call', {}, 'ours'],
    ['by our operator, but at the till', { changeSource: 34 }, 'others'],
    ['by our operator, but as a shop assistant', { changeSource: '35' }, 'others'],
    ['by another name, which may be our operator’s', { userId: 'baowei' }, 'used'],
    ['by a number, which may be our operator’s', { userId: 88231 }, 'used'],
    ['by nobody', { userId: undefined }, 'used'],
    ['from before the call', { tranDateTime: '2026-03-01 11:57:59' }, 'unused'],
    ['at no time', { tranDateTime: '' }, 'ours'],
    ['at the time it was made, where it has another', { tranDateTime: '', createTime: '2026-03-01 11:57:59' }, 'unused'],
    ['of another coupon', { couponNo: '7992697494' }, 'unused'],
  ])('%s: %s', async (_, change, seen) => {
    const lost = { ...(await lose('mtdz', undefined)), submittedAt: at };
    const platform = harness.answering({ code: 0, data: [{ couponNo: lost.code, ...row, ...change }] });
    expect((await ask(lost, (call, now) => platform.query(harness.session, call, now), { most: 1 })).seen).toEqual([seen]);
  });
});

test('a login that was learnt from an earlier yes is ours, however long ago the coupon was seen unused', async () => {
  const { double, platform, session } = harness;
  double.shape.remarks = false;
  double.lists.names = 'replaced';
  const code = double.books.coupon();
  const request = await harness.request(code, 'mtdz', 1);
  const receipt = (await platform.verify(session, request)) as Receipt;
  const { sent, listed } = (await platform.operatorName!(session, { ...request, receipt }))!;
  expect([sent, listed]).toEqual(['liangqi', 'dp_shop_8877']);
  const lost = { ...(await lose('mtdz', { kind: 'reset' })), seenUnusedAt: 0 };
  expect((await query(lost)).result.kind).toBe('person');
  expect((await query({ ...lost, listedAs: listed })).result).toMatchObject({ kind: 'verified', certainty: 'listed' });
});

test('a remark of another hand leaves it to when the coupon was last seen unused', async () => {
  const lost = await lose('mtdz', { kind: 'reset' });
  const other = { ...lost, requestId: 'vb-other' };
  expect((await query(other)).result.kind).toBe('verified');
  expect((await query({ ...other, seenUnusedAt: lost.submittedAt - 60_001 })).result.kind).toBe('person');
});

/** Uses are not listed until so many questions later. */
const behind = (questions: number): void => {
  for (let n = 1; n <= questions; n += 1)
    harness.double.fail('consumeHistory', { kind: 'words', words: '{"code":0,"data":[]}' }, n);
};

test('a use that another verification of ours made, and took back, is not the lost one', async () => {
  const lost = await lose('mtdz', undefined);
  const first = await harness.platform.verify(harness.session, { ...lost, requestId: 'vb-earlier' });
  if (first.kind !== 'verified') throw new Error('it could be used');
  await harness.undo(lost.code, first.items[0]!.handle);
  const { result, seen } = await query(lost);
  // The undo has changed the code, so its state tells nothing; a person looks.
  expect([result.kind, seen[0]]).toEqual(['person', 'unused']);
});

test.each([
  ['cut short', (id: string) => id.slice(0, -4), 'used'],
  ['in capitals', (id: string) => id.toUpperCase(), 'used'],
  ['of another verification', () => 'vb-0000000000000000', 'unused'],
])('a remark %s', async (_, remarkOf, seen) => {
  const lost = { ...(await lose('mtdz', undefined)), requestId: 'vb-abcdefgh12345678' };
  const row = { tranNo: '1', changeSource: 42, userId: 'liangqi', couponNo: lost.code, remark: remarkOf(lost.requestId) };
  const platform = harness.answering({ code: 0, data: [row] });
  expect((await ask(lost, (call, now) => platform.query(harness.session, call, now), { most: 1 })).seen).toEqual([seen]);
});

describe('a list that is late', () => {
  test('is asked again when the state says used: it has the number for taking back', async () => {
    const lost = await lose('mtdz', { kind: 'reset' });
    behind(1);
    const { result, seen, ms } = await query(lost);
    expect([seen, ms]).toEqual([['unused', 'unclear', 'ours'], 8_000]);
    expect(result).toHaveProperty('undoUntil');
  });

  test('is not waited for: then the state is believed, and nothing can be taken back', async () => {
    const lost = await lose('mtdz', { kind: 'reset' });
    behind(2);
    const { result, seen, ms } = await query(lost);
    expect([seen, ms]).toEqual([['unused', 'unclear', 'unclear', 'used'], 20_000]);
    expect(result).toEqual({ kind: 'verified', at: lost.submittedAt, items: [{ count: 1 }], certainty: 'inferred' });
  });

  test('and a card that was shown long before: somebody decides', async () => {
    const lost = await lose('mtdz', { kind: 'reset' });
    behind(2);
    expect((await query({ ...lost, seenUnusedAt: lost.submittedAt - 60_001 })).result.kind).toBe('person');
  });
});

describe("the coupon's state", () => {
  const state = async (data: unknown, change: Partial<LostCall> = {}) => {
    const lost = { ...(await lose('mtdz', undefined)), asked: 3, ...change };
    harness.double.fail('queryById', { kind: 'words', words: JSON.stringify(data) });
    return (await ask(lost, (call, now) => harness.platform.query(harness.session, call, now), { most: 1 })).seen[0];
  };
  const told = (couponStatus: string, consumeTime = '') => ({ code: 0, data: { couponNo: '1', couponStatus, consumeTime } });

  test.each([
    [told(''), 'unused'],
    [told('未使用'), 'unused'],
    [told('已核销'), 'used'],
    [told('已退款'), 'void'],
    [told('作弊已冻结'), 'void'],
    [told('已撤销'), 'unclear'],
    [told('处理中'), 'unclear'],
    [{ code: 0, data: {} }, 'unclear'],
    [{ code: 3, msg: '该券已核销' }, 'used'],
    [{ code: 3, msg: '该券已过期' }, 'void'],
    [{ code: 3, msg: '券码不存在' }, 'unclear'],
  ])('%j: %s', async (data, seen) => expect(await state(data)).toBe(seen));

  test('used long before it was seen unused was somebody else; later than that, it may be ours', async () => {
    const at = Date.parse('2026-03-01T12:00:00+08:00');
    const times = { submittedAt: at, seenUnusedAt: at - 600_000 };
    expect(await state(told('已核销', '2026-03-01 11:44:59'), times)).toBe('others');
    for (const time of ['11:45:00', '11:55:00', '11:58:30'])
      expect(await state(told('已核销', `2026-03-01 ${time}`), times), time).toBe('used');
  });
});

describe('of several uses', () => {
  test('the list tells, and how many are left: the state is the same after one', async () => {
    const lost = await lose('meituan', { kind: 'reset', applied: false }, { uses: 3 });
    expect(await query(lost)).toMatchObject({ result: { kind: 'not-done' }, ms: 8_000 });
    expect(harness.double.calls('queryById')).toBe(0);
  });

  test.each(TYPES)('fewer left than the list names may be ours, as it may be late (%s)', async (type) => {
    const slow = await lose(type, { kind: 'reset' }, { uses: 3, count: 2 });
    behind(2);
    expect(await query(slow)).toMatchObject({ result: { kind: 'verified' }, ms: 8_000 });
    const lost = await lose(type, { kind: 'reset' }, { uses: 3, count: 2 });
    behind(10);
    expect((await query(lost)).result.kind).toBe('person');
  });

  test('somebody else’s takes none of ours', async () => {
    const lost = await lose('meituan', { kind: 'reset' }, { uses: 3 });
    harness.double.books.useElsewhere(lost.code);
    expect((await query(lost)).result).toMatchObject({ kind: 'verified', items: [{ count: 1 }] });
    const other = await lose('meituan', undefined, { uses: 3 });
    harness.double.books.useElsewhere(other.code);
    expect(await query(other)).toMatchObject({ result: { kind: 'not-done' }, ms: 8_000 });
  });

  test.each([true, false])('as many left as before prove nothing where one was undone since (made: %s)', async (applied) => {
    const listed = await lose('meituan', { kind: 'reset', applied: true }, { uses: 3 });
    expect((await query({ ...listed, undoneSince: true })).result).toMatchObject({ kind: 'verified', certainty: 'listed' });
    const lost = await lose('meituan', { kind: 'reset', applied }, { uses: 3 });
    behind(10);
    expect((await query({ ...lost, undoneSince: true })).result.kind).toBe('person');
  });

  test('a use that is listed without a request id may be ours', async () => {
    harness.double.shape.remarks = false;
    const lost = await lose('meituan', { kind: 'reset' }, { uses: 3 });
    expect((await query(lost)).result.kind).toBe('person');
  });

  test('each is told by its own code again, and can be taken back for itself', async () => {
    const { books } = harness.double;
    for (const type of ['mtdz', 'tiktok'] as const) {
      const { result } = await query(await lose(type, { kind: 'reset' }, { uses: 3, count: 2 }));
      const { items } = result as Receipt;
      const { parts } = books.uses.at(-1)!;
      expect(new Set(items.map(({ code }) => code))).toEqual(new Set(parts.map(({ no }) => no)));
      expect(items.map(({ code, handle }) => (JSON.parse(handle ?? '') as { couponNo: string }).couponNo === code)).toEqual([
        true,
        true,
      ]);
    }
  });
});

describe('a list that refuses', () => {
  test.each([
    ['未找到核销记录', 'unused'],
    ['莫名其妙', 'unclear'],
  ])('%s: %s', async (words, seen) => {
    const lost = await lose('mtdz', undefined);
    harness.double.fail('consumeHistory', { kind: 'three', words });
    expect((await query(lost, { most: 1 })).seen).toEqual([seen]);
  });
});

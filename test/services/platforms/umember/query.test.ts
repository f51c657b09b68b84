/** A lost umember answer: what the coupon's detail tells, and when it is believed. */
import { describe, expect, test } from 'vitest';
import type { LostCall } from '../../../../services/platforms/platform.ts';
import { weigh } from '../../../../services/platforms/umember/query.ts';

const AT = 1_734_278_764_000;
const lost = (change: Partial<LostCall> = {}): LostCall => ({
  store: '5',
  code: '0332808512',
  handle: undefined,
  count: 1,
  requestId: 'vb-1',
  operator: 'telegram:1',
  operatorName: '张三',
  seenUnusedAt: AT - 10_000,
  submittedAt: AT,
  asked: 0,
  notes: [],
  ...change,
});
const detail = (data: unknown) => ({ success: true, words: 'success', data });
const refusal = (words: string) => ({ success: false, words, data: undefined });
const unused = detail({ status: '未使用' });
const used = detail({ status: '已使用' });
const left = (count: number) => detail({ status: '未使用', status_code: 0, rawData: { count, tgTimesCardFlag: true } });
const ofOrder = (count: number) => detail({ status: '未使用', status_code: 0, rawData: { count, tgTimesCardFlag: false } });

/** Asks as the answers wish, from `after` the call on; returns when it settled and how. */
function ask(answers: readonly Parameters<typeof weigh>[0][], call: LostCall, after = 1_000): readonly [number, string] {
  let now = AT + after;
  let { notes } = call;
  for (const [asked, answer] of answers.entries()) {
    const { result, note } = weigh(answer, { ...call, asked, notes }, now);
    if (result.kind !== 'again') return [now - AT, result.kind];
    notes = [...notes, note];
    now += result.afterMs;
  }
  return [now - AT, 'again'];
}

test('used after it was seen unused a moment ago: it was ours', () => {
  expect(weigh(used, lost(), AT + 1_000).result).toEqual({
    kind: 'verified',
    certainty: 'inferred',
    at: AT,
    items: [{ count: 1 }],
  });
  expect(weigh(detail({ status_code: 1 }), lost(), AT + 1_000).result.kind).toBe('verified');
  expect(weigh(refusal('此券号已于 2024-12-16 00:06:04 被消费!'), lost(), AT + 1_000).result.kind).toBe('verified');
});

test('used, but last seen unused more than a minute before: a person decides', () => {
  expect(weigh(used, lost({ seenUnusedAt: AT - 60_000 }), AT + 1_000).result.kind).toBe('verified');
  expect(weigh(used, lost({ seenUnusedAt: AT - 60_001 }), AT + 1_000).result.kind).toBe('person');
});

describe('unused', () => {
  test('is asked for 1, 3 and 8 s after the loss, and then believed', () => {
    expect(ask([unused], lost())).toEqual([3_000, 'again']);
    expect(ask([unused, unused], lost())).toEqual([8_000, 'again']);
    expect(ask([unused, unused, unused], lost())).toEqual([8_000, 'not-done']);
  });

  test('counts from the first question, for the answer may have been waited for long', () => {
    expect(ask([unused, unused, unused], lost(), 11_000)).toEqual([18_000, 'not-done']);
  });

  test('once is not enough, however late; nor is twice too early', () => {
    const seen = (notes: readonly string[], after: number) => weigh(unused, lost({ notes }), AT + after).result.kind;
    expect(seen([`unclear ${AT + 1_000}`], 20_000)).toBe('again');
    expect(seen([`unused ${AT + 1_000}`], 7_999)).toBe('again');
    expect(seen([`unused ${AT + 1_000}`], 8_000)).toBe('not-done');
  });

  test('that turns into used was ours, however often it was seen unused before', () => {
    expect(ask([unused, unused, used], lost())).toEqual([8_000, 'verified']);
  });
});

describe('a coupon that was refunded, frozen or expired meanwhile', () => {
  test.each(['已退款', '已冻结', '已过期'])('(%s) was not used by us, once it was seen so twice, some time on', (status) => {
    const gone = detail({ status });
    expect(ask([gone, gone], lost())).toEqual([8_000, 'again']);
    expect(ask([gone, gone, gone], lost())).toEqual([8_000, 'not-done']);
    // A coupon used at the last moment of its last day.
    expect(ask([gone, used], lost())).toEqual([3_000, 'verified']);
    expect(ask([unused, unused, gone], lost())).toEqual([20_000, 'again']);
  });
});

test('used, and the call itself was answered so: whose use it was is for a person to tell', () => {
  expect(weigh(used, lost({ answeredUsed: true }), AT + 1_000).result).toEqual({ kind: 'person' });
});

test('what tells neither way three times is left to a person', () => {
  const odd = detail({ status: '处理中' });
  expect(ask([odd, odd], lost())).toEqual([8_000, 'again']);
  expect(ask([odd, refusal('券码不存在'), odd], lost())).toEqual([8_000, 'person']);
});

describe('a coupon of several uses stays unused', () => {
  const call = lost({ handle: 'uses:3' });
  test('fewer left: it was ours', () => expect(ask([left(2)], call)).toEqual([1_000, 'verified']));
  test('two fewer left: one was somebody else’s, and perhaps both', () =>
    expect(ask([left(1), left(1), left(1)], call)).toEqual([8_000, 'person']));
  test('as many left: it was not', () => expect(ask([left(3), left(3), left(3)], call)).toEqual([8_000, 'not-done']));
  test('as many left, or fewer, where one was undone since: a person decides', () => {
    const since = { ...call, undoneSince: true };
    for (const count of [3, 2]) expect(ask([left(count), left(count), left(count)], since)[1]).toBe('person');
  });
  test('nobody says how many: a person decides', () => expect(ask([unused, unused, unused], call)).toEqual([8_000, 'person']));
});

describe('a coupon of an order of several has a code of its own', () => {
  const call = lost({ handle: 'uses:3' });
  test('fewer left while it is unused: another of them was used, and ours is for somebody to tell', () =>
    expect(ask([ofOrder(2), ofOrder(2), ofOrder(2)], call)).toEqual([8_000, 'person']));
  test('used: it was ours', () => expect(ask([used], call)).toEqual([1_000, 'verified']));
  test('as many left: it was not', () => expect(ask([ofOrder(3), ofOrder(3), ofOrder(3)], call)).toEqual([8_000, 'not-done']));
});

test('it is asked ever more rarely, and for a day', () => {
  const gaps = Array.from({ length: 9 }, (_, asked) => {
    const { result } = weigh(detail({ status: '处理中' }), lost({ asked }), AT + 1_000);
    return result.kind === 'again' ? result.afterMs / 1_000 : 0;
  });
  expect(gaps).toEqual([2, 5, 12, 60, 300, 900, 1_800, 1_800, 1_800]);
  expect(weigh(unused, lost({ asked: 50 }), AT + 86_400_000).result.kind).toBe('person');
});

/** A lost answer: the conclusions from the two reads, and the time at which they are believed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chinaTime } from '../../../../services/time/platform-time.ts';
import { judgeLostCall } from '../../../../services/platforms/judge-lost-call.ts';
import type { Envelope } from '../../../../services/platforms/meituan/envelope.ts';
import { sightOfCoupon, sightOfUndo, sightOfUse } from '../../../../services/platforms/meituan/query.ts';
import type { Asked, LostCall, LostUndo, Receipt, Undone } from '../../../../services/platforms/platform.ts';
import { DIALECTS, faultOf, openHarness, platformOf, type Harness } from './harness.ts';

const AT = 1_716_182_055_000;
const lost = (change: Partial<LostCall> = {}): LostCall => ({
  store: 's',
  code: '7992697494',
  handle: '{"dealId":"761417563","remaining":1}',
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
const yes = (data: unknown): Envelope => ({ success: true, code: '200', words: '', data });
const no = (code: string, words: string, data?: unknown): Envelope => ({ success: false, code, words, data });
const usedAt = (ms: number): Envelope => no('1008', `此券号已于 ${chinaTime(ms)} 被消费!`);

describe('who used it', () => {
  const use = (account: unknown, ms: number) =>
    yes({ receipt_code: '7992697494', verify_account: account, verify_time: chinaTime(ms) });
  test.each([
    ['our account, after the call', use('telegram-1', AT + 2_000), 'ours'],
    ['our account, as another list writes it', use('账号:telegram-1', AT), 'ours'],
    ['our account, a minute before at most: clocks differ', use('telegram-1', AT - 60_000), 'ours'],
    ['our account, earlier than it was seen unused: the clocks disagree', use('telegram-1', AT - 61_000), 'ours'],
    ['another account may be ours, as nobody says what is repeated', use('kaidianbao', AT), 'used'],
    ['an account that only begins alike', use('telegram-12', AT), 'used'],
    ['our account, masked', use('telegram-**', AT + 2_000), 'used'],
    ['our account, decorated', use('telegram-1(张三)', AT + 2_000), 'used'],
    ['our name instead of our account', use('张三', AT + 2_000), 'used'],
    ['our account in another case', use('Telegram-1', AT + 2_000), 'used'],
    ['our account, long before it was seen unused', use('telegram-1', AT - 311_000), 'used'],
    ['another account, long before it was seen unused', use('kaidianbao', AT - 311_000), 'others'],
    ['nobody says who, long before it was seen unused', use(undefined, AT - 311_000), 'others'],
    ['another account, minutes before: clocks differ', use('kaidianbao', AT - 309_000), 'used'],
    ['another account, long after now', use('kaidianbao', AT + 301_000), 'others'],
    ['nobody says who', use(undefined, AT), 'used'],
    ['nobody says when', yes({ receiptCode: '7992697494', verifyAccount: 'telegram-1' }), 'used'],
    ['nothing is known of a use', yes({}), 'unused'],
    ['a yes that says nothing', yes(null), 'unclear'],
    ['not found among the used', no('1006', ''), 'unused'],
    ['not used, in words', no('1020', '该券未被验证'), 'unused'],
    ['words of no meaning', no('1099', '参数有误'), 'unclear'],
  ])('%s', (_, answer, seen) => expect(sightOfUse(answer, lost(), AT).seen).toBe(seen));

  test('our account, between the card and the press: a person looks whether it is another use', () => {
    const opened = lost({ seenUnusedAt: AT - 300_000 });
    expect(sightOfUse(use('telegram-1', AT - 61_000), opened, AT).seen).toBe('used');
  });

  test('the name that was learnt from an earlier yes is ours, any other may be', () => {
    const known = lost({ listedAs: '张三' });
    expect(sightOfUse(use('张三', AT + 2_000), known, AT).seen).toBe('ours');
    expect(sightOfUse(use('telegram-1', AT + 2_000), known, AT).seen).toBe('ours');
    expect(sightOfUse(use('李四', AT + 2_000), known, AT).seen).toBe('used');
  });
});

describe('whether it can be used', () => {
  test.each([
    ['usable', yes({ count: 1 }), {}, 'unused'],
    ['usable, the other coupons of its order are not', yes({ count: 1 }), { handle: '{"remaining":3}' }, 'unused'],
    ['a 次卡 with as many uses left', yes({ count: 3 }), { handle: '{"remaining":3,"timesCard":true}' }, 'unused'],
    ['a 次卡 with fewer', yes({ count: 2 }), { handle: '{"remaining":3,"timesCard":true}' }, 'used'],
    [
      'a 次卡 with fewer, but not by as many as were confirmed',
      yes({ count: 2 }),
      { handle: '{"remaining":3,"timesCard":true}', count: 2 },
      'unclear',
    ],
    [
      'a 次卡 with as many uses left, one of which was undone since',
      yes({ count: 3 }),
      { handle: '{"remaining":3,"timesCard":true}', undoneSince: true },
      'unclear',
    ],
    ['used just now', usedAt(AT + 1_000), {}, 'used'],
    ['used between the card and the press', usedAt(AT - 61_000), { seenUnusedAt: AT - 300_000 }, 'unclear'],
    ['used long before it was seen unused', usedAt(AT - 311_000), {}, 'others'],
    [
      'used just now, and the call was answered so: the other read tells who',
      usedAt(AT + 1_000),
      { answeredUsed: true },
      'unclear',
    ],
    ['used before it was seen unused: the clocks disagree', usedAt(AT - 61_000), {}, 'used'],
    [
      'used just now, seen unused long ago: the other read tells who',
      usedAt(AT + 1_000),
      { seenUnusedAt: AT - 60_001 },
      'unclear',
    ],
    ['used, nobody says when', no('1008', '已使用'), {}, 'used'],
    ['refunded', no('1', '该券已退款'), {}, 'void'],
    ['expired', no('1', '该券已过期'), {}, 'void'],
    ['not found', no('1006', ''), {}, 'unclear'],
  ] as const)('%s', (_, answer, change, seen) => expect(sightOfCoupon(answer, lost(change), AT).seen).toBe(seen));

  test('trouble at the platform is a fault, and asked again', () => {
    expect(() => sightOfCoupon(no('1', '系统繁忙'), lost(), AT)).toThrow('out of order');
    expect(() => sightOfUse(no('1', '请求过于频繁'), lost(), AT)).toThrow('slow down');
  });
});

describe('whether it was taken back, by its old code', () => {
  const { seenUnusedAt: _, count: __, ...undo } = lost();
  test.each([
    ['not found any more', no('1006', ''), 'ours'],
    ['usable again', yes({ count: 1 }), 'ours'],
    ['still used', usedAt(AT), 'unused'],
    ['anything else', no('1', '参数有误'), 'unclear'],
  ])('%s', (_name, answer, seen) => expect(sightOfUndo(answer, undo)).toBe(seen));

  test('a 次卡 has its uses back, or has not', () => {
    const receiptHandle = '{"code":"7992697494","dealId":"761417563","uses":2}';
    const card: LostUndo = { ...undo, handle: '{"remaining":5,"timesCard":true}', receiptHandle };
    expect(sightOfUndo(yes({ count: 5 }), card)).toBe('ours');
    expect(sightOfUndo(yes({ count: 3 }), card)).toBe('unused');
    // Used once more since, and given two back; or used, and nothing given back.
    expect(sightOfUndo(yes({ count: 4 }), card)).toBe('unclear');
    expect(sightOfUndo(yes({ count: 2 }), card)).toBe('unclear');
    // Another use was given back.
    for (const count of [5, 3]) expect(sightOfUndo(yes({ count }), { ...card, undoneSince: true })).toBe('unclear');
  });
});

/** Asks as the answers wish, from a second after the call on; how often, and how it settled. */
async function settled<Yes extends { readonly kind: string }>(
  ask: (asked: number, notes: readonly string[], now: number) => Promise<Asked<Yes>>,
  at: number,
): Promise<{ readonly times: number; readonly result: Asked<Yes>['result'] }> {
  let now = at + 1_000;
  let notes: readonly string[] = [];
  for (let asked = 0; asked < 10; asked += 1) {
    const { result, note } = await ask(asked, notes, now);
    if (result.kind !== 'again') return { times: asked + 1, result };
    notes = [...notes, note];
    now += 'afterMs' in result ? result.afterMs : 0;
  }
  throw new Error('it never settled');
}

describe.each(DIALECTS)('%s', (dialect) => {
  let town: Harness;
  beforeEach(async () => {
    town = await openHarness(dialect);
  });
  afterEach(() => town.double.close());

  const handleOf = async (code: string) => {
    const coupon = await town.platform.lookup(town.session, town.store, code, 'meituan');
    return coupon.kind === 'coupon' ? coupon.handle : undefined;
  };
  /** A verification whose answer is lost. */
  const lose = async (code: string, applied: boolean, change: Partial<LostCall> = {}): Promise<LostCall> => {
    const at = town.now();
    const call = lost({ store: town.store, code, handle: await handleOf(code), seenUnusedAt: at, submittedAt: at, ...change });
    town.double.fail('consume', { kind: 'reset', applied });
    expect(await faultOf(town.platform.verify(town.session, call))).toHaveProperty('outcome', 'unknown');
    return call;
  };
  const query = (call: LostCall) =>
    settled<Receipt>((asked, notes, now) => town.platform.query(town.session, { ...call, asked, notes }, now), call.submittedAt);

  test('what was ours is known at the first question, and can be taken back', async () => {
    const code = town.double.books.coupon();
    const { times, result } = await query(await lose(code, true));
    expect(times).toBe(1);
    expect(result).toMatchObject({ kind: 'verified', items: [{ count: 1, amount: 4_990 }] });
    const { handle } = (result as Receipt).items[0]!;
    expect(JSON.parse(handle!)).toEqual({ code, dealId: '761417563' });
  });

  test('what was not applied is believed after two looks, eight seconds on; and nothing is sent again', async () => {
    const code = town.double.books.coupon();
    const { times, result } = await query(await lose(code, false));
    expect([times, result.kind]).toEqual([3, 'not-done']);
    expect([town.double.calls('getconsumed'), town.double.calls('prepare'), town.double.calls('consume')]).toEqual([2, 2, 1]);
    expect(town.double.books.used(code)).toEqual([]);
  });

  test.each([
    ['does not know of it yet', { code: 1006, msg: '券不存在' }],
    ['says neither who nor when', { code: dialect === 'dianping' ? 200 : 'OP_SUCCESS', data: { receiptCode: '7992697494' } }],
  ])('what one read calls used is not told as unused because the other %s', async (_, consumed) => {
    const prepared = { code: 1008, msg: `此券号已于 ${chinaTime(AT + 1_000)} 被消费!` };
    const late = platformOf(dialect, 'http://late', town.now, ({ url }) =>
      Promise.resolve({ status: 200, json: url.pathname.endsWith('getconsumed') ? consumed : prepared }),
    );
    const call = lost({ seenUnusedAt: AT - 120_000 });
    const { result } = await settled<Receipt>(
      (asked, notes, now) => late.query(town.session, { ...call, asked, notes }, now),
      AT,
    );
    expect(result.kind).toBe('person');
  });

  test('what was ours is known also where the clock here is minutes fast', async () => {
    const code = town.double.books.coupon();
    const call = await lose(code, true);
    const ahead = 180_000;
    const fast = { ...call, submittedAt: call.submittedAt + ahead, seenUnusedAt: call.seenUnusedAt + ahead };
    for (const asked of [0, 1])
      expect(
        (await town.platform.query(town.session, { ...fast, asked }, fast.submittedAt + 1_000)).result.kind,
        `question ${asked}`,
      ).toBe('verified');
  });

  test('used under a name nobody knows: ours where it was just seen unused, else a person looks', async () => {
    const [one, other] = [town.double.books.coupon(), town.double.books.coupon()];
    const call = await lose(one, false);
    const opened = await lose(other, false, { requestId: 'vb-2', seenUnusedAt: town.now() - 61_000 });
    for (const code of [one, other]) town.double.books.useElsewhere(code);
    expect((await query(call)).result).toMatchObject({ kind: 'verified', certainty: 'inferred' });
    expect((await query(opened)).result).toEqual({ kind: 'person' });
  });

  test('used long before it was seen unused: ours was not, and why is told', async () => {
    const code = town.double.books.coupon();
    const call = await lose(code, false);
    town.double.books.useElsewhere(code);
    const later = { ...call, submittedAt: call.submittedAt + 400_000, seenUnusedAt: call.seenUnusedAt + 400_000 };
    expect((await query(later)).result).toEqual({ kind: 'not-done', refusal: { kind: 'refused', reason: 'used' } });
  });

  test('a use that came late is ours all the same, though the coupon was seen unused long ago', async () => {
    const code = town.double.books.coupon();
    const call = await lose(code, true, { seenUnusedAt: AT });
    // The first look fails, the second cannot tell who, the third can.
    town.double.fail('getconsumed', { kind: 'gateway' });
    expect(await faultOf(town.platform.query(town.session, call, call.submittedAt + 1_000))).toHaveProperty(
      'kind',
      'unreachable',
    );
    const second = await town.platform.query(town.session, { ...call, asked: 1 }, call.submittedAt + 4_000);
    expect(second.result.kind).toBe('again');
    const third = { ...call, asked: 2, notes: [second.note] };
    expect((await town.platform.query(town.session, third, call.submittedAt + 9_000)).result.kind).toBe('verified');
  });

  test('several of an order are found by their codes in the list of the day', async () => {
    const [one, two, three] = town.double.books.order(3);
    const call = await lose(one!, true, { count: 3 });
    // Not ours: verified by somebody else, and of another deal.
    town.double.books.useElsewhere(town.double.books.coupon());
    town.double.books.useElsewhere(town.double.books.coupon({ dealId: 2 }), 'telegram-1');
    const { result } = await query(call);
    const { items } = result as Receipt;
    expect(items.map(({ code, count }) => [code, count])).toEqual([
      [undefined, 1],
      [two, 1],
      [three, 1],
    ]);
    for (const { handle } of items) expect(JSON.parse(handle!)).toHaveProperty('dealId', '761417563');
  });

  test('where the list cannot tell them apart they stay one item that nobody takes back by mistake', async () => {
    const [one] = town.double.books.order(3);
    const call = await lose(one!, true, { count: 3 });
    town.double.books.useElsewhere(town.double.books.coupon(), 'telegram-1');
    const { items } = (await query(call)).result as Receipt;
    expect(items).toMatchObject([{ count: 1 }, { count: 2, handle: '{}' }]);
  });

  test('uses of a 次卡 are told by what is left', async () => {
    const code = town.double.books.coupon({ uses: 5 });
    town.double.books.useElsewhere(code, 'telegram-1');
    expect((await query(await lose(code, false, { count: 2 }))).result.kind).toBe('not-done');
    expect((await query(await lose(code, true, { count: 2, requestId: 'vb-2' }))).result).toMatchObject({
      kind: 'verified',
      items: [{ count: 2 }],
    });
    expect(town.double.calls('getconsumed')).toBe(0);
  });

  describe('an undo', () => {
    const loseUndo = async (code: string, applied: boolean): Promise<LostUndo> => {
      const call = lost({ store: town.store, code, handle: await handleOf(code) });
      const { items } = (await town.platform.verify(town.session, call)) as Receipt;
      const { seenUnusedAt: _, count: __, ...rest } = call;
      const undo = { ...rest, receiptHandle: items[0]!.handle!, submittedAt: town.now() };
      town.double.fail('reverseconsume', { kind: 'reset', applied });
      expect(await faultOf(town.platform.undo!(town.session, undo))).toHaveProperty('outcome', 'unknown');
      return undo;
    };
    const queryUndo = (undo: LostUndo) =>
      settled<Undone>(
        (asked, notes, now) => town.platform.queryUndo!(town.session, { ...undo, asked, notes }, now),
        undo.submittedAt,
      );

    test('that took effect is known by its old code at once', async () => {
      const undo = await loseUndo(town.double.books.coupon(), true);
      expect(await queryUndo(undo)).toEqual({
        times: 1,
        result: { kind: 'undone', at: undo.submittedAt, certainty: 'inferred' },
      });
    });

    test('of a 次卡 that was used again since is for somebody to tell', async () => {
      const code = town.double.books.coupon({ uses: 5 });
      const call = lost({ store: town.store, code, handle: await handleOf(code), count: 2 });
      const { items } = (await town.platform.verify(town.session, call)) as Receipt;
      await town.platform.verify(town.session, { ...call, handle: await handleOf(code), count: 1, requestId: 'vb-2' });
      const { seenUnusedAt: _, count: __, ...rest } = call;
      const undo = { ...rest, receiptHandle: items[0]!.handle!, submittedAt: town.now() };
      expect((await queryUndo(undo)).result.kind).toBe('person');
    });

    test('that did not is believed after it was seen used twice', async () => {
      const undo = await loseUndo(town.double.books.coupon(), false);
      expect(await queryUndo(undo)).toMatchObject({ result: { kind: 'not-done' } });
      expect(town.double.calls('reverseconsume')).toBe(1);
    });
  });
});

test('what is seen is weighed as for every platform', () => {
  const { seen } = sightOfUse(yes({}), lost(), AT);
  expect(judgeLostCall(seen, lost(), AT + 1_000, () => ({ kind: 'verified' as const })).result.kind).toBe('again');
});

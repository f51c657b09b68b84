/** A gateway says no in words nobody has seen: what it did is found out, told and counted, whichever way it went. */
import { describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { EVENING, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const SAID = [
  '网络异常',
  '核销处理中',
  'read timed out',
  'Internal Server Error',
  '服务异常',
  '重复提交',
  '调用美团接口失败',
  '系统异常, 券已核销处理中',
  '请求已使用其他通道',
  '核销失败',
  '',
];

/** The clock's jobs for so long, every second. */
async function wait(bot: Harness, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += SECOND) {
    bot.later(SECOND);
    await bot.tick();
  }
}

const WAYS = SAID.map((words, n) => [words, n % 2 === 0 ? 'no' : 'false'] as const);

describe.each(WAYS)('umember says 「%s」 (%s)', (words, kind) => {
  const pressed = async (applied: boolean) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon({ yuan: '49.90' });
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind, words, applied });
    const before = bot.umember.calls('detail');
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    expect(card.text).toContain('请勿重复操作');
    expect(card.text).toContain(words === '' ? '平台没有及时答复' : `平台答复「${words}」。结果还不确定。`);
    expect(card.text).not.toMatch(/成功|未通过/);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 0 张\n合计 ¥0\.00\n.*待确认 1 张/);
    await wait(bot, 20 * SECOND);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(bot.umember.books.used(code)).toHaveLength(Number(applied));
    expect(bot.faults).toEqual([]);
    const asked = bot.umember.calls('detail') - before;
    return { bot, owner, code, card, asked, summary: (await bot.ask(owner, '/summary'))[0]!.text };
  };

  it('and used the coupon: by itself 核销成功, in the books to the fen', async () => {
    const { owner, card, summary, asked } = await pressed(true);
    expect(card.text).toContain('核销成功');
    expect(card.text).not.toContain('平台答复');
    expect(texts(owner.chat).filter((text) => text.includes('核销成功'))).toHaveLength(2);
    expect(summary).toMatch(/核销 1 张\n合计 ¥49\.90/);
    expect(asked).toBe(1);
  });

  it('and did not: by itself 未核销, in its words, and the coupon can be used', async () => {
    const { bot, owner, code, card, summary, asked } = await pressed(false);
    expect(card.text).toContain('未核销');
    if (words !== '') expect(card.text).toContain(`平台答复「${words}」`);
    expect(card.text).toContain('已向平台确认：券没有被使用');
    expect(summary).toMatch(/核销 0 张\n合计 ¥0\.00\n.*待确认 0 张 · 未通过 1 次/);
    expect(asked).toBeLessThanOrEqual(3);
    await bot.press(owner, card, '重新查券');
    const fresh = owner.chat.messages.at(-1)!;
    await bot.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 1 张\n合计 ¥49\.90/);
  });
});

it('a no that is known takes one call and ends there', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.umember.fail('verify', { kind: 'false', words: '该券已过期' });
  const calls = bot.umember.arrivals.length;
  await bot.press(owner, card, '确认核销');
  expect(card.text).toContain('已过期');
  await wait(bot, MINUTE);
  expect(bot.umember.arrivals).toHaveLength(calls + 1);
});

it('words that speak of 成功 are no yes, and are not shown', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.umember.fail('verify', { kind: 'false', words: '验证成功' });
  await bot.press(owner, card, '确认核销');
  expect(card.text).toContain('结果待确认');
  expect(card.text).not.toContain('成功');
  await wait(bot, 20 * SECOND);
  expect(card.text).toContain('未核销');
  expect(card.text).not.toContain('成功');
});

it('whoever has to decide reads what the platform said', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.later(61 * SECOND);
  bot.umember.fail('verify', { kind: 'no', words: '美团没有回应', applied: true });
  await bot.press(owner, card, '确认核销');
  await wait(bot, 2 * SECOND);
  expect(card.text).toContain('需要人工判断');
  expect(card.text).toContain('平台答复「美团没有回应」');
  await bot.press(owner, card, '是本次核销');
  expect(card.text).toContain('核销成功');
  expect(card.text).not.toContain('美团没有回应');
});

it('a code that is looked up is not called bad in words nobody has seen', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  for (const [words, told] of [
    ['此券处于蓝色状态', '平台答复「此券处于蓝色状态」。不代表券不能用'],
    ['系统异常, 券已核销处理中', '平台繁忙'],
  ] as const) {
    bot.umember.fail('detail', { kind: 'no', words });
    const [answer] = await bot.ask(owner, bot.umember.books.coupon());
    expect(answer!.text).toContain(told);
    expect(answer!.text).not.toMatch(/· 已核销|未通过|已过期|不存在/);
  }
});

describe('an undo', () => {
  const undoLabel = (card: FakeMessage): string => labels(card).find((label) => label.startsWith('撤销')) ?? 'no 撤销';

  /** A coupon of Dianping, verified, and taken back; what became of that was told in these words. */
  const takenBack = async (words: string, applied: boolean) => {
    const bot = await openHarness({ gateways: true, now: EVENING });
    const owner: FakePerson = bot.telegram.person('王老板');
    const [platforms] = await bot.ask(owner, '/bind');
    await bot.press(owner, platforms!, '大众点评');
    await bot.authorises(owner.chat.messages.at(-1)!);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(owner, code);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    bot.gateways.meituan.fail('reverseconsume', { kind: 'no', words, applied });
    await bot.press(owner, card, undoLabel(card));
    await bot.press(owner, card, '确认撤销');
    expect(card.text).toContain('撤销结果待确认');
    if (words !== '') expect(card.text).toContain(`平台答复「${words}」`);
    await wait(bot, 20 * SECOND);
    expect(bot.gateways.meituan.calls('reverseconsume')).toBe(1);
    return { card, summary: (await bot.ask(owner, '/summary'))[0]!.text };
  };

  it.each(['网络异常', '该券不存在', '撤销处理中', ''])(
    'that took effect and was answered 「%s」 ends as 已撤销',
    async (words) => {
      const { card, summary } = await takenBack(words, true);
      expect(card.text).toContain('已撤销');
      expect(summary).toMatch(/核销 0 张\n合计 ¥0\.00\n撤销 1 张（¥49\.90）/);
    },
  );

  it.each(['网络异常', ''])('that did not and was answered 「%s」 leaves 核销成功, and says why', async (words) => {
    const { card, summary } = await takenBack(words, false);
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain(`撤销未成功：${words === '' ? '' : `平台答复「${words}」。`}平台没有执行`);
    expect(undoLabel(card)).toMatch(/^撤销/);
    expect(summary).toMatch(/核销 1 张\n合计 ¥49\.90/);
  });
});

it.each([
  [400, '已退款', '平台答复「券码已核销」'],
  [409, '已退款', '平台答复「券码已核销」'],
  [500, '连不上平台', '平台没有及时答复'],
])('a no with HTTP %i is read by its words where it can be, is no yes, and spoils no other coupon', async (status, read, why) => {
  const bot = await openHarness();
  const owner = await bot.owner();
  bot.umember.fail('detail', { kind: 'no', words: '该券已退款', status });
  expect((await bot.ask(owner, bot.umember.books.coupon()))[0]!.text).toContain(read);
  const codes = [bot.umember.books.coupon(), bot.umember.books.coupon(), bot.umember.books.coupon()];
  const cards: FakeMessage[] = [];
  for (const code of codes) cards.push(await bot.card(owner, code));
  bot.umember.fail('verify', { kind: 'no', words: '券码已核销', status }, 2);
  for (const card of cards) await bot.press(owner, card, '确认核销');
  const [good, bad, next] = cards.map((card) => card.text);
  for (const text of [good, next]) expect(text).toContain('核销成功');
  expect(bad).toContain('结果待确认');
  expect(bad).toContain(why);
  await wait(bot, 20 * SECOND);
  expect(cards[1]!.text).toContain('未核销');
  expect(codes.map((code) => bot.umember.books.used(code).length)).toEqual([1, 0, 1]);
});

/** A gateway says 已核销 of a coupon that was seen unused: it may be our own use, so nobody is told before it is looked into. */
import { describe, expect, it } from 'vitest';
import { KEY } from '../doubles/allinpay.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { EVENING, labels, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

async function wait(bot: Harness, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += SECOND) {
    bot.later(SECOND);
    await bot.tick();
  }
}
const summary = async (bot: Harness, owner: FakePerson): Promise<string> => (await bot.ask(owner, '/summary'))[0]!.text;

const isUnsure = (card: FakeMessage): void => {
  expect(card.text).toContain('结果待确认');
  expect(card.text).toContain('请勿重复操作');
  expect(card.text).not.toMatch(/成功|❌/);
};

describe('umember, which has no list', () => {
  const pressed = async (shownMs: number, applied: boolean) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.later(shownMs);
    bot.umember.fail('verify', { kind: 'used', applied });
    await bot.press(owner, card, '确认核销');
    return { bot, owner, code, card };
  };

  it.each([
    ['4 s', 4 * SECOND],
    ['a minute', MINUTE],
    ['14 minutes', 14 * MINUTE],
  ])('%s after it was seen unused: 结果待确认, then somebody looks, and the use is in the books', async (_, shownMs) => {
    const { bot, owner, code, card } = await pressed(shownMs, true);
    isUnsure(card);
    expect(await summary(bot, owner)).toMatch(/核销 0 张[\s\S]*待确认 1 张/);
    await wait(bot, 2 * SECOND);
    expect(card.text).toContain('需要人工判断');
    await bot.press(owner, card, '是本次核销');
    expect(card.text).toContain('核销成功');
    expect(await summary(bot, owner)).toMatch(/核销 1 张\n合计 ¥49\.00/);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('and the coupon is unused after all: 未核销, and it can be used', async () => {
    const { bot, owner, card } = await pressed(4 * SECOND, false);
    isUnsure(card);
    await wait(bot, 20 * SECOND);
    expect(card.text).toContain('未核销');
    await bot.press(owner, card, '重新查券');
    const fresh = owner.chat.messages.at(-1)!;
    await bot.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
  });

  it('a clock that was set forward between look and press makes no use somebody else’s', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.later(90 * SECOND);
    bot.umember.fail('verify', { kind: 'used', applied: true });
    await bot.press(owner, card, '确认核销');
    isUnsure(card);
    bot.later(-90 * SECOND);
    await wait(bot, 100 * SECOND);
    await bot.press(owner, card, '是本次核销');
    expect(await summary(bot, owner)).toMatch(/核销 1 张\n合计 ¥49\.00/);
  });

  it('also where an earlier call for this code was told as 未核销, and came late', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'reset', applied: false });
    await bot.press(owner, card, '确认核销');
    await wait(bot, 20 * SECOND);
    expect(card.text).toContain('未核销');
    await bot.press(owner, card, '重新查券');
    const fresh = owner.chat.messages.at(-1)!;
    bot.later(2 * MINUTE);
    // The first call takes effect only now.
    bot.umember.fail('verify', { kind: 'used', applied: true });
    await bot.press(owner, fresh, '确认核销');
    isUnsure(fresh);
    await wait(bot, 2 * SECOND);
    expect(fresh.text).toContain('需要人工判断');
    await bot.press(owner, fresh, '是本次核销');
    expect(await summary(bot, owner)).toMatch(/核销 1 张\n合计 ¥49\.00/);
  });

  it('a time of use long before the card is somebody else’s, and final', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'used', applied: false, words: '此券号已于 2026-11-20 10:28:14 被消费!' });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('已核销');
    expect(card.text).toContain('11-20 10:28');
  });
});

describe('Dianping, whose list names who used it', () => {
  const bound = async () => {
    const bot = await openHarness({ gateways: true, now: EVENING });
    const owner = bot.telegram.person('王老板');
    const [platforms] = await bot.ask(owner, '/bind');
    await bot.press(owner, platforms!, '大众点评');
    await bot.authorises(owner.chat.messages.at(-1)!);
    return { bot, owner };
  };

  it.each([
    ['4 s', 4 * SECOND],
    ['ten minutes', 10 * MINUTE],
  ])('%s after it was seen unused our own use is found in the list at once, and it can be taken back', async (_, shownMs) => {
    const { bot, owner } = await bound();
    const card = await bot.card(owner, bot.gateways.meituan.books.coupon());
    bot.later(shownMs);
    bot.gateways.meituan.fail('consume', { kind: 'used' });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(labels(card).join(' ')).toContain('撤销');
    const rows = await bot.database.db.selectFrom('verification').select(['state', 'certainty']).execute();
    expect(rows).toEqual([{ state: 'verified', certainty: 'listed' }]);
    expect(await summary(bot, owner)).toMatch(/核销 1 张\n合计 ¥49\.90/);
  });

  it('also where the list is late, or somebody else has it in an unknown name: then a person looks', async () => {
    const { bot, owner } = await bound();
    const { lists, books } = bot.gateways.meituan;
    lists.lateMs = 6 * SECOND;
    const card = await bot.card(owner, books.coupon());
    bot.gateways.meituan.fail('consume', { kind: 'used' });
    await bot.press(owner, card, '确认核销');
    await wait(bot, 20 * SECOND);
    expect(card.text).toContain('核销成功');

    const code = books.coupon();
    const other = await bot.card(owner, code);
    books.useElsewhere(code);
    await bot.press(owner, other, '确认核销');
    isUnsure(other);
    await wait(bot, 20 * SECOND);
    expect(other.text).toContain('需要人工判断');
  });
});

describe('通联, whose list tells tills from programs', () => {
  const bound = async () => {
    const bot = await openHarness({ gateways: true, now: EVENING });
    const owner = bot.telegram.person('王老板');
    const [platforms] = await bot.ask(owner, '/bind');
    await bot.press(owner, platforms!, '通联 Allinpay');
    for (const answer of ['1234567890', KEY, '147', '星巴克光华店', 'liangqi']) await bot.ask(owner, answer);
    return { bot, owner, gateway: bot.gateways.allinpay };
  };

  it('used at a till between look and press: 已核销 at once, and nothing is left to ask', async () => {
    const { bot, owner, gateway } = await bound();
    const code = gateway.books.coupon({ type: 'mtdz' });
    const card = await bot.card(owner, code);
    bot.later(5 * MINUTE);
    gateway.books.useElsewhere(code);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toMatch(/^❌ 已核销/);
    expect(gateway.asked('consumeHistory')).toHaveLength(1);
    await wait(bot, 20 * SECOND);
    expect(gateway.asked('consumeHistory')).toHaveLength(1);
    expect(await summary(bot, owner)).toMatch(/核销 0 张[\s\S]*待确认 0 张/);
  });

  it('where the list cannot be read just now, it is asked again', async () => {
    const { bot, owner, gateway } = await bound();
    const card = await bot.card(owner, gateway.books.coupon({ type: 'mtdz' }));
    bot.later(5 * MINUTE);
    gateway.fail('consume', { kind: 'used' });
    gateway.fail('consumeHistory', { kind: 'reset', applied: false });
    await bot.press(owner, card, '确认核销');
    isUnsure(card);
    await wait(bot, 5 * SECOND);
    expect(card.text).toContain('核销成功');
  });
});

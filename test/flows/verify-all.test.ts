/** Stories of 全部核销: several codes in one message or photo, looked up and verified together, each for itself. */
import { describe, expect, it } from 'vitest';
import { qrCode } from '../../services/qr-code.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, SECOND, type Harness } from './harness.ts';

/** Sends these codes in one message and presses 全部核销: the card that says what each of them is. */
async function lookUpAll(bot: Harness, person: FakePerson, codes: readonly string[]): Promise<FakeMessage> {
  const [list] = await bot.ask(person, codes.join('\n'));
  await bot.press(person, list!, '全部核销');
  return person.chat.messages.at(-1)!;
}

describe('全部核销', () => {
  it('shows what every code is, and verifies by one press what was shown as verifiable, line by line', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { books } = bot.umember;
    const codes = [books.coupon(), books.coupon({ yuan: '78.00', title: '通宵' }), books.coupon(), '9999999990'];
    books.useElsewhere(codes[2]!);
    const [list] = await bot.ask(owner, codes.join('\n'));
    expect(labels(list!)).toEqual([...codes, '全部核销']);
    await bot.press(owner, list!, '全部核销');
    const card = owner.chat.messages.at(-1)!;
    expect(card.text).toContain('4 个券码，可以核销 2 张');
    expect(card.text).toMatch(/1: .* · 开业特惠通用畅玩4小时 · ¥49\.00 · 未使用\n2: .* · 通宵 · ¥78\.00 · 未使用/);
    expect(card.text).toMatch(/3: .* · 已核销.*\n4: 9999 9999 90 · 券码不存在/);
    expect(card.text).toContain('合计：¥127.00');
    expect(labels(card)).toEqual(['确认核销 2 张', '取消']);
    expect(bot.umember.calls('verify')).toBe(0);

    await bot.press(owner, card, '确认核销 2 张');
    expect(card.text).toContain('核销成功 2 张');
    expect(card.text).toMatch(/1: .* · 核销成功\n2: .* · 通宵 · ¥78\.00 · 核销成功/);
    expect(card.text).toContain('金额：¥127.00');
    expect(card.buttons).toEqual([]);
    expect(codes.map((code) => books.used(code).length)).toEqual([1, 1, 1, 0]);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 2 张\n合计 ¥127\.00/);
    expect(bot.faults).toEqual([]);
  });

  it('of a photo with several codes works alike, and 取消 verifies none', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    owner.shows(await qrCode('1000123456'), { caption: '1000123464' });
    await bot.quiet();
    await bot.press(owner, owner.chat.messages.at(-1)!, '全部核销');
    const card = owner.chat.messages.at(-1)!;
    expect(card.text).toContain('练习 · 模拟 · 2 个券码');
    await bot.press(owner, card, '取消');
    expect(card.text).toContain('已取消');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 0 张');
  }, 20_000);

  it('never verifies more than was shown, nor twice: what became usable since is left, a second press shows the same', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { books } = bot.umember;
    const [first, second, late] = [books.coupon(), books.coupon(), books.coupon()];
    books.useElsewhere(late);
    const card = await lookUpAll(bot, owner, [first, second, late]);
    // One of them is verified by a card of its own, and another one can be used again.
    books.tickets.get(late)!.used.length = 0;
    const own = await bot.card(owner, second);
    await bot.press(owner, own, '确认核销');
    const press = owner.presses(card, '确认核销 2 张');
    owner.presses(card, '确认核销 2 张');
    await bot.quiet();
    await bot.telegram.answered(press);
    expect(card.text).toContain('核销成功 1 张、1 张没有核销');
    expect(card.text).toMatch(/2: .* · 已核销/);
    expect([first, second, late].map((code) => books.used(code).length)).toEqual([1, 1, 0]);
    expect(bot.umember.calls('verify')).toBe(2);
  });

  it('judges each for itself: a refusal, a lost answer and a success in one press, and the lost one is told later', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { books } = bot.umember;
    const codes = [books.coupon(), books.coupon(), books.coupon()];
    const card = await lookUpAll(bot, owner, codes);
    bot.umember.fail('verify', { kind: 'false', words: '该券已过期' });
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销 3 张');
    expect(card.text).toContain('核销成功 1 张、结果待确认 1 张、1 张没有核销');
    expect(card.text).toMatch(/1: .* · 已过期.*\n2: .* · 结果待确认\n3: .* · 核销成功/);
    for (let n = 0; n < 3; n++) {
      bot.later(SECOND);
      await bot.tick();
    }
    const told = owner.chat.messages.at(-1)!;
    expect(told.text).toContain(`券码：${codes[1]}`);
    expect(told.text).toContain('核销成功');
  });

  it('that was cut off in the middle goes on after the restart, and uses nothing twice', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { books } = bot.umember;
    const codes = [books.coupon(), books.coupon(), books.coupon()];
    const card = await lookUpAll(bot, owner, codes);
    bot.umember.fail('verify', { kind: 'late', applied: true });
    owner.presses(card, '确认核销 3 张');
    await expect.poll(() => books.used(codes[0]!).length).toBe(1);
    await bot.crash();
    await bot.quiet();
    expect(card.text).toMatch(/核销成功 2 张/);
    for (let n = 0; n < 3; n++) {
      bot.later(SECOND);
      await bot.tick();
    }
    expect(codes.map((code) => books.used(code).length)).toEqual([1, 1, 1]);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 3 张');
    expect(bot.umember.calls('verify')).toBe(3);
  });

  it('is for owners and staff: a stranger’s press is refused, and so is that of a colleague who was never invited', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const [helper, guest] = [bot.telegram.person('小李'), bot.telegram.person('路人')];
    const group = await bot.group(owner, [helper, guest], '仅受邀员工');
    const { books } = bot.umember;
    const codes = [books.coupon(), books.coupon()];
    const [list] = await bot.ask(owner, codes.join(' '), { in: group });
    expect(await bot.press(guest, list!, '全部核销')).toContain('没有核销权限');
    await bot.press(owner, list!, '全部核销');
    const card = group.messages.at(-1)!;
    for (const person of [guest, helper]) expect(await bot.press(person, card, '确认核销 2 张')).toContain('没有核销权限');
    expect(bot.umember.calls('verify')).toBe(0);
    await bot.press(owner, card, '确认核销 2 张');
    expect(card.text).toContain('核销成功 2 张');
  });

  it('keeps to the limit of unknown codes, which are looked up no further', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const unknown = Array.from({ length: 8 }, (_, n) => `999999910${n}`);
    const [list] = await bot.ask(helper, unknown.join(' '));
    await bot.press(helper, list!, '全部核销');
    expect(helper.chat.messages.at(-1)!.text).toContain('连续多次券码不存在');
    expect(bot.umember.calls('detail')).toBeLessThan(8);
  });
});

/** One coupon, used once: through the whole bot, over real HTTP, when answers are lost on the way. */
import { describe, expect, it } from 'vitest';
import { PlatformFault } from '../../services/platforms/platform.ts';
import { books, expectBalanced, neighbours, quiet, settle } from './platform-books.ts';
import { openHarness } from './harness.ts';

describe('an answer that is lost', () => {
  it('after the coupon was used settles by itself as 核销成功', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'reset' });
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    expect(card.text).not.toContain('成功');
    await settle(bot);
    expect(card.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(owner.chat.messages.filter(({ text }) => text.includes('核销成功'))).toHaveLength(2);
    await expectBalanced(bot);
  });

  it('before the coupon was used settles as 未核销, and the next try verifies it', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'reset', applied: false });
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    await settle(bot);
    expect(card.text).toContain('未核销');
    expect(owner.chat.messages.some(({ text }) => text.includes('成功'))).toBe(false);
    expect(bot.umember.books.used(code)).toHaveLength(0);
    owner.presses(card, card.buttons.flat()[0]!.label);
    const again = await owner.chat.shows(
      (one) => one.id > card.id && one.buttons.flat().some(({ label }) => label === '确认核销'),
    );
    owner.presses(again, '确认核销');
    await quiet(bot);
    expect(again.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    await expectBalanced(bot);
  });

  it('is not said again over the result, when Telegram is slower than the platform', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'reset', heldMs: 150 });
    owner.presses(card, '确认核销');
    await owner.chat.shows('处理中');
    const slow = Promise.withResolvers<void>();
    bot.telegram.fault('editMessageText', { kind: 'delay', until: slow.promise });
    await expect.poll(() => bot.telegram.callsOf('editMessageText').length).toBe(2);
    for (let n = 0; n < 5; n++) {
      bot.later(4_000);
      await bot.tick();
    }
    slow.resolve();
    await settle(bot);
    expect(card.text).toContain('核销成功');
    await expectBalanced(bot);
  });

  it('while somebody presses another card of the same coupon makes no second call', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { second } = await neighbours(bot, owner);
    const code = bot.umember.books.coupon();
    const mine = await bot.card(owner, code);
    const theirs = await bot.card(second, code);
    bot.umember.fail('verify', { kind: 'cut' });
    owner.presses(mine, '确认核销');
    await owner.chat.shows('结果待确认');
    second.presses(theirs, '确认核销');
    await quiet(bot);
    expect(bot.umember.calls('verify')).toBe(1);
    await settle(bot);
    expect(mine.text).toContain('核销成功');
    expect(bot.umember.calls('verify')).toBe(1);
    await expectBalanced(bot);
  });

  it.each([
    ['reset', true],
    ['reset', false],
    ['gateway', true],
    ['html', true],
    ['cut', true],
    ['error', false],
    ['no-data', true],
  ] as const)('as %s (used: %s) leaves the ledger equal to the books', async (kind, applied) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const codes = [
      bot.umember.books.coupon({ yuan: '59.90' }),
      bot.umember.books.coupon(),
      bot.umember.books.coupon({ yuan: '0.01' }),
    ];
    for (const code of codes) {
      const card = await bot.card(owner, code);
      if (code === codes[1]) bot.umember.fail('verify', { kind, applied });
      owner.presses(card, '确认核销');
      await quiet(bot);
    }
    await settle(bot);
    await expectBalanced(bot);
    expect((await books(bot)).there.uses).toBe(applied ? 3 : 2);
  });
});

describe('taking back, when its answer and the one before were lost', () => {
  it('is told both times: what was said of the use is not taken for what is said of the undo', async () => {
    const bot = await openHarness({
      practice: (platform) => ({
        ...platform,
        undo: () => Promise.reject(new PlatformFault('unreachable', 'unknown', 'lost')),
      }),
    });
    const owner = await bot.learner();
    const card = await bot.card(owner, '7100123456');
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    await settle(bot);
    expect(card.text).toContain('核销成功');
    owner.presses(card, card.buttons.flat().find(({ label }) => label.startsWith('撤销'))!.label);
    await quiet(bot);
    const before = owner.chat.messages.length;
    owner.presses(card, '确认撤销');
    await settle(bot);
    expect(card.text).toContain('核销成功');
    expect(card.buttons.flat().some(({ label }) => label.startsWith('撤销'))).toBe(true);
    expect(owner.chat.messages.slice(before).filter(({ byBot }) => byBot)).toHaveLength(1);
  });
});

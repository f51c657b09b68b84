/** One coupon, used once: through the whole bot, over real HTTP, however often people press and Telegram delivers. */
import { describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { expectBalanced, neighbours, quiet, settle } from './platform-books.ts';
import { openHarness } from './harness.ts';

describe('fifty presses on one card', () => {
  it('verify once, and the card says so', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    const presses = Array.from({ length: 50 }, () => owner.presses(card, '确认核销'));
    await quiet(bot);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(card.text).toContain('核销成功');
    for (const press of presses) await bot.telegram.answered(press);
    await expectBalanced(bot);
    expect(bot.faults).toEqual([]);
  });
});

describe('ten cards of one coupon in several chats', () => {
  it('verify once: one card says 核销成功, the others 已核销', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { second, group } = await neighbours(bot, owner);
    const code = bot.umember.books.coupon();
    const cards: [FakePerson, FakeMessage][] = [];
    const places = [
      [owner, owner.chat],
      [second, second.chat],
      [owner, group],
    ] as const;
    for (let n = 0; n < 10; n++) {
      const [person, chat] = places[n % 3]!;
      const before = chat.messages.length;
      person.says(code, chat === person.chat ? {} : { in: chat });
      const card = await chat.shows(
        (one) => chat.messages.indexOf(one) >= before && one.text.includes(code) && one.buttons.length > 0,
      );
      cards.push([person, card]);
    }
    for (const [person, card] of cards) person.presses(card, '确认核销');
    await quiet(bot);
    await settle(bot);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    // Pressed once more where a card still says it is being worked on, as people do.
    for (const [person, card] of cards) {
      const press = card.buttons.flat().find(({ label }) => label === '确认核销');
      if (press) person.presses(card, '确认核销');
    }
    await quiet(bot);
    const said = cards.map(([, card]) => card.text);
    expect(said.filter((text) => text.includes('核销成功'))).toHaveLength(1);
    await expectBalanced(bot);
    expect(bot.faults).toEqual([]);
  });
});

describe('what Telegram delivers twice', () => {
  it('is heard once: the update, and the press under a new update id', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.telegram.repeat();
    const press = owner.presses(card, '确认核销');
    for (let n = 0; n < 5; n++) {
      bot.telegram.repeat();
      bot.telegram.pressAgain(press);
    }
    await quiet(bot);
    expect(owner.chat.messages.filter(({ text, byBot }) => byBot && text.includes(code))).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(card.text).toContain('核销成功');
    await expectBalanced(bot);
  });
});

/** Who decides about a result that the platform cannot tell, and who hears of it. */
import { describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { openHarness, SECOND, texts, type Harness } from './harness.ts';

/** A card whose answer was lost, of a coupon that was looked at too long ago to know whose use it is: somebody decides. */
async function lost(bot: Harness, person: FakePerson, code: string): Promise<FakeMessage> {
  const card = await bot.card(person, code);
  bot.later(61 * SECOND);
  bot.umember.fail('verify', { kind: 'reset', applied: true });
  await bot.press(person, card, '确认核销');
  bot.later(SECOND);
  await bot.tick();
  return card;
}

describe('a decision', () => {
  it('of staff about their own is told to the owners; the records and the trail say who decided', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const card = await lost(bot, helper, code);
    // Once, however often it is pressed.
    helper.presses(card, '不是');
    helper.presses(card, '不是');
    await bot.quiet();
    await bot.tick();
    const told = texts(owner.chat).filter((text) => text.includes('判断了自己的一笔核销'));
    expect(told).toEqual([
      expect.stringMatching(new RegExp(`小李.*${code.slice(-4)}.*「大声發24小时自助棋牌室5」.*“不是”.*不计入日报`)),
    ]);
    expect((await bot.ask(owner, '/history'))[0]!.text).toMatch(/小李 · 人工判断/);
    const facts = await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', 'verification.decide-no').execute();
    expect(facts).toEqual([expect.objectContaining({ by_name: '小李', from_state: 'person', to_state: 'refused' })]);
  });

  it('of an owner is told to nobody else', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await lost(bot, owner, bot.umember.books.coupon());
    await bot.press(owner, card, '不是');
    await bot.tick();
    expect(texts(owner.chat).join()).not.toContain('判断了自己的一笔核销');
  });
});

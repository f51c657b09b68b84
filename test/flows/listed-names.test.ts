/** A platform lists our operators under names of its own: lost answers are never denied for that, and the names are learnt. */
import { expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { NAMES, type Lists } from '../doubles/lies.ts';
import { EVENING, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

async function wait(bot: Harness, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += SECOND) {
    bot.later(SECOND);
    await bot.tick();
  }
}

async function opened(names: Lists['names']) {
  const bot = await openHarness({ gateways: true, now: EVENING });
  const owner: FakePerson = bot.telegram.person('王老板');
  const [platforms] = await bot.ask(owner, '/bind');
  await bot.press(owner, platforms!, '大众点评');
  await bot.authorises(owner.chat.messages.at(-1)!);
  const { meituan } = bot.gateways;
  meituan.lists.names = names;
  /** A verification whose answer is lost after it took effect, of a card that was shown so long before. */
  const lose = async (shownMs: number) => {
    const card = await bot.card(owner, meituan.books.coupon());
    bot.later(shownMs);
    meituan.fail('consume', { kind: 'reset' });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    await wait(bot, 20 * SECOND);
    return card;
  };
  const summary = async (): Promise<string> => (await bot.ask(owner, '/summary'))[0]!.text;
  return { bot, owner, meituan, lose, summary };
}

it.each(NAMES)('an operator who is listed as %s: a lost answer becomes 核销成功, and the fen are in the books', async (names) => {
  const { bot, lose, summary } = await opened(names);
  expect((await lose(4 * SECOND)).text).toContain('核销成功');
  const rows = await bot.database.db.selectFrom('verification').select('certainty').execute();
  expect(rows).toEqual([{ certainty: names === 'sent' ? 'listed' : 'inferred' }]);
  expect(await summary()).toMatch(/核销 1 张\n合计 ¥49\.90/);
});

it('of a card that was shown long before, a person decides; after one answered yes it is known by its name', async () => {
  const { bot, owner, meituan, lose, summary } = await opened('display');
  expect((await lose(2 * MINUTE)).text).toContain('需要人工判断');

  const before = meituan.calls('getconsumed');
  for (let n = 0; n < 2; n += 1) {
    const card = await bot.card(owner, meituan.books.coupon());
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    // The list is compared once, behind the answer.
    await expect.poll(() => meituan.calls('getconsumed')).toBe(before + 1);
  }
  await expect
    .poll(async () => (await bot.database.db.selectFrom('kv').select('k').where('ns', '=', 'operator-name').execute()).length)
    .toBe(2);

  expect((await lose(2 * MINUTE)).text).toContain('核销成功');
  expect(await summary()).toMatch(/核销 3 张\n合计 ¥149\.70[\s\S]*待确认 1 张/);
  expect(bot.faults).toEqual([]);
});

it('a name that the list has for everybody tells nobody apart', async () => {
  const { bot, owner, meituan, lose } = await opened('replaced');
  const second = await bot.staff(owner, '小李');
  for (const [person, learnt] of [
    [owner, 2],
    [second, 3],
  ] as const) {
    const card = await bot.card(person, meituan.books.coupon());
    await bot.press(person, card, '确认核销');
    await expect
      .poll(async () => (await bot.database.db.selectFrom('kv').select('k').where('ns', '=', 'operator-name').execute()).length)
      .toBe(learnt);
  }
  expect((await lose(2 * MINUTE)).text).toContain('需要人工判断');
});

/** A use that was taken back in the merchant's own app: the code can be verified here again, and the books are corrected. */
import { describe, expect, it } from 'vitest';
import { DAY, labels, MINUTE, openHarness, texts } from './harness.ts';

const verified = async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const code = bot.umember.books.coupon();
  const card = await bot.card(owner, code);
  await bot.press(owner, card, '确认核销');
  expect(card.text).toContain('核销成功');
  const { books } = bot.umember;
  return { bot, owner, code, books, lookups: () => bot.umember.calls('detail') };
};

describe('a code that is used up in the books', () => {
  it('is shown from the books for ten minutes, without a call', async () => {
    const { bot, owner, code, books, lookups } = await verified();
    books.takeBackElsewhere(code);
    bot.later(10 * MINUTE - 1);
    const calls = lookups();
    const [again] = await bot.ask(owner, code);
    expect(again!.text).toContain('已核销');
    expect(lookups()).toBe(calls);
  });

  it('is asked about afterwards: usable again, its card is shown, and the earlier use is 已撤销', async () => {
    const { bot, owner, code, books, lookups } = await verified();
    books.takeBackElsewhere(code);
    bot.later(10 * MINUTE);
    const calls = lookups();
    const [fresh] = await bot.ask(owner, code);
    expect(fresh!.text).toContain('未使用');
    expect(fresh!.text).toContain('上次核销已在平台上撤销');
    expect(labels(fresh!)).toContain('确认核销');
    expect(lookups()).toBe(calls + 1);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 0 张\n合计 ¥0\.00\n撤销 1 张（¥49\.00）/);
    await bot.press(owner, fresh!, '确认核销');
    expect(fresh!.text).toContain('核销成功');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 1 张\n合计 ¥49\.00\n撤销 1 张（¥49\.00）/);
    expect(books.used(code)).toHaveLength(1);
    const facts = await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', 'verification.taken-back').execute();
    expect(facts).toMatchObject([{ from_state: 'verified', to_state: 'undone', by_kind: 'platform' }]);
    expect(bot.faults).toEqual([]);
  });

  it('and still used at the platform, is shown from the books as before', async () => {
    const { bot, owner, code } = await verified();
    bot.later(DAY);
    const [again] = await bot.ask(owner, code);
    expect(again!.text).toContain('已核销');
    expect(labels(again!)).not.toContain('确认核销');
  });

  it('is shown from the books where the platform gives no answer', async () => {
    const { bot, owner, code, books } = await verified();
    books.takeBackElsewhere(code);
    bot.later(DAY);
    bot.umember.fail('detail', { kind: 'gateway' });
    const [again] = await bot.ask(owner, code);
    expect(again!.text).toContain('已核销');
    expect(again!.text).toContain('核销人：王老板');
  });

  it('is asked about within ten minutes where a person presses 重新查券', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const first = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'busy' });
    await bot.press(owner, first, '确认核销');
    const fresh = (await bot.ask(owner, code))[0]!;
    await bot.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
    bot.umember.books.takeBackElsewhere(code);
    await bot.press(owner, first, '重新查券');
    expect(texts(owner.chat).at(-1)).toContain('已核销');
    bot.later(MINUTE);
    await bot.press(owner, first, '重新查券');
    expect(texts(owner.chat).at(-1)).toContain('上次核销已在平台上撤销');
  });

  it('is told in a correction of the summary that went out', async () => {
    const { bot, owner, code, books } = await verified();
    await bot.ask(owner, '/report');
    bot.later(DAY);
    await bot.tick();
    expect(texts(owner.chat).at(-1)).toMatch(/日报[\s\S]*核销 1 张\n合计 ¥49\.00/);
    books.takeBackElsewhere(code);
    await bot.ask(owner, code);
    bot.later(DAY);
    await bot.tick();
    expect(texts(owner.chat).slice(-3).join('\n')).toMatch(/更正[\s\S]*撤销/);
  });
});

/** 交班: the figures since the last hand-over, both names, each noted once. */
import { afterEach, describe, expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, openHarness, texts, type Harness } from './harness.ts';

let bot: Harness;
afterEach(() => bot.close());

async function verify(person: FakePerson, yuan: string): Promise<void> {
  await bot.press(person, await bot.card(person, bot.umember.books.coupon({ yuan })), '确认核销');
  bot.later(60_000);
}
const shift = async (person: FakePerson): Promise<FakeMessage> => (await bot.ask(person, '交班')).at(-1)!;

describe('交班', () => {
  it('tells the shift by person, notes both names, and begins the next one', async () => {
    bot = await openHarness();
    const owner = await bot.owner();
    const wang = await bot.staff(owner);
    await verify(wang, '49.00');
    await verify(owner, '20.01');
    const card = await shift(wang);
    expect(card.text).toContain('从 2026-11-22 00:00 起\n核销 2 张\n合计 ¥69.01');
    expect(card.text).toMatch(/· 小李 × 1　¥49\.00/);
    expect(labels(card)).toEqual(['交班']);
    await bot.press(wang, card, '交班');
    expect(card.text).toContain('已交班');
    expect(card.text).toMatch(/11-22 18:\d\d 小李 → （还没人接班）　2 张 ¥69\.01/);

    await verify(owner, '5.00');
    const next = await shift(owner);
    expect(next.text).toMatch(/从 2026-11-22 18:\d\d 起\n核销 1 张\n合计 ¥5\.00/);
    expect(labels(next)).toEqual(['我接班', '交班']);
    await bot.press(owner, next, '我接班');
    expect(next.text).toContain('已接班');
    expect(next.text).toMatch(/小李 → 王老板　2 张 ¥69\.01/);
    expect(labels(await shift(owner))).toEqual(['交班']);
    expect(bot.faults).toEqual([]);
  });

  it('is done once, whoever presses twice or late', async () => {
    bot = await openHarness();
    const owner = await bot.owner();
    const wang = await bot.staff(owner);
    const [first, second] = [await shift(wang), await shift(owner)];
    await bot.press(wang, first, '交班');
    expect(await bot.press(owner, second, '交班')).toContain('已经交过了');
    expect(await bot.press(wang, first, '我接班')).toContain('不能自己接班');
    const seen = await shift(owner);
    await bot.press(owner, seen, '我接班');
    const third = bot.telegram.person('小赵');
    await bot.ask(third, '交班');
    expect(texts(third.chat).at(-1)).toContain('/bind');
    const rows = await bot.database.db.selectFrom('shift').select(['from_name', 'to_name']).execute();
    expect(rows).toEqual([{ from_name: '小李', to_name: '王老板' }]);
  });

  it('in a group is taken over on the very card; who lost the right presses in vain', async () => {
    bot = await openHarness();
    const owner = await bot.owner();
    const wang = bot.telegram.person('小李');
    const zhao = bot.telegram.person('小赵');
    const group = await bot.group(owner, [wang, zhao], '群内所有人');
    const [card] = await bot.ask(wang, '交班', { in: group });
    await bot.press(wang, card!, '交班');
    await bot.press(zhao, card!, '我接班');
    expect(card!.text).toMatch(/小李 → 小赵/);
    const [again] = await bot.ask(wang, '/shift', { in: group });
    await bot.ask(owner, '/unbind', { in: group });
    await bot.press(owner, group.messages.at(-1)!, labels(group.messages.at(-1)!)[0]!);
    expect(await bot.press(wang, again!, '交班')).toContain('没有');
  });

  it('counts what was begun in the shift, also over the end of a day', async () => {
    bot = await openHarness();
    const owner = await bot.owner();
    await bot.press(owner, await shift(owner), '交班');
    await verify(owner, '10.00');
    bot.later(8 * HOUR);
    await verify(owner, '1.00');
    expect((await shift(owner)).text).toContain('核销 2 张\n合计 ¥11.00');
  });
});

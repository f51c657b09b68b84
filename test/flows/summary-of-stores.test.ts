import { describe, expect, it } from 'vitest';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { openHarness, texts, type Harness } from './harness.ts';

const FIRST = '大声發24小时自助棋牌室5';

async function until(bot: Harness, time: string): Promise<void> {
  bot.later(Date.parse(`${time}:00+08:00`) - Date.now());
  await bot.tick();
}

async function verify(bot: Harness, person: FakePerson, seed: Parameters<Harness['umember']['books']['coupon']>[0]) {
  const card = await bot.card(person, bot.umember.books.coupon(seed));
  await bot.press(person, card, '确认核销');
}

/** An owner of two stores, whose summaries go to one group. */
async function twoStores(): Promise<{ bot: Harness; owner: FakePerson; group: FakeChat }> {
  const bot = await openHarness();
  bot.umember.books.shop({ id: 6, name: '二店' });
  const owner = bot.telegram.person('王老板');
  await bot.bind(owner);
  await bot.press(owner, owner.chat.messages.at(-1)!, FIRST);
  await verify(bot, owner, {});
  await bot.press(owner, (await bot.ask(owner, '/store'))[0]!, '二店');
  await verify(bot, owner, { store: 6, yuan: '78.00' });
  const group = bot.telegram.group('老板群', { admins: [owner] });
  const [choice] = await bot.ask(owner, '/report', { in: group });
  await bot.press(owner, choice!, FIRST);
  await bot.press(owner, choice!, '二店');
  return { bot, owner, group };
}

const posted = (chat: FakeChat): string[] => texts(chat).filter((text) => text.includes('日报 · '));

describe('several stores in one group', () => {
  it('are one message: the sum, every store in a line, and what each sold', async () => {
    const { bot, group } = await twoStores();
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toEqual([
      [
        '日报 · 2 家门店 · 2026-11-22',
        '核销 2 张',
        '合计 ¥127.00',
        '撤销 0 张 · 待确认 0 张 · 未通过 0 次',
        '',
        '按门店',
        '· 二店 × 1　¥78.00',
        `· ${FIRST} × 1　¥49.00`,
        '',
        '二店 明细',
        '· 开业特惠通用畅玩4小时 × 1　¥78.00',
        '',
        `${FIRST} 明细`,
        '· 开业特惠通用畅玩4小时 × 1　¥49.00',
      ].join('\n'),
    ]);
    for (let n = 0; n < 3; n++) await bot.tick();
    expect(posted(group)).toHaveLength(1);
    await until(bot, '2026-11-25T00:00');
    expect(posted(group).map((text) => /\d{4}-\d\d-\d\d/.exec(text)![0])).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
  });

  it('are one answer to 日报 there, with the running day marked', async () => {
    const { bot, owner, group } = await twoStores();
    const answer = await bot.ask(owner, '/summary', { in: group });
    expect(answer).toHaveLength(1);
    expect(answer[0]!.text).toContain('日报 · 2 家门店 · 2026-11-22（截至目前）\n核销 2 张\n合计 ¥127.00');
  });

  it('with other ends of the day are posted each at its own', async () => {
    const { bot, owner, group } = await twoStores();
    await bot.ask(owner, '/report 05:00');
    await until(bot, '2026-11-23T00:00');
    expect(posted(group)).toEqual([expect.stringMatching(/大声發24小时自助棋牌室5 · 2026-11-22\n核销 1 张/)]);
    await until(bot, '2026-11-23T05:00');
    expect(posted(group).slice(1)).toEqual([expect.stringMatching(/二店 · 2026-11-22\n营业日次日 05:00 截止\n核销 1 张/)]);
  });
});

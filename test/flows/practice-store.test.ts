/** The practice store beside real channels: marked wherever it shows, gone where the operator does not want it, never in the way. */
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../services/database/database.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, texts, type Harness } from './harness.ts';

const UNUSED = '1000123456';
const SEVERAL = '5000123456';

describe('is marked as practice', () => {
  it('in the title of every card: looked up, verified, asked about, taken back, used', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await bot.card(owner, UNUSED);
    expect(card.text).toMatch(/^🎫 练习 · 模拟 · /);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toMatch(/练习 · 模拟 · 核销成功/);
    const again = (await bot.ask(owner, UNUSED))[0]!;
    expect(again.text).toMatch(/练习 · 模拟 · 已核销/);
    await bot.press(owner, card, labels(card)[0]!);
    expect(card.text).toMatch(/练习 · 模拟 · 确定撤销/);
    await bot.press(owner, card, '确认撤销');
    expect(card.text).toMatch(/练习 · 模拟 · 已撤销/);
    const several = await bot.card(owner, SEVERAL);
    await bot.press(owner, several, '核销 2 张');
    expect(several.text).toMatch(/练习 · 模拟 · 核销成功/);
    const lost = await bot.card(owner, '7100123456');
    await bot.press(owner, lost, '确认核销');
    expect(lost.text).toMatch(/练习 · 模拟 · 结果待确认/);
    bot.later(2000);
    await bot.tick();
    expect(texts(owner.chat).at(-1)).toContain('练习 · 模拟 · 核销成功');
  });

  it('in summaries, asked for and posted by themselves, and in the records; in English too', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    await bot.press(owner, await bot.card(owner, UNUSED), '确认核销');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/^练习 · 模拟 · 日报/);
    expect((await bot.ask(owner, '/history'))[0]!.text).toMatch(/^练习 · 模拟 · /);
    await bot.ask(owner, '/report');
    bot.later(86_400_000);
    await bot.tick();
    expect(texts(owner.chat).at(-1)).toMatch(/^练习 · 模拟 · 日报/);
    await bot.press(owner, (await bot.ask(owner, '/language'))[0]!, 'English');
    expect((await bot.card(owner, '1000123457')).text).toMatch(/^🎫 Practice · simulated · /);
  });

  it('and what is real is not', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    await bot.press(owner, card, '确认核销');
    const [summary] = await bot.ask(owner, '/summary');
    for (const { text } of [card, summary!]) expect(text).not.toContain('练习');
  });
});

describe('is never mixed with a real store', () => {
  /** The owner of a real store's chat binds the practice store there. */
  async function practise(bot: Harness): Promise<{ owner: FakePerson; question: FakeMessage }> {
    const owner = await bot.owner();
    await bot.press(owner, (await bot.ask(owner, '/bind'))[0]!, '使用新账号');
    await bot.press(owner, owner.chat.messages.at(-1)!, '练习店');
    await bot.press(owner, await owner.chat.shows('选择门店'), '练习棋牌室（人民路店）');
    return { owner, question: owner.chat.messages.at(-1)! };
  }

  it('bound in a real store’s chat it would take that store’s place: it asks', async () => {
    const bot = await openHarness();
    const { owner, question } = await practise(bot);
    expect(question.text).toContain('本聊天已绑定「大声發24小时自助棋牌室5」');
    expect(labels(question)).toEqual(['不换（留在「大声發24小时自助棋牌室5」）', '改为绑定「练习棋牌室（人民路店）」']);
    await bot.press(owner, question, '不换（留在「大声發24小时自助棋牌室5」）');
    expect((await bot.card(owner)).text).toContain('大声發');
    expect((await bot.ask(owner, UNUSED))[0]!.text).toContain('券码不存在');
  });

  it('nor by a button that was made up', async () => {
    const bot = await openHarness();
    const { owner, question } = await practise(bot);
    owner.forges(question, question.buttons.flat()[1]!.data.replace('listing-instead', 'listing-add'));
    await bot.quiet();
    expect((await bot.ask(owner, UNUSED))[0]!.text).toContain('券码不存在');
  });
});

describe('where PRACTICE is off', () => {
  it('it is not offered', async () => {
    const bot = await openHarness({ practice: 'off' });
    const [platforms] = await bot.ask(bot.telegram.person('王老板'), '/bind');
    expect(labels(platforms!)).toEqual(['美团 · umember']);
  });

  /** A chat that was bound to it before, with a card still open. */
  async function afterwards(): Promise<{ bot: Harness; owner: FakePerson; open: string }> {
    const database = await openSqlite(':memory:');
    const before = await openHarness({ database });
    const learner = await before.learner();
    await before.press(learner, await before.card(learner, UNUSED), '确认核销');
    const card = await before.card(learner, '1000999999');
    // The same double of Telegram numbers its updates as before.
    await database.db.deleteFrom('inbox').execute();
    const bot = await openHarness({ database, practice: 'off' });
    const owner = bot.telegram.person('王老板');
    expect(owner.id).toBe(learner.id);
    return { bot, owner, open: card.buttons.flat()[0]!.data };
  }

  it('a chat bound to it before is told so, and its records stay', async () => {
    const { bot, owner, open } = await afterwards();
    expect((await bot.ask(owner, '1000555555'))[0]!.text).toContain('练习店已关闭');
    owner.forges(owner.chat.messages.at(-1)!, open);
    await bot.quiet();
    expect(texts(owner.chat).join('\n')).toContain('练习 · 模拟 · 练习店已关闭');
    for (const command of ['/products', '/status', '/store'])
      expect((await bot.ask(owner, command))[0]!.text, command).toContain('练习店已关闭');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/练习 · 模拟 · 日报[^]*核销 1 张/);
    expect((await bot.ask(owner, '/history'))[0]!.text).toContain('1000');
    const [platforms] = await bot.ask(owner, '/bind');
    expect(labels(platforms!)).toEqual(['美团 · umember']);
    await bot.tick();
    expect(bot.faults).toEqual([]);
  });
});

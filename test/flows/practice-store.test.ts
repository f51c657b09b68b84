/** The practice store beside real channels: marked wherever it shows, gone where the operator does not want it, never in the way. */
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../services/database/database.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, openTown, texts, type Town } from './harness.ts';

const UNUSED = '1000123456';
const SEVERAL = '5000123456';

describe('is marked as practice', () => {
  it('in the title of every card: looked up, verified, asked about, taken back, used', async () => {
    const town = await openTown();
    const owner = await town.learner();
    const card = await town.card(owner, UNUSED);
    expect(card.text).toMatch(/^🎫 练习 · 模拟 · /);
    await town.press(owner, card, '确认核销');
    expect(card.text).toMatch(/练习 · 模拟 · 核销成功/);
    const again = (await town.ask(owner, UNUSED))[0]!;
    expect(again.text).toMatch(/练习 · 模拟 · 已核销/);
    await town.press(owner, card, labels(card)[0]!);
    expect(card.text).toMatch(/练习 · 模拟 · 确定撤销/);
    await town.press(owner, card, '确认撤销');
    expect(card.text).toMatch(/练习 · 模拟 · 已撤销/);
    const several = await town.card(owner, SEVERAL);
    await town.press(owner, several, '核销 2 张');
    expect(several.text).toMatch(/练习 · 模拟 · 核销成功/);
    const lost = await town.card(owner, '7100123456');
    await town.press(owner, lost, '确认核销');
    expect(lost.text).toMatch(/练习 · 模拟 · 结果待确认/);
    town.later(2000);
    await town.tick();
    expect(texts(owner.chat).at(-1)).toContain('练习 · 模拟 · 核销成功');
  });

  it('in summaries, asked for and posted by themselves, and in the records; in English too', async () => {
    const town = await openTown();
    const owner = await town.learner();
    await town.press(owner, await town.card(owner, UNUSED), '确认核销');
    expect((await town.ask(owner, '/summary'))[0]!.text).toMatch(/^练习 · 模拟 · 日报/);
    expect((await town.ask(owner, '/history'))[0]!.text).toMatch(/^练习 · 模拟 · /);
    await town.ask(owner, '/report');
    town.later(86_400_000);
    await town.tick();
    expect(texts(owner.chat).at(-1)).toMatch(/^练习 · 模拟 · 日报/);
    await town.press(owner, (await town.ask(owner, '/language'))[0]!, 'English');
    expect((await town.card(owner, '1000123457')).text).toMatch(/^🎫 Practice · simulated · /);
  });

  it('and what is real is not', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const card = await town.card(owner);
    await town.press(owner, card, '确认核销');
    const [summary] = await town.ask(owner, '/summary');
    for (const { text } of [card, summary!]) expect(text).not.toContain('练习');
  });
});

describe('is never mixed with a real store', () => {
  /** The owner of a real store's chat binds the practice store there. */
  async function practise(town: Town): Promise<{ owner: FakePerson; question: FakeMessage }> {
    const owner = await town.owner();
    await town.press(owner, (await town.ask(owner, '/bind'))[0]!, '使用新账号');
    await town.press(owner, owner.chat.messages.at(-1)!, '练习店');
    await town.press(owner, await owner.chat.shows('选择门店'), '练习棋牌室（人民路店）');
    return { owner, question: owner.chat.messages.at(-1)! };
  }

  it('bound in a real store’s chat it would take that store’s place: it asks', async () => {
    const town = await openTown();
    const { owner, question } = await practise(town);
    expect(question.text).toContain('本聊天已绑定「大声發24小时自助棋牌室5」');
    expect(labels(question)).toEqual(['留在「大声發24小时自助棋牌室5」', '改为绑定「练习棋牌室（人民路店）」']);
    await town.press(owner, question, '留在「大声發24小时自助棋牌室5」');
    expect((await town.card(owner)).text).toContain('大声發');
    expect((await town.ask(owner, UNUSED))[0]!.text).toContain('券码不存在');
  });

  it('nor by a button that was made up', async () => {
    const town = await openTown();
    const { owner, question } = await practise(town);
    owner.forges(question, question.buttons.flat()[1]!.data.replace('listing-instead', 'listing-add'));
    await town.quiet();
    expect((await town.ask(owner, UNUSED))[0]!.text).toContain('券码不存在');
  });
});

describe('where PRACTICE is off', () => {
  it('it is not offered', async () => {
    const town = await openTown({ practice: 'off' });
    const [platforms] = await town.ask(town.telegram.person('王老板'), '/bind');
    expect(labels(platforms!)).toEqual(['美团 · umember']);
  });

  /** A chat that was bound to it before, with a card still open. */
  async function afterwards(): Promise<{ town: Town; owner: FakePerson; open: string }> {
    const store = await openSqlite(':memory:');
    const before = await openTown({ store });
    const learner = await before.learner();
    await before.press(learner, await before.card(learner, UNUSED), '确认核销');
    const card = await before.card(learner, '1000999999');
    // The same double of Telegram numbers its updates as before.
    await store.db.deleteFrom('inbox').execute();
    const town = await openTown({ store, practice: 'off' });
    const owner = town.telegram.person('王老板');
    expect(owner.id).toBe(learner.id);
    return { town, owner, open: card.buttons.flat()[0]!.data };
  }

  it('a chat bound to it before is told so, and its records stay', async () => {
    const { town, owner, open } = await afterwards();
    expect((await town.ask(owner, '1000555555'))[0]!.text).toContain('练习店已关闭');
    owner.forges(owner.chat.messages.at(-1)!, open);
    await town.quiet();
    expect(texts(owner.chat).join('\n')).toContain('练习 · 模拟 · 练习店已关闭');
    for (const command of ['/products', '/status', '/store'])
      expect((await town.ask(owner, command))[0]!.text, command).toContain('练习店已关闭');
    expect((await town.ask(owner, '/summary'))[0]!.text).toMatch(/练习 · 模拟 · 日报[^]*核销 1 张/);
    expect((await town.ask(owner, '/history'))[0]!.text).toContain('1000');
    const [platforms] = await town.ask(owner, '/bind');
    expect(labels(platforms!)).toEqual(['美团 · umember']);
    await town.tick();
    expect(town.faults).toEqual([]);
  });
});

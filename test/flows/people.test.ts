/** People of a store: renamed by an owner, and the ownership handed over. */
import { describe, expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, labels, openHarness, texts, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';
const last = (person: FakePerson) => person.chat.messages.at(-1)!;

/** Opens a person's own screen. */
async function manage(bot: Harness, owner: FakePerson, name: string) {
  const [list] = await bot.ask(owner, '/staff');
  await bot.press(owner, list!, `管理 ${name}`);
  return last(owner);
}

async function partner(bot: Harness): Promise<FakePerson> {
  const person = bot.telegram.person('合伙人');
  await bot.ask(person, '/bind');
  await bot.press(person, last(person), '美团 · umember');
  await bot.ask(person, 'owner@example.com');
  await bot.ask(person, 'secret');
  return person;
}

describe('改名', () => {
  it('from then on cards, records, summaries and lists call the person so', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const li = await bot.staff(wang);
    const screen = await manage(bot, wang, '小李');
    expect(screen.text).toMatch(/小李[\s\S]*员工[\s\S]*撤销自己核销的/);
    await bot.press(wang, screen, '改名');
    // A customer waits: his code is a code.
    const code = bot.umember.books.coupon();
    expect((await bot.ask(wang, code))[0]!.text).toContain(code);
    const [renamed] = await bot.ask(wang, '早班\n李姐\u202E');
    expect(renamed!.text).toContain('早班 李姐');
    const card = await bot.card(li);
    await bot.press(li, card, '确认核销');
    expect(card.text).toContain('早班 李姐');
    expect((await bot.ask(wang, '/summary'))[0]!.text).toContain('早班 李姐');
    expect((await bot.ask(wang, '/history 早班'))[0]!.text).toContain('早班 李姐');
    expect((await bot.ask(wang, '/staff'))[0]!.text).toContain('早班 李姐（Telegram');
    const fact = await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', 'person.renamed').execute();
    expect(fact).toMatchObject([{ from_state: '小李', to_state: '早班 李姐', by_name: '王老板' }]);
  });

  it('is for owners; a name of nothing is asked again', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const li = await bot.staff(wang);
    const screen = await manage(bot, wang, '小李');
    const { id } = await bot.database.db.selectFrom('account').select('id').executeTakeFirstOrThrow();
    await bot.press(wang, screen, '改名');
    expect((await bot.ask(wang, '\u202E \u200B'))[0]!.text).toContain('请发送名字');
    await bot.ask(wang, '/cancel');
    await bot.ask(wang, '不是名字');
    expect(await bot.database.db.selectFrom('given_name').selectAll().where('account_id', '=', id).execute()).toEqual([]);
    expect((await bot.ask(li, '/staff'))[0]!.text).toContain('只有店主');
  });
});

describe('移交店主', () => {
  it('asks first, waits for the other one, then is one step: both and the other owners are told', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const third = await partner(bot);
    const li = await bot.staff(wang);
    await bot.press(wang, await manage(bot, wang, '小李'), '移交店主');
    expect(last(wang).text).toContain('你就不再是店主');
    await bot.press(wang, last(wang), '确定移交');
    expect(last(wang).text).toContain('在那之前你还是店主');
    await bot.tick();
    const offer = last(li);
    expect(offer.text).toContain(`王老板 想把「${STORE}」的店主移交给你`);
    expect((await bot.ask(li, '/staff'))[0]!.text).toContain('只有店主');
    await bot.press(li, offer, '接受');
    await bot.press(li, offer, '接受').catch(() => undefined);
    await bot.tick();
    expect(offer.text).toContain('你现在是');
    expect(texts(wang.chat).at(-1)).toBe('小李 已接受，他现在是店主，你不再是店主。');
    expect(texts(third.chat).at(-1)).toBe('王老板 把店主移交给了 小李，他自己不再是店主。');
    expect((await bot.ask(li, '/staff'))[0]!.text).toContain('的店主（2 人）');
    expect((await bot.ask(wang, '/staff'))[0]!.text).toMatch(/还不是这家门店的员工|只有店主/);
    const kinds = (await bot.database.db.selectFrom('fact').select('kind').execute()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'owner.handed-over')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'owner.offered')).toHaveLength(1);
  });

  it('an only owner hands over too; declined, too late, or to somebody who was removed, everything stays', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const li = await bot.staff(wang);
    const offered = async () => {
      await bot.press(wang, await manage(bot, wang, '小李'), '移交店主');
      await bot.press(wang, last(wang), '确定移交');
      await bot.tick();
      return li.chat.messages.findLast((message) => labels(message).includes('接受'))!;
    };
    const owners = async () => (await bot.database.db.selectFrom('owner').select('name').execute()).map(({ name }) => name);
    await bot.press(li, await offered(), '不接受');
    await bot.tick();
    expect(texts(wang.chat).at(-1)).toContain('没有接受');
    expect(await owners()).toEqual(['王老板']);

    const late = await offered();
    bot.later(DAY + 1000);
    await bot.press(li, late, '接受');
    expect(await owners()).toEqual(['王老板']);

    const removed = await offered();
    await bot.press(wang, (await bot.ask(wang, '/staff'))[0]!, '移除 小李');
    await bot.press(wang, last(wang), '确定移除');
    await bot.press(li, removed, '接受');
    expect(removed.text).toContain('已经失效');
    expect(await owners()).toEqual(['王老板']);
  });

  it('a stranger to whom the offer was forwarded gets nothing', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const li = await bot.staff(wang);
    const zhou = await bot.staff(wang, '小周');
    await bot.press(wang, await manage(bot, wang, '小李'), '移交店主');
    await bot.press(wang, last(wang), '确定移交');
    await bot.tick();
    const offer = li.chat.messages.findLast((message) => labels(message).includes('接受'))!;
    expect(await bot.press(zhou, offer, '接受')).not.toBe('');
    expect((await bot.database.db.selectFrom('owner').select('name').execute()).map(({ name }) => name)).toEqual(['王老板']);
  });
});

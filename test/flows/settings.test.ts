/** What an owner sets by 设置 is told to the other owners where it concerns them, and acts at once everywhere. */
import { describe, expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, texts, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';

/** Sets by the screen of settings, in the person's private chat. */
async function set(bot: Harness, person: FakePerson, setting: string, choice: string): Promise<string> {
  const [screen] = await bot.ask(person, '/settings');
  await bot.press(
    person,
    screen!,
    labels(screen!).find((label) => label.startsWith(setting))!,
  );
  return await bot.press(person, screen!, choice);
}

/** Another owner, by the same account. */
async function partner(bot: Harness, password = 'secret'): Promise<FakePerson> {
  const person = bot.telegram.person('合伙人');
  await bot.ask(person, '/bind');
  await bot.press(person, person.chat.messages.at(-1)!, '美团 · umember');
  await bot.ask(person, 'owner@example.com');
  await bot.ask(person, password);
  return person;
}

describe('谁能撤销', () => {
  it('is told to the other owners, once', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const other = await partner(bot);
    await set(bot, wang, '谁能撤销', '所有员工');
    await set(bot, wang, '谁能撤销', '✓ 所有员工');
    await bot.tick();
    const told = texts(other.chat).filter((text) => text.includes('谁能撤销'));
    expect(told).toEqual([`王老板把「${STORE}」的“谁能撤销”改成了：所有员工。`]);
    expect(texts(wang.chat).filter((text) => text.includes('改成了'))).toEqual([]);
  });

  it('is not changed by an owner who has not proved the changed password', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    bot.umember.books.account('owner@example.com', 'changed');
    bot.umember.endLogins();
    await partner(bot, 'changed');
    const [screen] = await bot.ask(wang, '/settings');
    expect(await bot.press(wang, screen!, '谁能撤销：店主和核销人')).not.toBe('');
    expect(await bot.database.db.selectFrom('store').select('may_undo').execute()).toEqual([{ may_undo: 'verifier' }]);
  });
});

it('the time zone is told to the other owners, and the last four digits stay in the group', async () => {
  const bot = await openHarness();
  const wang = await bot.owner();
  const other = await partner(bot);
  await set(bot, wang, '时区', '东京');
  await bot.tick();
  expect(texts(other.chat).at(-1)).toContain('“时区”改成了：东京');
  const group = await bot.group(wang, []);
  await set(bot, wang, '群里的券码', '只写后四位');
  const code = bot.umember.books.coupon();
  wang.says(code, { in: group });
  const card = await group.shows((message) => message.buttons.length > 0 && message.text.includes(`****${code.slice(-4)}`));
  await bot.press(wang, card, '确认核销');
  expect(card.text).toContain('核销成功');
  expect(texts(group).join('\n')).not.toContain(code);
  // In the time of Tokyo.
  expect(card.text).toContain('2026-11-22 19:30');
});

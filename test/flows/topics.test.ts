/** A group with topics: everything the bot says about a topic's business is said there, and a closed one stops nothing. */
import { describe, expect, it } from 'vitest';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { openForum } from '../doubles/telegram/topics.ts';
import { DAY, openHarness, SECOND, texts, type Harness } from './harness.ts';

const NIGHT = Date.parse('2026-11-23T00:00:00+08:00');

/** A forum whose General is closed, as its owner works in two topics. */
async function forum(bot: Harness, owner: FakePerson) {
  const group = bot.telegram.group('前台群', { admins: [owner], supergroup: true });
  const [counter = 0, office = 0] = openForum(group, '收银台', '办公室');
  group.forum!.generalClosed = true;
  return { group, counter, office };
}

const said = (group: FakeChat) => group.written.filter(({ byBot }) => byBot);
/** The topics in which the bot has written since. */
const topicsOf = (group: FakeChat, since = 0) =>
  new Set(
    said(group)
      .slice(since)
      .map(({ topic }) => topic),
  );

async function pass(bot: Harness, ms: number): Promise<void> {
  bot.later(ms);
  await bot.tick();
}

describe('in a topic', () => {
  it('a binding is asked and answered to its end, though the password is deleted and questions follow presses', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const { group, office } = await forum(bot, owner);
    group.botMayDelete = true;
    const [choice] = await bot.ask(owner, '/bind', { in: group, topic: office });
    await bot.press(owner, choice!, '美团 · umember');
    const [password] = await bot.ask(owner, 'owner@example.com', { in: group, replyTo: group.messages.at(-1)! });
    await bot.ask(owner, 'secret', { in: group, replyTo: password! });
    await group.shows('已绑定');
    const question = await group.shows('谁可以核销');
    await bot.press(owner, question, '仅受邀员工');
    const [list] = await bot.ask(owner, '/staff', { in: group, topic: office });
    await bot.press(owner, list!, '邀请员工');
    expect(texts(group).at(-1)).toContain('私聊发给你');
    expect(topicsOf(group)).toEqual(new Set([office]));
    expect(bot.faults).toEqual([]);
  });

  it('codes become cards, presses are answered, and a lost answer is told, each beside its card', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { group, counter, office } = await forum(bot, owner);
    await bot.ask(owner, '/bind', { in: group, topic: office });
    await bot.press(
      owner,
      said(group).at(-1)!,
      said(group)
        .at(-1)!
        .buttons.flat()
        .find(({ label }) => label.includes('ow'))!.label,
    );
    const since = said(group).length;
    const codes = [bot.umember.books.coupon(), bot.umember.books.coupon()];
    const [choose] = await bot.ask(owner, codes.join('\n'), { in: group, topic: counter });
    await bot.press(owner, choose!, choose!.buttons[0]![0]!.label);
    const card = said(group).at(-1)!;
    expect(card.buttons.flat().map(({ label }) => label)).toContain('确认核销');
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    await bot.ask(owner, '/help', { in: group, topic: office });
    const before = said(group).length;
    await pass(bot, SECOND);
    expect(
      said(group)
        .slice(before)
        .map(({ text }) => text),
    ).toEqual([expect.stringContaining('核销成功')]);
    expect(said(group).at(-1)!.topic).toBe(counter);
    expect(topicsOf(group, since)).toEqual(new Set([counter, office]));
    expect(bot.faults).toEqual([]);
  });

  it('a summary comes where it was asked for last', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { group, counter, office } = await forum(bot, owner);
    await bot.ask(owner, '/report', { in: group, topic: counter });
    await bot.ask(owner, '/report', { in: group, topic: office });
    await pass(bot, NIGHT - Date.now());
    expect(said(group).at(-1)).toMatchObject({ text: expect.stringContaining('日报 · ') as string, topic: office });
    // The topic is gone, General is open: the figures are seen all the same.
    group.forum!.topics.delete(office);
    group.forum!.generalClosed = false;
    await pass(bot, DAY);
    expect(said(group).at(-1)).toMatchObject({ text: expect.stringContaining('2026-11-23') as string, topic: undefined });
  });
});

describe('where it can be said no more', () => {
  it.each<[string, (bot: Harness, group: FakeChat, owner: FakePerson, topic: number) => void]>([
    ['the topic is closed', (_, group, __, topic) => void (group.forum!.topics.get(topic)!.closed = true)],
    ['the bot may not write', (_, group) => void (group.botMuted = true)],
    ['the bot was kicked', (bot, group, owner) => bot.telegram.removeBot(group, owner)],
    ['the group is gone', (_, group) => void (group.deleted = true)],
  ])('since %s, a summary comes to the owners in private at once, and the other group has its own', async (_, close) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { group, office } = await forum(bot, owner);
    await bot.ask(owner, '/report', { in: group, topic: office });
    const other = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: other });
    close(bot, group, owner, office);
    await pass(bot, NIGHT - Date.now());
    await pass(bot, SECOND);
    expect(texts(owner.chat).at(-1)).toMatch(/发不到[^]*日报 · .* 2026-11-22/);
    expect(texts(other).at(-1)).toContain('日报 · ');
    expect(await bot.stored.outgoing()).toBe(0);
  });

  it('a closed topic holds up no answer in another one', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { group, counter, office } = await forum(bot, owner);
    await bot.ask(owner, '/report', { in: group, topic: office });
    group.forum!.topics.get(office)!.closed = true;
    await bot.ask(owner, '/help', { in: group, topic: office });
    const [answer] = await bot.ask(owner, '/help', { in: group, topic: counter });
    expect(answer).toMatchObject({ topic: counter });
    await pass(bot, SECOND);
    expect(texts(owner.chat).at(-1)).toContain('话题已关闭');
  });
});

import { describe, expect, it } from 'vitest';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

/** A code of the practice store, verified. */
async function verified(bot: Harness, person: FakePerson, code = '1000123456'): Promise<FakeMessage> {
  const card = await bot.card(person, code);
  await bot.press(person, card, '确认核销');
  return card;
}

const undoOf = (card: FakeMessage): string => labels(card).find((label) => label.startsWith('撤销')) ?? 'no 撤销';

describe('the practice store in Telegram', () => {
  it('is bound like any other, and shows everything a coupon can tell', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定「练习棋牌室（人民路店）」');
    const card = await bot.card(owner, '1000123456');
    for (const part of ['畅玩4小时', '券码：1000123456', '售价：¥49.00', '状态：未使用', '有效期：至', '手机号：138****8000'])
      expect(card.text).toContain(part);
  });

  it('has coupons of several uses: 核销 2 张 of three, then the last', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await bot.card(owner, '5000123456');
    expect(card.text).toContain('可用次数：3');
    expect(labels(card)).toEqual(['核销 1 张', '核销 2 张', '核销 3 张', '取消']);
    await bot.press(owner, card, '核销 2 张');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('次数：2 张');
    expect(card.text).toContain('金额：¥98.00');
    const before = owner.chat.written.length;
    owner.says('5000123456');
    await bot.quiet();
    const rest = owner.chat.written.slice(before).find(({ byBot }) => byBot)!;
    expect(labels(rest)).toEqual(['确认核销', '取消']);
    await bot.press(owner, rest, '确认核销');
    expect(rest.text).toContain('核销成功');
    const [used] = await bot.ask(owner, '5000123456');
    expect(used!.text).toContain('已核销');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 3 张[\s\S]*合计 ¥147\.00/);
  });

  it.each([
    [0, '次数不足', ['重新查券']],
    [SECOND, '已核销', ['撤销（还剩 10 分钟）', '重新查券']],
  ])('leads on to what is left of several uses, %i ms after the card was shown: %s', async (ms, said, buttons) => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const before = await bot.card(owner, '5000123456');
    owner.says('5000123456');
    await bot.quiet();
    const card = owner.chat.messages.at(-1)!;
    bot.later(ms);
    await bot.press(owner, card, '核销 2 张');
    await bot.press(owner, before, '核销 3 张');
    expect(before.text).toContain(said);
    expect(labels(before)).toEqual(buttons);
    await bot.press(owner, before, '重新查券');
    const rest = owner.chat.messages.at(-1)!;
    await bot.press(owner, rest, '确认核销');
    await bot.press(owner, card, undoOf(card));
    await bot.press(owner, card, '不撤销');
    expect(labels(card)).toEqual(['撤销（还剩 10 分钟）']);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 3 张[\s\S]*合计 ¥147\.00/);
  });

  it('tells when, where and by whom a used coupon was used, in one line', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const [said] = await bot.ask(owner, '2000123456');
    expect(said!.text).toContain('已核销 · 2026-11-21 20:15 · 练习棋牌室（人民路店） · 前台小王');
  });

  it.each([
    ['3000123456', '已过期'],
    ['4100123456', '非本店'],
    ['9000123456', '已退款'],
    ['8000123456', '平台繁忙'],
  ])('%s: %s', async (code, word) => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const [said, ...more] = await bot.ask(owner, code);
    expect(said!.text).toContain(word);
    expect(more).toEqual([]);
  });

  it.each([
    ['7000123456', '未核销'],
    ['7100123456', '核销成功'],
  ])('loses an answer for practice, and finds out: %s', async (code, word) => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner, code);
    expect(card.text).toContain('结果待确认');
    bot.later(SECOND);
    await bot.tick();
    expect(card.text).toContain(word);
  });
});

describe('撤销', () => {
  it('asks once more, takes the verification back within ten minutes, and tells the new code', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    expect(undoOf(card)).toBe('撤销（还剩 10 分钟）');
    bot.later(3 * MINUTE);
    await bot.press(owner, card, undoOf(card));
    expect(card.text).toContain('确定撤销');
    expect(card.text).toContain('还剩 7 分钟');
    await bot.press(owner, card, '确认撤销');
    expect(card.text).toContain('已撤销');
    expect(card.buttons).toEqual([]);
    const code = /新券码：(\d{10})/.exec(card.text)?.[1] ?? '';
    expect(code).not.toBe('1000123456');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 0 张[\s\S]*合计 ¥0\.00[\s\S]*撤销 1 张（¥49\.00）/);
    const fresh = await bot.card(owner, code);
    await bot.press(owner, fresh, '确认核销');
    expect(fresh.text).toContain('核销成功');
    const [old] = await bot.ask(owner, '1000123456');
    expect(old!.text).toContain('已撤销');
    expect(old!.text).toContain(code);
  });

  it('again and again gives code after code: each old one leads on, and the day counts one coupon', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const codes = ['1000123456'];
    for (const code of codes) {
      const card = await bot.card(owner, code);
      await bot.press(owner, card, '确认核销');
      if (codes.length === 3) break;
      await bot.press(owner, card, undoOf(card));
      await bot.press(owner, card, '确认撤销');
      codes.push(/新券码：(\d{10})/.exec(card.text)![1]!);
    }
    const [first, second, third] = codes;
    expect(new Set(codes).size).toBe(3);
    expect((await bot.ask(owner, first!))[0]!.text).toContain(second);
    expect((await bot.ask(owner, second!))[0]!.text).toContain(third);
    expect((await bot.ask(owner, third!))[0]!.text).toContain('已核销');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toMatch(/核销 1 张[\s\S]*合计 ¥49\.00[\s\S]*撤销 2 张（¥98\.00）/);
  });

  it('counts down on the card by itself, at five, two and one minute, and the button goes in time', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    const before = owner.chat.written.length;
    const seen: string[] = [];
    for (let minute = 0; minute < 11; minute += 1) {
      await bot.tick();
      if (seen.at(-1) !== undoOf(card)) seen.push(undoOf(card));
      bot.later(MINUTE);
    }
    expect(seen).toEqual([
      '撤销（还剩 10 分钟）',
      '撤销（还剩 5 分钟）',
      '撤销（还剩 2 分钟）',
      '撤销（还剩 1 分钟）',
      'no 撤销',
    ]);
    expect(card.text).toContain('核销成功');
    // An edited card makes no sound.
    expect(owner.chat.written.length).toBe(before);
  });

  it('says nothing where the card cannot be edited any more', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    card.locked = true;
    const before = owner.chat.written.length;
    bot.later(9 * MINUTE);
    await bot.tick();
    expect(owner.chat.written.length).toBe(before);
    expect(bot.faults).toEqual([]);
  });

  it('can be thought better of', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    await bot.press(owner, card, undoOf(card));
    await bot.press(owner, card, '不撤销');
    expect(card.text).toContain('核销成功');
    expect(undoOf(card)).toBe('撤销（还剩 10 分钟）');
  });

  it('too late is refused before and at the press, and says where to go', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const [early, late] = [await verified(bot, owner), await verified(bot, owner, '1000123457')];
    await bot.press(owner, late, undoOf(late));
    bot.later(10 * MINUTE);
    expect(await bot.press(owner, early, undoOf(early))).toContain('商家后台');
    expect(await bot.press(owner, late, '确认撤销')).toContain('商家后台');
    for (const card of [early, late]) {
      expect(card.text).toContain('核销成功');
      expect(card.buttons).toEqual([]);
    }
    expect((await bot.ask(owner, '/undo'))[0]!.text).toContain('商家后台');
  });

  it('by /undo takes the newest, by /undo with a code’s end that one; the first card shows it too', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const first = await verified(bot, owner, '1000123456');
    bot.later(SECOND);
    const second = await verified(bot, owner, '1000123459');
    const [newest] = await bot.ask(owner, '撤销');
    expect(newest!.text).toContain('1000123459');
    const [named] = await bot.ask(owner, '/undo 3456');
    expect(named!.text).toContain('1000123456');
    await bot.press(owner, named!, '确认撤销');
    expect(named!.text).toContain('已撤销');
    expect(first.text).toContain('已撤销');
    expect(first.buttons).toEqual([]);
    expect(second.text).toContain('核销成功');
    expect((await bot.ask(owner, '/undo 0000'))[0]!.text).toContain('没有可以撤销');
    expect((await bot.ask(owner, '/undo abc'))[0]!.text).toContain('用法');
  });

  it('is for the owner and whoever verified, nobody else', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const [helper, other] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
    const group = bot.telegram.group('前台群', { admins: [owner], members: [helper, other] });
    const [accounts] = await bot.ask(owner, '/bind', { in: group });
    await bot.press(owner, accounts!, '练习店');
    await bot.press(owner, await group.shows('选择门店'), '练习棋牌室（人民路店）');
    await bot.press(owner, await group.shows('谁可以核销'), '群内所有人');

    const card = await bot.card(helper, '1000123456', group);
    await bot.press(helper, card, '确认核销');
    expect(await bot.press(other, card, undoOf(card))).toContain('只有店主或核销人');
    expect((await bot.ask(other, '/undo', { in: group }))[0]!.text).toContain('没有可以撤销');
    await bot.press(helper, card, undoOf(card));
    expect(await bot.press(other, card, '确认撤销')).toContain('只有店主或核销人');
    await bot.press(owner, card, '确认撤销');
    expect(card.text).toContain('已撤销');
  });

  it('pressed twice is one undo', async () => {
    const bot = await openHarness();
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    await bot.press(owner, card, undoOf(card));
    const data = card.buttons[0]![0]!.data;
    owner.presses(card, '确认撤销');
    owner.forges(card, data);
    await bot.quiet();
    expect(card.text).toContain('已撤销');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('撤销 1 张');
  });

  it('is not offered where the platform has none', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    await bot.press(owner, card, '确认核销');
    expect(card.buttons).toEqual([]);
    expect((await bot.ask(owner, '/undo'))[0]!.text).toContain('开店宝');
  });
});

describe('an undo whose answer is lost', () => {
  it.each([
    ['done', '已撤销'],
    ['not done', '撤销未成功'],
  ])('%s: 撤销结果待确认, then by itself %s', async (done, word) => {
    const bot = await openHarness({
      practice: (platform) => ({
        ...platform,
        undo: async (access, request) => {
          if (done === 'done') await platform.undo!(access, request);
          throw new PlatformFault('unreachable', 'unknown', 'lost');
        },
      }),
    });
    const owner = await bot.learner();
    const card = await verified(bot, owner);
    await bot.press(owner, card, undoOf(card));
    await bot.press(owner, card, '确认撤销');
    expect(card.text).toContain('撤销结果待确认');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 1 张');
    bot.later(SECOND);
    await bot.tick();
    expect(card.text).toContain(word);
    expect(texts(owner.chat).at(-1)).toContain(word);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain(done === 'done' ? '核销 0 张' : '核销 1 张');
    expect(card.text).not.toContain('没有被使用');
    expect(labels(card).length).toBe(done === 'done' ? 0 : 1);
  });
});

describe('a card that is pressed while an instance makes the call of another card', () => {
  /** The other instance's call ends so as soon as this one waits. */
  const stories = async (state: 'undone' | 'verified') => {
    const bot = await openHarness({
      meanwhile: ({ db }) =>
        db.updateTable('verification').set({ state }).where('state', 'in', ['undoing', 'submitting']).execute(),
    });
    const owner = await bot.learner();
    const group = bot.telegram.group('前台群', { admins: [owner] });
    await bot.press(owner, (await bot.ask(owner, '/bind', { in: group }))[0]!, '练习店');
    await bot.press(owner, await group.shows('选择门店'), '练习棋牌室（人民路店）');
    await bot.press(owner, await group.shows('谁可以核销'), '群内所有人');
    return { bot, owner, group };
  };

  it('撤销: says how it ended, and leaves the card that is the verification’s own to that instance', async () => {
    const { bot, owner, group } = await stories('undone');
    const card = await verified(bot, owner);
    const [other] = await bot.ask(owner, '1000123456', { in: group });
    await bot.press(owner, other!, undoOf(other!));
    const { edits } = card;
    await bot.database.db.updateTable('verification').set({ state: 'undoing' }).execute();
    await bot.press(owner, other!, '确认撤销');
    expect(other!.text).toContain('已撤销');
    expect(card.edits).toBe(edits);
  });

  it('核销: says that it is used by now', async () => {
    const { bot, owner, group } = await stories('verified');
    const card = await bot.card(owner, '1000123456');
    const other = await bot.card(owner, '1000123456', group);
    await bot.press(owner, card, '确认核销');
    await bot.database.db.updateTable('verification').set({ state: 'submitting' }).execute();
    await bot.press(owner, other, '确认核销');
    expect(other.text).toContain('已核销');
  });
});

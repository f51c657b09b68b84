import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FakeBotChat, FakeBotMessage, FakeBotPerson } from '../doubles/wecom-smart-bot.ts';
import { labels, openWecomTown, written, type WecomTown } from './wecom-smart-bot-harness.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('a store at WeCom’s robot', () => {
  it('is bound by words, one question at a time', async () => {
    const town = await openWecomTown();
    const owner = town.wecom.person('wanglaoban');
    owner.enters();
    await town.quiet();
    expect(owner.chat.messages[0]).toMatchObject({ by: 'aibot_respond_welcome_msg' });
    expect(owner.chat.messages[0]!.look.text).toContain('核销助手');
    const [platforms] = await town.ask(owner, '绑定');
    expect(platforms!.look.text).toContain('选择平台');
    expect(labels(platforms!)).toEqual(expect.arrayContaining(['练习店']));
    expect((await town.press(owner, platforms!, '美团')).join()).toContain('邮箱');
    const question = (await town.ask(owner, 'owner@example.com'))[0]!.look.text;
    expect(question).toContain('请发送密码');
    // A robot cannot delete, and does not say that it will.
    expect(question).toContain('我删不掉你发的消息');
    expect(question).not.toContain('立即删除');
    const answers = (await town.ask(owner, 'secret')).map(({ look }) => look.text);
    expect(answers[0]).toContain('请你马上手动删除');
    expect(answers.at(-1)).toContain('已绑定「大声發24小时自助棋牌室5」');
    // Nobody here types a slash.
    expect(answers.at(-1)).toContain('“员工”邀请员工');
    const help = (await town.ask(owner, '帮助'))[0]!.look.text;
    expect(help).toContain('绑定日报 · 接收日报');
    expect(help).not.toContain('/');
    expect(town.faults()).toEqual([]);
  });
});

describe('a code in the chat with the robot', () => {
  it('becomes a card with what the coupon is; one tap shows 处理中 and the result comes after it', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    for (const part of ['开业特惠通用畅玩4小时', code, '¥49.00', '大声發24小时自助棋牌室5', '未使用'])
      expect(card.look.text).toContain(part);
    expect(labels(card)).toEqual(['确认核销', '取消']);
    expect(`${card.task} ${card.look.buttons.map(({ key }) => key).join(' ')}`).not.toContain(code);

    const [result, ...more] = await town.press(owner, card, '确认核销');
    expect(card.look.text).toContain('处理中');
    expect(card.look.text).toContain(code);
    expect(labels(card)).toEqual([]);
    for (const part of ['核销成功', '¥49.00', '2026-11-22 18:30', 'wanglaoban']) expect(result).toContain(part);
    expect(more).toEqual([]);
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(town.faults()).toEqual([]);
  });

  it('is dropped by 取消, on the card itself', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    expect(await town.press(owner, card, '取消')).toEqual([]);
    expect(card.look.text).toContain('已取消');
    expect(town.umember.books.used(code)).toEqual([]);
  });

  it('that cannot be used is refused in one line', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    await town.press(owner, await town.card(owner, code), '确认核销');
    const [again] = await town.ask(owner, code);
    expect(again!.look.text).toContain('已核销');
    expect((await town.ask(owner, '999888777666'))[0]!.look.text).toContain('券码不存在');
  });

  it('is used once, however often it is pressed and however often WeCom tells it', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const cards = [await town.card(owner, code), await town.card(owner, code)];
    for (const card of cards) {
      const key = card.look.buttons[0]!.key;
      for (let n = 0; n < 5; n += 1) {
        owner.forges(card, key);
        town.wecom.repeat();
      }
    }
    await town.quiet();
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(town.umember.calls('verify')).toBe(1);
    expect(cards.map(labels)).toEqual([[], []]);
    expect(town.faults()).toEqual([]);
  });

  it('whose answer is lost says 结果待确认, and by itself what became of it', async () => {
    for (const applied of [true, false]) {
      const town = await openWecomTown({ timeoutMs: 150 });
      const owner = await town.owner();
      const code = town.umember.books.coupon();
      const card = await town.card(owner, code);
      town.umember.fail('verify', { kind: 'reset', applied });
      const [result] = await town.press(owner, card, '确认核销');
      expect(result).toContain('结果待确认');
      expect(result).toContain('请勿重复操作');
      const before = written(owner.chat).length;
      for (let n = 0; n < 30; n += 1) {
        town.later(10 * SECOND);
        await town.tick();
      }
      const told = owner.chat.messages.filter(({ byBot }) => byBot).slice(before);
      expect(told.map(({ look }) => look.text).join('\n')).toContain(applied ? '核销成功' : '未核销');
      expect(told.every(({ by }) => by === 'aibot_send_msg')).toBe(true);
      expect(town.umember.books.used(code)).toHaveLength(applied ? 1 : 0);
    }
  });

  it('is answered although the chat is busy: the pressed card says 处理中 in time', async () => {
    const town = await openWecomTown({ hurry: 100, timeoutMs: 5000 });
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.umember.fail('detail', { kind: 'late', ms: 400 });
    owner.says(town.umember.books.coupon());
    owner.presses(card, '确认核销');
    await expect.poll(() => owner.sees(card).text).toContain('处理中');
    expect(owner.sees(card).buttons).toEqual([]);
    expect(town.umember.books.used(code)).toEqual([]);
    await town.quiet();
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(written(owner.chat).at(-1)).toContain('核销成功');
  });

  it('in a photo becomes its card, and is verified', { timeout: 20_000 }, async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon({ code: '384150627719' });
    owner.shows(await readFile(path.join(import.meta.dirname, '../fixtures/photos/one-code.png')));
    await town.quiet();
    const card = owner.chat.messages.at(-1)!;
    expect(card.look.text).toContain('384150627719');
    await town.press(owner, card, '确认核销');
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(written(owner.chat).at(-1)).toContain('核销成功');
  });

  it('in a photo that is none is told to be sent again; with words the words count', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    owner.shows(Buffer.from('photo'));
    await town.quiet();
    expect(written(owner.chat).at(-1)).toContain('没有识别到券码');
    const code = town.umember.books.coupon();
    owner.mixes(`核销 ${code}`, [Buffer.from('photo')]);
    await town.quiet();
    expect(written(owner.chat).at(-1)).toContain(code);
  });

  it('among others is chosen from a list, by its number where they are too many for a card', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const codes = Array.from({ length: 8 }, () => town.umember.books.coupon());
    const [list] = await town.ask(owner, codes.join('\n'));
    expect(list!.look.text).toContain(`8. ${codes[7]}`);
    const [card] = await town.ask(owner, '8');
    expect(card!.look.text).toContain(codes[7]);
    expect(labels(card!)).toEqual(['确认核销', '取消']);
  });

  it('can be taken back while the platform allows it', async () => {
    const town = await openWecomTown();
    const owner = town.wecom.person('wanglaoban');
    const [platforms] = await town.ask(owner, '绑定');
    await town.press(owner, platforms!, '练习店');
    await town.press(owner, await owner.chat.shows('选择门店'), '1. 练习棋牌室');
    const card = await town.card(owner, '1000123456');
    await town.press(owner, card, '确认核销');
    const done = await owner.chat.shows('核销成功');
    expect(labels(done)).toEqual(['撤销']);
    expect(done.look.text).toMatch(/撤销（还剩 \d+ 分钟）/);
    expect(await town.press(owner, done, '撤销')).toEqual([]);
    expect(done.look.text).toContain('确定撤销这次核销？');
    // Once, though the verification's own card is another message.
    expect(await town.press(owner, done, '确认撤销')).toEqual([expect.stringContaining('已撤销')]);
    expect(done.look.text).toContain('处理中');
  });
});

describe('people', () => {
  it('become staff by six digits, and a removed one’s open card is dead', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const helper = town.wecom.person('xiaoli');
    const [list] = await town.ask(owner, '员工');
    const [invitation] = await town.press(owner, list!, '邀请员工');
    const word = /\b\d{6}\b/.exec(invitation!)![0];
    expect((await town.ask(helper, word))[0]!.look.text).toContain('欢迎');
    const first = await town.card(helper);
    expect((await town.press(helper, first, '确认核销'))[0]).toContain('核销人：xiaoli');
    const code = town.umember.books.coupon();
    const card = await town.card(helper, code);
    const [again] = await town.ask(owner, '员工');
    await town.press(owner, again!, '移除 xiaoli');
    expect((await town.press(helper, card, '确认核销'))[0]).toContain('没有核销权限');
    expect(town.umember.books.used(code)).toEqual([]);
  });

  it('in a group: whoever binds it is its owner, and says who may verify', async () => {
    const town = await openWecomTown();
    const [owner, helper, passer] = ['wanglaoban', 'xiaoli', 'luren'].map((userid) => town.wecom.person(userid));
    const group = town.wecom.group('wrGROUP');
    await town.bind(owner!, group);
    const question = await group.shows('谁可以核销');
    expect((await town.press(passer!, question, '群内所有人', group))[0]).toBe('luren：只有店主可以这样做。');
    await town.press(owner!, question, '仅受邀员工', group);
    expect(question.look.text).toContain('仅受邀员工');
    expect((await town.ask(passer!, '绑定', group))[0]!.look.text).not.toContain('选择平台');
    expect((await town.ask(passer!, '解绑', group))[0]!.look.text).toContain('只有店主');

    const code = town.umember.books.coupon();
    const card = await town.card(owner!, code, group);
    expect((await town.press(helper!, card, '确认核销', group))[0]).toContain('xiaoli：你没有核销权限');
    expect(labels(card)).toEqual(['确认核销', '取消']);
    expect((await town.press(owner!, card, '确认核销', group))[0]).toContain('核销成功');
    expect(town.umember.books.used(code)).toHaveLength(1);
  });
});

describe('a group whose clients put the robot’s name anywhere', () => {
  /** Says this with the mention in it, and gives what the robot wrote in answer. */
  const say = async (town: WecomTown, person: FakeBotPerson, group: FakeBotChat, content: string): Promise<FakeBotMessage[]> => {
    const before = group.messages.length;
    person.sends({ msgtype: 'text', text: { content } }, group);
    await town.quiet();
    return group.messages.slice(before).filter(({ byBot }) => byBot);
  };

  it.each([
    ['核销助手', ['绑定@核销助手 ', 'boss@example.com@核销助手 ', 'p@ss@word@核销助手 ']],
    ['核销助手', ['@核销助手 绑定', '@核销助手 boss@example.com', '＠核销助手 p@ss@word']],
    ['核销助手', ['@张三 @核销助手 绑定', 'boss@example.com @核销助手', '@核销助手 p@ss@word']],
    ['Coupon Bot', ['@Coupon Bot  绑定', '@Coupon Bot boss@example.com', '@Coupon Bot p@ss@word']],
    ['Coupon Bot', ['绑定@Coupon Bot ', 'boss@example.com@Coupon Bot ', 'p@ss@word @Coupon Bot']],
  ])('is bound by a robot called %s: %j', async (_, [bind, email, password]) => {
    const town = await openWecomTown();
    town.umember.books.account('boss@example.com', 'p@ss@word');
    town.umember.books.shop({ owner: 'boss@example.com', name: '茶室' });
    const boss = town.wecom.person('boss');
    const group = town.wecom.group('wrGROUP');
    const [platforms] = await say(town, boss, group, bind!);
    await town.press(boss, platforms!, '美团', group);
    await say(town, boss, group, email!);
    await say(town, boss, group, password!);
    expect(written(group).join('\n')).toContain('已绑定「茶室」');
    expect(town.faults()).toEqual([]);
  });

  it('gets the card, the command’s answer and no other, wherever the name stands', async () => {
    const town = await openWecomTown();
    const owner = town.wecom.person('wanglaoban');
    const group = town.wecom.group('wrGROUP');
    await town.bind(owner, group);
    const code = town.umember.books.coupon();
    for (const [content, answer] of [
      [`${code}@核销助手 `, '未使用'],
      ['日报@核销助手 ', '日报 · '],
      ['帮助@核销助手', '接收日报'],
      ['绑定日报@核销助手 ', '本聊天将收到'],
      ['@Coupon Bot 日报', '日报 · '],
      ['@Coupon Bot  日报', '日报 · '],
      ['@张三 @核销助手 日报', '日报 · '],
      ['＠核销助手 日报', '日报 · '],
      [`@核销助手 ${code}`, '未使用'],
      [`@Coupon Bot ${code}`, '未使用'],
      ['日报 @核销助手 ', '日报 · '],
      ['@核销助手\u2005日报', '日报 · '],
      [`＠核销助手 ${code}`, '未使用'],
    ] as const)
      expect((await say(town, owner, group, content))[0]!.look.text, content).toContain(answer);
    expect(town.faults()).toEqual([]);
  });
});

describe('the summary of a business day', () => {
  it('comes to the owners’ group by itself, once', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    const group = town.wecom.group('wrOWNERS');
    expect((await town.ask(owner, '绑定日报', group))[0]!.look.text).toContain('本聊天将收到');
    await town.press(owner, await town.card(owner), '确认核销');
    town.later(6 * HOUR);
    for (let n = 0; n < 3; n += 1) await town.tick();
    const told = group.messages.filter(({ look }) => look.text.includes('日报 · 大声發24小时自助棋牌室5 · 2026-11-22'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ by: 'aibot_send_msg' });
    for (const part of ['核销 1 张', '¥49.00', '· wanglaoban × 1']) expect(told[0]!.look.text).toContain(part);
    expect(town.faults()).toEqual([]);
  });

  it('waits for the connection', async () => {
    const town = await openWecomTown();
    const owner = await town.owner();
    await town.ask(owner, '绑定日报');
    await town.press(owner, await town.card(owner), '确认核销');
    town.later(6 * HOUR);
    for (let n = 0; n < 3; n += 1) town.wecom.fault('aibot_subscribe', { kind: 'error', code: -1 });
    town.wecom.drop();
    await town.tick();
    await expect.poll(() => town.wecom.connected()).toBe(true);
    await expect
      .poll(async () => {
        town.later(10 * SECOND);
        await town.tick();
        return written(owner.chat).filter((text) => text.includes('日报 · ')).length;
      })
      .toBe(1);
  });
});

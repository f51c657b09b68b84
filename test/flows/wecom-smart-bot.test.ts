import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startWecomApp } from '../doubles/wecom-app.ts';
import type { FakeBotChat, FakeBotMessage, FakeBotPerson } from '../doubles/wecom-smart-bot.ts';
import { labels, openSmartBotHarness, written, type SmartBotHarness } from './wecom-smart-bot-harness.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('a store at WeCom’s robot', () => {
  it('is bound by words, one question at a time', async () => {
    const bot = await openSmartBotHarness();
    const owner = bot.wecom.person('wanglaoban');
    owner.enters();
    await bot.quiet();
    expect(owner.chat.messages[0]).toMatchObject({ by: 'aibot_respond_welcome_msg' });
    expect(owner.chat.messages[0]!.look.text).toContain('核销助手');
    const [platforms] = await bot.ask(owner, '绑定');
    expect(platforms!.look.text).toContain('选择平台');
    expect(labels(platforms!)).toEqual(expect.arrayContaining(['练习店']));
    expect((await bot.press(owner, platforms!, '美团')).join()).toContain('邮箱');
    const question = (await bot.ask(owner, 'owner@example.com'))[0]!.look.text;
    expect(question).toContain('请发送密码');
    // A robot cannot delete, and does not say that it will.
    expect(question).toContain('我删不掉你发的消息');
    expect(question).not.toContain('立即删除');
    const answers = (await bot.ask(owner, 'secret')).map(({ look }) => look.text);
    expect(answers[0]).toContain('请你马上手动删除');
    expect(answers.at(-1)).toContain('已绑定「大声發24小时自助棋牌室5」');
    // Nobody here types a slash.
    expect(answers.at(-1)).toContain('“员工”邀请员工');
    const help = (await bot.ask(owner, '帮助'))[0]!.look.text;
    expect(help).toContain('绑定日报 · 接收日报');
    expect(help).not.toContain('/');
    expect(bot.faults).toEqual([]);
  });
});

describe('a code in the chat with the robot', () => {
  it('becomes a card with what the coupon is; one tap shows 处理中 and the result comes after it', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    for (const part of ['开业特惠通用畅玩4小时', code, '¥49.00', '大声發24小时自助棋牌室5', '未使用'])
      expect(card.look.text).toContain(part);
    expect(labels(card)).toEqual(['确认核销', '取消']);
    expect(`${card.task} ${card.look.buttons.map(({ key }) => key).join(' ')}`).not.toContain(code);

    const [result, ...more] = await bot.press(owner, card, '确认核销');
    expect(card.look.text).toContain('处理中');
    expect(card.look.text).toContain(code);
    expect(labels(card)).toEqual([]);
    for (const part of ['核销成功', '¥49.00', '2026-11-22 18:30', 'wanglaoban']) expect(result).toContain(part);
    expect(more).toEqual([]);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  it('that fits a rule is verified by itself, there as a scanner types it; the owner is told and other chats wait for a press', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const counter = bot.wecom.group('前台');
    await bot.bind(owner, counter);
    const choose = async (screen: FakeBotMessage, label: string): Promise<FakeBotMessage> => {
      const found = labels(screen).find((one) => one.includes(label));
      const number = new RegExp(String.raw`^(\d+)\D.*${label}`, 'm').exec(screen.look.text)?.[1];
      if (found !== undefined) await bot.press(owner, screen, found);
      else await bot.ask(owner, number ?? `no ${label}`);
      return owner.chat.messages.at(-1)!;
    };
    let screen = (await bot.ask(owner, '顾客')).at(-1)!;
    for (const label of ['自动核销', '新建规则', '谁', '只在聊天', '试算', '开启']) screen = await choose(screen, label);
    expect(written(owner.chat).join('\n')).toContain('已开启');
    const { people } = await bot.database.db.selectFrom('auto_rule').select('people').executeTakeFirstOrThrow();
    const { chat } = JSON.parse(people) as { readonly chat: string };
    const [there, elsewhere] = chat === 'wecom-bot:wanglaoban' ? [owner.chat, counter] : [counter, owner.chat];
    const code = bot.umember.books.coupon();
    const answers = await bot.ask(owner, code, there);
    expect(answers.at(-1)!.look.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    const [waits] = await bot.ask(owner, bot.umember.books.coupon(), elsewhere);
    expect(labels(waits!)).toContain('确认核销');
    await bot.tick('outbox');
    expect(written(owner.chat).filter((text) => text.includes('核销成功') && text.includes('自动核销 1')).length).toBeGreaterThan(
      0,
    );
    expect(bot.faults).toEqual([]);
  });

  it('is dropped by 取消, on the card itself', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    expect(await bot.press(owner, card, '取消')).toEqual([]);
    expect(card.look.text).toContain('已取消');
    expect(bot.umember.books.used(code)).toEqual([]);
  });

  it('that cannot be used is refused in one line', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const [again] = await bot.ask(owner, code);
    expect(again!.look.text).toContain('已核销');
    const unknown = (await bot.ask(owner, '999888777666'))[0]!.look.text;
    // Stars would be markup there, and stand escaped.
    expect(unknown).toMatch(/^❌ 券码不存在\n券码：尾号 7666/);
    expect(unknown).not.toMatch(/[*\\]/);
  });

  it('is used once, however often it is pressed and however often WeCom tells it', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const cards = [await bot.card(owner, code), await bot.card(owner, code)];
    for (const card of cards) {
      const key = card.look.buttons[0]!.key;
      for (let n = 0; n < 5; n += 1) {
        owner.forges(card, key);
        bot.wecom.repeat();
      }
    }
    await bot.quiet();
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(cards.map(labels)).toEqual([[], []]);
    expect(bot.faults).toEqual([]);
  });

  it('whose answer is lost says 结果待确认, and by itself what became of it', async () => {
    for (const applied of [true, false]) {
      const bot = await openSmartBotHarness({ timeoutMs: 150 });
      const owner = await bot.owner();
      const code = bot.umember.books.coupon();
      const card = await bot.card(owner, code);
      bot.umember.fail('verify', { kind: 'reset', applied });
      const [result] = await bot.press(owner, card, '确认核销');
      expect(result).toContain('结果待确认');
      expect(result).toContain('请勿重复操作');
      const before = written(owner.chat).length;
      for (let n = 0; n < 30; n += 1) {
        bot.later(10 * SECOND);
        await bot.tick();
      }
      const told = owner.chat.messages.filter(({ byBot }) => byBot).slice(before);
      expect(told.map(({ look }) => look.text).join('\n')).toContain(applied ? '核销成功' : '未核销');
      expect(told.every(({ by }) => by === 'aibot_send_msg')).toBe(true);
      expect(bot.umember.books.used(code)).toHaveLength(applied ? 1 : 0);
    }
  });

  it('is answered although the chat is busy: the pressed card says 处理中 in time', async () => {
    const bot = await openSmartBotHarness({ hurry: 100, timeoutMs: 5000 });
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('detail', { kind: 'late', ms: 400 });
    owner.says(bot.umember.books.coupon());
    owner.presses(card, '确认核销');
    await expect.poll(() => owner.sees(card).text).toContain('处理中');
    expect(owner.sees(card).buttons).toEqual([]);
    expect(bot.umember.books.used(code)).toEqual([]);
    await bot.quiet();
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(written(owner.chat).at(-1)).toContain('核销成功');
  });

  it('in a photo becomes its card, and is verified', { timeout: 20_000 }, async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon({ code: '384150627719' });
    owner.shows(await readFile(path.join(import.meta.dirname, '../fixtures/photos/one-code.png')));
    await bot.quiet();
    const card = owner.chat.messages.at(-1)!;
    expect(card.look.text).toContain('384150627719');
    await bot.press(owner, card, '确认核销');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(written(owner.chat).at(-1)).toContain('核销成功');
  });

  it('in a photo that is none is told to be sent again; with words the words count', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    owner.shows(Buffer.from('photo'));
    await bot.quiet();
    expect(written(owner.chat).at(-1)).toContain('没有识别到券码');
    const code = bot.umember.books.coupon();
    owner.mixes(`核销 ${code}`, [Buffer.from('photo')]);
    await bot.quiet();
    expect(written(owner.chat).at(-1)).toContain(code);
  });

  it('among others is chosen from a list, by its number where they are too many for a card', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const codes = Array.from({ length: 8 }, () => bot.umember.books.coupon());
    const [list] = await bot.ask(owner, codes.join('\n'));
    expect(list!.look.text).toContain(`8. ${codes[7]}`);
    const [card] = await bot.ask(owner, '8');
    expect(card!.look.text).toContain(codes[7]);
    expect(labels(card!)).toEqual(['确认核销', '取消']);
  });

  it('can be taken back while the platform allows it', async () => {
    const bot = await openSmartBotHarness();
    const owner = bot.wecom.person('wanglaoban');
    const [platforms] = await bot.ask(owner, '绑定');
    await bot.press(owner, platforms!, '练习店');
    await bot.press(owner, await owner.chat.shows('选择门店'), '1. 练习棋牌室');
    const card = await bot.card(owner, '1000123456');
    await bot.press(owner, card, '确认核销');
    const done = await owner.chat.shows('核销成功');
    expect(labels(done)).toEqual(['撤销']);
    expect(done.look.text).toMatch(/撤销（还剩 \d+ 分钟）/);
    expect(await bot.press(owner, done, '撤销')).toEqual([]);
    expect(done.look.text).toContain('确定撤销这次核销？');
    // Once, though the verification's own card is another message.
    expect(await bot.press(owner, done, '确认撤销')).toEqual([expect.stringContaining('已撤销')]);
    expect(done.look.text).toContain('处理中');
  });
});

describe('people', () => {
  it('are called by their names where the corporation’s app can be asked for them', async () => {
    const app = await startWecomApp({ now: () => Date.now() });
    onTestFinished(app.close);
    app.member('wanglaoban');
    app.names.set('wanglaoban', '王磊');
    const bot = await openSmartBotHarness({ app });
    const owner = await bot.owner();
    expect((await bot.press(owner, await bot.card(owner), '确认核销'))[0]).toContain('核销人：王磊');
    expect((await bot.ask(owner, '日报'))[0]!.look.text).toContain('· 王磊 × 1');
  });

  it('become staff by eight digits, and a removed one’s open card is dead', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const helper = bot.wecom.person('xiaoli');
    const [list] = await bot.ask(owner, '员工');
    const [invitation] = await bot.press(owner, list!, '邀请员工');
    const word = /\b\d{8}\b/.exec(invitation!)![0];
    expect((await bot.ask(helper, word))[0]!.look.text).toContain('欢迎');
    const first = await bot.card(helper);
    expect((await bot.press(helper, first, '确认核销'))[0]).toContain('核销人：xiaoli');
    const code = bot.umember.books.coupon();
    const card = await bot.card(helper, code);
    const [again] = await bot.ask(owner, '员工');
    await bot.press(owner, again!, '移除 xiaoli');
    await bot.press(owner, owner.chat.messages.at(-1)!, '确定移除');
    expect((await bot.press(helper, card, '确认核销'))[0]).toContain('没有核销权限');
    expect(bot.umember.books.used(code)).toEqual([]);
  });

  it('in a group: whoever binds it is its owner, and says who may verify', async () => {
    const bot = await openSmartBotHarness();
    const [owner, helper, passer] = ['wanglaoban', 'xiaoli', 'luren'].map((userid) => bot.wecom.person(userid));
    const group = bot.wecom.group('wrGROUP');
    await bot.bind(owner!, group);
    const question = await group.shows('谁可以核销');
    expect((await bot.press(passer!, question, '群内所有人', group))[0]).toBe('luren：只有店主可以这样做。');
    await bot.press(owner!, question, '仅受邀员工', group);
    expect(question.look.text).toContain('仅受邀员工');
    expect((await bot.ask(passer!, '绑定', group))[0]!.look.text).not.toContain('选择平台');
    expect((await bot.ask(passer!, '解绑', group))[0]!.look.text).toContain('只有店主');

    const code = bot.umember.books.coupon();
    const card = await bot.card(owner!, code, group);
    expect((await bot.press(helper!, card, '确认核销', group))[0]).toContain('xiaoli：你没有核销权限');
    expect(labels(card)).toEqual(['确认核销', '取消']);
    expect((await bot.press(owner!, card, '确认核销', group))[0]).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });
});

describe('a group whose clients put the robot’s name anywhere', () => {
  /** Says this with the mention in it, and gives what the robot wrote in answer. */
  const say = async (
    bot: SmartBotHarness,
    person: FakeBotPerson,
    group: FakeBotChat,
    content: string,
  ): Promise<FakeBotMessage[]> => {
    const before = group.messages.length;
    person.sends({ msgtype: 'text', text: { content } }, group);
    await bot.quiet();
    return group.messages.slice(before).filter(({ byBot }) => byBot);
  };

  it.each([
    ['核销助手', ['绑定@核销助手 ', 'boss@example.com@核销助手 ', 'p@ss@word@核销助手 ']],
    ['核销助手', ['@核销助手 绑定', '@核销助手 boss@example.com', '＠核销助手 p@ss@word']],
    ['核销助手', ['@张三 @核销助手 绑定', 'boss@example.com @核销助手', '@核销助手 p@ss@word']],
    ['Coupon Bot', ['@Coupon Bot  绑定', '@Coupon Bot boss@example.com', '@Coupon Bot p@ss@word']],
    ['Coupon Bot', ['绑定@Coupon Bot ', 'boss@example.com@Coupon Bot ', 'p@ss@word @Coupon Bot']],
  ])('is bound by a robot called %s: %j', async (_, [bind, email, password]) => {
    const bot = await openSmartBotHarness();
    bot.umember.books.account('boss@example.com', 'p@ss@word');
    bot.umember.books.shop({ owner: 'boss@example.com', name: '茶室' });
    const boss = bot.wecom.person('boss');
    const group = bot.wecom.group('wrGROUP');
    const [platforms] = await say(bot, boss, group, bind!);
    await bot.press(boss, platforms!, '美团', group);
    await say(bot, boss, group, email!);
    await say(bot, boss, group, password!);
    expect(written(group).join('\n')).toContain('已绑定「茶室」');
    expect(bot.faults).toEqual([]);
  });

  it('gets the card, the command’s answer and no other, wherever the name stands', async () => {
    const bot = await openSmartBotHarness();
    const owner = bot.wecom.person('wanglaoban');
    const group = bot.wecom.group('wrGROUP');
    await bot.bind(owner, group);
    const code = bot.umember.books.coupon();
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
      expect((await say(bot, owner, group, content))[0]!.look.text, content).toContain(answer);
    expect(bot.faults).toEqual([]);
  });
});

describe('the summary of a business day', () => {
  it('comes to the owners’ group by itself, once', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    const group = bot.wecom.group('wrOWNERS');
    expect((await bot.ask(owner, '绑定日报', group))[0]!.look.text).toContain('本聊天将收到');
    await bot.press(owner, await bot.card(owner), '确认核销');
    bot.later(6 * HOUR);
    for (let n = 0; n < 3; n += 1) await bot.tick();
    const told = group.messages.filter(({ look }) => look.text.includes('日报 · 大声發24小时自助棋牌室5 · 2026-11-22'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ by: 'aibot_send_msg' });
    for (const part of ['核销 1 张', '¥49.00', '· wanglaoban × 1']) expect(told[0]!.look.text).toContain(part);
    expect(bot.faults).toEqual([]);
  });

  it('waits for the connection', async () => {
    const bot = await openSmartBotHarness();
    const owner = await bot.owner();
    await bot.ask(owner, '绑定日报');
    await bot.press(owner, await bot.card(owner), '确认核销');
    bot.later(6 * HOUR);
    for (let n = 0; n < 3; n += 1) bot.wecom.fault('aibot_subscribe', { kind: 'error', code: -1 });
    bot.wecom.drop();
    await bot.tick();
    await expect.poll(() => bot.wecom.connected()).toBe(true);
    await expect
      .poll(async () => {
        bot.later(10 * SECOND);
        await bot.tick();
        return written(owner.chat).filter((text) => text.includes('日报 · ')).length;
      })
      .toBe(1);
  });
});

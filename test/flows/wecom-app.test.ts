import { describe, expect, it } from 'vitest';
import { labels, openWecomAppHarness, written } from './wecom-app-harness.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('a store at WeCom’s app', () => {
  it('is bound by words, one question at a time', async () => {
    const bot = await openWecomAppHarness();
    const owner = bot.wecom.member('wanglaoban');
    expect((await bot.after(owner, owner.event('enter_agent')))[0]!.text).toContain('核销助手');
    expect(await bot.after(owner, owner.event('enter_agent'))).toEqual([]);
    const [platforms] = await bot.ask(owner, '绑定');
    expect(platforms!.text).toContain('选择平台');
    expect(labels(platforms!)).toEqual(expect.arrayContaining(['练习店']));
    expect((await bot.press(owner, platforms!, '美团'))[0]!.text).toContain('邮箱');
    const question = (await bot.ask(owner, 'owner@example.com'))[0]!.text;
    expect(question).toContain('请发送密码');
    expect(question).toContain('我删不掉你发的消息');
    // The menu is no answer to a question, which is repeated.
    const [help, again] = await bot.after(owner, owner.taps('help'));
    expect(help!.text).toContain('核销助手');
    expect(again!.text).toContain('请发送密码');
    const answers = await bot.ask(owner, 'secret');
    expect(answers.at(-1)!.text).toContain('已绑定「大声發24小时自助棋牌室5」');
    // What was written to an app cannot be taken away.
    expect(answers[0]!.text).toContain('删除');
    expect(bot.faults).toEqual([]);
  });

  it('of a chain is found by number, page after page, also where the last page’s few are buttons', async () => {
    const bot = await openWecomAppHarness();
    for (let n = 0; n < 18; n += 1) bot.umember.books.shop();
    const owner = await bot.owner();
    expect(owner.messages.at(-1)!.text).toContain('9. 下一页');
    expect((await bot.ask(owner, '9'))[0]!.text).toContain('2. 大声發24小时自助棋牌室14');
    const [last] = await bot.ask(owner, '10');
    expect(last!.buttons).toHaveLength(4);
    expect(last!.text).toContain('2. 大声發24小时自助棋牌室22');
    expect((await bot.ask(owner, '2')).at(-1)!.text).toContain('已绑定「大声發24小时自助棋牌室22」');
  });

  it('says who it is for where nothing is bound', async () => {
    const bot = await openWecomAppHarness();
    const [said] = await bot.ask(bot.wecom.member('luren'), bot.umember.books.coupon());
    expect(said!.text).toContain('绑定');
  });
});

describe('a code in the app', () => {
  it('becomes a card with what the coupon is; one tap shows 处理中 and then 核销成功 on the card itself', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    for (const part of ['开业特惠通用畅玩4小时', code, '¥49.00', '大声發24小时自助棋牌室5', '未使用'])
      expect(card.text).toContain(part);
    expect(labels(card)).toEqual(['确认核销', '取消']);
    expect(`${card.task} ${card.buttons.map(({ key }) => key).join(' ')}`).not.toContain(code);

    bot.umember.fail('verify', { kind: 'late', ms: 300 });
    const pressing = bot.press(owner, card, '确认核销');
    const busy = await owner.sees('处理中');
    expect(busy).toBe(card);
    expect(card.text).not.toContain('成功');
    expect(labels(card)).toEqual([]);
    expect(await pressing).toEqual([]);
    for (const part of ['核销成功', code, '¥49.00', '2026-11-22 18:30', 'wanglaoban']) expect(card.text).toContain(part);
    expect(card.edits).toBe(2);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  it('can be scanned with the menu', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const [card] = await bot.after(owner, owner.scans(`CODE_128,${code}`));
    expect(card!.text).toContain(code);
    expect(labels(card!)).toEqual(['确认核销', '取消']);
  });

  it('is dropped by 取消, on the card itself', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    expect(await bot.press(owner, card, '取消')).toEqual([]);
    expect(card.text).toContain('已取消');
    expect(bot.umember.books.used(code)).toEqual([]);
  });

  it('that cannot be used is refused in one line', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    expect((await bot.ask(owner, code))[0]!.text).toContain('已核销');
    expect((await bot.ask(owner, '999888777666'))[0]!.text).toContain('券码不存在');
    const over = bot.umember.books.coupon({ until: Date.parse('2026-11-01T00:00:00+08:00') });
    expect((await bot.ask(owner, over))[0]!.text).toContain('已过期');
  });

  it('is used once, however often it is pressed and however often WeCom calls', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const cards = [await bot.card(owner, code), await bot.card(owner, code)];
    const calls = cards.flatMap((card) => {
      const { key } = card.buttons[0]!;
      return Array.from({ length: 5 }, async () => {
        await owner.forges(card, key);
        await bot.wecom.callbacks.again();
      });
    });
    await Promise.all(calls);
    await bot.quiet();
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
    expect(cards.map(labels)).toEqual([[], []]);
    expect(bot.faults).toEqual([]);
  });

  it('of a second press shows the same settled card, and no new message', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    const { key } = card.buttons[0]!;
    await bot.press(owner, card, '确认核销');
    const before = written(owner).length;
    expect(await bot.after(owner, owner.forges(card, key))).toEqual([]);
    expect(written(owner)).toHaveLength(before);
    expect(card.text).toContain('核销成功');
  });

  it('whose answer is lost says 结果待确认, and by itself what became of it', async () => {
    for (const applied of [true, false]) {
      const bot = await openWecomAppHarness({ timeoutMs: 150 });
      const owner = await bot.owner();
      const code = bot.umember.books.coupon();
      const card = await bot.card(owner, code);
      bot.umember.fail('verify', { kind: 'reset', applied });
      await bot.press(owner, card, '确认核销');
      expect(card.text).toContain('结果待确认');
      expect(card.text).toContain('请勿重复操作');
      expect(card.text).not.toContain('成功');
      const before = written(owner).length;
      for (let n = 0; n < 30; n += 1) {
        bot.later(10 * SECOND);
        await bot.tick();
      }
      const told = written(owner).slice(before).join('\n');
      expect(told).toContain(applied ? '核销成功' : '未核销');
      expect(bot.umember.books.used(code)).toHaveLength(applied ? 1 : 0);
    }
  });

  it('in a photo is told to be typed', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    expect((await bot.after(owner, owner.shows(Buffer.from('photo'))))[0]!.text).toContain('没有识别到券码');
  });

  it('among others is chosen from a list, by its number where they are too many for a card', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const codes = Array.from({ length: 8 }, () => bot.umember.books.coupon());
    const [list] = await bot.ask(owner, codes.join('\n'));
    expect(list!.text).toContain(`8. ${codes[7]}`);
    const [card] = await bot.ask(owner, '8');
    expect(card!.text).toContain(codes[7]);
    expect(labels(card!)).toEqual(['确认核销', '取消']);
  });

  it('can be taken back while the platform allows it', async () => {
    const bot = await openWecomAppHarness();
    const owner = bot.wecom.member('wanglaoban');
    const [platforms] = await bot.ask(owner, '绑定');
    await bot.press(owner, platforms!, '练习店');
    const choice = owner.messages.findLast(({ text }) => text.includes('选择门店'))!;
    await bot.press(owner, choice, choice.buttons[0]!.label);
    const card = await bot.card(owner, '1000123456');
    await bot.press(owner, card, '确认核销');
    expect(labels(card)).toEqual(['撤销']);
    expect(card.text).toMatch(/撤销（还剩 \d+ 分钟）/);
    expect(await bot.press(owner, card, '撤销')).toEqual([]);
    expect(card.text).toContain('确定撤销这次核销？');
    expect((await bot.press(owner, card, '确认撤销')).at(-1)!.text).toContain('已撤销');
    expect(card.text).toContain('处理中');
    expect(card.text).toContain('结果见下方');
  });
});

describe('WeCom', () => {
  it('may end the token, be busy or be away: the answer comes all the same', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    bot.wecom.endToken();
    expect(labels(await bot.card(owner))).toEqual(['确认核销', '取消']);
    bot.wecom.fail('/message/send', { kind: 'code', code: -1 }, { kind: 'reset', after: false });
    expect(labels(await bot.card(owner))).toEqual(['确认核销', '取消']);
    expect(bot.faults).toEqual([]);
  });

  it('that refuses our address is waited for: nothing is lost', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    await bot.wecom.callbacks.idle();
    bot.wecom.state.trusted = false;
    const code = bot.umember.books.coupon();
    await owner.says(code);
    await expect.poll(() => bot.faults.length).toBeGreaterThan(3);
    bot.wecom.state.trusted = true;
    await expect
      .poll(async () => {
        bot.later(60 * SECOND);
        await bot.tick();
        return written(owner).at(-1);
      })
      .toContain(code);
  });
});

describe('people', () => {
  it('become staff by eight digits, and a removed one’s open card is dead', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const helper = bot.wecom.member('xiaoli');
    const [list] = await bot.ask(owner, '员工');
    const [invitation] = await bot.press(owner, list!, '邀请员工');
    const word = /\b\d{8}\b/.exec(invitation!.text)![0];
    expect((await bot.ask(helper, word))[0]!.text).toContain('欢迎');
    const first = await bot.card(helper);
    await bot.press(helper, first, '确认核销');
    expect(first.text).toContain('核销人：xiaoli');
    const code = bot.umember.books.coupon();
    const card = await bot.card(helper, code);
    const [again] = await bot.ask(owner, '员工');
    const [question] = await bot.press(owner, again!, again!.buttons.find(({ label }) => label.includes('xiaoli'))!.label);
    await bot.press(owner, question!, '确定移除');
    const [refused] = await bot.press(helper, card, '确认核销');
    expect(refused!.text).toContain('没有核销权限');
    expect(bot.umember.books.used(code)).toEqual([]);
  });
});

describe('members', () => {
  it('are called by their names: in lists, on cards, in records and summaries', async () => {
    const bot = await openWecomAppHarness();
    for (const [userid, name] of [
      ['wanglaoban', '王磊'],
      ['xiaoli', '李娜'],
    ] as const)
      bot.wecom.names.set(userid, name);
    const owner = await bot.owner();
    const helper = bot.wecom.member('xiaoli');
    const [list] = await bot.ask(owner, '员工');
    const [invitation] = await bot.press(owner, list!, '邀请员工');
    await bot.ask(helper, /\b\d{8}\b/.exec(invitation!.text)![0]);
    await bot.tick();
    const card = await bot.card(helper);
    await bot.press(helper, card, '确认核销');
    expect(card.text).toContain('核销人：李娜');
    for (const word of ['员工', '记录', '日报']) await bot.ask(owner, word);
    const told = written(owner).join('\n');
    for (const part of ['王磊（企业微信', '李娜（企业微信', '李娜 通过邀请', '· 李娜', '· 李娜 × 1'])
      expect(told).toContain(part);
    expect(told).not.toMatch(/xiaoli|wanglaoban/);
    expect(bot.wecom.count('/user/get')).toBe(2);
  });

  it('of whom WeCom gives no name keep their userid, and a refusal of names is not asked about again at once', async () => {
    const bot = await openWecomAppHarness();
    bot.wecom.fail('/user/get', { kind: 'code', code: 48002 });
    const owner = await bot.owner();
    const card = await bot.card(owner);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销人：wanglaoban');
    expect(bot.wecom.count('/user/get')).toBe(1);
    bot.later(HOUR);
    bot.wecom.names.set('wanglaoban', '王磊');
    const later = await bot.card(owner);
    await bot.press(owner, later, '确认核销');
    expect(later.text).toContain('核销人：王磊');
  });
});

describe('the summary of a business day', () => {
  it('comes by itself, once, to whoever asked for it', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    expect((await bot.ask(owner, '绑定日报'))[0]!.text).toContain('本聊天将收到');
    await bot.press(owner, await bot.card(owner), '确认核销');
    const [sofar] = await bot.after(owner, owner.taps('summary'));
    expect(sofar!.text).toContain('核销 1 张');
    bot.later(6 * HOUR);
    for (let n = 0; n < 3; n += 1) await bot.tick();
    const told = written(owner).filter((text) => text.includes('日报 · 大声發24小时自助棋牌室5 · 2026-11-22'));
    for (const part of ['核销 1 张', '¥49.00', 'wanglaoban']) expect(told.at(-1)).toContain(part);
    expect(told).toHaveLength(2);
    expect(bot.faults).toEqual([]);
  });

  it('waits out WeCom’s limit and is not lost', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    await bot.ask(owner, '绑定日报');
    bot.later(6 * HOUR);
    bot.wecom.fail('/message/send', { kind: 'code', code: 45009 });
    await bot.tick();
    const summaries = (): string[] => written(owner).filter((text) => text.includes('日报 · '));
    expect(summaries()).toEqual([]);
    for (let n = 0; n < 10; n += 1) {
      bot.later(30 * SECOND);
      await bot.tick();
    }
    expect(summaries()).toHaveLength(1);
  });
});

describe('a new member of the corporation', () => {
  it('is no guest of a store whose customers verify by themselves: he hears how to bind and to join', async () => {
    const bot = await openWecomAppHarness();
    const owner = await bot.owner();
    const [screen] = await bot.ask(owner, '顾客');
    expect(labels(screen!)).toEqual(['开通自助核销', '位置和二维码', '开放时间', '次数上限', '自动核销', '今天']);
    await bot.press(owner, screen!, '开通自助核销');
    const [said] = await bot.ask(bot.wecom.member('lisi'), '你好');
    expect(said!.text).toContain('还没有绑定门店');
    expect(labels(said!)).toContain('绑定');
  });
});

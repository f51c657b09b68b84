import { describe, expect, it } from 'vitest';
import { labels, linkIn, openHarness, SECOND, texts, type Harness } from './harness.ts';

/** An owner, a helper and a guest in one group that is bound. */
async function bound(bot: Harness, whoMay?: '仅受邀员工' | '群内所有人') {
  const owner = bot.telegram.person('王老板');
  const [helper, guest] = [bot.telegram.person('小李'), bot.telegram.person('客人')];
  const group = await bot.group(owner, [helper, guest], whoMay);
  return { owner, helper, guest, group };
}

describe('who may verify in a group', () => {
  it('until it is answered: only the owner', async () => {
    const bot = await openHarness();
    const { owner, helper, group } = await bound(bot);
    const [no] = await bot.ask(helper, bot.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
    expect(bot.umember.calls('detail')).toBe(0);
    const card = await bot.card(owner, bot.umember.books.coupon(), group);
    expect(await bot.press(helper, card, '确认核销')).toContain('没有核销权限');
    expect(card.text).toContain('未使用');
    expect(await bot.press(helper, await group.shows('谁可以核销：'), '群内所有人')).toContain('只有店主');
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
  });

  it('until it is answered: not even invited staff', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const group = await bot.group(owner, [helper]);
    const [no] = await bot.ask(helper, bot.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
    await bot.card(helper);
  });

  it('仅受邀员工: those who took an invitation up', async () => {
    const bot = await openHarness();
    const { owner, helper, guest, group } = await bound(bot, '仅受邀员工');
    const [list] = await bot.ask(owner, '/staff', { in: group });
    await bot.press(owner, list!, '邀请员工');
    await bot.tick();
    expect(texts(group).at(-1)).toContain('私聊发给你');
    expect(texts(group).at(-1)).toContain('没有收到？请先私聊我');
    await bot.ask(owner, '开始');
    await bot.press(owner, list!, '邀请员工');
    expect(texts(group).join()).not.toMatch(/\b\d{8}\b|start=/);
    await bot.tick();
    helper.opens(linkIn(owner.chat.messages.at(-1)!));
    await helper.chat.shows('员工');
    const card = await bot.card(helper, bot.umember.books.coupon(), group);
    expect(await bot.press(guest, card, '确认核销')).toContain('没有核销权限');
    await bot.press(helper, card, '确认核销');
    expect(card.text).toContain('核销人：小李');
    const [no] = await bot.ask(guest, bot.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
  });

  it('群内所有人: everybody, by name; whoever is elsewhere has no right to its cards', async () => {
    const bot = await openHarness();
    const { helper, guest, group } = await bound(bot, '群内所有人');
    const card = await bot.card(helper, bot.umember.books.coupon(), group);
    await bot.press(guest, card, '确认核销');
    expect(card.text).toContain('核销人：客人');
    const other = await bot.card(helper, bot.umember.books.coupon(), group);
    const data = other.buttons[0]![0]!.data;
    const [home] = await bot.ask(guest, '/help');
    const press = guest.forges(home!, data);
    expect((await bot.telegram.answered(press)).text).toContain('没有核销权限');
    expect(other.text).toContain('未使用');
  });

  it('can be changed by the owner later, from /staff', async () => {
    const bot = await openHarness();
    const { owner, helper, group } = await bound(bot, '群内所有人');
    const card = await bot.card(helper, bot.umember.books.coupon(), group);
    const [list] = await bot.ask(owner, '/staff', { in: group });
    expect(list!.text).toContain('谁可以核销：群内所有人');
    await bot.press(owner, list!, '仅受邀员工');
    expect(list!.text).toContain('谁可以核销：仅受邀员工');
    expect(await bot.press(helper, card, '确认核销')).toContain('没有核销权限');
  });

  it('an anonymous administrator is nobody: told how to go on, with a code or a press', async () => {
    const bot = await openHarness();
    const { owner, group } = await bound(bot, '群内所有人');
    const [no] = await bot.ask(owner, bot.umember.books.coupon(), { in: group, anonymous: true });
    expect(no!.text).toContain('匿名');
    const card = await bot.card(owner, bot.umember.books.coupon(), group);
    const press = owner.presses(card, '确认核销', { anonymous: true });
    expect((await bot.telegram.answered(press)).text).toContain('匿名');
    expect(card.text).toContain('未使用');
    expect(await bot.ask(owner, '大家好', { in: group, anonymous: true })).toEqual([]);
  });
});

describe('in a group the bot', () => {
  it('leaves small talk alone, and answers when it is named', async () => {
    const bot = await openHarness();
    const { helper, group } = await bound(bot, '群内所有人');
    for (const talk of [
      '大家好',
      '今天3个人，18:30到',
      '电话13812345678 找我',
      '😂😂',
      'https://example.com/a',
      '转账 ¥5000 已到',
      '订单号 4971997871',
    ])
      expect(await bot.ask(helper, talk, { in: group })).toEqual([]);
    for (const talk of [
      '开始',
      '开始 吧',
      '取消',
      '取消 一桌',
      '帮助',
      'help',
      '状态 不错',
      '员工 来了 吗',
      '门店 在 哪',
      '绑定 微信',
      '撤销 吧',
      '记录 一下今天的事',
      '日报 发了吗',
      '绑定日报 怎么用',
    ])
      expect(await bot.ask(helper, talk, { in: group })).toEqual([]);
    expect((await bot.ask(helper, '日报 昨天', { in: group }))[0]!.text).toContain('2026-11-21');
    expect((await bot.ask(helper, '@HexiaoBot 帮助', { in: group }))[0]!.text).toContain('/history');
    helper.sends({ sticker: { file_id: 's' } as never }, { in: group });
    helper.shows(new Uint8Array(4), { in: group });
    await bot.quiet();
    expect(texts(group).join()).not.toContain('看不懂');
    expect((await bot.ask(helper, '@HexiaoBot 在吗', { in: group }))[0]!.text).toContain('发送券码');
  });

  it('keeps quiet about plain words of somebody who has no right here, and answers him where he means it', async () => {
    const bot = await openHarness();
    const { guest, group } = await bound(bot, '仅受邀员工');
    for (const talk of ['撤销', '撤销 吧', '记录', '日报', '员工', '门店', '解绑', '绑定', '绑定日报', '取消'])
      expect(await bot.ask(guest, talk, { in: group })).toEqual([]);
    expect((await bot.ask(guest, '/undo', { in: group }))[0]!.text).toContain('还不是');
    expect((await bot.ask(guest, '@HexiaoBot 员工', { in: group }))[0]!.text).toContain('只有店主');
  });

  it('that no store is bound to obeys 绑定, and leaves 撤销 and 员工 to those who talk', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('新群', { admins: [owner] });
    for (const talk of ['撤销', '员工', '门店', '解绑', '绑定 吧']) expect(await bot.ask(owner, talk, { in: group })).toEqual([]);
    expect((await bot.ask(owner, '绑定', { in: group }))[0]!.text).toContain('选择平台');
  });

  it('obeys /command@its-name and leaves other bots’ commands alone', async () => {
    const bot = await openHarness();
    const { owner, group } = await bound(bot, '群内所有人');
    expect((await bot.ask(owner, '/summary@HexiaoBot', { in: group }))[0]!.text).toContain('日报');
    expect((await bot.ask(owner, '/SUMMARY@hexiaobot 昨天', { in: group }))[0]!.text).toContain('2026-11-21');
    expect(await bot.ask(owner, '/summary@OtherBot', { in: group })).toEqual([]);
    expect(await bot.ask(owner, '/dance', { in: group })).toEqual([]);
    expect((await bot.ask(owner, '/dance@HexiaoBot', { in: group }))[0]!.text).toContain('没有这个命令');
  });

  it('says what to do when it is added, and when nobody has bound it', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('新群', { admins: [owner] });
    bot.telegram.addBot(group, owner);
    expect((await group.shows('/bind')).text).toContain('请店主发送“/bind”');
    expect((await bot.ask(owner, '0332808512', { in: group }))[0]!.text).toContain('还没有绑定门店');
    expect(await bot.ask(owner, '明天 0332808512 来', { in: group })).toEqual([]);
  });

  it('shows HTML in names and titles as it is written', async () => {
    const bot = await openHarness();
    bot.umember.books.shops.set(5, { ...bot.umember.books.shops.get(5)!, name: '<b>棋&牌</b>' });
    const owner = bot.telegram.person('<i>王&老板</i>');
    const group = await bot.group(owner, [], '群内所有人');
    const code = bot.umember.books.coupon({ title: '<a href="https://evil">4小时</a> & <script>' });
    const card = await bot.card(owner, code, group);
    expect(card.text).toContain('<a href="https://evil">4小时</a> & <script>');
    expect(card.text).toContain('门店：<b>棋&牌</b>');
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销人：<i>王&老板</i>');
    expect((await bot.ask(owner, '/summary', { in: group }))[0]!.text).toContain('<script> × 1');
    expect((await bot.ask(owner, '/history', { in: group }))[0]!.text).toContain('<i>王&老板</i>');
    expect(bot.faults).toEqual([]);
  });

  it('keeps its binding when it is removed and added again', async () => {
    const bot = await openHarness();
    const { owner, group } = await bound(bot, '群内所有人');
    bot.telegram.removeBot(group, owner);
    await bot.quiet();
    bot.telegram.addBot(group, owner);
    await bot.quiet();
    expect(texts(group).at(-1)).toContain('大声發24小时自助棋牌室5');
    const card = await bot.card(owner, bot.umember.books.coupon(), group);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
  });

  it('that was removed while it answered keeps quiet, and works on elsewhere', async () => {
    const bot = await openHarness();
    const { owner, helper, group } = await bound(bot, '群内所有人');
    bot.umember.fail('detail', { kind: 'late', ms: 60 });
    helper.says(bot.umember.books.coupon(), { in: group });
    await bot.telegram.acknowledged();
    bot.telegram.removeBot(group, owner);
    await bot.quiet();
    expect((await bot.ask(owner, '/help'))[0]!.text).toContain('核销');
  });

  it('says a list of any length, in as many messages as it takes', async () => {
    const bot = await openHarness();
    bot.umember.books.shop({ id: 5, name: '店'.repeat(60) });
    const { owner, group } = await bound(bot, '群内所有人');
    for (let n = 0; n < 16; n++) {
      const code = bot.umember.books.coupon({ title: `${n}${'很长的商品名'.repeat(100)}` });
      await bot.press(owner, await bot.card(owner, code, group), '确认核销');
    }
    const history = await bot.ask(owner, '/history', { in: group });
    expect(history.length).toBeGreaterThan(1);
    const whole = history.map(({ text }) => text).join('\n');
    expect(whole).toContain('核销记录');
    expect(labels(history.at(-1)!)).toContain('更早的');
    const summary = (await bot.ask(owner, '/summary', { in: group })).map(({ text }) => text).join('\n');
    expect(summary.match(/很长的商品名.* × 1　¥49\.00/g)).toHaveLength(16);
  });
});

it('a group that the bot is put into is told both uses: to verify there, and to receive the summaries alone', async () => {
  const bot = await openHarness();
  const owner = bot.telegram.person('王老板');
  const group = bot.telegram.group('老板群', { admins: [owner] });
  bot.telegram.removeBot(group, owner);
  bot.telegram.addBot(group, owner);
  await bot.quiet();
  expect(texts(group).at(-1)).toMatch(/在群里核销：请店主发送“\/bind”.*只收日报：请店主发送“\/report”/);
});

describe('a group that becomes a supergroup', () => {
  it('keeps its binding, who may verify, its open cards and its summary', async () => {
    const bot = await openHarness();
    const { owner, helper, group } = await bound(bot, '群内所有人');
    await bot.ask(owner, '/report', { in: group });
    const card = await bot.card(helper, bot.umember.books.coupon(), group);
    const data = card.buttons[0]![0]!.data;
    const moved = bot.telegram.migrate(group, owner);
    await bot.quiet();
    const fresh = await bot.card(helper, bot.umember.books.coupon(), moved);
    const press = helper.forges(fresh, data);
    await bot.telegram.answered(press);
    await bot.quiet();
    expect(fresh.text).toContain('核销成功');
    bot.later(6 * 3600 * SECOND);
    await bot.tick();
    expect(texts(moved).at(-1)).toMatch(/日报[\s\S]*核销 1 张/);
  });

  it('is told what became of a lost answer, whenever it moved', async () => {
    for (const when of ['before the press', 'after the press'] as const) {
      const bot = await openHarness();
      const { owner, helper, group } = await bound(bot, '群内所有人');
      const card = await bot.card(helper, bot.umember.books.coupon(), group);
      const data = card.buttons[0]![0]!.data;
      bot.umember.fail('verify', { kind: 'reset', applied: true });
      if (when === 'after the press') await bot.press(helper, card, '确认核销');
      const moved = bot.telegram.migrate(group, owner);
      await bot.quiet();
      if (when === 'before the press') {
        const [other] = await bot.ask(owner, '/help', { in: moved });
        helper.forges(other!, data);
        await bot.quiet();
      }
      for (let n = 0; n < 5; n++) {
        bot.later(SECOND);
        await bot.tick();
      }
      expect(texts(moved).filter((text) => text.includes('核销成功')).length).toBeGreaterThan(0);
      expect(texts(moved).filter((text) => text.startsWith('尾号 '))).toHaveLength(1);
      expect(await bot.stored.outgoing()).toBe(0);
    }
  });

  it('whose move was missed is found by what Telegram says when something is posted', async () => {
    const bot = await openHarness();
    const { owner, group } = await bound(bot, '群内所有人');
    await bot.ask(owner, '/report', { in: group });
    bot.telegram.hold();
    const moved = bot.telegram.migrate(group, owner);
    bot.later(6 * 3600 * SECOND);
    await bot.tick();
    await bot.tick();
    expect(texts(moved).at(-1)).toContain('日报');
    bot.telegram.release();
    await bot.quiet();
    expect(labels(await bot.card(owner, bot.umember.books.coupon(), moved))).toEqual(['确认核销', '取消']);
  });
});

describe('somebody who blocks the bot', () => {
  it('delays nobody, and is answered again when he lets it in', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    helper.blocks();
    await bot.quiet();
    helper.unblocks();
    await bot.quiet();
    expect(texts(helper.chat).at(-1)).toContain('发送券码');
    await bot.card(helper);
  });

  it('gets no result, which is no trouble', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    owner.blocks();
    await bot.quiet();
    bot.later(SECOND);
    await bot.tick();
    expect(await bot.stored.outgoing()).toBe(0);
    owner.unblocks();
    await bot.quiet();
    expect((await bot.ask(owner, '/history'))[0]!.text).toContain('核销成功');
  });
});

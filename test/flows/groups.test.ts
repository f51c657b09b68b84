import { describe, expect, it } from 'vitest';
import { labels, openTown, SECOND, texts, type Town } from './harness.ts';

/** An owner, a helper and a guest in one group that is bound. */
async function bound(town: Town, whoMay?: '仅受邀员工' | '群内所有人') {
  const owner = town.telegram.person('王老板');
  const [helper, guest] = [town.telegram.person('小李'), town.telegram.person('客人')];
  const group = await town.group(owner, [helper, guest], whoMay);
  return { owner, helper, guest, group };
}

describe('who may verify in a group', () => {
  it('until it is answered: only the owner', async () => {
    const town = await openTown();
    const { owner, helper, group } = await bound(town);
    const [no] = await town.ask(helper, town.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
    expect(town.umember.calls('detail')).toBe(0);
    const card = await town.card(owner, town.umember.books.coupon(), group);
    expect(await town.press(helper, card, '确认核销')).toContain('没有核销权限');
    expect(card.text).toContain('未使用');
    expect(await town.press(helper, await group.shows('谁可以核销：'), '群内所有人')).toContain('只有店主');
    await town.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
  });

  it('until it is answered: not even invited staff', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    const group = await town.group(owner, [helper]);
    const [no] = await town.ask(helper, town.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
    await town.card(helper);
  });

  it('仅受邀员工: those who took an invitation up', async () => {
    const town = await openTown();
    const { owner, helper, guest, group } = await bound(town, '仅受邀员工');
    const [list] = await town.ask(owner, '/staff', { in: group });
    await town.press(owner, list!, '邀请员工');
    await town.tick();
    expect(texts(group).at(-1)).toContain('私聊发给你');
    expect(texts(group).at(-1)).toContain('没有收到？请先私聊我');
    await town.ask(owner, '开始');
    await town.press(owner, list!, '邀请员工');
    expect(texts(group).join()).not.toMatch(/\b\d{6}\b|start=/);
    await town.tick();
    helper.says(/\b(\d{6})\b/.exec(texts(owner.chat).at(-1)!)![1]!);
    await helper.chat.shows('员工');
    const card = await town.card(helper, town.umember.books.coupon(), group);
    expect(await town.press(guest, card, '确认核销')).toContain('没有核销权限');
    await town.press(helper, card, '确认核销');
    expect(card.text).toContain('核销人: 小李');
    const [no] = await town.ask(guest, town.umember.books.coupon(), { in: group });
    expect(no!.text).toContain('请联系店主');
  });

  it('群内所有人: everybody, by name; whoever is elsewhere has no right to its cards', async () => {
    const town = await openTown();
    const { helper, guest, group } = await bound(town, '群内所有人');
    const card = await town.card(helper, town.umember.books.coupon(), group);
    await town.press(guest, card, '确认核销');
    expect(card.text).toContain('核销人: 客人');
    const other = await town.card(helper, town.umember.books.coupon(), group);
    const data = other.buttons[0]![0]!.data;
    const [home] = await town.ask(guest, '/help');
    const press = guest.forges(home!, data);
    expect((await town.telegram.answered(press)).text).toContain('没有核销权限');
    expect(other.text).toContain('未使用');
  });

  it('can be changed by the owner later, from /staff', async () => {
    const town = await openTown();
    const { owner, helper, group } = await bound(town, '群内所有人');
    const card = await town.card(helper, town.umember.books.coupon(), group);
    const [list] = await town.ask(owner, '/staff', { in: group });
    expect(list!.text).toContain('谁可以核销：群内所有人');
    await town.press(owner, list!, '仅受邀员工');
    expect(list!.text).toContain('谁可以核销：仅受邀员工');
    expect(await town.press(helper, card, '确认核销')).toContain('没有核销权限');
  });

  it('an anonymous administrator is nobody: told how to go on, with a code or a press', async () => {
    const town = await openTown();
    const { owner, group } = await bound(town, '群内所有人');
    const [no] = await town.ask(owner, town.umember.books.coupon(), { in: group, anonymous: true });
    expect(no!.text).toContain('匿名');
    const card = await town.card(owner, town.umember.books.coupon(), group);
    const press = owner.presses(card, '确认核销', { anonymous: true });
    expect((await town.telegram.answered(press)).text).toContain('匿名');
    expect(card.text).toContain('未使用');
    expect(await town.ask(owner, '大家好', { in: group, anonymous: true })).toEqual([]);
  });
});

describe('in a group the bot', () => {
  it('leaves small talk alone, and answers when it is named', async () => {
    const town = await openTown();
    const { helper, group } = await bound(town, '群内所有人');
    for (const talk of [
      '大家好',
      '今天3个人，18:30到',
      '电话13812345678 找我',
      '😂😂',
      'https://example.com/a',
      '转账 ¥5000 已到',
      '订单号 4971997871',
    ])
      expect(await town.ask(helper, talk, { in: group })).toEqual([]);
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
      expect(await town.ask(helper, talk, { in: group })).toEqual([]);
    expect((await town.ask(helper, '日报 昨天', { in: group }))[0]!.text).toContain('2026-11-21');
    expect((await town.ask(helper, '@HexiaoBot 帮助', { in: group }))[0]!.text).toContain('/history');
    helper.sends({ sticker: { file_id: 's' } as never }, { in: group });
    helper.shows(new Uint8Array(4), { in: group });
    await town.quiet();
    expect(texts(group).join()).not.toContain('看不懂');
    expect((await town.ask(helper, '@HexiaoBot 在吗', { in: group }))[0]!.text).toContain('发送券码');
  });

  it('keeps quiet about plain words of somebody who has no right here, and answers him where he means it', async () => {
    const town = await openTown();
    const { guest, group } = await bound(town, '仅受邀员工');
    for (const talk of ['撤销', '撤销 吧', '记录', '日报', '员工', '门店', '解绑', '绑定', '绑定日报', '取消'])
      expect(await town.ask(guest, talk, { in: group })).toEqual([]);
    expect((await town.ask(guest, '/undo', { in: group }))[0]!.text).toContain('还不是');
    expect((await town.ask(guest, '@HexiaoBot 员工', { in: group }))[0]!.text).toContain('只有店主');
  });

  it('that no store is bound to obeys 绑定, and leaves 撤销 and 员工 to those who talk', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('新群', { admins: [owner] });
    for (const talk of ['撤销', '员工', '门店', '解绑', '绑定 吧'])
      expect(await town.ask(owner, talk, { in: group })).toEqual([]);
    expect((await town.ask(owner, '绑定', { in: group }))[0]!.text).toContain('选择平台');
  });

  it('obeys /command@its-name and leaves other bots’ commands alone', async () => {
    const town = await openTown();
    const { owner, group } = await bound(town, '群内所有人');
    expect((await town.ask(owner, '/summary@HexiaoBot', { in: group }))[0]!.text).toContain('日报');
    expect((await town.ask(owner, '/SUMMARY@hexiaobot 昨天', { in: group }))[0]!.text).toContain('2026-11-21');
    expect(await town.ask(owner, '/summary@OtherBot', { in: group })).toEqual([]);
    expect(await town.ask(owner, '/dance', { in: group })).toEqual([]);
    expect((await town.ask(owner, '/dance@HexiaoBot', { in: group }))[0]!.text).toContain('没有这个命令');
  });

  it('says what to do when it is added, and when nobody has bound it', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('新群', { admins: [owner] });
    town.telegram.addBot(group, owner);
    expect((await group.shows('/bind')).text).toContain('群管理员');
    expect((await town.ask(owner, '0332808512', { in: group }))[0]!.text).toContain('还没有绑定门店');
    expect(await town.ask(owner, '明天 0332808512 来', { in: group })).toEqual([]);
  });

  it('shows HTML in names and titles as it is written', async () => {
    const town = await openTown();
    town.umember.books.shops.set(5, { ...town.umember.books.shops.get(5)!, name: '<b>棋&牌</b>' });
    const owner = town.telegram.person('<i>王&老板</i>');
    const group = await town.group(owner, [], '群内所有人');
    const code = town.umember.books.coupon({ title: '<a href="https://evil">4小时</a> & <script>' });
    const card = await town.card(owner, code, group);
    expect(card.text).toContain('<a href="https://evil">4小时</a> & <script>');
    expect(card.text).toContain('门店: <b>棋&牌</b>');
    await town.press(owner, card, '确认核销');
    expect(card.text).toContain('核销人: <i>王&老板</i>');
    expect((await town.ask(owner, '/summary', { in: group }))[0]!.text).toContain('<script> × 1');
    expect((await town.ask(owner, '/history', { in: group }))[0]!.text).toContain('<i>王&老板</i>');
    expect(town.faults).toEqual([]);
  });

  it('keeps its binding when it is removed and added again', async () => {
    const town = await openTown();
    const { owner, group } = await bound(town, '群内所有人');
    town.telegram.removeBot(group, owner);
    await town.quiet();
    town.telegram.addBot(group, owner);
    await town.quiet();
    expect(texts(group).at(-1)).toContain('大声發24小时自助棋牌室5');
    const card = await town.card(owner, town.umember.books.coupon(), group);
    await town.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
  });

  it('that was removed while it answered keeps quiet, and works on elsewhere', async () => {
    const town = await openTown();
    const { owner, helper, group } = await bound(town, '群内所有人');
    town.umember.fail('detail', { kind: 'late', ms: 60 });
    helper.says(town.umember.books.coupon(), { in: group });
    await town.telegram.acknowledged();
    town.telegram.removeBot(group, owner);
    await town.quiet();
    expect((await town.ask(owner, '/help'))[0]!.text).toContain('核销');
  });

  it('says a list of any length, in as many messages as it takes', async () => {
    const town = await openTown();
    town.umember.books.shop({ id: 5, name: '店'.repeat(60) });
    const { owner, group } = await bound(town, '群内所有人');
    for (let n = 0; n < 16; n++) {
      const code = town.umember.books.coupon({ title: `${n}${'很长的商品名'.repeat(50)}` });
      await town.press(owner, await town.card(owner, code, group), '确认核销');
    }
    const history = await town.ask(owner, '/history', { in: group });
    expect(history.length).toBeGreaterThan(1);
    const whole = history.map(({ text }) => text).join('\n');
    expect(whole).toContain('核销记录');
    expect(whole).toContain('只显示最近 15 条');
    const summary = (await town.ask(owner, '/summary', { in: group })).map(({ text }) => text).join('\n');
    expect(summary.match(/很长的商品名.* × 1　¥49\.00/g)).toHaveLength(16);
  });
});

describe('a group that becomes a supergroup', () => {
  it('keeps its binding, who may verify, its open cards and its summary', async () => {
    const town = await openTown();
    const { owner, helper, group } = await bound(town, '群内所有人');
    await town.ask(owner, '/report', { in: group });
    const card = await town.card(helper, town.umember.books.coupon(), group);
    const data = card.buttons[0]![0]!.data;
    const moved = town.telegram.migrate(group, owner);
    await town.quiet();
    const fresh = await town.card(helper, town.umember.books.coupon(), moved);
    const press = helper.forges(fresh, data);
    await town.telegram.answered(press);
    await town.quiet();
    expect(fresh.text).toContain('核销成功');
    town.later(6 * 3600 * SECOND);
    await town.tick();
    expect(texts(moved).at(-1)).toMatch(/日报[\s\S]*核销 1 张/);
  });

  it('is told what became of a lost answer, whenever it moved', async () => {
    for (const when of ['before the press', 'after the press'] as const) {
      const town = await openTown();
      const { owner, helper, group } = await bound(town, '群内所有人');
      const card = await town.card(helper, town.umember.books.coupon(), group);
      const data = card.buttons[0]![0]!.data;
      town.umember.fail('verify', { kind: 'reset', applied: true });
      if (when === 'after the press') await town.press(helper, card, '确认核销');
      const moved = town.telegram.migrate(group, owner);
      await town.quiet();
      if (when === 'before the press') {
        const [other] = await town.ask(owner, '/help', { in: moved });
        helper.forges(other!, data);
        await town.quiet();
      }
      for (let n = 0; n < 5; n++) {
        town.later(SECOND);
        await town.tick();
      }
      expect(texts(moved).filter((text) => text.includes('核销成功')).length).toBeGreaterThan(0);
      expect(texts(moved).filter((text) => text.startsWith('券 '))).toHaveLength(1);
      expect((await town.wiring.outbox.counts()).due).toBe(0);
    }
  });

  it('whose move was missed is found by what Telegram says when something is posted', async () => {
    const town = await openTown();
    const { owner, group } = await bound(town, '群内所有人');
    await town.ask(owner, '/report', { in: group });
    town.telegram.hold();
    const moved = town.telegram.migrate(group, owner);
    town.later(6 * 3600 * SECOND);
    await town.tick();
    await town.tick();
    expect(texts(moved).at(-1)).toContain('日报');
    town.telegram.release();
    await town.quiet();
    expect(labels(await town.card(owner, town.umember.books.coupon(), moved))).toEqual(['确认核销', '取消']);
  });
});

describe('somebody who blocks the bot', () => {
  it('delays nobody, and is answered again when he lets it in', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    helper.blocks();
    await town.quiet();
    helper.unblocks();
    await town.quiet();
    expect(texts(helper.chat).at(-1)).toContain('发送券码');
    await town.card(helper);
  });

  it('gets no result, which is no trouble', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const card = await town.card(owner);
    town.umember.fail('verify', { kind: 'reset', applied: true });
    await town.press(owner, card, '确认核销');
    owner.blocks();
    await town.quiet();
    town.later(SECOND);
    await town.tick();
    expect(await town.wiring.outbox.counts()).toEqual({ due: 0, uncertain: 0 });
    owner.unblocks();
    await town.quiet();
    expect((await town.ask(owner, '/history'))[0]!.text).toContain('核销成功');
  });
});

import { describe, expect, it } from 'vitest';
import { DAY, labels, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

describe('/status', () => {
  const statusOf = async (change: (shop: { status: 1 | 2 | 3 | null; requests: number }, bot: Harness) => void) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    change(bot.umember.books.shops.get(5)!, bot);
    const [said, ...more] = await bot.ask(owner, '/status');
    expect(more).toEqual([]);
    return said!.text;
  };

  it('tells the store, its authorisation, what is left and the last success', async () => {
    const text = await statusOf(() => undefined);
    expect(text).toContain('门店：大声發24小时自助棋牌室5（美团 · umember）');
    expect(text).toContain('授权：正常');
    expect(text).toContain('剩余验券次数：9,983');
    expect(text).toContain('最近一次成功：2026-11-22 18:30');
    expect(text).not.toContain('系统');
  });

  it.each([
    [1, '未授权'],
    [3, '授权已过期'],
    [null, '登录正常'],
  ] as const)('authorisation %s: %s', async (status, word) => {
    expect(await statusOf((shop) => void (shop.status = status))).toContain(word);
  });

  it('warns before the calls run out', async () => {
    expect(await statusOf((shop) => void (shop.requests = 31))).toContain('31，快用完了');
  });

  it('tells when the store is gone, the login refused, the platform away', async () => {
    expect(await statusOf((_, bot) => bot.umember.books.shops.clear())).toContain('没有这家门店');
    expect(
      await statusOf((_, bot) => {
        bot.umember.endLogins();
        bot.umember.books.account('owner@example.com', 'changed');
      }),
    ).toContain('授权已过期');
    expect(await statusOf((_, bot) => bot.umember.fail('stores', { kind: 'gateway' }))).toContain('连不上平台');
    expect(await statusOf((_, bot) => bot.umember.fail('stores', { kind: 'html' }))).toContain('平台没有正常答复');
  });

  it('in a group tells who may verify; in an owner group whose summaries it receives', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await bot.group(owner, [], '群内所有人');
    expect((await bot.ask(owner, '/status', { in: group }))[0]!.text).toContain('谁可以核销：群内所有人');
    const owners = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: owners });
    expect((await bot.ask(owner, '/status', { in: owners }))[0]!.text).toContain('接收日报：大声發24小时自助棋牌室5');
    const [help] = await bot.ask(owner, '/help', { in: owners });
    expect(help!.text).toContain('接收「大声發24小时自助棋牌室5」的日报');
    for (const word of ['日报', '记录', '绑定日报']) expect(help!.text).toMatch(new RegExp(`^/[a-z]+ ${word} ·`, 'm'));
    expect(help!.text).not.toMatch(/绑定你的门店|发送“\/bind|^\/(bind|undo|staff) /m);
  });

  it('tells whoever runs the installation how it is, and nobody else', async () => {
    const bot = await openHarness({ operators: ['telegram:777'] });
    const operator = bot.telegram.person('小周', { id: 777 });
    expect((await bot.ask(operator, '/status'))[0]!.text).toMatch(/系统 test · 待处理消息 \d+ · 待发送 0 · 送达待确认 0/);
    expect((await bot.ask(bot.telegram.person('路人'), '/status'))[0]!.text).not.toContain('系统');
  });
});

describe('/language', () => {
  it('en: the main job in English, from the card to the summary', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [choice] = await bot.ask(owner, '/language');
    expect(labels(choice!)).toEqual(['中文', 'English']);
    await bot.press(owner, choice!, 'English');
    expect(choice!.text).toContain('English from now on');
    const card = await bot.card(owner);
    for (const part of ['Code: ', 'Price: ¥49.00', 'State: unused']) expect(card.text).toContain(part);
    expect(labels(card)).toEqual(['Verify', 'Cancel']);
    await bot.press(owner, card, 'Verify');
    expect(card.text).toContain('Verified');
    expect(card.text).toContain('Verified by: 王老板');
    const [summary] = await bot.ask(owner, '/summary');
    expect(summary!.text).toContain('Daily summary');
    expect(summary!.text).toContain('Verified: 1');
    expect((await bot.ask(owner, '9999999990'))[0]!.text).toContain('No such code');
    const lost = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, lost, 'Verify');
    expect(lost.text).toContain('Result not confirmed yet');
    bot.later(SECOND);
    await bot.tick();
    expect(owner.chat.messages.at(-1)!.text).toContain('Verified');
    expect(
      card.text +
        owner.chat.messages
          .slice(-6)
          .map(({ text }) => text)
          .join(),
    ).not.toMatch(/核销成功|待确认|券码/);
  });

  it('is each chat’s own, and not a stranger’s to change in a bound group', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const guest = bot.telegram.person('客人');
    const group = await bot.group(owner, [guest], '仅受邀员工');
    const [choice] = await bot.ask(guest, '/language', { in: group });
    expect(await bot.press(guest, choice!, 'English')).toContain('没有核销权限');
    await bot.press(owner, choice!, 'English');
    expect((await bot.ask(owner, '/help', { in: group }))[0]!.text).toContain('/staff · invite');
    expect((await bot.ask(owner, '/help'))[0]!.text).toContain('发送券码');
  });
});

describe('/history in the owner group', () => {
  it('tells of the stores whose summaries arrive there', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    await bot.press(owner, await bot.card(owner, code), '确认核销');
    const group = bot.telegram.group('老板群', { admins: [owner] });
    owner.says('/report', { in: group });
    await group.shows('将收到');
    owner.says('/history', { in: group });
    expect((await group.shows('核销记录')).text).toContain(code);
  });
});

describe('/history', () => {
  it('tells what was verified, refused and unsure, newest first; by code, name or date', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const yesterday = bot.umember.books.coupon({ code: '0332801111' });
    await bot.press(owner, await bot.card(owner, yesterday), '确认核销');
    bot.later(DAY);
    const good = bot.umember.books.coupon({ code: '0332802222', title: '通宵8小时' });
    await bot.press(helper, await bot.card(helper, good), '确认核销');
    bot.later(MINUTE);
    const refused = await bot.card(helper, bot.umember.books.coupon({ code: '0332803333' }));
    bot.umember.fail('verify', { kind: 'false', words: '该券已过期' });
    await bot.press(helper, refused, '确认核销');
    bot.later(MINUTE);
    const lost = await bot.card(owner, bot.umember.books.coupon({ code: '0332804444' }));
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, lost, '确认核销');

    const all = (await bot.ask(owner, '/history'))[0]!.text;
    expect([...all.matchAll(/033280(\d{4})/g)].map(([, tail]) => tail)).toEqual(['4444', '3333', '2222', '1111']);
    expect(all).toMatch(/11-23 18:32 待确认\n.*0332804444/);
    expect(all).toMatch(/11-23 18:31 已过期\n.*0332803333/);
    expect(all).toMatch(/11-23 18:30 核销成功\n.*通宵8小时 · 0332802222 · ¥49\.00 · 小李/);

    const tails = async (query: string) =>
      [...(await bot.ask(owner, `/history ${query}`))[0]!.text.matchAll(/033280(\d{4})/g)].map(([, tail]) => tail);
    expect(await tails('1111')).toEqual(['1111']);
    expect(await tails('0332802222')).toEqual(['2222']);
    expect(await tails('小李')).toEqual(['3333', '2222']);
    expect(await tails('通宵')).toEqual(['2222']);
    expect(await tails('昨天')).toEqual(['1111']);
    expect(await tails('11-22')).toEqual(['1111']);
    expect(await tails('2026-11-23')).toEqual(['4444', '3333', '2222']);
    expect(await tails('0000')).toEqual([]);
    expect((await bot.ask(owner, '记录 没有这人'))[0]!.text).toMatch(/^没看懂：没有这人\n可以这样查：/);
    expect((await bot.ask(owner, "/history %' or 1=1 --"))[0]!.text).toContain("没看懂：%'、or、1=1、--");
    expect((await bot.ask(helper, '记录'))[0]!.text).toContain('0332801111');
  });
});

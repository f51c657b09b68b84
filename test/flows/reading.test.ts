import { describe, expect, it } from 'vitest';
import { labels, openHarness } from './harness.ts';

describe('what people write', () => {
  it('several codes become buttons, one each; each gives its own card', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const codes = [bot.umember.books.coupon(), bot.umember.books.coupon({ yuan: '78.00' }), bot.umember.books.coupon()];
    const [list, ...more] = await bot.ask(owner, `两张券：${codes[0]}，${codes[1]}\n还有 ${codes[2]} 谢谢`);
    expect(more).toEqual([]);
    expect(list!.text).toContain('找到 3 个券码');
    expect(labels(list!)).toEqual([...codes, '全部核销']);
    expect(bot.umember.calls('detail')).toBe(0);
    await bot.press(owner, list!, codes[1]!);
    const card = owner.chat.messages.at(-1)!;
    expect(card.text).toContain('¥78.00');
    await bot.press(owner, list!, codes[0]!);
    expect(owner.chat.messages.at(-1)!.text).toContain(codes[0]!);
    expect(card.text).toContain('未使用');
  });

  it.each([
    ['13812345678', '电话号码'],
    ['2026112218', '日期'],
  ])('%s looks like something else and is asked about', async (number, word) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.books.coupon({ code: number });
    const [question] = await bot.ask(owner, number);
    expect(question!.text).toContain(word);
    expect(bot.umember.calls('detail')).toBe(0);
    await bot.press(owner, question!, '是券码，查询');
    expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
  });

  it('a code in a stranger’s link is asked about, one in a platform’s own is looked up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const [question] = await bot.ask(owner, `https://m.example.com/?code=${code}`);
    expect(question!.text).toBe(`${code} 来自一个不认识的链接。它是券码吗？`);
    expect(bot.umember.calls('detail')).toBe(0);
    await bot.press(owner, question!, '是券码，查询');
    expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
    const [card] = await bot.ask(owner, `https://g.meituan.com/?code=${code}`);
    expect(card!.text).toContain('未使用');
  });

  it('a photo: 没有识别到券码 and what to do; its caption is read', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    owner.shows(new Uint8Array(16));
    expect((await owner.chat.shows('没有识别到券码')).text).toContain('发送券码数字');
    const code = bot.umember.books.coupon();
    owner.shows(new Uint8Array(16), { caption: `券码 ${code}` });
    await owner.chat.shows(code);
  });

  it('a sticker, a voice or a file: says what it can read', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    owner.sends({ sticker: { file_id: 's' } as never });
    await owner.chat.shows('看不懂');
  });

  it('two equal messages that a person really sent are both answered', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const [first, second] = [await bot.ask(owner, code), await bot.ask(owner, code)];
    expect([first.length, second.length]).toEqual([1, 1]);
  });
});

describe('a chat that is not bound, and a stranger', () => {
  it('says so, and how to begin', async () => {
    const bot = await openHarness();
    const person = bot.telegram.person('路人');
    expect((await bot.ask(person, '/start'))[0]!.text).toContain('/bind');
    expect((await bot.ask(person, '0332808512'))[0]!.text).toContain('还没有绑定门店');
    for (const command of ['/summary', '/history', '/undo', '/staff', '/status', '/unbind', '/store'])
      expect((await bot.ask(person, command))[0]!.text).toContain('还没有绑定门店');
    expect((await bot.ask(person, '/report'))[0]!.text).toMatch(/还没有绑定|只有店主/);
    expect((await bot.ask(person, '/whatever'))[0]!.text).toContain('没有这个命令');
  });

  it('a stranger’s press is refused to him alone', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const stranger = bot.telegram.person('路人');
    const group = await bot.group(owner, [stranger], '仅受邀员工');
    const card = await bot.card(owner, bot.umember.books.coupon(), group);
    const before = group.written.length;
    const press = stranger.presses(card, '确认核销');
    await bot.quiet();
    expect(await bot.telegram.answered(press)).toEqual({ text: '你没有核销权限，请联系店主。', alert: true });
    expect(group.written).toHaveLength(before);
    expect(card.edits).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { labels, openTown } from './harness.ts';

describe('what people write', () => {
  it('several codes become buttons, one each; each gives its own card', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const codes = [town.umember.books.coupon(), town.umember.books.coupon({ yuan: '78.00' }), town.umember.books.coupon()];
    const [list, ...more] = await town.ask(owner, `两张券：${codes[0]}，${codes[1]}\n还有 ${codes[2]} 谢谢`);
    expect(more).toEqual([]);
    expect(list!.text).toContain('找到 3 个券码');
    expect(labels(list!)).toEqual(codes);
    expect(town.umember.calls('detail')).toBe(0);
    await town.press(owner, list!, codes[1]!);
    const card = owner.chat.messages.at(-1)!;
    expect(card.text).toContain('¥78.00');
    await town.press(owner, list!, codes[0]!);
    expect(owner.chat.messages.at(-1)!.text).toContain(codes[0]!);
    expect(card.text).toContain('未使用');
  });

  it('no more than ten buttons for a pile of codes', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const codes = Array.from({ length: 30 }, (_, n) => String(5_550_000_000 + n * 37));
    const [list] = await town.ask(owner, codes.join('\n'));
    expect(list!.buttons).toHaveLength(10);
    expect(list!.text).toContain('前 10 个');
  });

  it.each([
    ['13812345678', '电话号码'],
    ['2026112218', '日期'],
  ])('%s looks like something else and is asked about', async (number, word) => {
    const town = await openTown();
    const owner = await town.owner();
    town.umember.books.coupon({ code: number });
    const [question] = await town.ask(owner, number);
    expect(question!.text).toContain(word);
    expect(town.umember.calls('detail')).toBe(0);
    await town.press(owner, question!, '是券码，查询');
    expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
  });

  it('a code in a stranger’s link is asked about, one in a platform’s own is looked up', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const [question] = await town.ask(owner, `https://m.example.com/?code=${code}`);
    expect(question!.text).toBe(`${code} 来自一个不认识的链接。它是券码吗？`);
    expect(town.umember.calls('detail')).toBe(0);
    await town.press(owner, question!, '是券码，查询');
    expect(owner.chat.messages.at(-1)!.text).toContain('未使用');
    const [card] = await town.ask(owner, `https://g.meituan.com/?code=${code}`);
    expect(card!.text).toContain('未使用');
  });

  it('a hidden code is told what to do about', async () => {
    const town = await openTown();
    const owner = await town.owner();
    expect((await town.ask(owner, '0000000000'))[0]!.text).toContain('重新打开券');
  });

  it.each(['你好', '今天有人吗？', '3个人，18:30到，房间888', '电话 13812345678', '订单号 4971997871483391234', '😂', '👍👍'])(
    'small talk (%s) gets a short hint in private and reaches no platform',
    async (talk) => {
      const town = await openTown();
      const owner = await town.owner();
      const said = await town.ask(owner, talk);
      expect(said).toHaveLength(1);
      expect(said[0]!.text).toBe('发送券码就能核销。需要帮助请发送“/help”。');
      expect(town.umember.calls('detail')).toBe(0);
    },
  );

  it('a number that is too short or too long is told so', async () => {
    const town = await openTown();
    const owner = await town.owner();
    expect((await town.ask(owner, '03328085'))[0]!.text).toContain('收到 8 位数字');
    expect((await town.ask(owner, '0332808512033280851203328085'))[0]!.text).toContain('收到 28 位数字');
  });

  it('a photo: 没有识别到券码 and what to do; its caption is read', async () => {
    const town = await openTown();
    const owner = await town.owner();
    owner.shows(new Uint8Array(16));
    expect((await owner.chat.shows('没有识别到券码')).text).toContain('发送券码数字');
    const code = town.umember.books.coupon();
    owner.shows(new Uint8Array(16), { caption: `券码 ${code}` });
    await owner.chat.shows(code);
  });

  it('a sticker, a voice or a file: says what it can read', async () => {
    const town = await openTown();
    const owner = await town.owner();
    owner.sends({ sticker: { file_id: 's' } as never });
    await owner.chat.shows('看不懂');
  });

  it('two equal messages that a person really sent are both answered', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const [first, second] = [await town.ask(owner, code), await town.ask(owner, code)];
    expect([first.length, second.length]).toEqual([1, 1]);
  });
});

describe('a chat that is not bound, and a stranger', () => {
  it('says so, and how to begin', async () => {
    const town = await openTown();
    const person = town.telegram.person('路人');
    expect((await town.ask(person, '/start'))[0]!.text).toContain('/bind');
    expect((await town.ask(person, '0332808512'))[0]!.text).toContain('还没有绑定门店');
    for (const command of ['/summary', '/history', '/undo', '/staff', '/status', '/unbind', '/store'])
      expect((await town.ask(person, command))[0]!.text).toContain('还没有绑定门店');
    expect((await town.ask(person, '/report'))[0]!.text).toMatch(/还没有绑定|只有店主/);
    expect((await town.ask(person, '/whatever'))[0]!.text).toContain('没有这个命令');
  });

  it('a stranger’s press is refused to him alone', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const stranger = town.telegram.person('路人');
    const group = await town.group(owner, [stranger], '仅受邀员工');
    const card = await town.card(owner, town.umember.books.coupon(), group);
    const before = group.written.length;
    const press = stranger.presses(card, '确认核销');
    await town.quiet();
    expect(await town.telegram.answered(press)).toEqual({ text: '你没有核销权限，请联系店主。', alert: true });
    expect(group.written).toHaveLength(before);
    expect(card.edits).toBe(0);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { GROUP, GUEST, labelsOf, openHandlers, textOf, WANG, type Harness } from '../harness.ts';

/** A code of the practice store, unused. */
const CODE = '1000123456';

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers();
  await bot.bind();
});

describe('what people write', () => {
  it('one code is looked up at once; its card can be sent again', async () => {
    for (let n = 0; n < 2; n++) expect(await bot.ask(WANG, CODE)).toMatchObject([{ kind: 'card' }]);
  });

  it('several codes are buttons, one each, before anything is looked up', async () => {
    const list = await bot.ask(WANG, `两张券：${CODE}，1000123457\n还有 1000123458 谢谢`);
    expect(list).toMatchObject([{ kind: 'say', text: expect.stringContaining('找到 3 个券码') }]);
    expect(labelsOf(list)).toEqual([CODE, '1000123457', '1000123458']);
    expect(textOf(await bot.pressed(WANG, list, '1000123457'))).toContain('¥78.00');
    expect(textOf(await bot.pressed(WANG, list, CODE))).toContain('¥49.00');
  });

  it('of a pile of codes ten are offered', async () => {
    const list = await bot.ask(WANG, Array.from({ length: 30 }, (_, n) => String(5_550_000_000 + n * 37)).join('\n'));
    expect(labelsOf(list)).toHaveLength(10);
    expect(textOf(list)).toContain('前 10 个');
  });

  it.each([
    ['13812345678', '电话号码'],
    ['2026112218', '日期'],
    [`https://m.example.com/?code=${CODE}`, '不认识的链接'],
  ])('%s may be something else and is asked about', async (text, word) => {
    const question = await bot.ask(WANG, text);
    expect(question).toMatchObject([{ kind: 'say', text: expect.stringContaining(word) }]);
    expect(labelsOf(question)).toEqual(['是券码，查询']);
  });

  it.each([
    '你好',
    '今天有人吗？',
    '3个人，18:30到，房间888',
    '电话 13812345678',
    '订单号 4971997871483391234',
    '😂',
    '👍👍',
    '',
  ])('small talk (%s) gets a short hint in private, and nothing in a group', async (talk) => {
    expect(textOf(await bot.ask(WANG, talk))).toBe('发送券码就能核销。需要帮助请发送“/help”。');
    await bot.bind(GROUP);
    expect(await bot.ask(WANG, talk, { ...GROUP, overheard: true })).toEqual([]);
  });

  it.each([
    ['03328085', '收到 8 位数字'],
    ['0332808512033280851203328085', '收到 28 位数字'],
    ['0000000000', '重新打开券'],
  ])('%s: says what is odd about it', async (text, sentence) => {
    expect(textOf(await bot.ask(WANG, text))).toContain(sentence);
  });

  it('a code for a chat without a store, or of a stranger, says what is missing', async () => {
    expect(textOf(await bot.ask(GUEST, CODE))).toContain('还没有绑定门店');
    await bot.bind(GROUP);
    expect(textOf(await bot.ask(GUEST, CODE, GROUP))).toContain('只有店主允许的人');
  });

  it('something unreadable says what can be read; a command that nobody knows says so', async () => {
    expect(textOf(await bot.hear(WANG, { kind: 'other' }))).toContain('看不懂');
    expect(textOf(await bot.ask(WANG, '/whatever'))).toContain('没有这个命令');
  });

  it('a picture without a code says what to do; its caption is read', async () => {
    const photo = (caption: string) => bot.hear(WANG, { kind: 'photo', file: 'f', caption });
    expect(textOf(await photo(''))).toMatch(/图片|照片/);
    expect(await photo(`券码 ${CODE}`)).toMatchObject([{ kind: 'card' }]);
  });
});

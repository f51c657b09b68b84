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
    expect(labelsOf(list)).toEqual([CODE, '1000123457', '1000123458', '全部核销']);
    expect(textOf(await bot.pressed(WANG, list, '1000123457'))).toContain('¥78.00');
    expect(textOf(await bot.pressed(WANG, list, CODE))).toContain('¥49.00');
  });

  it('of a pile of codes ten are offered, one by one or all of them', async () => {
    const list = await bot.ask(WANG, Array.from({ length: 30 }, (_, n) => String(5_550_000_000 + n * 37)).join('\n'));
    expect(labelsOf(list).filter((label) => /^\d+$/.test(label))).toHaveLength(10);
    expect(labelsOf(list).at(-1)).toBe('全部核销');
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
    ['字母', 'lO00123456'],
    ['汉字', '一零零零一二三四五六'],
    ['读音', '幺零零零，一二三四，五六'],
    ['零散的组', '1000 123 456'],
    ['几行', '1000\n1234\n56'],
    ['标签', '券码：1000/1234-56'],
  ])('a code in other signs (%s) is asked about, and one press looks it up', async (_, text) => {
    const question = await bot.ask(WANG, text);
    expect(textOf(question)).toBe('你是说 1000 1234 56 吗？请与券面核对。');
    expect(labelsOf(question)).toEqual(['是券码，查询']);
    expect(await bot.pressed(WANG, question, '是券码，查询')).toMatchObject([{ kind: 'card' }]);
  });

  it('a code and one in other signs are both offered: none of them is lost', async () => {
    const list = await bot.ask(WANG, `${CODE}\nlO00123457\n一零零零一二三四五八`);
    expect(textOf(list)).toContain('读到 3 个号码');
    expect(labelsOf(list)).toEqual([CODE, '1000123457', '1000123458']);
    expect(textOf(await bot.pressed(WANG, list, '1000123457'))).toContain('¥78.00');
  });

  it.each(['1.04686E+14', '券码 1.04686E+14'])('%s was shortened by a spreadsheet: says what to do', async (text) => {
    const [said] = await bot.ask(WANG, text);
    expect(said).toMatchObject({ kind: 'say', text: expect.stringMatching(/^1\.04686E\+14 .*“文本”格式/) });
    await bot.bind(GROUP);
    expect(await bot.ask(WANG, text, { ...GROUP, overheard: true })).toEqual([]);
  });

  it.each(['/verify', '/check'])('%s with a code is understood, although there is no such command', async (command) => {
    expect(await bot.ask(WANG, `${command} ${CODE}`)).toMatchObject([{ kind: 'card' }]);
    await bot.bind(GROUP);
    expect(await bot.ask(WANG, `${command} ${CODE}`, { ...GROUP, overheard: true })).toEqual([]);
  });

  it.each([
    '13812345678',
    '138 1234 5678',
    '138-1234-5678',
    '008613812345678',
    '0571-88881234',
    '400-820-8820',
    '快递 773123456789012',
    '顺丰 1234567890123',
    '330102199003071234',
    'wifi密码 1234567890',
    '工号 0000123456',
    '设备号/IMEI 864394010123456',
    '电表号：0012345678',
    '电表 1000123456',
    '机顶盒 1000123456',
    '工单 1000123456',
    '条码 6901234567892',
    '押金1000元 余额2345678901',
    '发票代码 033001234567',
    '会员号 1234567890',
    '外卖订单 12345678901234',
    '时间戳 1764320000',
    '时间戳 1764320000123',
    '104,686,126,200,130',
    '1234 567 890',
    '编号 1000123456',
    '2026112819',
    '6901234567892',
    '134567890123456780',
    '1234567890',
    '66666666666',
  ])('in a group, %s is nobody’s business: no lookup and no question', async (text) => {
    await bot.bind(GROUP);
    expect(await bot.ask(WANG, text, { ...GROUP, overheard: true })).toEqual([]);
  });

  it('in a group, a code in other signs is asked about where it stands alone, not among words', async () => {
    await bot.bind(GROUP);
    const overheard = { ...GROUP, overheard: true };
    expect(labelsOf(await bot.ask(WANG, 'lO00123456', overheard))).toEqual(['是券码，查询']);
    expect(await bot.ask(WANG, '一共是一零零零一二三四五六吧', overheard)).toEqual([]);
    expect(await bot.ask(WANG, `前台收到 ${CODE}`, overheard)).toMatchObject([{ kind: 'card' }]);
  });

  it.each([
    ['6901234567892', '商品条码'],
    ['134567890123456780', '付款码'],
    ['编号 1000123456', '别的号码'],
    ['03328085123', '多按了一位'],
  ])('in private, %s is asked about', async (text, word) => {
    const question = await bot.ask(WANG, text);
    expect(textOf(question)).toContain(word);
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
    expect(textOf(await bot.ask(WANG, talk))).toMatch(/发送券码/);
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

/** Steps that cannot be taken back ask first, and every answer leads on. */
import { expect, test } from 'vitest';
import { createHelp } from '../../handlers/help.ts';
import type { Asker } from '../../handlers/handler.ts';
import type { Incoming, Reply } from '../../handlers/message.ts';
import { words } from '../../locales/index.ts';
import { STORE } from '../fixtures/cards.ts';
import { GROUP, GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG } from './harness.ts';

test('unbinding says who can still verify, and can be left', async () => {
  const bot = await openHandlers();
  await bot.bind();
  const question = await bot.ask(WANG, '/unbind');
  expect(textOf(question)).toContain('员工在自己的聊天里仍可核销');
  expect(labelsOf(question)).toEqual(['确定解绑', '取消']);
  expect(textOf(await bot.pressed(WANG, question, '取消'))).toContain('没有改变');
  expect(textOf(await bot.ask(WANG, '1000000001'))).toContain('未使用');
});

test('a code in a group that only receives summaries is told where codes go', async () => {
  const bot = await openHandlers();
  await bot.bind();
  await bot.ask(WANG, '/report', OWNERS);
  expect(textOf(await bot.ask(WANG, '1000000001', OWNERS))).toContain('本群只接收「练习棋牌室（人民路店）」的日报，不能核销');
  expect(textOf(await bot.ask(WANG, '1000000001', GROUP))).toContain('本聊天还没有绑定门店');
});

test.each(['1000000001', '日报', '员工', '/undo', '/unbind', '门店', '绑定日报'])(
  '%s in a chat without a store leads to 绑定',
  async (typed) => {
    const bot = await openHandlers();
    const told = await bot.ask(WANG, typed);
    expect(textOf(told)).toContain('还没有绑定门店');
    expect(textOf(await bot.pressed(WANG, told, '绑定'))).toContain('选择平台');
  },
);

test('a photo in a chat without a store leads to 绑定, too, and in an owner group to the store’s chat', async () => {
  const bot = await openHandlers();
  expect(labelsOf(await bot.hear(WANG, { kind: 'photo', file: 'f1', caption: '' }))).toEqual(['绑定']);
  await bot.bind();
  await bot.ask(WANG, '/report', OWNERS);
  expect(textOf(await bot.hear(WANG, { kind: 'photo', file: 'f1', caption: '' }, OWNERS))).toContain(
    '只接收「练习棋牌室（人民路店）」的日报',
  );
});

test.each(['员工', '设置', '/export', '撤销', '商品', '交班', '对账'])(
  '%s in an owner group is told where it belongs',
  async (typed) => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.ask(WANG, '/report', OWNERS);
    expect(textOf(await bot.ask(WANG, typed, OWNERS))).toContain('本聊天只接收日报');
  },
);

test('绑定日报 in a group of somebody who owns no store says what comes first', async () => {
  const bot = await openHandlers();
  expect(textOf(await bot.ask(GUEST, '绑定日报', OWNERS))).toContain('店主请先私聊我发送“/bind”');
});

test('/unbind in an owner group tells how the summaries end, and that way is true', async () => {
  const bot = await openHandlers();
  await bot.bind();
  await bot.ask(WANG, '/report', OWNERS);
  expect(textOf(await bot.ask(WANG, '/unbind', OWNERS))).toContain('“/report 关闭”');
  expect(textOf(await bot.ask(WANG, '/report 关闭', OWNERS))).toContain('不再收到日报');
});

test('an owner’s word that another member of the group says to nobody is talk', async () => {
  const bot = await openHandlers();
  await bot.bind(GROUP);
  await bot.press(WANG, 'may', 'everyone', GROUP);
  expect(await bot.ask(LI, '员工', { ...GROUP, overheard: true })).toEqual([]);
  expect(textOf(await bot.ask(LI, '员工', GROUP))).toContain('只有店主');
  expect(textOf(await bot.ask(WANG, '员工', { ...GROUP, overheard: true }))).toContain('的店主');
});

test('who binds the practice store is told which codes to send', async () => {
  const bot = await openHandlers();
  const stores = await bot.pressed(WANG, await bot.ask(WANG, '/bind'), '练习店');
  const told = textOf(await bot.pressed(WANG, stores, '练习棋牌室（人民路店）'));
  const [code] = /1000\d{6}/.exec(told)!;
  expect(textOf(await bot.ask(WANG, code))).toContain('未使用');
});

test('a number that stands for no choice any more says so', async () => {
  const bot = await openHandlers();
  await bot.bind();
  expect(textOf(await bot.ask(WANG, '9'))).toContain('“9”现在没有对应的选项');
  expect(textOf(await bot.ask(WANG, '12345'))).toContain('5 位数字，不像券码');
});

/** A customer at the shop of a store where customers verify by themselves. */
async function atThePlace() {
  const bot = await openHandlers();
  await bot.bind();
  await bot.pressed(WANG, await bot.ask(WANG, '顾客'), '开通自助核销');
  const places = await bot.pressed(WANG, await bot.ask(WANG, '顾客'), '位置和二维码');
  const codes = textOf(await bot.pressed(WANG, places, '全部二维码'));
  await bot.ask(GUEST, `/start ${/start=(s_[\w-]{22})/.exec(codes)![1]!}`);
  return bot;
}

test('谢谢, 好的 and 再见 of a customer are answered as shortly, and all else leads to the code or to the staff', async () => {
  const bot = await atThePlace();
  expect(textOf(await bot.ask(GUEST, '谢谢'))).toBe('不客气。');
  expect(textOf(await bot.ask(GUEST, '好的'))).toBe('好的。');
  for (const typed of ['灯怎么开', '撤销', '日报']) expect(textOf(await bot.ask(GUEST, typed))).toContain('别的事请联系店员');
});

test('a customer reads nothing that is meant for the staff', async () => {
  const bot = await atThePlace();
  const read = [];
  for (const code of ['3000123456', '4100123456', '9000123456', '1111111111']) read.push(...(await bot.ask(GUEST, code)));
  expect(textOf(read)).toContain('已过期');
  expect(textOf(read)).not.toMatch(/顾客|商家后台|店主|员工/);
});

test('a coupon from outside on the practice store is told what practice knows', async () => {
  const bot = await openHandlers();
  await bot.bind();
  expect(textOf(await bot.ask(WANG, '104686126200130'))).toContain('例如 1000123456');
});

/** The help in a chat of any channel, whether this program hears it or not. */
async function helpIn(chat: string, asked: Partial<Asker> = {}): Promise<string> {
  const help = createHelp({ reports: { storesOf: () => Promise.resolve([]) } });
  const group = !chat.endsWith('store');
  const incoming: Incoming = {
    id: 'e1',
    chat,
    group,
    title: '',
    from: WANG,
    at: 0,
    content: { kind: 'text', text: '帮助' },
    addressed: true,
  };
  const asker: Asker = {
    person: WANG,
    chat: { id: chat, title: '', boundBy: undefined, group, whoMay: 'owner', locale: undefined, store: asked.store },
    words: words('zh-CN'),
    store: undefined,
    visitedStore: undefined,
    visit: undefined,
    role: 'stranger',
    ...asked,
  };
  const replies: Reply[] = [];
  for await (const reply of help.command(incoming, asker, '')) replies.push(reply);
  return textOf(replies);
}

test.each([
  ['telegram:-100', /隐私模式/],
  ['wecom-bot:wr1', /请先 @我/],
  ['web:v/owners', /^(?![^]*@我)/],
])('the help of the group %s speaks of its own channel', async (chat, said) => {
  const text = await helpIn(chat);
  expect(text).toMatch(said);
  expect(text.includes('BotFather')).toBe(chat.startsWith('telegram:'));
});

test('the help of the practice page ends with the three steps to the real shop; no other does', async () => {
  const practice = { store: { ...STORE, practice: true }, role: 'owner' } as const;
  expect(await helpIn('web:v/store', practice)).toMatch(
    /要用到真实门店，三步：\n1\. 请部署的人接入企业微信或 Telegram.*\n2\. .*“\/bind”.*\n3\. .*“\/staff”.*“\/report”/,
  );
  for (const [chat, asked] of [
    ['telegram:store', practice],
    ['web:v/store', { ...practice, store: STORE }],
  ] as const)
    expect(await helpIn(chat, asked)).not.toContain('三步');
});

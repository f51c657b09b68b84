/** Steps that cannot be taken back ask first, and every answer leads on. */
import { expect, test } from 'vitest';
import { createHelp } from '../../handlers/help.ts';
import type { Asker } from '../../handlers/handler.ts';
import type { Incoming, Reply } from '../../handlers/message.ts';
import { words } from '../../locales/index.ts';
import { GROUP, labelsOf, openHandlers, OWNERS, textOf, WANG } from './harness.ts';

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

test.each([
  ['telegram:-100', /隐私模式/],
  ['wecom-bot:wr1', /请先 @我/],
  ['web:v/owners', /^(?![^]*@我)/],
])('the help of the group %s speaks of its own channel', async (chat, said) => {
  const help = createHelp({ reports: { storesOf: () => Promise.resolve([]) } });
  const incoming: Incoming = {
    id: 'e1',
    chat,
    group: true,
    title: '',
    from: WANG,
    at: 0,
    content: { kind: 'text', text: '帮助' },
    addressed: true,
  };
  const asker: Asker = {
    person: WANG,
    chat: { id: chat, title: '', boundBy: undefined, group: true, whoMay: 'owner', locale: undefined, store: undefined },
    words: words('zh-CN'),
    store: undefined,
    visitedStore: undefined,
    visit: undefined,
    role: 'stranger',
  };
  const replies: Reply[] = [];
  for await (const reply of help(incoming, asker, '')) replies.push(reply);
  const text = textOf(replies);
  expect(text).toMatch(said);
  expect(text.includes('BotFather')).toBe(chat.startsWith('telegram:'));
});

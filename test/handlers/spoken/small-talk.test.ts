import { describe, expect, it, test } from 'vitest';
import { readTalk } from '../../../handlers/spoken/small-talk.ts';
import { GROUP, GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG } from '../harness.ts';

test.each([
  ['greeting', ['你好', '您好！', 'hi', 'Hello.', '早上好', '👋', '你好呀']],
  ['here', ['在吗', '在吗？', '你好，在吗', 'test', '有人吗']],
  ['thanks', ['谢谢', '謝謝', '好的谢谢', 'ok, thanks!', 'Thank you very much', '🙏']],
  ['ok', ['好', '好的', 'OK', '收到', '👍', '👌🏻', '嗯嗯嗯', '知道了']],
  ['confirm', ['确认', '确认核销', '核销']],
  ['bye', ['再见', 'bye']],
] as const)('%s', (talk, texts) => {
  for (const text of texts) expect(readTalk(text), text).toBe(talk);
});

test.each([
  '',
  '?',
  '日报',
  'history',
  'hire',
  'okra',
  '0332808512',
  '你好 0332808512',
  '好的我马上到',
  '核销 0332808512',
  '嗯'.repeat(39) + 'x',
])('%o is no small talk', (text) => expect(readTalk(text)).toBeUndefined());

describe('small talk is answered in one line, with what is of use', () => {
  const heard = async (bot: Awaited<ReturnType<typeof openHandlers>>, ...said: Parameters<typeof bot.ask>) => {
    const replies = await bot.ask(...said);
    return [replies.length, textOf(replies), labelsOf(replies).join(' ')] as const;
  };

  it('to somebody whose chat has no store', async () => {
    const bot = await openHandlers();
    expect(await heard(bot, GUEST, '你好')).toEqual([1, expect.stringMatching(/^你好！.*还没有绑定门店/), '绑定 帮助']);
    expect(await heard(bot, GUEST, '随便说说')).toEqual([1, expect.stringContaining('还没有绑定门店'), '绑定 帮助']);
  });

  it('to owners and staff, and its buttons do what their words do', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.invite();
    for (const person of [WANG, LI])
      expect(await heard(bot, person, '在吗')).toEqual([1, expect.stringMatching(/^在的。发送券码就能核销/), '日报 记录 帮助']);
    expect(textOf(await bot.ask(LI, '好的'))).toBe('好的。要核销，请按券的卡片上的按钮；其他券请发送券码。');
    const thanks = await bot.ask(WANG, '谢谢');
    expect(textOf(await bot.pressed(WANG, thanks, '日报'))).toBe(textOf(await bot.ask(WANG, '日报')));
    expect(textOf(await bot.press(WANG, 'run', 'unbind'))).toContain('失效');
    expect(bot.faults).toEqual([]);
  });

  it('in a group only where the bot is named, and to a stranger without rights', async () => {
    const bot = await openHandlers();
    await bot.bind(GROUP);
    for (const text of ['你好', '谢谢', '在吗', 'ok', '👍', '今天收了多少', '怎么用', '撤回'])
      expect(await bot.ask(WANG, text, { ...GROUP, overheard: true })).toEqual([]);
    expect(await heard(bot, WANG, '你好', GROUP)).toEqual([1, expect.stringContaining('发送券码'), '日报 记录 帮助']);
    const [, said, buttons] = await heard(bot, GUEST, '你好', GROUP);
    expect([said, buttons]).toEqual([expect.stringContaining('只有店主允许的人'), '帮助']);
    expect(await bot.press(GUEST, 'run', 'summary', GROUP)).toMatchObject([
      { kind: 'whisper', text: expect.stringContaining('还不是') as string },
    ]);
    expect(textOf(await bot.ask(WANG, '今天收了多少？', GROUP))).toContain('日报');
  });

  it('in a chat that only receives summaries', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.ask(WANG, '/report', OWNERS);
    expect((await heard(bot, WANG, '你好', OWNERS)).slice(1)).toEqual([expect.stringContaining('接收'), '日报 记录 帮助']);
  });
});

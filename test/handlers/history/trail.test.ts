/** Who reads the audit trail, where, and by which pages. */
import { expect, it, vi } from 'vitest';
import { buttonsOf, GROUP, GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG, type Harness } from '../harness.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
const STORE = '练习棋牌室（人民路店）';

async function opened(): Promise<Harness> {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  return bot;
}

/** Changes a setting so many times, a minute after one another. */
async function change(bot: Harness, times: number): Promise<void> {
  const store = (await bot.database.db.selectFrom('store').select('id').executeTakeFirstOrThrow()).id;
  for (let n = 0; n < times; n += 1) {
    later(MINUTE);
    await bot.press(WANG, 'set', `undo-${n % 2 === 0 ? 'staff' : 'owner'}-${store}`);
  }
}
const lines = (text: string): string[] => text.split('\n').slice(1);

it('an owner reads who did what, newest first, of the last thirty days or of those that were said', async () => {
  const bot = await opened();
  later(DAY);
  await change(bot, 1);
  expect(textOf(await bot.ask(WANG, '/history 操作'))).toBe(
    [
      `练习 · 模拟 · 「${STORE}」的操作记录（最近 30 天，新的在前）`,
      '11-23 18:31 王老板 设置「谁能撤销」：所有员工（原 店主和核销人）',
      '11-22 18:30 小李 绑定了自己的私聊',
      '11-22 18:30 小李 接受邀请，成为员工',
      '11-22 18:30 王老板 邀请了员工',
      '11-22 18:30 王老板 绑定了自己的私聊',
      `11-22 18:30 王老板 添加了门店「${STORE}」`,
      '11-22 18:30 王老板 绑定成功，成为店主',
      '11-22 18:30 王老板 绑定了练习店的账号',
    ].join('\n'),
  );
  const today = lines(textOf(await bot.ask(WANG, '记录 操作 今天')));
  expect(today).toHaveLength(1);
  expect(textOf(await bot.ask(WANG, '昨天谁改了设置？'))).toMatch(/（2026-11-22，新的在前）\n11-22 18:30 小李/);
  expect(textOf(await bot.ask(WANG, '操作记录 上周'))).toMatch(/（2026-11-16 ~ 2026-11-22，新的在前）\n11-22 18:30 小李/);
  expect(textOf(await bot.ask(WANG, '操作记录 11月1日'))).toBe(`练习 · 模拟 · 「${STORE}」没有操作记录（2026-11-01）。`);
  later(40 * DAY);
  expect(textOf(await bot.ask(WANG, '操作记录'))).toBe(`练习 · 模拟 · 「${STORE}」没有操作记录（最近 30 天）。`);
  expect(bot.faults).toEqual([]);
});

it('a word beside it that is no day is named, and how to ask', async () => {
  const bot = await opened();
  expect(textOf(await bot.ask(WANG, '/history 操作 小李'))).toMatch(/^没看懂：小李\n操作记录可以这样查：/);
});

it('pages are turned there and back, while newer changes arrive', async () => {
  const bot = await opened();
  await bot.database.db.deleteFrom('fact').execute();
  await change(bot, 24);
  const times = (text: string): string[] => lines(text).map((line) => line.slice(6, 11));
  const all = Array.from({ length: 24 }, (_, n) => {
    const minutes = 30 + 24 - n;
    return `${18 + Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  });
  const first = await bot.ask(WANG, '操作记录');
  expect(times(textOf(first))).toEqual(all.slice(0, 10));
  expect(labelsOf(first)).toEqual(['更早的']);
  await change(bot, 1);
  const second = await bot.pressed(WANG, first, '更早的');
  expect(times(textOf(second))).toEqual(all.slice(10, 20));
  expect(labelsOf(second)).toEqual(['更近的', '更早的']);
  const third = await bot.pressed(WANG, second, '更早的');
  expect(times(textOf(third))).toEqual(all.slice(20));
  expect(labelsOf(third)).toEqual(['更近的']);
  const back = await bot.pressed(WANG, await bot.pressed(WANG, third, '更近的'), '更近的');
  expect(times(textOf(back))).toEqual(all.slice(0, 10));
  expect(times(textOf(await bot.pressed(WANG, back, '更近的')))).toEqual(['18:55']);
});

it('is for owners alone, when it is asked for and when a page is turned', async () => {
  const bot = await opened();
  await change(bot, 12);
  expect(textOf(await bot.ask(LI, '/history 操作'))).toBe('只有店主可以这样做。');
  expect(textOf(await bot.ask(LI, '操作记录'))).toBe('只有店主可以这样做。');
  await bot.bind(GROUP);
  expect(textOf(await bot.ask(GUEST, '/history 操作', GROUP))).toContain('你还不是这家门店的员工');
  const here = await bot.ask(WANG, '/history 操作', GROUP);
  expect(textOf(here)).toContain('绑定了聊天「前台群」');
  const { verb, id } = here.flatMap(buttonsOf)[0]!;
  for (const [person, at] of [
    [LI, {}],
    [LI, GROUP],
    [GUEST, GROUP],
    [GUEST, {}],
  ] as const)
    expect(await bot.press(person, verb, id, at)).toEqual([{ kind: 'whisper', text: '只有店主可以这样做。' }]);
  // Whoever owns it no more.
  await bot.database.db.deleteFrom('owner').execute();
  expect(await bot.press(WANG, verb, id)).toEqual([{ kind: 'whisper', text: '只有店主可以这样做。' }]);
  expect(await bot.press(WANG, verb, 'unknown')).toMatchObject([{ kind: 'whisper', text: expect.stringContaining('已失效') }]);
  expect(bot.faults).toEqual([]);
});

it('a day later its buttons are out of date', async () => {
  const bot = await opened();
  await change(bot, 12);
  const page = await bot.ask(WANG, '操作记录');
  later(DAY + MINUTE);
  expect(await bot.pressed(WANG, page, '更早的')).toMatchObject([{ kind: 'whisper', text: expect.stringContaining('已失效') }]);
});

it('in a group that receives summaries the owner reads it, and nobody else', async () => {
  const bot = await opened();
  await bot.ask(WANG, '/report', OWNERS);
  expect(textOf(await bot.ask(WANG, '/history 操作', OWNERS))).toContain('王老板 开始在一个聊天收日报');
  expect(textOf(await bot.ask(GUEST, '/history 操作', OWNERS))).toBe('只有店主可以这样做。');
});

it('what people say among each other in a group is not answered', async () => {
  const bot = await opened();
  await bot.bind(GROUP);
  for (const text of ['谁改了设置？', '操作记录', 'changes'])
    expect(await bot.ask(WANG, text, { ...GROUP, overheard: true })).toEqual([]);
  expect(textOf(await bot.ask(WANG, '操作记录', GROUP))).toContain('邀请了员工');
});

import { expect, it, vi } from 'vitest';
import { buttonsOf, GROUP, GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG, type Harness } from '../harness.ts';

const MINUTE = 60_000;
const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

/** 王老板's practice store, in which 小李 works; each of these codes is verified a minute after the one before. */
async function opened(codes: readonly string[] = []): Promise<Harness> {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  for (const code of codes) {
    await bot.pressed(LI, await bot.ask(LI, code), '确认核销');
    later(MINUTE);
  }
  return bot;
}
const numbered = (count: number, from = 1000): string[] => Array.from({ length: count }, (_, n) => `100000${from + n}`);
const tailsIn = (text: string): string[] => [...text.matchAll(/100000(\d{4})/g)].map(([, tail]) => tail!);

it('words are understood alone and together, and one that is nothing here is named', async () => {
  const bot = await opened(['1000001001 2号桌']);
  later(24 * 60 * MINUTE);
  await bot.pressed(WANG, await bot.ask(WANG, '1000001002 生日'), '确认核销');
  const found = async (words: string) => tailsIn(textOf(await bot.ask(WANG, `/history ${words}`)));
  expect(await found('昨天')).toEqual(['1001']);
  expect(await found('昨天 小李')).toEqual(['1001']);
  expect(await found('昨天小李')).toEqual(['1001']);
  expect(await found('今天 小李')).toEqual([]);
  expect(await found('本月 四小时')).toEqual(['1002', '1001']);
  expect(await found('2号桌')).toEqual(['1001']);
  expect(await found('生日')).toEqual(['1002']);
  expect(await found('今晚')).toEqual(['1002']);
  expect(await found('今天上午')).toEqual([]);
  expect(await found('7天')).toEqual(['1002', '1001']);
  expect(await found('最近7天 核销成功')).toEqual(['1002', '1001']);
  expect(await found('未通过')).toEqual([]);
  expect(textOf(await bot.ask(WANG, '/history 昨天 小张'))).toMatch(/^没看懂：小张\n.*：2026-11-22\n11-22 18:30 核销成功/);
  expect(textOf(await bot.ask(WANG, '/history 小张'))).toMatch(/^没看懂：小张\n可以这样查/);
  expect(tailsIn(textOf(await bot.ask(WANG, '记录 昨天 小李 四小时 核销成功')))).toEqual(['1001']);
  expect(tailsIn(textOf(await bot.ask(WANG, '昨天的记录')))).toEqual(['1001']);
  expect(tailsIn(textOf(await bot.ask(WANG, '上周的核销记录')))).toEqual(['1001']);
  expect(bot.faults).toEqual([]);
});

it('where nothing is found, it says in which store, and what was asked', async () => {
  const bot = await opened();
  expect(textOf(await bot.ask(WANG, '/history'))).toBe('「练习棋牌室（人民路店）」没有找到记录。');
  expect(textOf(await bot.ask(WANG, '/history 昨天'))).toBe('「练习棋牌室（人民路店）」没有找到记录：2026-11-21');
});

it('pages are turned there and back, while newer rows arrive', async () => {
  const bot = await opened(numbered(19));
  const first = await bot.ask(WANG, '/history 小李');
  const all = numbered(19)
    .map((code) => code.slice(-4))
    .toReversed();
  expect(tailsIn(textOf(first))).toEqual(all.slice(0, 8));
  expect(labelsOf(first)).toEqual([...all.slice(0, 8), '更早的']);
  await bot.pressed(LI, await bot.ask(LI, '1000003000'), '确认核销');
  const second = await bot.pressed(WANG, first, '更早的');
  expect(tailsIn(textOf(second))).toEqual(all.slice(8, 16));
  expect(textOf(second)).toContain('：小李');
  const third = await bot.pressed(WANG, second, '更早的');
  expect(tailsIn(textOf(third))).toEqual(all.slice(16));
  expect(labelsOf(third)).toEqual([...all.slice(16), '更近的']);
  const back = await bot.pressed(WANG, third, '更近的');
  expect(tailsIn(textOf(back))).toEqual(all.slice(8, 16));
  const front = await bot.pressed(WANG, back, '更近的');
  expect(tailsIn(textOf(front))).toEqual(all.slice(0, 8));
  expect(tailsIn(textOf(await bot.pressed(WANG, front, '更近的')))).toEqual(['3000']);
});

it('a row opens its story, and the card with 撤销 for those who may', async () => {
  const bot = await opened(['1000001001']);
  const story = await bot.pressed(LI, await bot.ask(LI, '/history'), '1001');
  expect(textOf(story.slice(0, 1)).split('\n')).toEqual([
    '练习 · 模拟 · 经过：畅玩4小时',
    '11-22 18:30 查到这张券（练习店）',
    '11-22 18:30 小李 确认核销，已向练习店提交',
    '11-22 18:30 练习店答复：核销成功',
  ]);
  expect(labelsOf(story)).toEqual([expect.stringMatching(/^撤销/)]);
  await bot.pressed(LI, await bot.pressed(LI, story, '撤销'), '确认撤销');
  const undone = await bot.pressed(WANG, await bot.ask(WANG, '/history'), '1001');
  expect(textOf(undone.slice(0, 1)).split('\n').slice(-2)).toEqual([
    '11-22 18:31 小李 撤销，已向练习店提交',
    '11-22 18:31 练习店答复：已撤销',
  ]);
  expect(labelsOf(undone)).toEqual([]);
});

it('a lost answer is told as it went', async () => {
  const bot = await opened(['7000001001']);
  const story = textOf((await bot.pressed(WANG, await bot.ask(WANG, '/history 待确认'), '1001')).slice(0, 1));
  expect(story).toContain('没有收到练习店的明确答复，结果待确认');
});

it('rights count when a button is pressed: of the store, now, or by the summaries of the chat', async () => {
  const bot = await opened(numbered(9));
  await bot.bind(GROUP);
  const page = await bot.ask(LI, '/history');
  const buttons = page.flatMap(buttonsOf);
  const older = buttons.find(({ verb }) => verb === 'history-older')!;
  for (const { verb, id } of [older, buttons[0]!]) {
    expect((await bot.press(GUEST, verb, id, GROUP))[0]).toMatchObject({
      kind: 'whisper',
      text: expect.stringContaining('没有核销权限'),
    });
    expect((await bot.press(GUEST, verb, id))[0]).toMatchObject({ kind: 'whisper' });
  }
  const gone = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李');
  await bot.pressed(WANG, gone, '确定移除');
  for (const { verb, id } of [older, buttons[0]!]) expect((await bot.press(LI, verb, id))[0]).toMatchObject({ kind: 'whisper' });

  // Everybody in an owner group reads, with the ends of codes alone, and without the card of who may not press it.
  await bot.ask(WANG, '/report', OWNERS);
  const here = await bot.ask(GUEST, '/history', OWNERS);
  expect(textOf(here).match(/\*\*\*\*\d{4}/g)).toHaveLength(8);
  expect(textOf(here)).not.toContain('1000001');
  expect(textOf(await bot.pressed(GUEST, here, '更早的', OWNERS)).match(/\*\*\*\*\d{4}/g)).toHaveLength(1);
  expect(await bot.pressed(GUEST, here, '1008', OWNERS)).toHaveLength(1);
  expect(bot.faults).toEqual([]);
});

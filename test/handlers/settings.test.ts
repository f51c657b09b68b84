import { beforeEach, describe, expect, it } from 'vitest';
import { buttonsOf, GROUP, labelsOf, LI, openHandlers, textOf, WANG, type Harness } from './harness.ts';

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers();
  await bot.bind();
});

describe('设置', () => {
  it('says what is set and sets the end of the business day by a press', async () => {
    const card = await bot.ask(WANG, '设置');
    expect(textOf(card)).toContain('营业日截止: 00:00');
    expect(labelsOf(card)).toEqual(['截止 02:00', '截止 05:00', '员工', '顾客', '语言', '在这里收日报', '接口', '回调']);
    const after = await bot.pressed(WANG, card, '截止 02:00');
    expect(after).toMatchObject([{ kind: 'replace' }]);
    expect(textOf(after)).toContain('营业日截止: 次日 02:00');
    expect(labelsOf(after).slice(0, 2)).toEqual(['截止 00:00', '截止 05:00']);
    expect(textOf(await bot.ask(WANG, '/settings'))).toContain('次日 02:00');
  });

  it('leads to everything else, and no longer offers what is so already', async () => {
    const card = await bot.ask(WANG, '/settings');
    expect(textOf(await bot.pressed(WANG, card, '语言'))).toContain('选择语言');
    expect(textOf(await bot.pressed(WANG, card, '员工'))).toContain('的店主');
    expect(textOf(await bot.pressed(WANG, card, '接口'))).toContain('接口密钥');
    expect(textOf(await bot.pressed(WANG, card, '在这里收日报'))).toContain('本聊天将收到');
    const again = await bot.ask(WANG, '/settings');
    expect(textOf(again)).toContain('日报: 发到本聊天');
    expect(labelsOf(again)).not.toContain('在这里收日报');
  });

  it('in a group tells who may verify, offers no secrets, and is refused to staff, also by a forged press', async () => {
    await bot.invite();
    await bot.bind(GROUP);
    await bot.press(WANG, 'may', 'invited', GROUP);
    const card = await bot.ask(WANG, '/settings', GROUP);
    expect(textOf(card)).toContain('谁可以核销：仅受邀员工');
    expect(labelsOf(card)).not.toContain('接口');
    expect(textOf(await bot.ask(LI, '/settings', GROUP))).toContain('只有店主');
    const { id } = card.flatMap(buttonsOf).find(({ verb }) => verb === 'day-end')!;
    expect(await bot.press(LI, 'day-end', id, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    expect(textOf(await bot.ask(WANG, '/settings', GROUP))).toContain('营业日截止: 00:00');
    for (const forged of ['0300-' + id.slice(5), '0200-nowhere', '0200', ''])
      expect(await bot.press(WANG, 'day-end', forged, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    expect(bot.faults).toEqual([]);
  });
});

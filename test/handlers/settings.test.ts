import { beforeEach, describe, expect, it } from 'vitest';
import { buttonsOf, GROUP, labelsOf, LI, openHandlers, textOf, WANG, type Harness } from './harness.ts';

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers();
  await bot.bind();
});

describe('设置', () => {
  it('shows each setting with its value on its button, and changes it by a press in the same message', async () => {
    const card = await bot.ask(WANG, '设置');
    expect(labelsOf(card).slice(0, 2)).toEqual(['营业日截止：00:00', '语言：中文']);
    const list = await bot.pressed(WANG, card, '营业日截止');
    expect(labelsOf(list)).toEqual(['✓ 00:00', '次日 02:00', '次日 05:00', '返回']);
    const after = await bot.pressed(WANG, list, '次日 02:00');
    expect(after).toMatchObject([{ kind: 'replace' }]);
    expect(labelsOf(after)[0]).toBe('营业日截止：次日 02:00');
    expect(labelsOf(await bot.ask(WANG, '/settings'))[0]).toBe('营业日截止：次日 02:00');
  });

  it('takes a typed time while the list is open, and a code as a code', async () => {
    await bot.pressed(WANG, await bot.ask(WANG, '/settings'), '营业日截止');
    expect(textOf(await bot.ask(WANG, '1000420616'))).toContain('1000420616');
    expect(labelsOf(await bot.ask(WANG, '4：30'))[0]).toBe('营业日截止：次日 04:30');
    // The list is closed by the change.
    expect(textOf(await bot.ask(WANG, '06:30'))).not.toContain('06:30');
    expect(labelsOf(await bot.ask(WANG, '/settings'))[0]).toBe('营业日截止：次日 04:30');
  });

  it('with 返回 nothing changes, and what is typed next is no time', async () => {
    const list = await bot.pressed(WANG, await bot.ask(WANG, '/settings'), '营业日截止');
    expect(labelsOf(await bot.pressed(WANG, list, '返回'))[0]).toBe('营业日截止：00:00');
    await bot.ask(WANG, '04:30');
    expect(labelsOf(await bot.ask(WANG, '/settings'))[0]).toBe('营业日截止：00:00');
  });

  it('has of two languages the other one by one press, and goes on in it', async () => {
    const after = await bot.pressed(WANG, await bot.ask(WANG, '/settings'), '语言');
    expect(labelsOf(after).slice(0, 2)).toEqual(['Day ends: 00:00', 'Language: English']);
    expect(textOf(await bot.ask(WANG, '/settings'))).toContain('Settings');
  });

  it('leads to everything else, and no longer offers what is so already', async () => {
    const card = await bot.ask(WANG, '/settings');
    expect(textOf(await bot.pressed(WANG, card, '员工'))).toContain('的店主');
    expect(textOf(await bot.pressed(WANG, card, '接口'))).toContain('接口密钥');
    expect(textOf(await bot.pressed(WANG, card, '在这里收日报'))).toContain('本聊天将收到');
    const again = await bot.ask(WANG, '/settings');
    expect(textOf(again)).toContain('日报发到本聊天');
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
    const { id } = card.flatMap(buttonsOf).find(({ verb }) => verb === 'setting')!;
    const store = id.slice('dayend-'.length);
    expect(await bot.press(LI, 'set', `dayend-0200-${store}`, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    expect(await bot.press(LI, 'setting', id, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    expect(await bot.press(LI, 'settings', store, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    const forged = [`dayend-2500-${store}`, 'dayend-0200-nowhere', `dayend-${store}`, `nothing-0200-${store}`, 'dayend', ''];
    for (const one of forged) expect(await bot.press(WANG, 'set', one, GROUP)).toMatchObject([{ kind: 'whisper' }]);
    expect(labelsOf(await bot.ask(WANG, '/settings', GROUP))[0]).toBe('营业日截止：00:00');
    expect(bot.faults).toEqual([]);
  });

  it('takes the buttons of earlier programs', async () => {
    const { id } = (await bot.ask(WANG, '/settings')).flatMap(buttonsOf).find(({ verb }) => verb === 'setting')!;
    expect(labelsOf(await bot.press(WANG, 'day-end', `0500-${id.slice('dayend-'.length)}`))[0]).toBe('营业日截止：次日 05:00');
  });
});

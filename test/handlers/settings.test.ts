import { beforeEach, describe, expect, it } from 'vitest';
import { buttonsOf, GROUP, labelsOf, LI, openHandlers, OWNERS, textOf, WANG, type Harness } from './harness.ts';

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers();
  await bot.bind();
});

describe('设置', () => {
  it('shows each setting with its value on its button, and changes it by a press in the same message', async () => {
    const card = await bot.ask(WANG, '设置');
    expect(labelsOf(card).slice(0, 5)).toEqual([
      '营业日截止：00:00',
      '时区：北京时间',
      '谁能撤销：店主和核销人',
      '群里的券码：自动',
      '语言：中文',
    ]);
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
    expect([labelsOf(after)[0], labelsOf(after)[4]]).toEqual(['Day ends: 00:00', 'Language: English']);
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

/** Opens the setting of this name and takes the choice. */
async function choose(setting: string, choice: string) {
  const list = await bot.pressed(WANG, await bot.ask(WANG, '/settings'), setting);
  return await bot.pressed(WANG, list, choice);
}

describe('时区', () => {
  it('is chosen or typed; what becomes of the running day is said, and everything speaks in the new time', async () => {
    // Half past six in the evening.
    const after = await choose('时区', '东京');
    expect(labelsOf(after)[1]).toBe('时区：东京');
    expect(textOf(after)).toContain('现在的营业日是 2026-11-22：2026-11-22 01:00 到 2026-11-23 00:00。\n以前的营业日不变。');
    await bot.pressed(WANG, await bot.ask(WANG, '1000420616'), '确认核销');
    expect(textOf(await bot.ask(WANG, '/history'))).toContain('11-22 19:30');
    await bot.pressed(WANG, await bot.ask(WANG, '/settings'), '时区');
    expect(textOf(await bot.ask(WANG, 'Europe/Pariss'))).toContain('没有这个时区');
    expect(textOf(await bot.ask(WANG, '1000420624'))).toContain('1000420624');
    expect(labelsOf(await bot.ask(WANG, 'paris'))[1]).toBe('时区：Europe/Paris');
    expect(textOf(await bot.ask(WANG, '/summary'))).toContain('2026-11-22');
    expect(await bot.database.db.selectFrom('store').select('time_zone').execute()).toContainEqual({ time_zone: 'Europe/Paris' });
  });
});

describe('谁能撤销', () => {
  let code = 1_000_100_000;
  /** 小李's verification and 王老板's, and who may undo which: by 撤销 on the card. */
  async function allowed(): Promise<Record<'own' | 'others', boolean>> {
    const verified = async (person: typeof WANG) => {
      const card = await bot.ask(person, String((code += 10)));
      return await bot.pressed(person, card, '确认核销');
    };
    const may = async (done: Awaited<ReturnType<typeof verified>>) =>
      labelsOf(await bot.pressed(LI, done, '撤销')).includes('确认撤销');
    return { own: await may(await verified(LI)), others: await may(await verified(WANG)) };
  }

  it('店主和核销人 at first; 只有店主, 所有员工: at once, also for what was verified before', async () => {
    await bot.invite();
    expect(await allowed()).toEqual({ own: true, others: false });
    await choose('谁能撤销', '只有店主');
    expect(await allowed()).toEqual({ own: false, others: false });
    await choose('谁能撤销', '所有员工');
    expect(await allowed()).toEqual({ own: true, others: true });
    expect(bot.faults).toEqual([]);
  });
});

describe('群里的券码', () => {
  const seen = (replies: Awaited<ReturnType<typeof bot.ask>>, code: string): 'whole' | 'tail' | 'not at all' => {
    const text = textOf(replies).replaceAll(' ', '');
    return text.includes(code) ? 'whole' : text.includes(`****${code.slice(-4)}`) ? 'tail' : 'not at all';
  };

  it('自动: whole on cards; 只写后四位: nowhere in a group; private chats have them whole', async () => {
    await bot.bind(GROUP);
    const code = '1000420616';
    expect(seen(await bot.ask(WANG, code, GROUP), code)).toBe('whole');
    await choose('群里的券码', '只写后四位');
    const card = await bot.ask(WANG, code, GROUP);
    expect(seen(card, code)).toBe('tail');
    const done = await bot.pressed(WANG, card, '确认核销', GROUP);
    expect(seen(done, code)).toBe('tail');
    expect(seen(await bot.pressed(WANG, done, '撤销', GROUP), code)).toBe('tail');
    const history = await bot.ask(WANG, '/history', GROUP);
    expect(seen(history, code)).toBe('tail');
    expect(seen(await bot.pressed(WANG, history, '0616', GROUP), code)).toBe('tail');
    expect(seen(await bot.ask(WANG, code), code)).toBe('whole');
    expect(seen(await bot.ask(WANG, '/history'), code)).toBe('whole');
    expect(bot.faults).toEqual([]);
  });

  it('a press in private changes the card in the group without telling the code there', async () => {
    await bot.bind(GROUP);
    await bot.ask(WANG, '/report', OWNERS);
    await choose('群里的券码', '只写后四位');
    const code = '1000420616';
    const card = await bot.ask(WANG, code, GROUP);
    await bot.pressed(WANG, card, '确认核销', GROUP);
    const theirs = await bot.ask(WANG, '/undo 0616');
    expect(seen(theirs, code)).toBe('whole');
    const undone = await bot.pressed(WANG, theirs, '确认撤销');
    const there = undone.filter((reply) => 'on' in reply && reply.on?.chat === GROUP.chat);
    expect(seen(there, code)).toBe('tail');
  });
});

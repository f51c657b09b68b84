/** Whoever has linked several accounts is one person, until he takes one away or is removed. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { GUEST, LI, textOf, WANG } from './harness.ts';
import { code, MINUTE, LI_THERE, PARTNER, WANG_IN_WECHAT, WANG_THERE, openLinking, type LinkHarness } from './link-harness.ts';

let bot: LinkHarness;
beforeEach(async () => {
  bot = await openLinking();
});

describe('one person', () => {
  it('is removed as one: no account, word or link of before gives a right again', async () => {
    await bot.invite();
    await bot.link(LI, LI_THERE);
    const [card, word] = [await bot.ask(LI_THERE, code()), await bot.wordOf(LI_THERE)];
    await bot.ask(GUEST, await bot.wordOf(LI));
    const question = await bot.newsOf(LI);
    await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李'), '确定移除');
    for (const person of [LI, LI_THERE]) expect(textOf(await bot.pressed(person, card, '确认核销'))).not.toContain('成功');
    expect(textOf(await bot.pressed(LI, question, '同意'))).toContain('情况变了');
    await bot.ask(GUEST, word);
    for (const said of await bot.told(LI_THERE.id)) await bot.pressed(LI_THERE, [said], '同意').catch(() => undefined);
    expect(await bot.identities()).toEqual([]);
    expect(await bot.database.db.selectFrom('staff').selectAll().execute()).toEqual([]);
    expect(await bot.factsOf('person.unlinked')).toMatchObject([
      { subject: LI.id, by: WANG.id, detail: { identity: LI_THERE.id } },
    ]);
    // Invited again, the other account is somebody else.
    await bot.invite();
    expect(textOf(await bot.ask(LI_THERE, code()))).not.toContain('确认核销');
    expect(bot.faults).toEqual([]);
  });

  it('an owner is removed as one, with the keys that he made by either account', async () => {
    await bot.partner();
    await bot.link(WANG, WANG_THERE);
    const asked = await bot.ask(WANG_THERE, '接口');
    await bot.pressed(WANG_THERE, asked, '只读');
    expect(await bot.database.db.selectFrom('api_key').select('made_by').execute()).toEqual([{ made_by: WANG.id }]);
    const question = await bot.pressed(PARTNER, await bot.ask(PARTNER, '/staff'), '移除 王老板');
    await bot.pressed(PARTNER, question, '都保留');
    expect(await bot.owners()).toEqual([PARTNER.id]);
    expect(await bot.identities()).toEqual([]);
    expect((await bot.database.db.selectFrom('api_key').select('revoked_at').execute())[0]!.revoked_at).not.toBeNull();
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('只有店主');
    expect(await bot.factsOf('key.made')).toMatchObject([{ by: WANG_THERE.id }]);
  });

  it('is renamed and made the heir as one, whichever account answers', async () => {
    await bot.invite();
    await bot.link(LI, LI_THERE);
    const screen = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '管理 小李');
    expect(textOf(screen)).toContain('Telegram、企业微信');
    await bot.pressed(WANG, screen, '改名');
    await bot.ask(WANG, '李姐');
    expect(textOf(await bot.pressed(LI_THERE, await bot.ask(LI_THERE, code()), '确认核销'))).toContain('李姐');
    await bot.pressed(WANG, await bot.pressed(WANG, screen, '移交店主'), '确定移交');
    expect(textOf(await bot.pressedBy(LI_THERE, await bot.newsOf(LI), 'heir-yes'))).toContain('你现在是');
    expect(await bot.owners()).toEqual([LI.id]);
    expect(textOf(await bot.ask(LI, '/staff'))).toContain('李姐（Telegram、企业微信');
  });

  it('does not take over his own shift by the other account', async () => {
    await bot.invite();
    await bot.link(LI, LI_THERE);
    vi.setSystemTime(Date.now() + MINUTE);
    await bot.pressed(LI, await bot.ask(LI, '/shift'), '交班');
    const shift = await bot.database.db.selectFrom('shift').selectAll().executeTakeFirstOrThrow();
    expect(textOf(await bot.press(LI_THERE, 'shift-take', shift.id))).toContain('不能自己接班');
    await bot.press(WANG, 'shift-take', shift.id);
    expect(await bot.database.db.selectFrom('shift').select(['from_person', 'to_person']).execute()).toEqual([
      { from_person: LI.id, to_person: WANG.id },
    ]);
  });
});

describe('解除', () => {
  it('takes the other account away: it may nothing at once, and closes the books that it opened', async () => {
    await bot.link(WANG, WANG_THERE);
    const screen = await bot.ask(WANG, '/link');
    expect(textOf(screen)).toMatch(/Telegram: 王老板（本账号）\n企业微信: Wang/);
    const question = await bot.pressed(WANG, screen, '解除企业微信');
    expect(textOf(question)).toContain('它马上什么都不能做');
    expect(textOf(await bot.pressed(GUEST, question, '确定解除'))).toContain('失效');
    expect(textOf(await bot.pressed(WANG, question, '确定解除'))).toContain('不再是你');
    expect(textOf(await bot.pressed(WANG, question, '确定解除'))).toContain('失效');
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('只有店主');
    expect(await bot.owners()).toEqual([WANG.id]);
    expect(await bot.identities()).toEqual([]);
    expect(await bot.factsOf('person.unlinked')).toMatchObject([
      { subject: WANG.id, by: WANG.id, detail: { identity: WANG_THERE.id } },
    ]);
  });

  it('of the first account leaves everything to the next', async () => {
    await bot.link(WANG, WANG_THERE);
    await bot.link(WANG, WANG_IN_WECHAT);
    await bot.pressed(WANG, await bot.ask(WANG, code()), '确认核销');
    await bot.pressed(WANG_THERE, await bot.pressed(WANG_THERE, await bot.ask(WANG_THERE, '关联'), '解除Telegram'), '确定解除');
    expect(await bot.identities()).toEqual([`${WANG_THERE.id} ${WANG_THERE.id}`, `${WANG_IN_WECHAT.id} ${WANG_THERE.id}`]);
    expect(await bot.owners()).toEqual([WANG_THERE.id]);
    expect(textOf(await bot.ask(WANG, '/staff'))).toContain('只有店主');
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '员工'))).toContain('Wang（企业微信、微信');
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '日报'))).toContain('Wang × 1');
    expect(bot.faults).toEqual([]);
  });
});

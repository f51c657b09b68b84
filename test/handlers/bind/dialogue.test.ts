import { describe, expect, it } from 'vitest';
import { loginPlatform, unreachable, type LoginPlatform } from '../../doubles/login-platform.ts';
import { buttonsOf, GROUP, GUEST, labelsOf, LI, openHandlers, textOf, WANG, type At, type Harness } from '../harness.ts';
import type { Reply } from '../../../handlers/message.ts';

interface Play {
  readonly bot: Harness;
  readonly umember: LoginPlatform;
}

const open = async (): Promise<Play> => {
  const umember = loginPlatform();
  return { umember, bot: await openHandlers({ platforms: [umember.platform] }) };
};
/** Up to the question for the e-mail, and up to the one for the password. */
const upToEmail = async ({ bot }: Play, at: At = {}): Promise<Reply[]> =>
  await bot.pressed(WANG, await bot.ask(WANG, '/bind', at), '美团 · umember', at);
const upToPassword = async (play: Play, at: At = {}): Promise<Reply[]> => {
  await upToEmail(play, at);
  return await play.bot.ask(WANG, 'owner@example.com', at);
};
const kinds = (replies: readonly Reply[]): string[] => replies.map(({ kind }) => kind);

describe('the binding dialogue', () => {
  it('asks one question at a time, deletes the secret, and binds the only store at once', async () => {
    const play = await open();
    const platforms = await play.bot.ask(WANG, '/bind');
    expect(labelsOf(platforms)).toEqual(['练习店', '美团 · umember']);
    const email = await play.bot.pressed(WANG, platforms, '美团 · umember');
    expect(email).toMatchObject([{ kind: 'say', ask: 'text', text: expect.stringContaining('邮箱') }]);
    const password = await play.bot.ask(WANG, 'owner@example.com');
    expect(password).toMatchObject([{ kind: 'say', ask: 'secret', text: expect.stringMatching(/密码[^]*删除/) }]);
    const bound = await play.bot.ask(WANG, 'secret');
    expect(kinds(bound)).toEqual(['forget', 'say', 'say']);
    expect(textOf(bound)).toContain('已绑定「大声發棋牌室」');
    expect(textOf(bound)).not.toContain('secret');
  });

  it('takes what is no address for no answer, and asks again', async () => {
    const play = await open();
    await upToEmail(play);
    for (const text of ['not an address', '😀@', 'a'.repeat(300), '   ', ' \u200b '])
      expect(textOf(await play.bot.ask(WANG, text))).toContain('格式不对');
    expect(textOf(await play.bot.ask(WANG, 'owner@example.com'))).toContain('密码');
  });

  it('answers a command in between, and repeats its question', async () => {
    const play = await open();
    await upToEmail(play);
    const said = textOf(await play.bot.ask(WANG, '/status'));
    expect(said).toContain('还没有绑定门店');
    expect(said).toContain('邮箱');
  });

  it('of a coupon in between says that the store comes first', async () => {
    const play = await open();
    await upToEmail(play);
    const said = textOf(await play.bot.ask(WANG, '1000123456'));
    expect(said).toContain('邮箱');
    expect(play.umember.tried).toEqual([]);
  });

  it('of a coupon before anything was chosen says so, and offers the choice again', async () => {
    const play = await open();
    await play.bot.ask(WANG, '/bind');
    const said = await play.bot.ask(WANG, '1000123456');
    expect(textOf(said)).toContain('绑定好门店后再发一次');
    expect(labelsOf(said)).toEqual(['练习店', '美团 · umember']);
    await play.bot.pressed(WANG, said, '练习店');
    const stores = await play.bot.ask(WANG, '1000123456');
    expect(textOf(await play.bot.pressed(WANG, stores, '人民路店'))).toContain('已绑定');
    expect(textOf(await play.bot.ask(WANG, '1000123456'))).toContain('未使用');
  });

  it('tells operators alone, and in private, what is not set up and which settings do it', async () => {
    const umember = loginPlatform();
    const bot = await openHandlers({ platforms: [umember.platform], operators: [WANG.id] });
    expect(textOf(await bot.ask(WANG, '/bind'))).toMatch(/只有你[^]*大众点评：DIANPING_APP_KEY \+ DIANPING_APP_SECRET/);
    expect(textOf(await bot.ask(WANG, '/bind', GROUP))).not.toContain('DIANPING');
    expect(textOf(await bot.ask(GUEST, '/bind'))).not.toContain('DIANPING');
  });

  it('takes any text for the password, a command’s word too, but not /cancel', async () => {
    const play = await open();
    await upToPassword(play);
    play.umember.password = '日报';
    expect(textOf(await play.bot.ask(WANG, '日报'))).toContain('已绑定');
    const other = await open();
    await upToPassword(other);
    expect(textOf(await other.bot.ask(WANG, '/cancel'))).toContain('已退出');
    expect(other.umember.tried).toEqual([]);
  });

  it('a wrong password is typed once more, or the e-mail is changed', async () => {
    const play = await open();
    await upToPassword(play);
    const refused = await play.bot.ask(WANG, 'wrong');
    expect(textOf(refused)).toContain('ow***@example.com');
    expect(labelsOf(refused)).toEqual(['重新输入', '取消', expect.stringContaining('邮箱')]);
    expect(textOf(await play.bot.pressed(WANG, refused, '邮箱'))).toContain('邮箱');
    expect(textOf(await play.bot.ask(WANG, 'other@example.com'))).toContain('密码');
    expect(textOf(await play.bot.ask(WANG, 'secret'))).toContain('已绑定');
    expect(play.umember.tried).toEqual(['wrong', 'secret']);
  });

  it('an unreachable platform is tried again with the same answers', async () => {
    const play = await open();
    await upToPassword(play);
    play.umember.faults.push(unreachable());
    const failed = await play.bot.ask(WANG, 'secret');
    expect(labelsOf(failed)).toEqual(['再试一次', '取消']);
    expect(textOf(await play.bot.pressed(WANG, failed, '再试一次'))).toContain('已绑定');
  });

  it.each([
    [[], '账号下没有门店'],
    [[{ id: '5', name: '一店', authorised: 'never' }], '没有已授权的门店'],
    [[{ id: '5', name: '一店', authorised: 'expired' }], '授权已过期'],
  ] as const)('without a store that can be bound says what to do: %j', async (stores, sentence) => {
    const play = await open();
    play.umember.stores.splice(0, 1, ...stores);
    await upToPassword(play);
    expect(textOf(await play.bot.ask(WANG, 'secret'))).toContain(sentence);
  });

  it('many stores are turned by the page; those without authorisation are left out and counted', async () => {
    const play = await open();
    play.umember.stores.splice(0, 1, ...Array.from({ length: 19 }, (_, n) => ({ id: `${n}`, name: `${n + 1} 店` })), {
      id: 'x',
      name: '过期店',
      authorised: 'expired',
    } as const);
    await upToPassword(play);
    const list = await play.bot.ask(WANG, 'secret');
    expect(textOf(list)).toContain('另有 1 家门店未授权或授权已过期：过期店');
    expect(labelsOf(list)).toEqual([...Array.from({ length: 8 }, (_, n) => `${n + 1} 店`), '下一页']);
    const second = await play.bot.pressed(WANG, list, '下一页');
    const last = await play.bot.pressed(WANG, second, '下一页');
    expect(labelsOf(last)).toEqual(['17 店', '18 店', '19 店', '上一页']);
    expect(textOf(await play.bot.pressed(WANG, last, '19 店'))).toContain('已绑定「19 店」');
    expect(await play.bot.pressed(WANG, last, '19 店')).toMatchObject([
      { kind: 'whisper', text: expect.stringContaining('已结束') },
    ]);
  });

  it('in a group belongs to the administrator who began it', async () => {
    const play = await open();
    expect(textOf(await play.bot.ask(LI, '/bind', GROUP))).toContain('管理员');
    const platforms = await play.bot.ask(WANG, '/bind', GROUP);
    expect(kinds(await play.bot.pressed(GUEST, platforms, '美团 · umember', GROUP))).toEqual(['whisper']);
    await play.bot.pressed(WANG, platforms, '美团 · umember', GROUP);
    await play.bot.ask(WANG, 'owner@example.com', GROUP);
    const bound = await play.bot.ask(WANG, 'secret', GROUP);
    expect(labelsOf(bound)).toEqual(['仅受邀员工', '群内所有人']);
  });
});

describe('on a practice page that others can open', () => {
  it('only the practice store is bound: no password is asked for, with a button of before neither', async () => {
    const umember = loginPlatform();
    const bot = await openHandlers({ platforms: [umember.platform], onlyPractice: true });
    const platforms = await bot.ask(WANG, '/bind');
    expect(labelsOf(platforms)).toEqual(['练习店']);
    expect(textOf(platforms)).toContain('HOST=127.0.0.1');
    const [practice] = buttonsOf(platforms[0]!);
    const forged = await bot.press(WANG, 'bind-platform', practice!.id.replace('practice', 'umember'));
    expect(textOf(forged)).toContain('只能绑定练习店');
    expect(textOf(await bot.ask(WANG, 'owner@example.com'))).not.toContain('密码');
    expect(umember.tried).toEqual([]);
  });
});

/** A person known on several channels is one person, once he has linked them. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person, Reply } from '../../handlers/message.ts';
import { buttonsOf, GUEST, LI, openHandlers, textOf, WANG, type Harness } from './harness.ts';

const CHANNELS = ['wecom-bot', 'wecom-app', 'wecom-kf', 'web', 'web-place'];
/** 王老板 in WeCom, and in WeChat. */
const WANG_THERE: Person = { id: 'wecom-bot:wang', name: 'Wang' };
const WANG_IN_WECHAT: Person = { id: 'wecom-kf:wk1:wm1', name: '老王' };
const LI_THERE: Person = { id: 'wecom-app:li', name: 'Li' };
/** Owner of the same store, by an account of his own. */
const PARTNER: Person = { id: 'telegram:7', name: '合伙人' };

let last = 1_000_300_000;
const code = (): string => String((last += 10));
const MINUTE = 60_000;

let bot: Harness;
beforeEach(async () => {
  bot = await openHandlers({ beside: CHANNELS });
  await bot.bind();
});

/** A word, as the bot says it. */
async function wordOf(person: Person): Promise<string> {
  const said = await bot.pressed(person, await bot.ask(person, '/link'), '关联另一个账号');
  return textOf(said.slice(-1));
}

/** The last message to somebody that nobody asked for. */
const newsOf = async (person: Person): Promise<Reply[]> => (await bot.told(person.id)).slice(-1);
const agree = async (person: Person): Promise<Reply[]> => await bot.pressed(person, await newsOf(person), '同意');

async function link(first: Person, second: Person): Promise<void> {
  await bot.ask(second, await wordOf(first));
  expect(textOf(await agree(first))).toContain('已关联');
}

const factsOf = async (kind: string) =>
  (await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', kind).execute()).map(
    ({ subject, by_id: by, detail }) => ({ subject, by, detail: JSON.parse(detail) as unknown }),
  );
const identities = async () =>
  (await bot.database.db.selectFrom('identity').select(['id', 'person']).orderBy('id').execute()).map(
    ({ id, person }) => `${id} ${person}`,
  );
const owners = async () =>
  (await bot.database.db.selectFrom('owner').select('person').orderBy('person').execute()).map(({ person }) => person);

/** 合伙人 owns the store too. */
async function partner(): Promise<void> {
  const { id } = await bot.database.db.selectFrom('account').select('id').executeTakeFirstOrThrow();
  const { store_id: store } = await bot.database.db.selectFrom('chat').select('store_id').executeTakeFirstOrThrow();
  await bot.database.db.insertInto('owner').values({ account_id: id, person: PARTNER.id, name: PARTNER.name, since: 1 }).execute();
  const chat = { id: PARTNER.id, title: '', is_group: 0, store_id: store, who_may: 'owner', locale: null } as const;
  await bot.database.db.insertInto('chat').values({ ...chat, bound_by: PARTNER.id, updated_at: 0 }).execute();
}

describe('关联', () => {
  it('a word of the first account, sent by the second, and a yes of the first: one person, with the same rights', async () => {
    const [how, word] = await bot.pressed(WANG, await bot.ask(WANG, '/link'), '关联另一个账号');
    expect(textOf([how!])).toContain('10 分钟内有效');
    expect(textOf([word!])).toMatch(/^关联 \d{4} \d{4} \d{4}$/);
    expect(textOf(await bot.ask(WANG_THERE, textOf([word!])))).toContain('去Telegram问「王老板」');
    // Nothing yet.
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('还没有绑定门店');
    const question = await newsOf(WANG);
    expect(textOf(question)).toContain('企业微信的「Wang」发来了你的口令');
    expect(textOf(await bot.pressed(WANG, question, '同意'))).toBe('已关联。企业微信的「Wang」和你是同一个人。\n');
    expect(textOf(await newsOf(WANG_THERE))).toContain('你和Telegram的「王老板」是同一个人');
    // The second chat serves the same store at once, and there is one line for both.
    const list = textOf(await bot.ask(WANG_THERE, '员工'));
    expect(list).toContain('的店主（1 人）');
    expect(list).toContain('王老板（Telegram、企业微信');
    expect(await factsOf('person.linked')).toEqual([
      { subject: WANG.id, by: WANG.id, detail: { identity: WANG_THERE.id, name: 'Wang' } },
    ]);
    expect(await identities()).toEqual([`${WANG.id} ${WANG.id}`, `${WANG_THERE.id} ${WANG.id}`]);
    expect(bot.faults).toEqual([]);
  });

  it('records, summaries and files show one person; facts name the account that acted', async () => {
    await link(WANG, WANG_THERE);
    for (const person of [WANG, WANG_THERE]) await bot.pressed(person, await bot.ask(person, code()), '确认核销');
    const summary = textOf(await bot.ask(WANG, '/summary'));
    expect(summary).toContain('王老板 × 2');
    expect(summary).not.toContain('Wang');
    expect(textOf(await bot.ask(WANG_THERE, '记录 王老板')).match(/王老板/g)!.length).toBeGreaterThanOrEqual(2);
    const rows = await bot.database.db.selectFrom('verification').select(['person', 'person_name']).execute();
    expect(rows).toEqual(Array.from({ length: 2 }, () => ({ person: WANG.id, person_name: '王老板' })));
    const confirmed = await bot.database.db.selectFrom('fact').select('by_id').where('kind', '=', 'verification.confirm').execute();
    expect(confirmed.map(({ by_id: by }) => by)).toEqual([WANG.id, WANG_THERE.id]);
  });

  it('of two who both have rights the second is asked as well; what he did before is one person’s, and the owners are told', async () => {
    await partner();
    await bot.invite();
    const sent = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '邀请员工');
    await bot.ask(LI_THERE, /join-\w+/.exec(textOf(sent))![0]);
    const done = await bot.pressed(LI_THERE, await bot.ask(LI_THERE, code()), '确认核销');
    const asked = await bot.ask(LI_THERE, await wordOf(LI));
    expect(textOf(asked)).toContain('他能做你能做的一切');
    expect(await bot.told(LI.id)).toEqual([]);
    const mine = await bot.pressed(LI_THERE, asked, '是我');
    expect(textOf(mine)).toContain('去Telegram问「小李」');
    // A question is answered once.
    expect(textOf(await bot.pressed(LI_THERE, asked, '是我'))).toContain('失效');
    await agree(LI);
    const staff = textOf(await bot.ask(WANG, '/staff'));
    expect(staff).toContain('的员工（1 人）');
    expect(staff).toContain('小李（Telegram、企业微信');
    expect(textOf(await bot.ask(WANG, '/summary'))).toContain('小李 × 1');
    expect(textOf(await bot.ask(WANG, '/history 小李'))).toContain('小李');
    // His own use, by the other account.
    expect(textOf(await bot.pressed(LI, done, '撤销'))).toContain('撤销');
    for (const owner of [WANG, PARTNER]) {
      const news = await newsOf(owner);
      expect(textOf(news)).toBe(
        '小李（Telegram）关联了自己的另一个账号：企业微信的「Li」。两个账号现在是同一个人，权限一样。不认识？请移除：',
      );
      expect(textOf(await bot.pressed(owner, news, '移除 小李'))).toContain('移除 小李？');
    }
    expect(bot.faults).toEqual([]);
  });

  it('two owners become one: the one who proved the newer password stands for both, and the last owner cannot go', async () => {
    await partner();
    await bot.database.db.updateTable('account').set({ secret_epoch: 1, secret_since: Date.now() }).execute();
    await bot.database.db.updateTable('owner').set({ proved_epoch: 1 }).where('person', '=', PARTNER.id).execute();
    await bot.pressed(PARTNER, await bot.ask(PARTNER, await wordOf(WANG)), '是我');
    await agree(WANG);
    expect(await bot.database.db.selectFrom('owner').select(['person', 'proved_epoch']).execute()).toEqual([
      { person: WANG.id, proved_epoch: 1 },
    ]);
    expect(textOf(await bot.ask(PARTNER, '/staff'))).toContain('的店主（1 人）');
  });

  it('not both where both are linked elsewhere already', async () => {
    await partner();
    await link(WANG, WANG_THERE);
    await link(PARTNER, WANG_IN_WECHAT);
    expect(textOf(await bot.ask(PARTNER, await wordOf(WANG)))).toContain('两边都已经关联了别的账号');
    expect(await owners()).toEqual([WANG.id, PARTNER.id]);
  });
});

describe('the word', () => {
  it('works once, for ten minutes, in a private chat, on no page, and not by the same person', async () => {
    const word = await wordOf(WANG);
    expect(textOf(await bot.ask(WANG, word))).toContain('已经是同一个人');
    expect(textOf(await bot.ask(WANG_THERE, word, { chat: 'wecom-bot:g1', group: true }))).toContain('请私聊机器人');
    expect(textOf(await bot.ask({ id: 'web:v', name: '' }, word))).toContain('网页上的身份');
    expect(textOf(await bot.ask({ id: 'web-place:v', name: '' }, word))).not.toContain('问');
    // Without blanks, and in English.
    expect(textOf(await bot.ask(WANG_THERE, word.replaceAll(' ', '')))).toContain('去Telegram问');
    expect(textOf(await bot.ask(GUEST, word.replace('关联', 'link')))).toContain('口令不对');
    const late = await wordOf(WANG);
    vi.setSystemTime(Date.now() + 10 * MINUTE);
    expect(textOf(await bot.ask(GUEST, late))).toContain('口令不对');
    expect(await identities()).toEqual([]);
  });

  it('is kept as a keyed hash, and guessing it is slowed down as of invitations, by account', async () => {
    const word = (await wordOf(WANG)).replaceAll(/\D/g, '');
    const keys = await bot.database.db.selectFrom('kv').select('k').where('ns', '=', 'link-word').execute();
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(keys)).not.toContain(word);
    await link(WANG, WANG_THERE);
    for (let n = 0; n < 5; n += 1) await bot.ask(WANG_THERE, `关联 00000000000${n}`);
    expect(textOf(await bot.ask(WANG_THERE, '关联 000000000009'))).toContain('试得太多');
    expect(textOf(await bot.ask(WANG, '关联 000000000009'))).toContain('口令不对');
  });

  it('is given to whoever is owner or staff; a customer without a role links nothing but himself, by somebody’s word', async () => {
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '关联'))).toContain('先在你已经是店主或员工的聊天里');
    expect(textOf(await bot.press(WANG_IN_WECHAT, 'link-new', 'all'))).toContain('先在');
    expect(textOf(await bot.press(WANG_IN_WECHAT, 'link', 'all'))).toContain('先在');
    await link(WANG, WANG_IN_WECHAT);
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '员工'))).toContain('王老板（Telegram、微信');
  });

  it('the first one says no, and nothing is linked; a yes comes from that account alone, once, and in private', async () => {
    await bot.ask(WANG_THERE, await wordOf(WANG));
    const question = await newsOf(WANG);
    expect(textOf(await bot.pressed(WANG_THERE, question, '同意'))).toContain('失效');
    expect(textOf(await bot.pressed(GUEST, question, '同意'))).toContain('失效');
    expect(textOf(await bot.pressed(WANG, question, '同意', { chat: 'telegram:-1', group: true }))).toContain('失效');
    await bot.pressed(WANG, question, '拒绝');
    expect(textOf(await newsOf(WANG_THERE))).toContain('没有同意');
    expect(textOf(await bot.pressed(WANG, question, '同意'))).toContain('失效');
    expect([await identities(), await factsOf('person.linked')]).toEqual([[], []]);
  });

  it('rights count when the yes is pressed: of who was removed meanwhile, or whose other account gained rights, nothing is linked', async () => {
    await bot.invite();
    await bot.ask(LI_THERE, await wordOf(LI));
    const question = await newsOf(LI);
    await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李'), '确定移除');
    expect(textOf(await bot.pressed(LI, question, '同意'))).toContain('情况变了');
    await bot.ask(GUEST, await wordOf(WANG));
    const sent = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '邀请员工');
    await bot.ask(GUEST, /join-\w+/.exec(textOf(sent))![0]);
    const open = (await bot.told(WANG.id)).filter((said) => textOf([said]).includes('口令'));
    expect(textOf(await bot.pressed(WANG, open, '同意'))).toContain('情况变了');
    expect(await identities()).toEqual([]);
  });
});

describe('one person', () => {
  it('is removed as one: no account, word or link of before gives a right again', async () => {
    await bot.invite();
    await link(LI, LI_THERE);
    const [card, word] = [await bot.ask(LI_THERE, code()), await wordOf(LI_THERE)];
    await bot.ask(GUEST, await wordOf(LI));
    const question = await newsOf(LI);
    await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李'), '确定移除');
    for (const person of [LI, LI_THERE]) expect(textOf(await bot.pressed(person, card, '确认核销'))).not.toContain('成功');
    expect(textOf(await bot.pressed(LI, question, '同意'))).toContain('情况变了');
    await bot.ask(GUEST, word);
    for (const said of await bot.told(LI_THERE.id)) await bot.pressed(LI_THERE, [said], '同意').catch(() => undefined);
    expect(await identities()).toEqual([]);
    expect(await bot.database.db.selectFrom('staff').selectAll().execute()).toEqual([]);
    expect(await factsOf('person.unlinked')).toMatchObject([{ subject: LI.id, by: WANG.id, detail: { identity: LI_THERE.id } }]);
    // Invited again, the other account is somebody else.
    await bot.invite();
    expect(textOf(await bot.ask(LI_THERE, code()))).not.toContain('确认核销');
    expect(bot.faults).toEqual([]);
  });

  it('an owner is removed as one, with the keys that he made by either account', async () => {
    await partner();
    await link(WANG, WANG_THERE);
    const asked = await bot.ask(WANG_THERE, '接口');
    await bot.pressed(WANG_THERE, asked, '只读');
    expect(await bot.database.db.selectFrom('api_key').select('made_by').execute()).toEqual([{ made_by: WANG.id }]);
    const question = await bot.pressed(PARTNER, await bot.ask(PARTNER, '/staff'), '移除 王老板');
    await bot.pressed(PARTNER, question, '都保留');
    expect(await owners()).toEqual([PARTNER.id]);
    expect(await identities()).toEqual([]);
    expect((await bot.database.db.selectFrom('api_key').select('revoked_at').execute())[0]!.revoked_at).not.toBeNull();
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('只有店主');
    expect(await factsOf('key.made')).toMatchObject([{ by: WANG_THERE.id }]);
  });

  it('is renamed and made the heir as one, whichever account answers', async () => {
    await bot.invite();
    await link(LI, LI_THERE);
    const screen = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '管理 小李');
    expect(textOf(screen)).toContain('Telegram、企业微信');
    await bot.pressed(WANG, screen, '改名');
    await bot.ask(WANG, '李姐');
    expect(textOf(await bot.pressed(LI_THERE, await bot.ask(LI_THERE, code()), '确认核销'))).toContain('李姐');
    await bot.pressed(WANG, await bot.pressed(WANG, screen, '移交店主'), '确定移交');
    const accept = (await newsOf(LI)).flatMap(buttonsOf).find(({ verb }) => verb === 'heir-yes')!;
    expect(textOf(await bot.press(LI_THERE, accept.verb, accept.id))).toContain('你现在是');
    expect(await owners()).toEqual([LI.id]);
    expect(textOf(await bot.ask(LI, '/staff'))).toContain('李姐（Telegram、企业微信');
  });

  it('does not take over his own shift by the other account', async () => {
    await bot.invite();
    await link(LI, LI_THERE);
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
    await link(WANG, WANG_THERE);
    const screen = await bot.ask(WANG, '/link');
    expect(textOf(screen)).toMatch(/Telegram: 王老板（本账号）\n企业微信: Wang/);
    const question = await bot.pressed(WANG, screen, '解除企业微信');
    expect(textOf(question)).toContain('它马上什么都不能做');
    expect(textOf(await bot.pressed(GUEST, question, '确定解除'))).toContain('失效');
    expect(textOf(await bot.pressed(WANG, question, '确定解除'))).toContain('不再是你');
    expect(textOf(await bot.pressed(WANG, question, '确定解除'))).toContain('失效');
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('只有店主');
    expect(await owners()).toEqual([WANG.id]);
    expect(await identities()).toEqual([]);
    expect(await factsOf('person.unlinked')).toMatchObject([{ subject: WANG.id, by: WANG.id, detail: { identity: WANG_THERE.id } }]);
  });

  it('of the first account leaves everything to the next', async () => {
    await link(WANG, WANG_THERE);
    await link(WANG, WANG_IN_WECHAT);
    await bot.pressed(WANG, await bot.ask(WANG, code()), '确认核销');
    await bot.pressed(WANG_THERE, await bot.pressed(WANG_THERE, await bot.ask(WANG_THERE, '关联'), '解除Telegram'), '确定解除');
    expect(await identities()).toEqual([`${WANG_THERE.id} ${WANG_THERE.id}`, `${WANG_IN_WECHAT.id} ${WANG_THERE.id}`]);
    expect(await owners()).toEqual([WANG_THERE.id]);
    expect(textOf(await bot.ask(WANG, '/staff'))).toContain('只有店主');
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '员工'))).toContain('Wang（企业微信、微信');
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '日报'))).toContain('Wang × 1');
    expect(bot.faults).toEqual([]);
  });
});

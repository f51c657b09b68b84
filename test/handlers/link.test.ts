/** A person links what several channels know him by: a word, and the yes of the first account. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { GUEST, LI, textOf, WANG } from './harness.ts';
import { code, MINUTE, LI_THERE, PARTNER, WANG_IN_WECHAT, WANG_THERE, openLinking, type LinkHarness } from './link-harness.ts';

let bot: LinkHarness;
beforeEach(async () => {
  bot = await openLinking();
});

describe('关联', () => {
  it('a word of the first account, sent by the second, and a yes of the first: one person, with the same rights', async () => {
    const [how, word] = await bot.pressed(WANG, await bot.ask(WANG, '/link'), '关联另一个账号');
    expect(textOf([how!])).toContain('10 分钟内有效');
    expect(textOf([word!])).toMatch(/^关联 \d{4} \d{4} \d{4}$/);
    expect(textOf(await bot.ask(WANG_THERE, textOf([word!])))).toContain('去Telegram问「王老板」');
    // Nothing yet.
    expect(textOf(await bot.ask(WANG_THERE, '员工'))).toContain('还没有绑定门店');
    const question = await bot.newsOf(WANG);
    expect(textOf(question)).toContain('企业微信的「Wang」发来了你的口令');
    expect(textOf(await bot.pressed(WANG, question, '同意'))).toBe('已关联。企业微信的「Wang」和你是同一个人。\n');
    expect(textOf(await bot.newsOf(WANG_THERE))).toContain('你和Telegram的「王老板」是同一个人');
    // The second chat serves the same store at once, and there is one line for both.
    const list = textOf(await bot.ask(WANG_THERE, '员工'));
    expect(list).toContain('的店主（1 人）');
    expect(list).toContain('王老板（Telegram、企业微信');
    expect(await bot.factsOf('person.linked')).toEqual([
      { subject: WANG.id, by: WANG.id, detail: { identity: WANG_THERE.id, name: 'Wang' } },
    ]);
    expect(await bot.identities()).toEqual([`${WANG.id} ${WANG.id}`, `${WANG_THERE.id} ${WANG.id}`]);
    expect(bot.faults).toEqual([]);
  });

  it('records, summaries and files show one person; facts name the account that acted', async () => {
    await bot.link(WANG, WANG_THERE);
    for (const person of [WANG, WANG_THERE]) await bot.pressed(person, await bot.ask(person, code()), '确认核销');
    const summary = textOf(await bot.ask(WANG, '/summary'));
    expect(summary).toContain('王老板 × 2');
    expect(summary).not.toContain('Wang');
    expect(textOf(await bot.ask(WANG_THERE, '记录 王老板')).match(/王老板/g)!.length).toBeGreaterThanOrEqual(2);
    const rows = await bot.database.db.selectFrom('verification').select(['person', 'person_name']).execute();
    expect(rows).toEqual(Array.from({ length: 2 }, () => ({ person: WANG.id, person_name: '王老板' })));
    const confirmed = await bot.database.db
      .selectFrom('fact')
      .select('by_id')
      .where('kind', '=', 'verification.confirm')
      .execute();
    expect(confirmed.map(({ by_id: by }) => by)).toEqual([WANG.id, WANG_THERE.id]);
  });

  it('of two who both have rights the second is asked as well; what he did before is one person’s, and the owners are told', async () => {
    await bot.partner();
    await bot.invite();
    const sent = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '邀请员工');
    await bot.ask(LI_THERE, /join-\w+/.exec(textOf(sent))![0]);
    const done = await bot.pressed(LI_THERE, await bot.ask(LI_THERE, code()), '确认核销');
    const asked = await bot.ask(LI_THERE, await bot.wordOf(LI));
    expect(textOf(asked)).toContain('他能做你能做的一切');
    expect(await bot.told(LI.id)).toEqual([]);
    const mine = await bot.pressed(LI_THERE, asked, '是我');
    expect(textOf(mine)).toContain('去Telegram问「小李」');
    // A question is answered once.
    expect(textOf(await bot.pressed(LI_THERE, asked, '是我'))).toContain('失效');
    await bot.agree(LI);
    const staff = textOf(await bot.ask(WANG, '/staff'));
    expect(staff).toContain('的员工（1 人）');
    expect(staff).toContain('小李（Telegram、企业微信');
    expect(textOf(await bot.ask(WANG, '/summary'))).toContain('小李 × 1');
    expect(textOf(await bot.ask(WANG, '/history 小李'))).toContain('小李');
    // His own use, by the other account.
    expect(textOf(await bot.pressed(LI, done, '撤销'))).toContain('撤销');
    for (const owner of [WANG, PARTNER]) {
      const news = await bot.newsOf(owner);
      expect(textOf(news)).toBe(
        '小李（Telegram）关联了自己的另一个账号：企业微信的「Li」。两个账号现在是同一个人，权限一样。不认识？请移除：',
      );
      expect(textOf(await bot.pressed(owner, news, '移除 小李'))).toContain('移除 小李？');
    }
    expect(bot.faults).toEqual([]);
  });

  it('two owners become one: the one who proved the newer password stands for both, and the last owner cannot go', async () => {
    await bot.partner();
    await bot.database.db.updateTable('account').set({ secret_epoch: 1, secret_since: Date.now() }).execute();
    await bot.database.db.updateTable('owner').set({ proved_epoch: 1 }).where('person', '=', PARTNER.id).execute();
    await bot.pressed(PARTNER, await bot.ask(PARTNER, await bot.wordOf(WANG)), '是我');
    await bot.agree(WANG);
    expect(await bot.database.db.selectFrom('owner').select(['person', 'proved_epoch']).execute()).toEqual([
      { person: WANG.id, proved_epoch: 1 },
    ]);
    expect(textOf(await bot.ask(PARTNER, '/staff'))).toContain('的店主（1 人）');
  });

  it('not both where both are linked elsewhere already', async () => {
    await bot.partner();
    await bot.link(WANG, WANG_THERE);
    await bot.link(PARTNER, WANG_IN_WECHAT);
    expect(textOf(await bot.ask(PARTNER, await bot.wordOf(WANG)))).toContain('两边都已经关联了别的账号');
    expect(await bot.owners()).toEqual([WANG.id, PARTNER.id]);
  });
});

describe('the word', () => {
  it('works once, for ten minutes, in a private chat, on no page, and not by the same person', async () => {
    const word = await bot.wordOf(WANG);
    expect(textOf(await bot.ask(WANG, word))).toContain('已经是同一个人');
    expect(textOf(await bot.ask(WANG_THERE, word, { chat: 'wecom-bot:g1', group: true }))).toContain('请私聊机器人');
    expect(textOf(await bot.ask({ id: 'web:v', name: '' }, word))).toContain('网页上的身份');
    expect(textOf(await bot.ask({ id: 'web-place:v', name: '' }, word))).not.toContain('问');
    // Without blanks, and in English.
    expect(textOf(await bot.ask(WANG_THERE, word.replaceAll(' ', '')))).toContain('去Telegram问');
    expect(textOf(await bot.ask(GUEST, word.replace('关联', 'link')))).toContain('口令不对');
    const late = await bot.wordOf(WANG);
    vi.setSystemTime(Date.now() + 10 * MINUTE);
    expect(textOf(await bot.ask(GUEST, late))).toContain('口令不对');
    expect(await bot.identities()).toEqual([]);
  });

  it('is kept as a keyed hash, and guessing it is slowed down as of invitations, by account', async () => {
    const word = (await bot.wordOf(WANG)).replaceAll(/\D/g, '');
    const keys = await bot.database.db.selectFrom('kv').select('k').where('ns', '=', 'link-word').execute();
    expect(keys).toHaveLength(1);
    expect(JSON.stringify(keys)).not.toContain(word);
    await bot.link(WANG, WANG_THERE);
    for (let n = 0; n < 5; n += 1) await bot.ask(WANG_THERE, `关联 00000000000${n}`);
    expect(textOf(await bot.ask(WANG_THERE, '关联 000000000009'))).toContain('试得太多');
    expect(textOf(await bot.ask(WANG, '关联 000000000009'))).toContain('口令不对');
  });

  it('is given to whoever is owner or staff; a customer without a role links nothing but himself, by somebody’s word', async () => {
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '关联'))).toContain('先在你已经是店主或员工的聊天里');
    expect(textOf(await bot.press(WANG_IN_WECHAT, 'link-new', 'all'))).toContain('先在');
    expect(textOf(await bot.press(WANG_IN_WECHAT, 'link', 'all'))).toContain('先在');
    await bot.link(WANG, WANG_IN_WECHAT);
    expect(textOf(await bot.ask(WANG_IN_WECHAT, '员工'))).toContain('王老板（Telegram、微信');
  });

  it('the first one says no, and nothing is linked; a yes comes from that account alone, once, and in private', async () => {
    await bot.ask(WANG_THERE, await bot.wordOf(WANG));
    const question = await bot.newsOf(WANG);
    expect(textOf(await bot.pressed(WANG_THERE, question, '同意'))).toContain('失效');
    expect(textOf(await bot.pressed(GUEST, question, '同意'))).toContain('失效');
    expect(textOf(await bot.pressed(WANG, question, '同意', { chat: 'telegram:-1', group: true }))).toContain('失效');
    await bot.pressed(WANG, question, '拒绝');
    expect(textOf(await bot.newsOf(WANG_THERE))).toContain('没有同意');
    expect(textOf(await bot.pressed(WANG, question, '同意'))).toContain('失效');
    expect([await bot.identities(), await bot.factsOf('person.linked')]).toEqual([[], []]);
  });

  it('rights count when the yes is pressed: of who was removed meanwhile, or whose other account gained rights, nothing is linked', async () => {
    await bot.invite();
    await bot.ask(LI_THERE, await bot.wordOf(LI));
    const question = await bot.newsOf(LI);
    await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '移除 小李'), '确定移除');
    expect(textOf(await bot.pressed(LI, question, '同意'))).toContain('情况变了');
    await bot.ask(GUEST, await bot.wordOf(WANG));
    const sent = await bot.pressed(WANG, await bot.ask(WANG, '/staff'), '邀请员工');
    await bot.ask(GUEST, /join-\w+/.exec(textOf(sent))![0]);
    const open = (await bot.told(WANG.id)).filter((said) => textOf([said]).includes('口令'));
    expect(textOf(await bot.pressed(WANG, open, '同意'))).toContain('情况变了');
    expect(await bot.identities()).toEqual([]);
  });
});

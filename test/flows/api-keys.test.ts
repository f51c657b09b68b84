/** An owner makes keys of the API in a private chat, sees each once, and ends them; so does the end of the ownership. */
import { describe, expect, it } from 'vitest';
import { labels, MINUTE, openHarness, texts, type Harness } from './harness.ts';
import type { FakePerson } from '../doubles/telegram.ts';

const SECRET = /hx_[\w-]{32}/;
const last = (person: FakePerson) => person.chat.messages.at(-1)!;

const make = async (bot: Harness, owner: FakePerson, scopes = '读+核销', name = ' 收银台'): Promise<string> => {
  const [list] = await bot.ask(owner, `/api${name}`);
  await bot.press(owner, list!, scopes);
  return SECRET.exec(last(owner).text)?.[0] ?? 'no key';
};
const keysOf = (bot: Harness) => bot.database.db.selectFrom('api_key').selectAll().orderBy('since').execute();

describe('/api', () => {
  it('makes a key that is shown once, kept as a hash alone, and told to the other owners', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const partner = await bot.owner('合伙人');
    const [list] = await bot.ask(owner, '/api 收银台');
    expect(list!.text).toContain('还没有密钥');
    expect(labels(list!)).toEqual(['只读', '读+核销', '读+核销+撤销']);
    await bot.press(owner, list!, '读+核销');
    const secret = SECRET.exec(last(owner).text)![0];
    expect(last(owner).text).toContain('只显示这一次');

    const [key] = await keysOf(bot);
    expect(key).toMatchObject({ name: '收银台', scopes: 'read verify', last_four: secret.slice(-4), used_day: null });
    const everything = JSON.stringify([await keysOf(bot), await bot.database.db.selectFrom('fact').selectAll().execute()]);
    expect(everything).not.toContain(secret);
    expect(bot.lines.join('\n')).not.toContain(secret);

    await bot.tick('outbox');
    expect(last(partner).text).toContain(`王老板 为「大声發24小时自助棋牌室5」生成了接口密钥「收银台」（····${secret.slice(-4)}`);
    const [again] = await bot.ask(owner, '接口');
    expect(again!.text).toContain(`收银台 · ····${secret.slice(-4)} · 读+核销`);
    expect(again!.text).not.toMatch(SECRET);
    expect(await bot.press(owner, list!, '只读')).toContain('重新发送');
    expect(await keysOf(bot)).toHaveLength(1);
  });

  it('revokes one after a question, once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const partner = await bot.owner('合伙人');
    const tail = (await make(bot, owner)).slice(-4);
    const [list] = await bot.ask(partner, '/api');
    await bot.press(partner, list!, `吊销 ${tail}（收银台）`);
    const question = last(partner);
    expect(question.text).toContain('马上不能再用');
    expect((await keysOf(bot))[0]!.revoked_at).toBeNull();
    await bot.press(partner, question, '确定吊销');
    expect((await keysOf(bot))[0]!.revoked_at).not.toBeNull();
    await bot.tick('outbox');
    expect(last(owner).text).toContain('合伙人 吊销了');
    expect((await bot.ask(owner, '/api'))[0]!.text).toContain('还没有密钥');
  });

  it('is for owners, in private chats: not for staff, not in a group, not on another owner’s buttons', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    expect((await bot.ask(helper, '/api'))[0]!.text).toContain('店主');
    const group = await bot.group(owner, [helper], '群内所有人');
    const [said] = await bot.ask(owner, '/api', { in: group });
    expect(said!.text).toContain('私聊');
    expect(said!.buttons).toEqual([]);
    expect(await keysOf(bot)).toEqual([]);
  });

  it('is not for an owner who has only proved a former password', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [list] = await bot.ask(owner, '/api');
    bot.umember.books.account('owner@example.com', 'changed');
    const partner = bot.telegram.person('合伙人');
    const [first] = await bot.ask(partner, '/bind');
    await bot.press(partner, first!, '美团 · umember');
    const [password] = await bot.ask(partner, 'owner@example.com', { replyTo: last(partner) });
    await bot.ask(partner, 'changed', { replyTo: password! });
    expect(await bot.press(owner, list!, '读+核销')).not.toBe('');
    expect(await keysOf(bot)).toEqual([]);
  });

  it('keeps no key for later where it could not be delivered', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [list] = await bot.ask(owner, '/api');
    bot.telegram.fault('sendMessage', { kind: 'error', code: 502, description: 'Bad Gateway' }, 1000);
    owner.presses(list!, '只读');
    await bot.telegram.called('sendMessage', 4);
    await bot.quiet();
    bot.telegram.faultsEnd();
    bot.later(MINUTE);
    await bot.tick('outbox');
    await owner.chat.shows('没能送达');
    expect(texts(owner.chat).join('\n')).not.toMatch(SECRET);
  });
});

describe('a key', () => {
  it('ends with the ownership of whoever made it, and the others are told', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const partner = await bot.owner('合伙人');
    await make(bot, partner, '读+核销+撤销');
    await make(bot, owner, '只读', ' 报表');
    await bot.press(owner, (await bot.ask(owner, '/staff'))[0]!, '移除 合伙人');
    await bot.press(owner, last(owner), '都保留，只移除店主');
    expect((await keysOf(bot)).map(({ name, revoked_at }) => [name, revoked_at !== null])).toEqual([
      ['收银台', true],
      ['报表', false],
    ]);
  });
});

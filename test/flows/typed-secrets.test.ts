/** A password that is typed again, or too late, or among other things: it is used or not, but it does not stay readable. */
import { describe, expect, it, test } from 'vitest';
import { looksSecret } from '../../handlers/bind/stray-secrets.ts';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, texts, type Harness } from './harness.ts';
import { openSmartBotHarness, written } from './wecom-smart-bot-harness.ts';

/** The dialogue up to the password's question. */
async function upToPassword(bot: Harness, owner: FakePerson, chat: FakeChat = owner.chat): Promise<FakeMessage> {
  const saying = chat === owner.chat ? {} : { in: chat };
  const [first] = await bot.ask(owner, '/bind', saying);
  if (labels(first!).includes('使用新账号')) await bot.press(owner, first!, '使用新账号');
  await bot.press(owner, chat.messages.at(-1)!, '美团 · umember');
  const [password] = await bot.ask(owner, 'owner@example.com', { ...saying, replyTo: chat.messages.at(-1)! });
  return password!;
}

/** Says something and gives the message itself, once it is answered. */
async function says(bot: Harness, owner: FakePerson, text: string, chat: FakeChat = owner.chat): Promise<FakeMessage> {
  const message = owner.says(text, chat === owner.chat ? {} : { in: chat });
  await bot.quiet();
  return message;
}

async function inGroup(bot: Harness, mayDelete = true) {
  const [owner, other] = [bot.telegram.person('王老板'), bot.telegram.person('小李')];
  const group = bot.telegram.group('前台群', { admins: [owner], members: [other] });
  group.botMayDelete = mayDelete;
  return { owner, other, group };
}

describe('after a refused login', () => {
  it('what is typed next is the password, deleted, and the e-mail is kept', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await bot.ask(owner, 'wrong');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('ow***@example.com');
    expect(failed.text).toContain('请直接再发一次密码');
    expect(labels(failed)).toEqual(['重新输入', '取消', '换邮箱']);
    const typed = await says(bot, owner, 'secret');
    expect(typed.deleted).toBe(true);
    expect(texts(owner.chat).at(-1)).toContain('已绑定');
    expect(bot.faults).toEqual([]);
  });

  it('in a group too, said to nobody', async () => {
    const bot = await openHarness();
    const { owner, group } = await inGroup(bot);
    await upToPassword(bot, owner, group);
    const wrong = await says(bot, owner, 'wrong-pass', group);
    const right = await says(bot, owner, 'secret', group);
    expect([wrong.deleted, right.deleted]).toEqual([true, true]);
    await group.shows('已绑定');
    expect(bot.umember.calls('login')).toBe(2);
  });

  it('where the group does not let the bot delete, it names the person and the password', async () => {
    const bot = await openHarness();
    const { owner, group } = await inGroup(bot, false);
    const question = await upToPassword(bot, owner, group);
    expect(question.text).toContain('删除消息');
    await says(bot, owner, 'wrong-pass', group);
    const typed = await says(bot, owner, 'secret', group);
    expect(typed.deleted).toBe(false);
    const warnings = texts(group).filter((text) => text.includes('王老板，我删不掉你发的密码，群里的人都能看到'));
    expect(warnings).toHaveLength(2);
  });

  it.each(['pressed', 'typed'])('换邮箱, %s, asks for the e-mail and then for the password', async (how) => {
    const bot = await openHarness();
    bot.umember.books.account('other@example.com', 'secret');
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await bot.ask(owner, 'wrong');
    if (how === 'typed') await bot.ask(owner, '换邮箱');
    else await bot.press(owner, owner.chat.messages.at(-1)!, '换邮箱');
    expect(texts(owner.chat).at(-1)).toContain('请发送登录邮箱');
    const [password] = await bot.ask(owner, 'other@example.com');
    expect(password!.text).toContain('请发送密码');
    await bot.ask(owner, 'secret');
    expect(texts(owner.chat).at(-1)).toContain('登录成功，但账号下没有门店');
  });

  it('a network that fails is no reason to leave a password typed again', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    bot.umember.fail('login', { kind: 'reset', applied: false });
    await bot.ask(owner, 'secret');
    expect(texts(owner.chat).at(-1)).toContain('连不上平台');
    const typed = await says(bot, owner, 'secret');
    expect(typed.deleted).toBe(true);
    expect(texts(owner.chat).at(-1)).toContain('已绑定');
  });
});

describe('when the dialogue is over', () => {
  it.each([
    ['expired', (bot: Harness): unknown => bot.later(11 * MINUTE)],
    ['was cancelled', (bot: Harness, owner: FakePerson): unknown => bot.ask(owner, '取消')],
    ['has bound the store', (bot: Harness, owner: FakePerson): unknown => bot.ask(owner, 'secret')],
  ] as const)('which %s, a password is deleted and not used', async (_, end) => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await end(bot, owner);
    const logins = bot.umember.calls('login');
    const typed = await says(bot, owner, 'hunter2!');
    expect(typed.deleted).toBe(true);
    expect(texts(owner.chat).at(-1)).toContain('像是密码');
    expect(bot.umember.calls('login')).toBe(logins);
  });

  it('codes, commands and talk are what they were', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.card(owner);
    for (const text of ['日报', 'hello', '好的', '5号桌坏了', 'ok', 'thanks!', 'O332808512']) {
      const said = await says(bot, owner, text);
      expect(said.deleted, text).toBe(false);
    }
    expect(texts(owner.chat).join()).not.toContain('像是密码');
  });

  it('eight digits may be a mistyped code as well as a password: both are said', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const typed = await says(bot, owner, '19880808');
    expect(typed.deleted).toBe(true);
    expect(texts(owner.chat).at(-1)).toMatch(/收到 8 位数字，不像券码.*也可能是密码/s);
  });

  it('a group that keeps it is told whose it is', async () => {
    const bot = await openHarness();
    const { owner, group } = await inGroup(bot, false);
    await upToPassword(bot, owner, group);
    await bot.ask(owner, '取消', { in: group });
    const said = await bot.ask(owner, 'hunter2!', { in: group });
    expect(said.map(({ text }) => text).join()).toContain('王老板，你刚才那条像是密码或密钥，我删不掉它');
  });

  it('others are left alone, and so is everybody a day later', async () => {
    const bot = await openHarness();
    const { owner, other, group } = await inGroup(bot);
    await upToPassword(bot, owner, group);
    await bot.ask(owner, '取消', { in: group });
    expect((await says(bot, other, 'hunter2!', group)).deleted).toBe(false);
    expect((await says(bot, owner, 'hunter2!', group)).deleted).toBe(true);
    expect((await says(bot, owner, 'hunter2!')).deleted).toBe(false);
    bot.later(DAY + HOUR);
    expect((await says(bot, owner, 'hunter2!', group)).deleted).toBe(false);
  });

  it('once it was right, a word is a word again ten minutes later', async () => {
    const bot = await openHarness();
    const { owner, group } = await inGroup(bot);
    await upToPassword(bot, owner, group);
    await says(bot, owner, 'secret', group);
    expect((await says(bot, owner, 'secret', group)).deleted).toBe(true);
    bot.later(10 * MINUTE);
    expect((await says(bot, owner, 'Meituan', group)).deleted).toBe(false);
  });

  it('an invitation’s eight digits still open the door', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = bot.telegram.person('小李');
    await upToPassword(bot, helper);
    await bot.ask(helper, '取消');
    const word = await bot.digits(owner);
    const typed = await says(bot, helper, word);
    expect(texts(helper.chat).at(-1)).toContain('你已成为');
    expect(typed.deleted).toBe(true);
  });

  it('only that it was asked is kept', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await bot.ask(owner, '取消');
    await bot.ask(owner, 'hunter2!');
    const kept = await bot.database.db.selectFrom('kv').select(['k', 'expires']).where('ns', '=', 'secret-asked').execute();
    expect(kept).toEqual([{ k: `${owner.ref}|${owner.ref}`, expires: Date.now() + DAY }]);
  });
});

describe('while the e-mail is asked for', () => {
  async function upToEmail(bot: Harness, owner: FakePerson): Promise<void> {
    const [first] = await bot.ask(owner, '/bind');
    if (labels(first!).includes('使用新账号')) await bot.press(owner, first!, '使用新账号');
    await bot.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
  }

  it('a coupon is looked up where a store is bound, and the question is repeated', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await upToEmail(bot, owner);
    const code = bot.umember.books.coupon();
    const [card, again, ...more] = await bot.ask(owner, code);
    expect(card!.text).toContain(code);
    expect(labels(card!)).toContain('确认核销');
    expect(again!.text).toContain('绑定还没完成');
    expect(again!.text).toContain('请发送登录邮箱');
    expect(more).toEqual([]);
    expect((await bot.ask(owner, 'owner@example.com'))[0]!.text).toContain('请发送密码');
  });

  it('where none is, it says that binding comes first', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToEmail(bot, owner);
    const [said, ...more] = await bot.ask(owner, bot.umember.books.coupon());
    expect(said!.text).toContain('绑定好门店后再发一次');
    expect(said!.text).toContain('请发送登录邮箱');
    expect(more).toEqual([]);
  });

  it.each([
    ['日报', '核销'],
    ['帮助', '/staff 员工'],
  ])('%s is a command, and the question is repeated', async (word, part) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await upToEmail(bot, owner);
    const said = await bot.ask(owner, word);
    expect(said[0]!.text).toContain(part);
    expect(said.at(-1)!.text).toContain('请发送登录邮箱');
    expect(texts(owner.chat).join()).not.toContain('格式不对');
  });

  it('but the password may look like any of them', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    for (const password of [code, '帮助', '日报']) {
      bot.umember.books.account('owner@example.com', password);
      await upToPassword(bot, owner);
      const typed = await says(bot, owner, password);
      expect(typed.deleted).toBe(true);
      expect(texts(owner.chat).at(-1)).toContain('已绑定');
    }
    expect(bot.umember.calls('detail')).toBe(0);
  });
});

describe('in WeCom, where nobody can delete for another', () => {
  it('a refused password is typed again, with a warning each time; one that comes too late is warned of', async () => {
    const bot = await openSmartBotHarness();
    const owner = bot.wecom.person('wanglaoban');
    const [platforms] = await bot.ask(owner, '绑定');
    await bot.press(owner, platforms!, '美团');
    await bot.ask(owner, 'owner@example.com');
    const failed = (await bot.ask(owner, 'wrong')).map(({ look }) => look.text).join('\n');
    expect(failed).toContain('请你马上手动删除');
    expect(failed).toContain('我删不掉你发的消息');
    await bot.ask(owner, 'secret');
    expect(written(owner.chat).at(-1)).toContain('已绑定');
    const late = (await bot.ask(owner, 'hunter2!')).map(({ look }) => look.text).join('\n');
    expect(late).toContain('手动删除');
    expect(late).toContain('没有使用');
    expect(written(owner.chat).join('\n')).not.toContain('立即删除');
    expect(bot.faults).toEqual([]);
  });
});

test.each([
  'secret',
  'hunter2!',
  'Abc12345',
  '12345678',
  '密码：abcd1',
  '密码是 Qwer1234',
  'password: letmein',
  '666666',
  '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
  `MIIEvQ${'aB3+'.repeat(300)}==`,
])('may be a secret: %s', (text) => expect(looksSecret(text)).toBe(true));

test.each([
  '0332808512',
  '0332 8085 12',
  'O332808512',
  '13812345678',
  '2026-11-22',
  '18:30-20:00',
  '¥1,234.50',
  '好的',
  'ok',
  'hahaha',
  '......',
  'Thanks!',
  'see you tomorrow',
  '密码改了吗',
  '密码多少',
  'owner@example.com',
  'https://v.douyin.com/iRNBho5/',
  'example.com/menu',
  '@HexiaoBot',
  '取消',
  '6210123412341234',
  '0332808512033280851203328085',
  'x'.repeat(5000),
])('is none: %s', (text) => expect(looksSecret(text)).toBe(false));

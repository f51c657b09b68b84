import { describe, expect, it } from 'vitest';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, texts, type Harness } from './harness.ts';

/** The dialogue up to the password's question. */
async function upToPassword(bot: Harness, person: FakePerson, chat: FakeChat = person.chat): Promise<FakeMessage> {
  const saying = chat === person.chat ? {} : { in: chat };
  const [platforms] = await bot.ask(person, '/bind', saying);
  await bot.press(person, platforms!, '美团 · umember');
  const [password] = await bot.ask(person, 'owner@example.com', { ...saying, replyTo: chat.messages.at(-1)! });
  return password!;
}

describe('/bind in a private chat', () => {
  it('asks one thing at a time, deletes the password, and says which store it is', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const [platforms, ...more] = await bot.ask(owner, '/bind');
    expect(more).toEqual([]);
    expect(platforms!.text).toContain('选择平台');
    // Those this installation is set up for.
    expect(labels(platforms!)).toEqual(['美团 · umember', '练习店']);
    await bot.press(owner, platforms!, '美团 · umember');
    const email = owner.chat.messages.at(-1)!;
    expect(email.text).toContain('邮箱');
    expect(email.text).toContain('不加密');
    expect(email.text).toContain('http');
    const [password] = await bot.ask(owner, ' owner@example.com ');
    expect(password!.text).toContain('密码');
    const secret = owner.says('secret');
    await bot.quiet();
    expect(secret.deleted).toBe(true);
    const done = owner.chat.messages.at(-1)!;
    expect(done.text).toContain('已绑定「大声發24小时自助棋牌室5」');
    expect(done.text).toContain('/staff');
    expect(texts(owner.chat).join('\n')).not.toContain('谁可以核销');
    expect(bot.faults).toEqual([]);
  });

  it('answers a greeting between its questions, and asks again', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const [platforms] = await bot.ask(owner, '/bind');
    await bot.press(owner, platforms!, '美团 · umember');
    const [hello, again] = await bot.ask(owner, '你好，在吗？');
    expect(hello!.text).toContain('在的。');
    expect(again!.text).toContain('邮箱');
    expect((await bot.ask(owner, 'owner@example.com')).at(-1)!.text).toContain('密码');
  });

  it('a wrong password has a sentence of its own, and is typed again', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await bot.ask(owner, 'wrong');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('邮箱或密码不正确');
    await bot.press(owner, failed, '重新输入');
    expect(owner.chat.messages.at(-1)!.text).toContain('请发送密码');
    expect(owner.chat.messages.at(-1)!.text).not.toContain('不加密');
    await bot.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('a login refused for another reason says the platform’s words', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    bot.umember.fail('login', { kind: 'no', words: '账号已被禁用' });
    await bot.ask(owner, 'secret');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('平台没有接受这些信息：账号已被禁用');
    await bot.press(owner, failed, '重新输入');
    await bot.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it.each(['login', 'stores'] as const)('a network that fails at the %s is tried again without typing anything', async (call) => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    bot.umember.fail(call, { kind: 'reset', applied: false });
    const secret = owner.says('secret');
    await bot.quiet();
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('连不上平台');
    expect(secret.deleted).toBe(true);
    await bot.press(owner, failed, '再试一次');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('an account without an authorised store is told what to do', async () => {
    const bot = await openHarness();
    bot.umember.books.shops.get(5)!.status = 1;
    const owner = bot.telegram.person('王老板');
    await bot.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('没有已授权的门店');
    const [unbound] = await bot.ask(owner, bot.umember.books.coupon());
    expect(unbound!.text).toContain('还没有绑定门店');
  });

  it('an expired authorisation is named with its store; once it is mended the same account binds without secrets', async () => {
    const bot = await openHarness();
    const shop = bot.umember.books.shops.get(5)!;
    shop.status = 3;
    const owner = bot.telegram.person('王老板');
    await bot.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('授权已过期');
    expect(owner.chat.messages.at(-1)!.text).toContain(shop.name);
    shop.status = 2;
    await bot.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
    expect(bot.umember.calls('login')).toBe(1);
  });

  it('a list that does not tell about authorisation is believed', async () => {
    const bot = await openHarness();
    bot.umember.books.shops.get(5)!.status = null;
    const owner = await bot.owner();
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('/cancel leaves, and what is typed afterwards is no answer', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    const [left] = await bot.ask(owner, '/cancel');
    expect(left!.text).toContain('已退出');
    const [said] = await bot.ask(owner, 'secret');
    expect(said!.text).toContain('没有使用');
    expect(bot.umember.calls('login')).toBe(0);
    expect((await bot.ask(owner, '取消'))[0]!.text).toContain('没有正在进行');
  });

  it('取消 under a failure leaves too', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    await bot.ask(owner, 'wrong');
    const failed = owner.chat.messages.at(-1)!;
    await bot.press(owner, failed, '取消');
    expect(failed.text).toContain('已退出');
    expect(failed.buttons).toEqual([]);
  });

  it('another command meanwhile is obeyed, and the question stays open', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    const [help] = await bot.ask(owner, '/help');
    expect(help!.text).toContain('/bind');
    await bot.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('a password may look like a command, a code or a word', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    for (const password of ['/opensesame', '0332808512', '日报', '  secret  ']) {
      bot.umember.books.account('owner@example.com', password);
      const [first] = await bot.ask(owner, '/bind');
      if (labels(first!).includes('使用新账号')) await bot.press(owner, first!, '使用新账号');
      await bot.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
      await bot.ask(owner, 'owner@example.com');
      bot.telegram.happen({
        message: {
          message_id: 900_000 + owner.chat.messages.length,
          date: 0,
          chat: { id: owner.id, type: 'private', first_name: 'x' },
          from: owner.user,
          text: password,
        } as never,
      });
      await bot.quiet();
      const said = owner.chat.messages.at(-1)!.text;
      // Telegram itself trims what people type.
      expect(said).toContain(password.trim() === password ? '已绑定' : '密码不正确');
    }
  });

  it('the buttons of an earlier dialogue do nothing', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const [old] = await bot.ask(owner, '/bind');
    await bot.ask(owner, '/bind');
    expect(await bot.press(owner, old!, '美团 · umember')).toContain('/bind');
  });

  it('a dialogue is forgotten after ten minutes', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    await upToPassword(bot, owner);
    bot.later(11 * MINUTE);
    const [said] = await bot.ask(owner, 'secret');
    expect(said!.text).toContain('没有使用');
    expect(bot.umember.calls('login')).toBe(0);
  });
});

describe('/bind in a group', () => {
  it('is for its administrators only', async () => {
    const bot = await openHarness();
    const [owner, other] = [bot.telegram.person('王老板'), bot.telegram.person('小李')];
    const group = bot.telegram.group('前台群', { admins: [owner], members: [other] });
    const [no] = await bot.ask(other, '/bind', { in: group });
    expect(no!.text).toContain('只有群管理员');
    const [yes] = await bot.ask(owner, '/bind', { in: group });
    expect(yes!.text).toContain('选择平台');
  });

  it('tells an anonymous administrator how to go on', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    const [no] = await bot.ask(owner, '/bind', { in: group, anonymous: true });
    expect(no!.text).toContain('匿名');
    const [platforms] = await bot.ask(owner, '/bind', { in: group });
    const press = owner.presses(platforms!, '美团 · umember', { anonymous: true });
    expect((await bot.telegram.answered(press)).text).toContain('匿名');
  });

  it('offers to keep the password out of it, and asks who may verify', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    group.botMayDelete = true;
    const [platforms] = await bot.ask(owner, '/bind', { in: group });
    await bot.press(owner, platforms!, '美团 · umember');
    const email = group.messages.at(-1)!;
    expect(email.text).toContain('私聊');
    expect(email.forceReply).toBe(true);
    const [password] = await bot.ask(owner, 'owner@example.com', { in: group, replyTo: email });
    const secret = owner.says('secret', { in: group, replyTo: password! });
    const question = await group.shows('谁可以核销');
    expect(secret.deleted).toBe(true);
    expect(labels(question)).toEqual(['仅受邀员工', '群内所有人']);
    await bot.press(owner, question, '仅受邀员工');
    expect(question.text).toContain('谁可以核销：仅受邀员工');
    expect(question.buttons).toEqual([]);
  });

  it('where the bot may not delete, it asks the person to do so at once', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    const password = await upToPassword(bot, owner, group);
    const secret = owner.says('secret', { in: group, replyTo: password });
    await group.shows('手动删除');
    expect(secret.deleted).toBe(false);
    await group.shows('已绑定');
  });

  it('somebody else’s words are not taken for the answer, nor can he press', async () => {
    const bot = await openHarness();
    const [owner, other] = [bot.telegram.person('王老板'), bot.telegram.person('小李')];
    const group = bot.telegram.group('前台群', { admins: [owner], members: [other] });
    const [platforms] = await bot.ask(owner, '/bind', { in: group });
    expect(await bot.press(other, platforms!, '美团 · umember')).toContain('不是你发起的');
    await bot.press(owner, platforms!, '美团 · umember');
    await bot.ask(other, 'thief@example.com', { in: group, replyTo: group.messages.at(-1)! });
    const [password] = await bot.ask(owner, 'owner@example.com', { in: group });
    expect(password!.text).toContain('密码');
    await bot.ask(other, 'secret', { in: group, replyTo: password! });
    expect(bot.umember.calls('login')).toBe(0);
    await bot.ask(owner, 'secret', { in: group, replyTo: password! });
    await group.shows('已绑定');
  });

  it('取消 leaves it, said to the bot or just so', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    await upToPassword(bot, owner, group);
    expect((await bot.ask(owner, '取消', { in: group }))[0]!.text).toContain('已退出');
    expect(await bot.ask(owner, '取消', { in: group })).toEqual([]);
    expect((await bot.ask(owner, '/cancel@HexiaoBot', { in: group }))[0]!.text).toContain('没有正在进行');
  });

  it('works in privacy mode, where the bot hears only commands and replies to itself', async () => {
    const bot = await openHarness({ privacy: true });
    const owner = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    const password = await upToPassword(bot, owner, group);
    expect(password.text).toContain('密码');
    await bot.ask(owner, 'secret', { in: group, replyTo: password });
    await group.shows('已绑定');
    const [help] = await bot.ask(owner, '/help@HexiaoBot', { in: group });
    expect(help!.text).toContain('隐私模式');
    const code = bot.umember.books.coupon();
    owner.says(code, { in: group, replyTo: help! });
    await group.shows(code);
  });

  it('offers a person’s own account without a secret, masked', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = bot.telegram.group('前台群', { admins: [owner] });
    const [accounts] = await bot.ask(owner, '/bind', { in: group });
    expect(labels(accounts!)).toEqual(['美团 · umember ow***@example.com', '使用新账号']);
    await bot.press(owner, accounts!, '美团 · umember ow***@example.com');
    await group.shows('已绑定');
    expect(bot.umember.calls('login')).toBe(1);
  });

  it('an own account whose password was changed is asked for anew; one that cannot be reached is tried again', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.umember.fail('stores', { kind: 'gateway' });
    const [accounts] = await bot.ask(owner, '/bind');
    await bot.press(owner, accounts!, '美团 · umember ow***@example.com');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('连不上平台');
    bot.umember.endLogins();
    bot.umember.books.account('owner@example.com', 'changed');
    await bot.press(owner, failed, '再试一次');
    const refused = owner.chat.messages.at(-1)!;
    expect(refused.text).toContain('密码可能改过');
    await bot.press(owner, refused, '使用新账号');
    await bot.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
    await bot.ask(owner, 'owner@example.com');
    await bot.ask(owner, 'changed');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('a bound group is not taken over by another administrator', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const rival = bot.telegram.person('李四');
    const group = await bot.group(owner, []);
    group.members.set(rival.id, 'administrator');
    const [no] = await bot.ask(rival, '/bind', { in: group });
    expect(no!.text).toContain('只有店主可以更换');
  });

  it('two administrators who bind at the same time: the first has it', async () => {
    const bot = await openHarness();
    const [owner, rival] = [await bot.owner(), await bot.learner('李四')];
    const group = bot.telegram.group('前台群', { admins: [owner, rival] });
    const [theirs] = await bot.ask(rival, '/bind', { in: group });
    await bot.press(rival, theirs!, '练习店');
    const stores = group.messages.at(-1)!;
    await bot.bind(owner, group);
    await bot.press(rival, stores, '练习棋牌室（大学城店）');
    expect(texts(group).at(-1)).toContain('只有店主可以更换');
    expect((await bot.card(owner, bot.umember.books.coupon(), group)).text).toContain('大声發');
  });

  it('bound anew to the same store, it keeps the answer to 谁可以核销', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const helper = bot.telegram.person('小李');
    const group = await bot.group(owner, [helper], '群内所有人');
    await bot.bind(owner, group);
    expect(texts(group).filter((text) => text === '谁可以核销：')).toHaveLength(0);
    await bot.card(helper, bot.umember.books.coupon(), group);
  });
});

describe('/unbind', () => {
  it('asks once more, keeps the records, and the chat can be bound again', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.press(owner, await bot.card(owner), '确认核销');
    const [question] = await bot.ask(owner, '/unbind');
    expect(question!.text).toContain('大声發24小时自助棋牌室5');
    await bot.press(owner, question!, '确定解绑');
    expect(question!.text).toContain('已与「大声發24小时自助棋牌室5」解绑');
    expect((await bot.ask(owner, bot.umember.books.coupon()))[0]!.text).toContain('/bind');
    expect((await bot.ask(owner, '解绑'))[0]!.text).toContain('还没有绑定');
    await bot.bind(owner);
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('核销 1 张');
  });

  it('in a group is for the owner and its administrators, at the press too', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const helper = bot.telegram.person('小李');
    const group = await bot.group(owner, [helper], '群内所有人');
    expect((await bot.ask(helper, '/unbind', { in: group }))[0]!.text).toContain('只有店主');
    const [question] = await bot.ask(owner, '/unbind', { in: group });
    expect(await bot.press(helper, question!, '确定解绑')).toContain('只有店主');
    await bot.press(owner, question!, '确定解绑');
    expect(question!.text).toContain('解绑');
  });

  it('by an administrator of the group who is no owner is told to the owners, with the way back; by an owner it is not', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const deputy = bot.telegram.person('群管理');
    const group = await bot.group(owner, []);
    group.members.set(deputy.id, 'administrator');
    const [question] = await bot.ask(deputy, '/unbind', { in: group });
    await bot.press(deputy, question!, '确定解绑');
    await bot.tick();
    const told = texts(owner.chat).filter((text) => text.includes('解绑'));
    expect(told).toEqual([
      expect.stringMatching(/^群管理（不是店主）解绑了群「前台群」：.*「大声發24小时自助棋牌室5」.*“?\/bind/),
    ]);
    const facts = await bot.database.db.selectFrom('fact').select('by_name').where('kind', '=', 'chat.unbound').execute();
    expect(facts).toEqual([{ by_name: '群管理' }]);
    await bot.bind(owner, group);
    await bot.press(owner, (await bot.ask(owner, '/unbind', { in: group }))[0]!, '确定解绑');
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('解绑'))).toHaveLength(1);
  });

  it('ends the summaries of a group, which may change hands; other chats go on receiving them', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await bot.group(owner, []);
    for (const chat of [owner.chat, group]) await bot.ask(owner, '/report', { in: chat });
    const [question] = await bot.ask(owner, '/unbind', { in: group });
    await bot.press(owner, question!, '确定解绑');
    expect(question!.text).toContain('日报也不再发到本聊天');
    bot.later(DAY);
    await bot.tick();
    expect([group, owner.chat].map((chat) => texts(chat).filter((text) => text.includes('日报 · ')).length)).toEqual([0, 1]);
  });
});

describe('/store', () => {
  it('switches between the stores of the account, for the owner', async () => {
    const bot = await openHarness();
    bot.umember.books.shop({ id: 6 });
    const owner = bot.telegram.person('王老板');
    await bot.bind(owner);
    await bot.press(owner, owner.chat.messages.at(-1)!, '大声發24小时自助棋牌室5');
    const code = bot.umember.books.coupon({ store: 6 });
    expect((await bot.ask(owner, code))[0]!.text).toContain('非本店');
    bot.umember.books.shop({ id: 7 });
    bot.umember.books.shops.get(7)!.status = 3;
    const [stores] = await bot.ask(owner, '/store');
    expect(stores!.text).toBe(
      '现在是「大声發24小时自助棋牌室5」。\n选择门店：\n另有 1 家门店未授权或授权已过期：大声發24小时自助棋牌室7。请先在平台后台授权。',
    );
    await bot.press(owner, stores!, '大声發24小时自助棋牌室6');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定「大声發24小时自助棋牌室6」');
    expect((await bot.card(owner, code)).text).toContain('门店：大声發24小时自助棋牌室6');
  });

  it('says so where there is no other one', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [told] = await bot.ask(owner, '/store');
    expect(told!.text).toContain('本聊天是「大声發24小时自助棋牌室5」，这个账号下能用的只有这一家');
  });

  it('is not for staff', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    expect((await bot.ask(helper, '/store'))[0]!.text).toContain('只有店主');
    expect((await bot.ask(helper, '门店'))[0]!.text).toContain('只有店主');
  });

  it('can be tried again when the platform cannot be reached', async () => {
    const bot = await openHarness();
    bot.umember.books.shop({ id: 6 });
    const owner = bot.telegram.person('王老板');
    await bot.bind(owner);
    await bot.press(owner, owner.chat.messages.at(-1)!, '大声發24小时自助棋牌室5');
    bot.umember.fail('stores', { kind: 'reset' });
    const [failed] = await bot.ask(owner, '/store');
    await bot.press(owner, failed!, '再试一次');
    expect(owner.chat.messages.at(-1)!.text).toContain('选择门店');
    bot.later(HOUR);
  });
});

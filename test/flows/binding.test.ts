import { describe, expect, it } from 'vitest';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, MINUTE, openTown, texts, type Town } from './harness.ts';

/** The dialogue up to the password's question. */
async function upToPassword(town: Town, person: FakePerson, chat: FakeChat = person.chat): Promise<FakeMessage> {
  const saying = chat === person.chat ? {} : { in: chat };
  const [platforms] = await town.ask(person, '/bind', saying);
  await town.press(person, platforms!, '美团 · umember');
  const [password] = await town.ask(person, 'owner@example.com', { ...saying, replyTo: chat.messages.at(-1)! });
  return password!;
}

describe('/bind in a private chat', () => {
  it('asks one thing at a time, deletes the password, and says which store it is', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const [platforms, ...more] = await town.ask(owner, '/bind');
    expect(more).toEqual([]);
    expect(platforms!.text).toContain('选择平台');
    // Those this installation is set up for.
    expect(labels(platforms!)).toEqual(['美团 · umember', '练习店']);
    await town.press(owner, platforms!, '美团 · umember');
    const email = owner.chat.messages.at(-1)!;
    expect(email.text).toContain('邮箱');
    expect(email.text).toContain('不加密');
    expect(email.text).toContain('http');
    const [password] = await town.ask(owner, ' owner@example.com ');
    expect(password!.text).toContain('密码');
    const secret = owner.says('secret');
    await town.quiet();
    expect(secret.deleted).toBe(true);
    const done = owner.chat.messages.at(-1)!;
    expect(done.text).toContain('已绑定「大声發24小时自助棋牌室5」');
    expect(done.text).toContain('/staff');
    expect(texts(owner.chat).join('\n')).not.toContain('谁可以核销');
    expect(town.faults).toEqual([]);
  });

  it('by a plain word as well: 绑定', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const [platforms] = await town.ask(owner, '绑定');
    expect(platforms!.text).toContain('选择平台');
  });

  it('a wrong password has a sentence of its own, and is typed again', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    await town.ask(owner, 'wrong');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('邮箱或密码不正确');
    await town.press(owner, failed, '重新输入');
    expect(owner.chat.messages.at(-1)!.text).toContain('请发送密码');
    expect(owner.chat.messages.at(-1)!.text).not.toContain('不加密');
    await town.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it.each(['login', 'stores'] as const)('a network that fails at the %s is tried again without typing anything', async (call) => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    town.umember.fail(call, { kind: 'reset', applied: false });
    const secret = owner.says('secret');
    await town.quiet();
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('连不上平台');
    expect(secret.deleted).toBe(true);
    await town.press(owner, failed, '再试一次');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('an account without stores is told what to do', async () => {
    const town = await openTown();
    town.umember.books.shops.clear();
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('账号下没有门店');
  });

  it('an account without an authorised store is told what to do', async () => {
    const town = await openTown();
    town.umember.books.shops.get(5)!.status = 1;
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('没有已授权的门店');
    const [unbound] = await town.ask(owner, town.umember.books.coupon());
    expect(unbound!.text).toContain('还没有绑定门店');
  });

  it('an expired authorisation is named with its store; once it is mended the same account binds without secrets', async () => {
    const town = await openTown();
    const shop = town.umember.books.shops.get(5)!;
    shop.status = 3;
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('授权已过期');
    expect(owner.chat.messages.at(-1)!.text).toContain(shop.name);
    shop.status = 2;
    await town.bind(owner);
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
    expect(town.umember.calls('login')).toBe(1);
  });

  it('a list that does not tell about authorisation is believed', async () => {
    const town = await openTown();
    town.umember.books.shops.get(5)!.status = null;
    const owner = await town.owner();
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('many stores are turned by the page, and those without authorisation are left out and counted', async () => {
    const town = await openTown();
    for (let n = 6; n < 25; n++) town.umember.books.shop({ id: n, status: n === 24 ? 3 : 2 });
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    const list = owner.chat.messages.at(-1)!;
    expect(list.text).toContain('选择门店');
    expect(list.text).toContain('另有 1 家');
    expect(labels(list)).toHaveLength(9);
    await town.press(owner, list, '下一页');
    expect(labels(list)).toContain('上一页');
    await town.press(owner, list, '下一页');
    expect(labels(list)).toEqual(['大声發24小时自助棋牌室21', '大声發24小时自助棋牌室22', '大声發24小时自助棋牌室23', '上一页']);
    await town.press(owner, list, '上一页');
    await town.press(owner, list, '大声發24小时自助棋牌室15');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定「大声發24小时自助棋牌室15」');
    expect(await town.press(owner, list, '大声發24小时自助棋牌室15')).toContain('已结束');
  });

  it.each(['not an address', '', '😀@', 'a'.repeat(300)])('what is no address (%s) is asked for again', async (text) => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const [platforms] = await town.ask(owner, '/bind');
    await town.press(owner, platforms!, '美团 · umember');
    if (text === '') await town.ask(owner, ' \u200b ');
    else await town.ask(owner, text);
    expect(owner.chat.messages.at(-1)!.text).toContain('格式不对');
    await town.ask(owner, 'owner@example.com');
    expect(owner.chat.messages.at(-1)!.text).toContain('密码');
  });

  it('/cancel leaves, and what is typed afterwards is no answer', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    const [left] = await town.ask(owner, '/cancel');
    expect(left!.text).toContain('已退出');
    const [said] = await town.ask(owner, 'secret');
    expect(said!.text).toContain('没有使用');
    expect(town.umember.calls('login')).toBe(0);
    expect((await town.ask(owner, '取消'))[0]!.text).toContain('没有正在进行');
  });

  it('取消 under a failure leaves too', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    await town.ask(owner, 'wrong');
    const failed = owner.chat.messages.at(-1)!;
    await town.press(owner, failed, '取消');
    expect(failed.text).toContain('已退出');
    expect(failed.buttons).toEqual([]);
  });

  it('another command meanwhile is obeyed, and the question stays open', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    const [help] = await town.ask(owner, '/help');
    expect(help!.text).toContain('/bind');
    await town.ask(owner, 'secret');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('a password may look like a command, a code or a word', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    for (const password of ['/opensesame', '0332808512', '日报', '  secret  ']) {
      town.umember.books.account('owner@example.com', password);
      const [first] = await town.ask(owner, '/bind');
      if (labels(first!).includes('使用新账号')) await town.press(owner, first!, '使用新账号');
      await town.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
      await town.ask(owner, 'owner@example.com');
      town.telegram.happen({
        message: {
          message_id: 900_000 + owner.chat.messages.length,
          date: 0,
          chat: { id: owner.id, type: 'private', first_name: 'x' },
          from: owner.user,
          text: password,
        } as never,
      });
      await town.quiet();
      const said = owner.chat.messages.at(-1)!.text;
      // Telegram itself trims what people type.
      expect(said).toContain(password.trim() === password ? '已绑定' : '密码不正确');
    }
  });

  it('the buttons of an earlier dialogue do nothing', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const [old] = await town.ask(owner, '/bind');
    await town.ask(owner, '/bind');
    expect(await town.press(owner, old!, '美团 · umember')).toContain('/bind');
  });

  it('a dialogue is forgotten after ten minutes', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    await upToPassword(town, owner);
    town.later(11 * MINUTE);
    const [said] = await town.ask(owner, 'secret');
    expect(said!.text).toContain('没有使用');
    expect(town.umember.calls('login')).toBe(0);
  });
});

describe('/bind in a group', () => {
  it('is for its administrators only', async () => {
    const town = await openTown();
    const [owner, other] = [town.telegram.person('王老板'), town.telegram.person('小李')];
    const group = town.telegram.group('前台群', { admins: [owner], members: [other] });
    const [no] = await town.ask(other, '/bind', { in: group });
    expect(no!.text).toContain('只有群管理员');
    const [yes] = await town.ask(owner, '/bind', { in: group });
    expect(yes!.text).toContain('选择平台');
  });

  it('tells an anonymous administrator how to go on', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('前台群', { admins: [owner] });
    const [no] = await town.ask(owner, '/bind', { in: group, anonymous: true });
    expect(no!.text).toContain('匿名');
    const [platforms] = await town.ask(owner, '/bind', { in: group });
    const press = owner.presses(platforms!, '美团 · umember', { anonymous: true });
    expect((await town.telegram.answered(press)).text).toContain('匿名');
  });

  it('offers to keep the password out of it, and asks who may verify', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('前台群', { admins: [owner] });
    group.botMayDelete = true;
    const [platforms] = await town.ask(owner, '/bind', { in: group });
    await town.press(owner, platforms!, '美团 · umember');
    const email = group.messages.at(-1)!;
    expect(email.text).toContain('私聊');
    expect(email.forceReply).toBe(true);
    const [password] = await town.ask(owner, 'owner@example.com', { in: group, replyTo: email });
    const secret = owner.says('secret', { in: group, replyTo: password! });
    const question = await group.shows('谁可以核销');
    expect(secret.deleted).toBe(true);
    expect(labels(question)).toEqual(['仅受邀员工', '群内所有人']);
    await town.press(owner, question, '仅受邀员工');
    expect(question.text).toContain('谁可以核销：仅受邀员工');
    expect(question.buttons).toEqual([]);
  });

  it('where the bot may not delete, it asks the person to do so at once', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('前台群', { admins: [owner] });
    const password = await upToPassword(town, owner, group);
    const secret = owner.says('secret', { in: group, replyTo: password });
    await group.shows('手动删除');
    expect(secret.deleted).toBe(false);
    await group.shows('已绑定');
  });

  it('somebody else’s words are not taken for the answer, nor can he press', async () => {
    const town = await openTown();
    const [owner, other] = [town.telegram.person('王老板'), town.telegram.person('小李')];
    const group = town.telegram.group('前台群', { admins: [owner], members: [other] });
    const [platforms] = await town.ask(owner, '/bind', { in: group });
    expect(await town.press(other, platforms!, '美团 · umember')).toContain('不是你发起的');
    await town.press(owner, platforms!, '美团 · umember');
    await town.ask(other, 'thief@example.com', { in: group, replyTo: group.messages.at(-1)! });
    const [password] = await town.ask(owner, 'owner@example.com', { in: group });
    expect(password!.text).toContain('密码');
    await town.ask(other, 'secret', { in: group, replyTo: password! });
    expect(town.umember.calls('login')).toBe(0);
    await town.ask(owner, 'secret', { in: group, replyTo: password! });
    await group.shows('已绑定');
  });

  it('取消 leaves it, said to the bot or just so', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('前台群', { admins: [owner] });
    await upToPassword(town, owner, group);
    expect((await town.ask(owner, '取消', { in: group }))[0]!.text).toContain('已退出');
    expect(await town.ask(owner, '取消', { in: group })).toEqual([]);
    expect((await town.ask(owner, '/cancel@HexiaoBot', { in: group }))[0]!.text).toContain('没有正在进行');
  });

  it('works in privacy mode, where the bot hears only commands and replies to itself', async () => {
    const town = await openTown({ privacy: true });
    const owner = town.telegram.person('王老板');
    const group = town.telegram.group('前台群', { admins: [owner] });
    const password = await upToPassword(town, owner, group);
    expect(password.text).toContain('密码');
    await town.ask(owner, 'secret', { in: group, replyTo: password });
    await group.shows('已绑定');
    const [help] = await town.ask(owner, '/help@HexiaoBot', { in: group });
    expect(help!.text).toContain('隐私模式');
    const code = town.umember.books.coupon();
    owner.says(code, { in: group, replyTo: help! });
    await group.shows(code);
  });

  it('offers a person’s own account without a secret, masked', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const group = town.telegram.group('前台群', { admins: [owner] });
    const [accounts] = await town.ask(owner, '/bind', { in: group });
    expect(labels(accounts!)).toEqual(['美团 · umember ow***@example.com', '使用新账号']);
    await town.press(owner, accounts!, '美团 · umember ow***@example.com');
    await group.shows('已绑定');
    expect(town.umember.calls('login')).toBe(1);
  });

  it('an own account whose password was changed is asked for anew; one that cannot be reached is tried again', async () => {
    const town = await openTown();
    const owner = await town.owner();
    town.umember.fail('stores', { kind: 'gateway' });
    const [accounts] = await town.ask(owner, '/bind');
    await town.press(owner, accounts!, '美团 · umember ow***@example.com');
    const failed = owner.chat.messages.at(-1)!;
    expect(failed.text).toContain('连不上平台');
    town.umember.endLogins();
    town.umember.books.account('owner@example.com', 'changed');
    await town.press(owner, failed, '再试一次');
    const refused = owner.chat.messages.at(-1)!;
    expect(refused.text).toContain('密码可能改过');
    await town.press(owner, refused, '使用新账号');
    await town.press(owner, owner.chat.messages.at(-1)!, '美团 · umember');
    await town.ask(owner, 'owner@example.com');
    await town.ask(owner, 'changed');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定');
  });

  it('a bound group is not taken over by another administrator', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const rival = town.telegram.person('李四');
    const group = await town.group(owner, []);
    group.members.set(rival.id, 'administrator');
    const [no] = await town.ask(rival, '/bind', { in: group });
    expect(no!.text).toContain('只有店主可以更换');
  });

  it('two administrators who bind at the same time: the first has it', async () => {
    const town = await openTown();
    const [owner, rival] = [await town.owner(), await town.learner('李四')];
    const group = town.telegram.group('前台群', { admins: [owner, rival] });
    const [theirs] = await town.ask(rival, '/bind', { in: group });
    await town.press(rival, theirs!, '练习店');
    const stores = group.messages.at(-1)!;
    await town.bind(owner, group);
    await town.press(rival, stores, '练习棋牌室（大学城店）');
    expect(texts(group).at(-1)).toContain('只有店主可以更换');
    expect((await town.card(owner, town.umember.books.coupon(), group)).text).toContain('大声發');
  });

  it('bound anew to the same store, it keeps the answer to 谁可以核销', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const helper = town.telegram.person('小李');
    const group = await town.group(owner, [helper], '群内所有人');
    await town.bind(owner, group);
    expect(texts(group).filter((text) => text === '谁可以核销：')).toHaveLength(0);
    await town.card(helper, town.umember.books.coupon(), group);
  });
});

describe('/unbind', () => {
  it('asks once more, keeps the records, and the chat can be bound again', async () => {
    const town = await openTown();
    const owner = await town.owner();
    await town.press(owner, await town.card(owner), '确认核销');
    const [question] = await town.ask(owner, '/unbind');
    expect(question!.text).toContain('大声發24小时自助棋牌室5');
    await town.press(owner, question!, '确定解绑');
    expect(question!.text).toContain('已与「大声發24小时自助棋牌室5」解绑');
    expect((await town.ask(owner, town.umember.books.coupon()))[0]!.text).toContain('/bind');
    expect((await town.ask(owner, '解绑'))[0]!.text).toContain('还没有绑定');
    await town.bind(owner);
    expect((await town.ask(owner, '/summary'))[0]!.text).toContain('核销 1 张');
  });

  it('in a group is for the owner and its administrators, at the press too', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const helper = town.telegram.person('小李');
    const group = await town.group(owner, [helper], '群内所有人');
    expect((await town.ask(helper, '/unbind', { in: group }))[0]!.text).toContain('只有店主');
    const [question] = await town.ask(owner, '/unbind', { in: group });
    expect(await town.press(helper, question!, '确定解绑')).toContain('只有店主');
    await town.press(owner, question!, '确定解绑');
    expect(question!.text).toContain('解绑');
  });
});

describe('/store', () => {
  it('switches between the stores of the account, for the owner', async () => {
    const town = await openTown();
    town.umember.books.shop({ id: 6 });
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    await town.press(owner, owner.chat.messages.at(-1)!, '大声發24小时自助棋牌室5');
    const code = town.umember.books.coupon({ store: 6 });
    expect((await town.ask(owner, code))[0]!.text).toContain('非本店');
    const [stores] = await town.ask(owner, '/store');
    await town.press(owner, stores!, '大声發24小时自助棋牌室6');
    expect(owner.chat.messages.at(-1)!.text).toContain('已绑定「大声發24小时自助棋牌室6」');
    expect((await town.card(owner, code)).text).toContain('门店: 大声發24小时自助棋牌室6');
  });

  it('is not for staff', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    expect((await town.ask(helper, '/store'))[0]!.text).toContain('只有店主');
    expect((await town.ask(helper, '门店'))[0]!.text).toContain('只有店主');
  });

  it('can be tried again when the platform cannot be reached', async () => {
    const town = await openTown();
    town.umember.books.shop({ id: 6 });
    const owner = town.telegram.person('王老板');
    await town.bind(owner);
    await town.press(owner, owner.chat.messages.at(-1)!, '大声發24小时自助棋牌室5');
    town.umember.fail('stores', { kind: 'reset' });
    const [failed] = await town.ask(owner, '/store');
    await town.press(owner, failed!, '再试一次');
    expect(owner.chat.messages.at(-1)!.text).toContain('选择门店');
    town.later(HOUR);
  });
});

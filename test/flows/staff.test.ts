import { describe, expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, labels, linkIn, MINUTE, openTown, texts, type Town } from './harness.ts';

/** An invitation of the owner's: the link, and the six digits that do the same. */
async function invitation(town: Town, owner: FakePerson): Promise<{ link: string; word: string }> {
  const [list] = await town.ask(owner, '/staff');
  await town.press(owner, list!, '邀请员工');
  const told = owner.chat.messages.at(-1)!;
  return { link: linkIn(told), word: /发送：(\d{6})/.exec(told.text)?.[1] ?? '' };
}

describe('/staff', () => {
  it('invites by a link or six digits; whoever takes it up verifies from a private chat', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { link, word } = await invitation(town, owner);
    expect(link).toContain(`https://t.me/HexiaoBot?start=join-${word}`);
    const [byLink, byWord] = [town.telegram.person('小李'), town.telegram.person('小张')];
    byLink.opens(link);
    expect((await byLink.chat.shows('欢迎')).text).toContain('大声發24小时自助棋牌室5');
    const second = await invitation(town, owner);
    expect((await town.ask(byWord, second.word))[0]!.text).toContain('欢迎');
    const card = await town.card(byLink);
    await town.press(byLink, card, '确认核销');
    expect(card.text).toContain('核销人: 小李');
    const [list] = await town.ask(owner, '员工');
    expect(list!.text).toContain('（2 人）');
    expect(list!.text).toContain('小李（2026-11-22 18:30 加入）');
    expect(labels(list!)).toEqual(['邀请员工', '移除 小李', '移除 小张']);
  });

  it('an invitation works once', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { link, word } = await invitation(town, owner);
    const [first, second] = [town.telegram.person('小李'), town.telegram.person('小张')];
    first.opens(link);
    await first.chat.shows('欢迎');
    second.opens(link);
    await second.chat.shows('已被使用或已过期');
    expect((await town.ask(second, `加入 ${word}`))[0]!.text).toContain('已被使用或已过期');
    expect((await town.ask(second, town.umember.books.coupon()))[0]!.text).toContain('还没有绑定');
  });

  it('an owner who tries the link himself does not use it up', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { link } = await invitation(town, owner);
    owner.opens(link);
    await owner.chat.shows('你是店主');
    const helper = town.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('欢迎');
  });

  it('an invitation lasts a day', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { link } = await invitation(town, owner);
    town.later(DAY + 1);
    const helper = town.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('已过期');
  });

  it('guessing invitations is slowed', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { word } = await invitation(town, owner);
    const thief = town.telegram.person('路人');
    for (let n = 0; n < 5; n++) await town.ask(thief, String((Number(word) + 1 + n) % 1_000_000).padStart(6, '0'));
    expect((await town.ask(thief, word))[0]!.text).toContain('稍后再试');
    expect(texts(thief.chat).join()).not.toContain('欢迎');
  });

  it('guessing invitations is slowed in many groups at once too', async () => {
    const town = await openTown();
    const thief = town.telegram.person('路人');
    const groups = Array.from({ length: 30 }, (_, n) => town.telegram.group(`群 ${n}`, { admins: [thief] }));
    town.telegram.hold();
    for (const [n, group] of groups.entries()) thief.says(`/start@HexiaoBot join-${String(n).padStart(6, '0')}`, { in: group });
    town.telegram.release();
    await town.quiet();
    const tried = groups.flatMap((group) => texts(group)).filter((text) => text.includes('邀请不存在'));
    expect(tried.length).toBeLessThanOrEqual(5);
  });

  it('a wrong word is no unknown code: whoever mistypes invitations looks coupons up all the same', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    for (let n = 0; n < 6; n++) expect((await town.ask(helper, `00000${n}`))[0]!.text).toContain('6 位数字，不像券码');
    expect((await town.ask(helper, '加入 000009'))[0]!.text).toContain('稍后再试');
    await town.card(helper);
    await town.tick();
    expect(texts(owner.chat).join()).not.toContain('提醒');
  });

  it('a bare number that is no invitation is an odd code to whoever has a store; 加入 asks for an invitation', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    expect((await town.ask(helper, '123456'))[0]!.text).toContain('6 位数字，不像券码');
    expect((await town.ask(helper, '加入 123456'))[0]!.text).toContain('邀请不存在');
    expect((await town.ask(town.telegram.person('路人'), '123456'))[0]!.text).toContain('邀请不存在');
  });

  it('is the owner’s: staff and strangers are refused, at the press too', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    expect((await town.ask(helper, '/staff'))[0]!.text).toContain('只有店主');
    const [list] = await town.ask(owner, '/staff');
    const [invite, remove] = list!.buttons.flat();
    for (const { data } of [invite!, remove!]) {
      const press = helper.forges(helper.chat.messages.at(-1)!, data);
      expect((await town.telegram.answered(press)).text).toContain('只有店主');
    }
    expect((await town.ask(town.telegram.person('路人'), '/staff'))[0]!.text).toContain('还没有绑定');
  });

  it('a removed person’s open cards are dead at once, and so are his commands', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    const code = town.umember.books.coupon();
    const card = await town.card(helper, code);
    const [list] = await town.ask(owner, '/staff');
    await town.press(owner, list!, '移除 小李');
    expect(texts(owner.chat).at(-1)).toContain('已移除 小李');
    expect(await town.press(helper, card, '确认核销')).toContain('没有核销权限');
    expect(await town.press(helper, card, '取消')).toContain('没有核销权限');
    expect(town.umember.books.used(code)).toEqual([]);
    for (const text of [code, '/summary', '/history', '/undo', '/status'])
      expect((await town.ask(helper, text))[0]!.text).toContain('还不是这家门店的员工');
    expect((await town.ask(owner, '/staff'))[0]!.text).toContain('（0 人）');
    expect((await town.card(owner, code)).text).toContain('未使用');
  });
});

describe('who works in two stores', () => {
  it('goes to and fro with /store', async () => {
    const town = await openTown();
    const helper = await town.staff(await town.owner());
    const learner = await town.learner('李四');
    helper.opens((await invitation(town, learner)).link);
    await town.press(helper, await helper.chat.shows('练习棋牌室（人民路店）」邀请你'), '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('欢迎！你已成为「练习棋牌室（人民路店）」');
    const [stores] = await town.ask(helper, '/store');
    expect(labels(stores!)).toEqual(['大声發24小时自助棋牌室5', '练习棋牌室（人民路店）']);
    await town.press(helper, stores!, '大声發24小时自助棋牌室5');
    expect(stores!.text).toContain('本聊天现在是「大声發24小时自助棋牌室5」');
    expect((await town.card(helper)).text).toContain('大声發24小时自助棋牌室5');
  });

  it('cannot go where he does not work', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    helper.opens((await invitation(town, await town.learner('李四'))).link);
    await town.press(helper, await helper.chat.shows('邀请你'), '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('欢迎！你已成为「练习');
    const [stores] = await town.ask(helper, '/store');
    await town.press(owner, (await town.ask(owner, '/staff'))[0]!, '移除 小李');
    expect(await town.press(helper, stores!, '大声發24小时自助棋牌室5')).toContain('没有核销权限');
  });
});

describe('an invitation to another store', () => {
  /** A second merchant with a shop of his own at umember. */
  async function rival(town: Town): Promise<FakePerson> {
    town.umember.books.account('rival@example.com', 'secret');
    town.umember.books.shop({ owner: 'rival@example.com', name: '隔壁棋牌室' });
    const person = town.telegram.person('李四');
    await town.press(person, (await town.ask(person, '/bind'))[0]!, '美团 · umember');
    await town.ask(person, 'rival@example.com');
    await town.ask(person, 'secret');
    return person;
  }

  it('moves no chat that works for a store: it asks, naming both, and staying leaves the invitation good', async () => {
    const town = await openTown();
    const helper = await town.staff(await town.owner());
    const { link } = await invitation(town, await rival(town));
    helper.opens(link);
    const question = await helper.chat.shows('邀请你');
    expect(question.text).toContain('「隔壁棋牌室」');
    expect(question.text).toContain('「大声發24小时自助棋牌室5」');
    expect(labels(question)).toEqual(['留在「大声發24小时自助棋牌室5」', '加入「隔壁棋牌室」']);
    expect((await town.card(helper)).text).toContain('大声發24小时自助棋牌室5');
    await town.press(helper, question, '留在「大声發24小时自助棋牌室5」');
    expect(question.text).toContain('没有加入');
    expect(question.buttons).toEqual([]);
    expect((await town.ask(helper, '/store'))[0]!.text).toContain('只有店主');
    const other = town.telegram.person('小张');
    other.opens(link);
    await other.chat.shows('欢迎！你已成为「隔壁棋牌室」');
  });

  it('of a practice store says that it is one, to the owner of a real store too', async () => {
    const town = await openTown();
    const owner = await town.owner();
    owner.opens((await invitation(town, await town.learner('李四'))).link);
    const question = await owner.chat.shows('邀请你');
    expect(question.text).toContain('练习店');
    expect(question.text).toContain('「大声發24小时自助棋牌室5」');
    expect((await town.ask(owner, '1000123456'))[0]!.text).toContain('券码不存在');
  });

  it('of a practice store, opened in a real store’s group by one of its staff, asks him alone', async () => {
    const town = await openTown();
    const owner = town.telegram.person('王老板');
    const [helper, other] = [town.telegram.person('小李'), town.telegram.person('小张')];
    const group = await town.group(owner, [helper, other], '群内所有人');
    const { word } = await invitation(town, await town.learner('李四'));
    const [question] = await town.ask(helper, `/start@HexiaoBot join-${word}`, { in: group });
    expect(question!.text).toContain('练习店');
    expect(await town.press(other, question!, '加入「练习棋牌室（人民路店）」')).toContain('不是问你的');
    expect((await town.ask(helper, '1000123456', { in: group }))[0]!.text).toContain('券码不存在');
    await town.press(helper, question!, '加入「练习棋牌室（人民路店）」');
    await group.shows('欢迎！');
    expect((await town.card(helper, town.umember.books.coupon(), group)).text).toContain('大声發');
  });

  it('a question is answered once, and not after the invitation was used by another', async () => {
    const town = await openTown();
    const helper = await town.staff(await town.owner());
    const { link } = await invitation(town, await town.learner('李四'));
    helper.opens(link);
    const question = await helper.chat.shows('邀请你');
    const other = town.telegram.person('小张');
    other.opens(link);
    await other.chat.shows('欢迎！');
    await town.press(helper, question, '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('已被使用');
    expect(await town.press(helper, question, '加入「练习棋牌室（人民路店）」')).toContain('已失效');
  });

  it('is worth nothing once its inviter is no owner', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { link } = await invitation(town, owner);
    await town.store.db.deleteFrom('owner').execute();
    const helper = town.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('邀请不存在');
  });
});

describe('owners are told', () => {
  it('who joined, with a button that removes them; only an owner’s press does', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    await town.tick();
    const told = await owner.chat.shows('通过邀请成为');
    expect(told.text).toContain('小李');
    expect(told.text).toContain('大声發24小时自助棋牌室5');
    const [remove] = told.buttons.flat();
    const press = helper.forges(helper.chat.messages.at(-1)!, remove!.data);
    expect((await town.telegram.answered(press)).text).toContain('只有店主');
    const card = await town.card(helper);
    await town.press(owner, told, '移除 小李');
    expect(texts(owner.chat).at(-1)).toContain('已移除 小李');
    expect(await town.press(helper, card, '确认核销')).toContain('没有核销权限');
  });

  it('of a new owner, with a button that ends it: his groups are unbound, and whom he invited is out', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const thief = town.telegram.person('路人');
    const helper = town.telegram.person('帮手');
    const den = await town.group(thief, [helper], '群内所有人');
    await town.tick();
    const told = await owner.chat.shows('成为店主');
    expect(told.text).toContain('路人');
    expect(told.text).toContain('群「前台群」');
    expect(told.text).toContain('美团 · umember');
    expect(texts(thief.chat).join()).not.toContain('成为店主');
    const [list] = await town.ask(thief, '/staff', { in: den });
    await town.press(thief, list!, '邀请员工');
    const card = await town.card(helper, town.umember.books.coupon(), den);
    await town.press(owner, told, '移除 路人');
    expect(texts(owner.chat).at(-1)).toContain('已移除店主 路人');
    expect(await town.press(helper, card, '确认核销')).toContain('没有核销权限');
    await town.tick();
    await den.shows('本聊天已与门店解绑');
    expect((await town.ask(thief, '/staff', { in: den }))[0]!.text).toContain('还没有绑定');
    expect(labels((await town.ask(thief, '/bind'))[0]!)).not.toContain('使用新账号');
    // He who is out removes nobody.
    const back = thief.forges(den.messages.at(-1)!, told.buttons.flat()[0]!.data);
    expect((await town.telegram.answered(back)).text).toContain('只有店主');
    expect((await town.card(owner)).text).toContain('未使用');
  });

  it('not again of an owner who binds once more', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const partner = town.telegram.person('合伙人');
    await town.bind(partner);
    await town.bind(partner);
    await town.bind(owner);
    await town.tick();
    for (const { chat } of [owner, partner])
      expect(texts(chat).filter((text) => text.includes('成为店主'))).toHaveLength(chat === owner.chat ? 1 : 0);
  });
});

describe('guessing codes', () => {
  const guess = async (town: Town, person: FakePerson, times: number) => {
    for (let n = 0; n < times; n++) expect((await town.ask(person, String(9_000_000_000 + n)))[0]!.text).toContain('不存在');
  };

  it('five that do not exist: a pause, told to the owner, that doubles', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const helper = await town.staff(owner);
    await guess(town, helper, 5);
    const code = town.umember.books.coupon();
    expect((await town.ask(helper, code))[0]!.text).toContain('1 分钟后');
    const calls = town.umember.calls('detail');
    await town.tick();
    expect(texts(owner.chat).at(-1)).toContain('小李');
    expect(texts(owner.chat).at(-1)).toContain('不存在的券码');
    town.later(MINUTE);
    await guess(town, helper, 1);
    expect(town.umember.calls('detail')).toBe(calls + 1);
    expect((await town.ask(helper, code))[0]!.text).toContain('2 分钟后');
    town.later(2 * MINUTE);
    await town.card(helper, code);
    // A good code takes off one of the six, not all of them.
    await guess(town, helper, 1);
    expect((await town.ask(helper, code))[0]!.text).toContain('2 分钟后');
    town.later(2 * MINUTE);
    for (let n = 0; n < 3; n++) await town.card(helper);
    await guess(town, helper, 1);
    await town.card(helper);
    await town.tick();
    expect(texts(owner.chat).filter((text) => text.includes('不存在的券码'))).toHaveLength(1);
  });

  it('is not held against the owner', async () => {
    const town = await openTown();
    const owner = await town.owner();
    await guess(town, owner, 7);
    await town.card(owner);
  });
});

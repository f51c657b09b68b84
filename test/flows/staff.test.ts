import { describe, expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { UNLISTED_A_DAY } from '../../services/verification/guess-limiter.ts';
import { DAY, labels, linkIn, MINUTE, openHarness, texts, type Harness } from './harness.ts';

/** An invitation of the owner's: the link, and the word in it. */
async function invitation(bot: Harness, owner: FakePerson): Promise<{ link: string; word: string }> {
  const [list] = await bot.ask(owner, '/staff');
  await bot.press(owner, list!, '邀请员工');
  const link = linkIn(owner.chat.messages.at(-1)!);
  return { link, word: /join-(\w+)$/.exec(link)?.[1] ?? '' };
}

describe('/staff', () => {
  it('invites by a link or eight digits; whoever takes it up verifies from a private chat', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { link } = await invitation(bot, owner);
    // 128 bits, and nothing beside it that is easier to guess.
    expect(link).toMatch(/^https:\/\/t\.me\/HexiaoBot\?start=join-[0-9a-f]{32}$/);
    expect(owner.chat.messages.at(-1)!.text).not.toMatch(/(?<![0-9a-f])\d{6,8}(?![0-9a-f])/);
    const [byLink, byWord] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
    byLink.opens(link);
    expect((await byLink.chat.shows('欢迎')).text).toContain('大声發24小时自助棋牌室5');
    await bot.tick();
    expect((await bot.ask(byWord, await bot.digits(owner)))[0]!.text).toContain('欢迎');
    const card = await bot.card(byLink);
    await bot.press(byLink, card, '确认核销');
    expect(card.text).toContain('核销人：小李');
    await bot.tick();
    const [list] = await bot.ask(owner, '员工');
    expect(list!.text).toContain('（2 人）');
    expect(list!.text).toContain('小李（Telegram，2026-11-22 18:30 加入）');
    expect(labels(list!)).toEqual([
      '邀请员工',
      '管理 王老板',
      '管理 小李',
      '移除 小李',
      '管理 小张',
      '移除 小张',
      '关联我的其他账号',
    ]);
  });

  it('an invitation works once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { link, word } = await invitation(bot, owner);
    const [first, second] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
    first.opens(link);
    await first.chat.shows('欢迎');
    second.opens(link);
    await second.chat.shows('已被使用或已过期');
    expect((await bot.ask(second, `加入 ${word}`))[0]!.text).toContain('已被使用或已过期');
    expect((await bot.ask(second, bot.umember.books.coupon()))[0]!.text).toContain('还没有绑定');
  });

  it('an owner who tries the link himself does not use it up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { link } = await invitation(bot, owner);
    owner.opens(link);
    await owner.chat.shows('你是店主');
    const helper = bot.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('欢迎');
  });

  it('an invitation lasts a day', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { link } = await invitation(bot, owner);
    bot.later(DAY + 1);
    const helper = bot.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('已过期');
  });

  it('guessing invitations is slowed', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const word = await bot.digits(owner);
    const thief = bot.telegram.person('路人');
    for (let n = 0; n < 5; n++) await bot.ask(thief, String((Number(word) + 1 + n) % 100_000_000).padStart(8, '0'));
    expect((await bot.ask(thief, word))[0]!.text).toContain('稍后再试');
    expect(texts(thief.chat).join()).not.toContain('欢迎');
  });

  it('guessing invitations is slowed in many groups at once too', async () => {
    const bot = await openHarness();
    const thief = bot.telegram.person('路人');
    const groups = Array.from({ length: 30 }, (_, n) => bot.telegram.group(`群 ${n}`, { admins: [thief] }));
    bot.telegram.hold();
    for (const [n, group] of groups.entries()) thief.says(`/start@HexiaoBot join-${String(n).padStart(8, '0')}`, { in: group });
    bot.telegram.release();
    await bot.quiet();
    const tried = groups.flatMap((group) => texts(group)).filter((text) => text.includes('邀请不存在'));
    expect(tried.length).toBeLessThanOrEqual(5);
  });

  it('guessed digits of everybody pause those that are typed, and no link', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [digits, { link }] = [await bot.digits(owner), await invitation(bot, owner)];
    const crowd = Array.from({ length: UNLISTED_A_DAY / 4 }, (_, n) => bot.telegram.person(`路人 ${n}`));
    for (const [n, one] of crowd.entries()) for (let k = 0; k < 4; k++) one.says(String(20_000_000 + 4 * n + k));
    await bot.quiet();
    const [typing, clicking] = [bot.telegram.person('小张'), bot.telegram.person('小李')];
    expect((await bot.ask(typing, digits))[0]!.text).toContain('试得太多');
    clicking.opens(link);
    await clicking.chat.shows('欢迎');
    bot.later(60 * MINUTE);
    expect((await bot.ask(typing, digits))[0]!.text).toContain('欢迎');
  });

  it('a wrong word is no unknown code: whoever mistypes invitations looks coupons up all the same', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    for (let n = 0; n < 6; n++) expect((await bot.ask(helper, `0000000${n}`))[0]!.text).toContain('8 位数字，不像券码');
    expect((await bot.ask(helper, '加入 00000009'))[0]!.text).toContain('稍后再试');
    await bot.card(helper);
    await bot.tick();
    expect(texts(owner.chat).join()).not.toContain('提醒');
  });

  it('a bare number that is no invitation is an odd code to whoever has a store; 加入 asks for an invitation', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    expect((await bot.ask(helper, '12345678'))[0]!.text).toContain('8 位数字，不像券码');
    expect((await bot.ask(helper, '加入 12345678'))[0]!.text).toContain('邀请不存在');
    expect((await bot.ask(bot.telegram.person('路人'), '12345678'))[0]!.text).toContain('邀请不存在');
  });

  it('is the owner’s: staff and strangers are refused, at the press too', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    await bot.tick();
    expect((await bot.ask(helper, '/staff'))[0]!.text).toContain('只有店主');
    const [list] = await bot.ask(owner, '/staff');
    const [invite, remove] = list!.buttons.flat();
    for (const { data } of [invite!, remove!]) {
      const press = helper.forges(helper.chat.messages.at(-1)!, data);
      expect((await bot.telegram.answered(press)).text).toContain('只有店主');
    }
    expect((await bot.ask(bot.telegram.person('路人'), '/staff'))[0]!.text).toContain('还没有绑定');
  });

  it('shows everybody and can remove everybody, thirty to a page', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { id } = await bot.database.db.selectFrom('store').select('id').executeTakeFirstOrThrow();
    const staff = Array.from({ length: 65 }, (_, n) => ({
      store_id: id,
      person: `telegram:9${String(n).padStart(3, '0')}`,
      name: `店员${n + 1}`,
      invited_by: owner.ref,
      since: Date.now() + n,
    }));
    await bot.database.db.insertInto('staff').values(staff).execute();
    const [first] = await bot.ask(owner, '/staff');
    expect(labels(first!).at(-3)).toBe('移除 店员30');
    await bot.press(owner, first!, '还有 35 人');
    const second = owner.chat.messages.at(-1)!;
    expect(second.text).toContain('店员60（');
    const removals = labels(second).filter((label) => !label.startsWith('管理'));
    expect(removals).toEqual([...Array.from({ length: 30 }, (_, n) => `移除 店员${n + 31}`), '还有 5 人']);
    await bot.press(owner, second, '还有 5 人');
    await bot.press(owner, owner.chat.messages.at(-1)!, '移除 店员65');
    await bot.press(owner, await owner.chat.shows('移除 店员65？'), '确定移除');
    expect((await bot.ask(owner, '/staff'))[0]!.text).toContain('（64 人）');
  });

  it('a removed person’s open cards are dead at once, and so are his commands', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const card = await bot.card(helper, code);
    const [list] = await bot.ask(owner, '/staff');
    await bot.press(owner, list!, '移除 小李');
    const question = await owner.chat.shows('移除 小李？');
    expect(labels(question)).toEqual(['确定移除', '取消']);
    await bot.press(owner, question, '确定移除');
    expect(texts(owner.chat).at(-1)).toContain('已移除 小李');
    expect(await bot.press(helper, card, '确认核销')).toContain('没有核销权限');
    expect(await bot.press(helper, card, '取消')).toContain('没有核销权限');
    expect(bot.umember.books.used(code)).toEqual([]);
    for (const text of [code, '/summary', '/history', '/undo', '/status'])
      expect((await bot.ask(helper, text))[0]!.text).toContain('还不是这家门店的员工');
    expect((await bot.ask(owner, '/staff'))[0]!.text).toContain('（0 人）');
    expect((await bot.card(owner, code)).text).toContain('未使用');
  });
});

describe('who works in two stores', () => {
  it('goes to and fro with /store', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    const learner = await bot.learner('李四');
    helper.opens((await invitation(bot, learner)).link);
    await bot.press(helper, await helper.chat.shows('练习棋牌室（人民路店）」邀请你'), '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('欢迎！你已成为「练习棋牌室（人民路店）」');
    const [stores] = await bot.ask(helper, '/store');
    expect(labels(stores!)).toEqual(['大声發24小时自助棋牌室5', '练习棋牌室（人民路店）']);
    await bot.press(helper, stores!, '大声發24小时自助棋牌室5');
    expect(stores!.text).toContain('本聊天现在是「大声發24小时自助棋牌室5」');
    expect((await bot.card(helper)).text).toContain('大声發24小时自助棋牌室5');
  });

  it('cannot go where he does not work', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    helper.opens((await invitation(bot, await bot.learner('李四'))).link);
    await bot.press(helper, await helper.chat.shows('邀请你'), '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('欢迎！你已成为「练习');
    const [stores] = await bot.ask(helper, '/store');
    await bot.press(owner, (await bot.ask(owner, '/staff'))[0]!, '移除 小李');
    await bot.press(owner, await owner.chat.shows('移除 小李？'), '确定移除');
    expect(await bot.press(helper, stores!, '大声發24小时自助棋牌室5')).toContain('没有核销权限');
  });
});

describe('an invitation to another store', () => {
  /** A second merchant with a shop of his own at umember. */
  async function rival(bot: Harness): Promise<FakePerson> {
    bot.umember.books.account('rival@example.com', 'secret');
    bot.umember.books.shop({ owner: 'rival@example.com', name: '隔壁棋牌室' });
    const person = bot.telegram.person('李四');
    await bot.press(person, (await bot.ask(person, '/bind'))[0]!, '美团 · umember');
    await bot.ask(person, 'rival@example.com');
    await bot.ask(person, 'secret');
    return person;
  }

  it('moves no chat that works for a store: it asks, naming both, and staying leaves the invitation good', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    const { link } = await invitation(bot, await rival(bot));
    helper.opens(link);
    const question = await helper.chat.shows('邀请你');
    expect(question.text).toContain('「隔壁棋牌室」');
    expect(question.text).toContain('「大声發24小时自助棋牌室5」');
    expect(labels(question)).toEqual(['不换（留在「大声發24小时自助棋牌室5」）', '加入「隔壁棋牌室」']);
    expect((await bot.card(helper)).text).toContain('大声發24小时自助棋牌室5');
    await bot.press(helper, question, '不换（留在「大声發24小时自助棋牌室5」）');
    expect(question.text).toContain('没有加入');
    expect(question.buttons).toEqual([]);
    expect((await bot.ask(helper, '/store'))[0]!.text).toContain('只有店主');
    const other = bot.telegram.person('小张');
    other.opens(link);
    await other.chat.shows('欢迎！你已成为「隔壁棋牌室」');
  });

  it('of a practice store says that it is one, to the owner of a real store too', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    owner.opens((await invitation(bot, await bot.learner('李四'))).link);
    const question = await owner.chat.shows('邀请你');
    expect(question.text).toContain('练习店');
    expect(question.text).toContain('「大声發24小时自助棋牌室5」');
    expect((await bot.ask(owner, '1000123456'))[0]!.text).toContain('券码不存在');
  });

  it('of a practice store, opened in a real store’s group by one of its staff, asks him alone', async () => {
    const bot = await openHarness();
    const owner = bot.telegram.person('王老板');
    const [helper, other] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
    const group = await bot.group(owner, [helper, other], '群内所有人');
    const { word } = await invitation(bot, await bot.learner('李四'));
    const [question] = await bot.ask(helper, `/start@HexiaoBot join-${word}`, { in: group });
    expect(question!.text).toContain('练习店');
    expect(await bot.press(other, question!, '加入「练习棋牌室（人民路店）」')).toContain('不是问你的');
    expect((await bot.ask(helper, '1000123456', { in: group }))[0]!.text).toContain('券码不存在');
    await bot.press(helper, question!, '加入「练习棋牌室（人民路店）」');
    await group.shows('欢迎！');
    expect((await bot.card(helper, bot.umember.books.coupon(), group)).text).toContain('大声發');
  });

  it('a question is answered once, and not after the invitation was used by another', async () => {
    const bot = await openHarness();
    const helper = await bot.staff(await bot.owner());
    const { link } = await invitation(bot, await bot.learner('李四'));
    helper.opens(link);
    const question = await helper.chat.shows('邀请你');
    const other = bot.telegram.person('小张');
    other.opens(link);
    await other.chat.shows('欢迎！');
    await bot.press(helper, question, '加入「练习棋牌室（人民路店）」');
    await helper.chat.shows('已被使用');
    expect(await bot.press(helper, question, '加入「练习棋牌室（人民路店）」')).toContain('已失效');
  });

  it('is worth nothing once its inviter is no owner', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const { link } = await invitation(bot, owner);
    await bot.database.db.deleteFrom('owner').execute();
    const helper = bot.telegram.person('小李');
    helper.opens(link);
    await helper.chat.shows('邀请不存在');
  });
});

describe('owners are told', () => {
  it('who joined, with a button that removes them; only an owner’s press does', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    await bot.tick();
    const told = await owner.chat.shows('通过邀请成为');
    expect(told.text).toContain('小李');
    expect(told.text).toContain('大声發24小时自助棋牌室5');
    const [remove] = told.buttons.flat();
    const press = helper.forges(helper.chat.messages.at(-1)!, remove!.data);
    expect((await bot.telegram.answered(press)).text).toContain('只有店主');
    const card = await bot.card(helper);
    await bot.press(owner, told, '移除 小李');
    await bot.press(owner, await owner.chat.shows('移除 小李？'), '取消');
    expect(texts(owner.chat).at(-1)).toContain('没有改变');
    await bot.press(owner, told, '移除 小李');
    await bot.press(owner, await owner.chat.shows('移除 小李？'), '确定移除');
    expect(texts(owner.chat).at(-1)).toContain('已移除 小李');
    expect(await bot.press(helper, card, '确认核销')).toContain('没有核销权限');
  });

  it('of a new owner, with a button that ends it: his groups are unbound, and whom he invited is out', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const thief = bot.telegram.person('路人');
    const helper = bot.telegram.person('帮手');
    const den = await bot.group(thief, [helper], '群内所有人');
    await bot.tick();
    const told = await owner.chat.shows('成为店主');
    expect(told.text).toContain('路人');
    expect(told.text).toContain('群「前台群」');
    expect(told.text).toContain('美团 · umember');
    expect(texts(thief.chat).join()).not.toContain('成为店主');
    const [list] = await bot.ask(thief, '/staff', { in: den });
    await bot.press(thief, list!, '邀请员工');
    const card = await bot.card(helper, bot.umember.books.coupon(), den);
    await bot.press(owner, told, '移除 路人');
    await bot.press(owner, await owner.chat.shows('移除店主 路人？'), '一起移除');
    expect(texts(owner.chat).at(-1)).toContain('已移除店主 路人');
    expect(await bot.press(helper, card, '确认核销')).toContain('没有核销权限');
    await bot.tick();
    await den.shows('本聊天已与门店解绑');
    expect((await bot.ask(thief, '/staff', { in: den }))[0]!.text).toContain('还没有绑定');
    expect(labels((await bot.ask(thief, '/bind'))[0]!)).not.toContain('使用新账号');
    // He who is out removes nobody.
    const back = thief.forges(den.messages.at(-1)!, told.buttons.flat()[0]!.data);
    expect((await bot.telegram.answered(back)).text).toContain('只有店主');
    expect((await bot.card(owner)).text).toContain('未使用');
  });

  it('not again of an owner who binds once more', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const partner = bot.telegram.person('合伙人');
    await bot.bind(partner);
    await bot.bind(partner);
    await bot.tick();
    await bot.bind(owner);
    await bot.tick();
    for (const { chat } of [owner, partner])
      expect(texts(chat).filter((text) => text.includes('成为店主'))).toHaveLength(chat === owner.chat ? 1 : 0);
  });
});

describe('guessing codes', () => {
  const guess = async (bot: Harness, person: FakePerson, times: number) => {
    for (let n = 0; n < times; n++) expect((await bot.ask(person, String(9_000_000_000 + n)))[0]!.text).toContain('不存在');
  };

  it('five that do not exist: a pause, told to the owner, that doubles', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    await guess(bot, helper, 5);
    const code = bot.umember.books.coupon();
    expect((await bot.ask(helper, code))[0]!.text).toContain('1 分钟后');
    const calls = bot.umember.calls('detail');
    await bot.tick();
    expect(texts(owner.chat).at(-1)).toContain('小李');
    expect(texts(owner.chat).at(-1)).toContain('不存在的券码');
    bot.later(MINUTE);
    await guess(bot, helper, 1);
    expect(bot.umember.calls('detail')).toBe(calls + 1);
    expect((await bot.ask(helper, code))[0]!.text).toContain('2 分钟后');
    bot.later(2 * MINUTE);
    await bot.card(helper, code);
    // A good code takes off one of the six, not all of them.
    await guess(bot, helper, 1);
    expect((await bot.ask(helper, code))[0]!.text).toContain('2 分钟后');
    bot.later(2 * MINUTE);
    for (let n = 0; n < 3; n++) await bot.card(helper);
    await guess(bot, helper, 1);
    await bot.card(helper);
    await bot.tick();
    expect(texts(owner.chat).filter((text) => text.includes('不存在的券码'))).toHaveLength(1);
  });

  it('is not held against the owner', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await guess(bot, owner, 7);
    await bot.card(owner);
  });
});

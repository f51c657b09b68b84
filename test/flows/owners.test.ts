/** Owners end: they are listed, removed and told of; and a changed password ends the rights of whoever does not know the new one. */
import { describe, expect, it } from 'vitest';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, openHarness, texts, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';

/** Binds umember's shop with this password, typed anew. */
async function bindWith(bot: Harness, person: FakePerson, password: string, chat: FakeChat = person.chat): Promise<void> {
  const saying = chat === person.chat ? {} : { in: chat };
  let [asked] = await bot.ask(person, '/bind', saying);
  if (labels(asked!).includes('使用新账号')) {
    await bot.press(person, asked!, '使用新账号');
    asked = chat.messages.at(-1);
  }
  await bot.press(person, asked!, '美团 · umember');
  const [secret] = await bot.ask(person, 'owner@example.com', { ...saying, replyTo: chat.messages.at(-1)! });
  await bot.ask(person, password, { ...saying, replyTo: secret! });
}

const staffList = async (bot: Harness, owner: FakePerson): Promise<FakeMessage> => (await bot.ask(owner, '/staff'))[0]!;

/** The question that follows the first press on an owner. */
async function question(bot: Harness, owner: FakePerson, name: string): Promise<FakeMessage> {
  await bot.press(owner, await staffList(bot, owner), `移除 ${name}`);
  const asked = owner.chat.messages.at(-1)!;
  expect(asked.text).toContain(`移除店主 ${name}？`);
  return asked;
}

/** Two owners of one account. */
async function partners(bot: Harness): Promise<{ wang: FakePerson; partner: FakePerson }> {
  const wang = await bot.owner();
  const partner = bot.telegram.person('合伙人');
  await bindWith(bot, partner, 'secret');
  await bot.tick();
  return { wang, partner };
}

/** The password is changed at the platform, which throws everybody out. */
function changePassword(bot: Harness, password = 'changed'): void {
  bot.umember.books.account('owner@example.com', password);
  bot.umember.endLogins();
}

const ownersOf = async (bot: Harness): Promise<string[]> =>
  (await bot.database.db.selectFrom('owner').select('name').orderBy('name').execute()).map(({ name }) => name);

describe('/staff names the owners', () => {
  it('with their chat app; an only owner has no button to be removed', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const alone = await staffList(bot, wang);
    expect(alone.text).toContain(
      `「${STORE}」的店主（1 人）\n能：核销、撤销、记录、日报、绑定、设置、员工\n· 王老板（Telegram，2026-11-22 18:30 起）`,
    );
    expect(labels(alone)).toEqual(['邀请员工', '管理 王老板', '关联我的其他账号']);
    await bindWith(bot, bot.telegram.person('合伙人'), 'secret');
    const both = await staffList(bot, wang);
    expect(both.text).toContain('的店主（2 人）');
    expect(labels(both)).toEqual(['邀请员工', '管理 王老板', '我不再当店主', '管理 合伙人', '移除 合伙人', '关联我的其他账号']);
  });
});

describe('removing an owner', () => {
  it('asks first; then his cards and commands are dead, he is told, and so are the others', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    const third = bot.telegram.person('第三位');
    await bindWith(bot, third, 'secret');
    const code = bot.umember.books.coupon();
    const card = await bot.card(partner, code);
    const asked = await question(bot, wang, '合伙人');
    expect((await bot.card(partner)).text).toContain('未使用');
    await bot.press(wang, asked, '都保留，只移除店主');
    expect(asked.text).toContain('已移除店主 合伙人');
    expect(asked.buttons).toEqual([]);
    expect(await bot.press(partner, card, '确认核销')).toContain('没有核销权限');
    expect(bot.umember.books.used(code)).toEqual([]);
    for (const text of [code, '/summary', '/history', '/undo', '/staff'])
      expect((await bot.ask(partner, text))[0]!.text).toMatch(/还不是这家门店的员工|只有店主/);
    await bot.tick();
    await partner.chat.shows('店主权限已被移除');
    await third.chat.shows('王老板 移除了店主 合伙人');
    expect(texts(wang.chat).join()).not.toContain('王老板 移除了店主');
    expect((await staffList(bot, wang)).text).toContain('的店主（2 人）');
  });

  it('leaves the counter as it is, or takes with it what he bound and whom he invited: as the second press says', async () => {
    for (const [all, may] of [
      ['都保留，只移除店主', true],
      ['一起移除', false],
    ] as const) {
      const bot = await openHarness();
      const wang = await bot.owner();
      const partner = bot.telegram.person('合伙人');
      const clerk = bot.telegram.person('店员');
      const group = await bot.group(partner, [clerk], '群内所有人');
      await bot.press(wang, await question(bot, wang, '合伙人'), all);
      const [said] = await bot.ask(clerk, bot.umember.books.coupon(), { in: group });
      expect(said!.text.includes('未使用')).toBe(may);
      await bot.tick();
      expect(texts(group).some((text) => text.includes('本聊天已与门店解绑'))).toBe(!may);
    }
  });

  it('acts once, however often and from wherever it is pressed', async () => {
    const bot = await openHarness();
    const { wang } = await partners(bot);
    const [one, two] = [await question(bot, wang, '合伙人'), await question(bot, wang, '合伙人')];
    await bot.press(wang, one, '都保留，只移除店主');
    expect(await bot.press(wang, two, '一起移除')).toContain('已失效');
    await bot.tick();
    const ends = await bot.database.db.selectFrom('fact').select('kind').where('kind', '=', 'owner.removed').execute();
    expect(ends).toHaveLength(1);
  });

  it('leaves one: two who remove each other at the same moment do not leave the account to nobody', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    const mine = await question(bot, wang, '合伙人');
    const theirs = await question(bot, partner, '王老板');
    wang.presses(mine, '都保留，只移除店主');
    partner.presses(theirs, '都保留，只移除店主');
    await bot.quiet();
    expect(await ownersOf(bot)).toHaveLength(1);
  });

  it('is for owners, at each press: not for staff, and not for one who was removed between the two', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    const helper = await bot.staff(wang);
    const asked = await question(bot, wang, '合伙人');
    const list = (await staffList(bot, wang)).buttons.flat().filter(({ label }) => !label.startsWith('关联'));
    for (const { data } of [...list, ...asked.buttons.flat().slice(0, 2)]) {
      const press = helper.forges(helper.chat.messages.at(-1)!, data);
      expect((await bot.telegram.answered(press)).text).toContain('只有店主');
    }
    const back = await question(bot, partner, '王老板');
    await bot.press(wang, asked, '都保留，只移除店主');
    expect(await bot.press(partner, back, '都保留，只移除店主')).toContain('只有店主');
    expect(await ownersOf(bot)).toEqual(['王老板']);
  });

  it('lets an owner leave, but not the last one', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    const old = await staffList(bot, wang);
    const leave = async (who: FakePerson): Promise<FakeMessage> => {
      await bot.press(who, await staffList(bot, who), '我不再当店主');
      return await who.chat.shows('你不再当店主？');
    };
    const [wangs, partners_] = [await leave(wang), await leave(partner)];
    await bot.press(partner, partners_, '都保留，只移除店主');
    expect(partners_.text).toContain('你已不再是店主');
    expect(await bot.press(wang, wangs, '都保留，只移除店主')).toContain('至少要有一位店主');
    expect(await bot.press(wang, old, '我不再当店主')).toContain('至少要有一位店主');
    await bot.tick();
    await wang.chat.shows('合伙人 不再是店主');
    expect(await ownersOf(bot)).toEqual(['王老板']);
  });

  it('makes his invitations void, and a private chat of his receives no summary any more', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    await bot.ask(partner, '/report');
    const word = await bot.digits(partner);
    await bot.press(wang, await question(bot, wang, '合伙人'), '都保留，只移除店主');
    expect((await bot.ask(bot.telegram.person('路人'), word))[0]!.text).toContain('邀请不存在');
    bot.later(DAY);
    await bot.tick();
    expect(texts(partner.chat).join()).not.toContain('日报 ·');
    expect(await bot.database.db.selectFrom('owner_group').selectAll().execute()).toEqual([]);
  });
});

describe('a changed password', () => {
  it('is told to the earlier owners by whoever binds with it; who does not prove it within seven days is no owner', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    const helper = await bot.staff(wang);
    const group = await bot.group(wang, [bot.telegram.person('店员')], '群内所有人');
    changePassword(bot);
    await bot.ask(wang, bot.umember.books.coupon());
    await bot.tick();
    await wang.chat.shows('平台拒绝了账号');
    const heir = bot.telegram.person('新老板');
    await bindWith(bot, heir, 'changed');
    expect(texts(heir.chat).join()).toContain('王老板 用的是旧密码：7 天内');
    await bot.tick();
    const told = await wang.chat.shows('新老板 在私聊里用新密码绑定了美团 · umember');
    expect(told.text).toContain('7 天内');
    expect(told.buttons).toEqual([]);
    expect((await staffList(bot, heir)).text).toContain('他要在 2026-11-29 18:30 前用新密码再绑定一次');

    bot.later(7 * DAY - HOUR);
    await bot.tick();
    expect((await bot.card(wang)).text).toContain('未使用');
    bot.later(HOUR);
    await bot.tick();
    await bot.tick();
    await wang.chat.shows('已不再是店主');
    await heir.chat.shows('王老板 没有用新密码再绑定，已不再是店主');
    expect(await ownersOf(bot)).toEqual(['新老板']);
    expect((await bot.ask(wang, bot.umember.books.coupon()))[0]!.text).toContain('还不是这家门店的员工');
    // The counter goes on: whom he invited, and the group that he bound.
    expect((await bot.card(helper)).text).toContain('未使用');
    const code = bot.umember.books.coupon();
    expect((await bot.card(bot.telegram.person('店员'), code, group)).text).toContain('未使用');
  });

  it('is proved by binding once more: nothing ends then', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    changePassword(bot);
    await bindWith(bot, partner, 'changed');
    bot.later(6 * DAY);
    await bindWith(bot, wang, 'changed');
    bot.later(30 * DAY);
    await bot.tick();
    expect(await ownersOf(bot)).toEqual(['合伙人', '王老板']);
    expect((await staffList(bot, wang)).text).not.toContain('新密码');
  });

  it('known to one: whoever only knows the former removes no one who proved it, and can be removed at once', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    changePassword(bot);
    await bindWith(bot, partner, 'changed');
    const asked = await question(bot, wang, '合伙人');
    expect(await bot.press(wang, asked, '一起移除')).toContain('你用的是旧密码');
    await bot.press(partner, await question(bot, partner, '王老板'), '都保留，只移除店主');
    expect(await ownersOf(bot)).toEqual(['合伙人']);
  });

  it('binds nothing and opens nothing to others until it is proved, as that would outlast the ownership', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    const group = await bot.group(wang, []);
    changePassword(bot);
    await bindWith(bot, partner, 'changed');
    expect(await bot.press(wang, await staffList(bot, wang), '邀请员工')).toContain('你用的是旧密码');
    expect(await bot.press(wang, await group.shows('谁可以核销'), '群内所有人')).toContain('你用的是旧密码');
    const den = bot.telegram.group('别处', { admins: [wang] });
    await bot.bind(wang, den);
    expect(texts(den).at(-1)).toContain('你用的是旧密码');
    expect((await bot.card(wang)).text).toContain('未使用');
    await bindWith(bot, wang, 'changed');
    await bot.press(wang, await group.shows('谁可以核销'), '群内所有人');
    expect(texts(group).join()).toContain('群内所有人');
  });

  it('is not a platform that refuses logins for a while: nobody loses anything, however long, and whoever binds anew', async () => {
    const bot = await openHarness();
    const wang = await bot.owner();
    changePassword(bot, 'the platform is confused');
    await bot.ask(wang, bot.umember.books.coupon());
    bot.later(30 * DAY);
    await bot.tick();
    changePassword(bot, 'secret');
    const partner = bot.telegram.person('合伙人');
    await bindWith(bot, partner, 'secret');
    await bot.tick();
    expect((await wang.chat.shows('成为店主')).text).toContain('合伙人');
    bot.later(30 * DAY);
    await bot.tick();
    expect(await ownersOf(bot)).toEqual(['合伙人', '王老板']);
    expect((await bot.card(wang)).text).toContain('未使用');
  });

  it('that is refused in its turn ends nobody’s rights: who knew it last may know no better', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    changePassword(bot);
    await bindWith(bot, partner, 'changed');
    changePassword(bot, 'changed again');
    await bot.ask(wang, bot.umember.books.coupon());
    bot.later(30 * DAY);
    await bot.tick();
    expect(await ownersOf(bot)).toEqual(['合伙人', '王老板']);
  });

  it('whose only knower was removed ends nobody’s rights', async () => {
    const bot = await openHarness();
    const { wang, partner } = await partners(bot);
    changePassword(bot);
    await bindWith(bot, partner, 'changed');
    await bot.press(partner, await staffList(bot, partner), '我不再当店主');
    await bot.press(partner, await partner.chat.shows('你不再当店主？'), '都保留，只移除店主');
    bot.later(30 * DAY);
    await bot.tick();
    expect(await ownersOf(bot)).toEqual(['王老板']);
    expect(texts(wang.chat).join()).toContain('合伙人 不再是店主');
  });
});

describe('where merchants agree on the platform’s own page', () => {
  it('there is no password: another owner’s agreement ends nobody’s rights, and is told', async () => {
    const bot = await openHarness({ gateways: true });
    const bind = async (person: FakePerson): Promise<void> => {
      await bot.press(person, (await bot.ask(person, '/bind'))[0]!, '大众点评');
      expect(await bot.authorises(person.chat.messages.at(-1)!)).toContain('已收到授权');
    };
    const [wang, partner] = [bot.telegram.person('王老板'), bot.telegram.person('合伙人')];
    await bind(wang);
    await bind(partner);
    await bot.tick();
    expect((await wang.chat.shows('成为店主')).text).toContain('合伙人');
    bot.later(30 * DAY);
    await bot.tick();
    expect(await ownersOf(bot)).toEqual(['合伙人', '王老板']);
  });
});

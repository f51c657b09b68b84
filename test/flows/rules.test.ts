/** Stories of automatic verification: an owner makes a rule, and coupons that fit it are verified without a press. */
import { describe, expect, it } from 'vitest';
import { scan } from '../doubles/devices/phone-camera.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, openHarness, SECOND, texts, type Harness } from './harness.ts';

const STORE = '大声發24小时自助棋牌室5';

const last = (person: FakePerson) => person.chat.messages.at(-1)!;

/** Opens the owner's list of rules, and what its buttons lead to. */
async function press(bot: Harness, owner: FakePerson, ...path: readonly string[]): Promise<void> {
  await bot.ask(owner, '/customers');
  for (const label of ['自动核销', ...path]) {
    const found = last(owner)
      .buttons.flat()
      .find((button) => button.label.includes(label));
    expect(found, `${label} in ${labels(last(owner)).join()}`).toBeDefined();
    await bot.press(owner, last(owner), found!.label);
  }
}

/** A shop whose owner has one rule on, for these people. */
async function withRule(who: string, ...terms: readonly (readonly string[])[]) {
  const bot = await openHarness();
  const owner = await bot.owner();
  await press(bot, owner, '新建规则');
  await press(bot, owner, '自动核销 1', '谁', who);
  for (const path of terms) await press(bot, owner, '自动核销 1', ...path);
  await press(bot, owner, '自动核销 1', '试算', '开启');
  expect(last(owner).text).toContain('已开启');
  return { bot, owner };
}

const said = (messages: readonly { readonly text: string }[]): string => messages.map(({ text }) => text).join('\n');

/** The answer to a code. */
const cardOf = async (bot: Harness, person: FakePerson, text = bot.umember.books.coupon()) =>
  (await bot.ask(person, text)).at(-1)!;

const oldest = async (bot: Harness) =>
  await bot.database.db.selectFrom('verification').select('id as verification').orderBy('submitted_at').executeTakeFirstOrThrow();

const by = async (bot: Harness) =>
  await bot.database.db
    .selectFrom('verification')
    .select(['by_kind', 'person_name', 'sender_kind', 'sender_name', 'state', 'reading'])
    .orderBy('submitted_at')
    .execute();

/** The word of a place's link, from the QR code that its owner is sent. */
async function linkOf(bot: Harness, owner: FakePerson, place: string): Promise<string> {
  await bot.press(owner, (await bot.ask(owner, '/customers')).at(-1)!, '位置和二维码');
  await bot.press(owner, owner.chat.messages.at(-1)!, place);
  await bot.press(
    owner,
    owner.chat.messages.findLast(({ text }) => text.includes(`· ${place}`))!,
    '二维码',
  );
  const [code] = await scan(bot.telegram.files.get(last(owner).file!)!);
  return /start=(s_[\w-]+)$/.exec(code!.text)![1]!;
}

const HAND = ['确认核销', '取消'];

describe('a rule for staff', () => {
  it('verifies a plainly typed code: one card, 处理中 and then 核销成功, told to the owner with 撤销', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const li = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    const cards = await bot.ask(li, code);
    expect(cards).toHaveLength(1);
    expect(cards[0]!.edits).toBe(1);
    for (const fact of ['核销成功', '自动核销 1', STORE]) expect(cards[0]!.text).toContain(fact);
    expect(await by(bot)).toEqual([
      {
        by_kind: 'rule',
        person_name: '自动核销 1',
        sender_kind: 'person',
        sender_name: '小李',
        state: 'verified',
        reading: 'typed',
      },
    ]);
    await bot.tick('outbox');
    for (const fact of ['核销成功', '自动核销 1', STORE]) expect(last(owner).text).toContain(fact);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    // By the rule, in the records and the figures.
    expect((await bot.ask(owner, '/history'))[0]!.text).toContain('自动核销 1');
    expect((await bot.ask(owner, '/summary'))[0]!.text).toContain('· 自动核销 1');
    // Sent again, it is what became of it.
    bot.later(SECOND);
    expect((await bot.ask(li, code))[0]!.text).toContain('已核销');
    // Also where the clock was set back since, or another instance's is slow: it is never shown as just verified again.
    bot.later(-4 * 60 * SECOND);
    const [again] = await bot.ask(li, code);
    expect(again!.text).toContain('已核销');
    expect(again!.text).not.toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.faults).toEqual([]);
  });

  it('leaves to a press what is not plainly one code: words, several, a number of uses, a doubt, a quote, an edit', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const fresh = () => bot.umember.books.coupon();
    const used = () => bot.umember.calls('verify');
    for (const text of [`${fresh()} 先别核销`, `帮我看看 ${fresh()}`, `${fresh()} 2张`]) {
      const [card] = await bot.ask(owner, text);
      expect(labels(card!), text).toContain('确认核销');
    }
    const [several] = await bot.ask(owner, `${fresh()} ${fresh()}`);
    expect(labels(several!)).toContain('全部核销');
    await bot.press(owner, several!, labels(several!)[0]!);
    expect(labels(last(owner))).toEqual(HAND);
    const quoted = owner.says(`${fresh()} 这张`);
    await bot.quiet();
    await bot.ask(owner, '查一下', { replyTo: quoted });
    expect(labels(last(owner))).toContain('确认核销');
    expect(used()).toBe(0);
    expect((await bot.ask(owner, fresh())).at(-1)!.text).toContain('核销成功');
  });

  it('is the sender’s no more than before: a stranger’s code in an open chat stays unread', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const guest = bot.telegram.person('客人');
    const group = await bot.group(owner, [guest], '仅受邀员工');
    const code = bot.umember.books.coupon();
    await bot.ask(guest, code, { in: group });
    expect(bot.umember.books.used(code)).toEqual([]);
    expect(await by(bot)).toEqual([]);
  });

  it('takes N a day and no more, also of two at once; the next day again', async () => {
    const { bot, owner } = await withRule('店主和员工', ['每天几张', '1']);
    const [li, zhang] = [await bot.staff(owner), await bot.staff(owner, '小张')];
    const codes = [bot.umember.books.coupon(), bot.umember.books.coupon()] as const;
    li.says(codes[0]);
    zhang.says(codes[1]);
    await bot.quiet();
    const results = [last(li), last(zhang)];
    expect(results.filter(({ text }) => text.includes('核销成功'))).toHaveLength(1);
    expect(results.filter((card) => labels(card).join() === HAND.join())).toHaveLength(1);
    expect(codes.flatMap((code) => bot.umember.books.used(code))).toHaveLength(1);
    bot.later(DAY);
    expect((await bot.ask(li, bot.umember.books.coupon())).at(-1)!.text).toContain('核销成功');
  });

  it('waits for a lost answer as after a press, and the owner is told once it is known', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const li = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    const [card] = await bot.ask(li, code);
    expect(card!.text).toContain('结果待确认');
    await bot.tick('outbox');
    expect(texts(owner.chat).join()).not.toContain(code);
    bot.later(SECOND);
    await bot.tick();
    expect(card!.text).toContain('核销成功');
    expect(last(owner).text).toContain('自动核销 1');
    expect(last(owner).text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('where the program dies in between, uses the coupon once, and the chat learns how it ended', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const li = await bot.staff(owner);
    const code = bot.umember.books.coupon();
    bot.umember.fail('verify', { kind: 'late', ms: 300 });
    li.says(code);
    await li.chat.shows('处理中');
    await bot.crash();
    bot.later(30 * SECOND);
    await bot.tick();
    bot.later(30 * SECOND);
    await bot.tick();
    await bot.quiet();
    await bot.tick();
    expect(texts(li.chat).join('\n')).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(texts(owner.chat).filter((text) => text.includes('核销成功') && text.includes(code))).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('is off until it was rehearsed; what was shown is what is turned on, and any change turns it off', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await press(bot, owner, '新建规则');
    expect(labels(last(owner))).not.toContain('开启');
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
    await press(bot, owner, '自动核销 1', '试算');
    const shown = last(owner);
    await press(bot, owner, '自动核销 1', '每天几张', '5');
    expect(await bot.press(owner, shown, '开启')).toContain('再试算一次');
    await press(bot, owner, '自动核销 1', '试算', '开启');
    expect((await bot.ask(owner, bot.umember.books.coupon()))[0]!.text).toContain('核销成功');
    await press(bot, owner, '自动核销 1', '商品', '全部商品');
    expect(texts(owner.chat).at(-2)).toContain('已先停用');
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
  });

  it('rehearses the last 30 days: how many, how much, by day and deal, what not and why, and what is not known', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const other = bot.umember.books.coupon({ title: '通宵8小时' });
    await bot.press(owner, await bot.card(owner, other), '确认核销');
    bot.later(DAY);
    await bot.press(owner, await bot.card(owner), '确认核销');
    await bot.press(owner, await bot.card(owner), '确认核销');
    owner.says(`${bot.umember.books.coupon()} 3号桌`);
    await bot.quiet();
    await bot.press(owner, last(owner), '确认核销');
    const { verification } = await oldest(bot);
    await bot.database.db.updateTable('verification').set({ reading: null }).where('id', '=', verification).execute();
    await press(bot, owner, '新建规则');
    await press(bot, owner, '自动核销 1', '试算');
    const { text } = last(owner);
    expect(text).toContain('看了 4 笔核销，这条规则会自动核销 2 张，合计 ¥98.00');
    expect(text).toContain('2026-11-23');
    expect(text).toMatch(/券码不是直接打出来.*：1 笔/);
    expect(text).toMatch(/没有记下券码是怎么来的，不计入：1 笔，例如 11-22 18:30 通宵8小时/);
    expect(text).toContain('照片上印的数字核销的不计入');
    await press(bot, owner, '自动核销 1', '商品', '通宵8小时');
    await press(bot, owner, '自动核销 1', '试算');
    expect(last(owner).text).toContain('会自动核销 0 张');
    expect(last(owner).text).toContain('不是规则里的商品：3 笔');
  });

  it('of one deal, and of certain hours, leaves all else to a press', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.press(owner, await bot.card(owner, bot.umember.books.coupon({ title: '通宵8小时' })), '确认核销');
    await press(bot, owner, '新建规则');
    await press(bot, owner, '自动核销 1', '商品', '通宵8小时');
    await press(bot, owner, '自动核销 1', '时间', '改一周时间');
    await bot.ask(owner, '每天 18:00-20:00；节假日 休息');
    expect(last(owner).text).toContain('每天 18:00–20:00；节假日 不开放');
    await press(bot, owner, '自动核销 1', '试算', '开启');
    const night = () => bot.umember.books.coupon({ title: '通宵8小时' });
    expect((await bot.ask(owner, night()))[0]!.text).toContain('核销成功');
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
    bot.later(2 * HOUR);
    expect(labels(await cardOf(bot, owner, night()))).toEqual(HAND);
  });

  it('that is turned off acts no more, and a card that waits keeps its button', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const waiting = await cardOf(bot, owner, `${bot.umember.books.coupon()} 王先生`);
    await press(bot, owner, '自动核销 1', '停用');
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
    await bot.press(owner, waiting, '确认核销');
    expect(waiting.text).toContain('核销成功');
    expect(waiting.text).toContain('王老板');
  });

  it('ends with the ownership of whoever made it', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const partner = await bot.owner('李老板');
    const code = bot.umember.books.coupon();
    expect((await bot.ask(partner, code)).at(-1)!.text).toContain('核销成功');
    await bot.ask(partner, '/staff');
    await bot.press(partner, last(partner), '移除 王老板');
    await bot.press(partner, last(partner), '都保留，只移除店主');
    expect(labels(await cardOf(bot, partner))).toEqual(HAND);
    await press(bot, partner, '自动核销 1');
    expect(last(partner).text).toContain('未开启');
    // Whoever is no owner turns nothing on.
    expect(owner.chat.messages.some(({ text }) => text.includes('自动核销 1'))).toBe(true);
  });

  it('is undone from what owners are told, by them alone', async () => {
    const { bot, owner } = await withRule('店主和员工');
    const li = await bot.staff(owner);
    const guest = bot.telegram.person('客人');
    const owners = bot.telegram.group('老板群', { admins: [owner], members: [li, guest] });
    await bot.ask(owner, '/report', { in: owners });
    const [card] = await bot.ask(li, '1000123456'.replace('1000123456', bot.umember.books.coupon()));
    await bot.tick('outbox');
    const told = owners.messages.at(-1)!;
    expect(told.text).toContain('核销成功');
    // umember takes nothing back; the sender's card and the announcement say the same.
    expect(labels(told)).toEqual(labels(card!));
    for (const person of [li, guest]) {
      person.forges(told, `undo:${(await oldest(bot)).verification}`);
      await bot.quiet();
    }
    expect(texts(owners).at(-1)).not.toContain('已撤销');
    expect((await by(bot))[0]!.state).toBe('verified');
  });
});

it('what somebody has to decide is told to the owners’ group once it is decided to be a rule’s', async () => {
  const { bot, owner } = await withRule('店主和员工');
  const li = await bot.staff(owner);
  const owners = bot.telegram.group('老板群', { admins: [owner], members: [] });
  await bot.ask(owner, '/report', { in: owners });
  bot.umember.fail('verify', { kind: 'used', applied: true });
  expect((await cardOf(bot, li)).text).toContain('结果待确认');
  const before = owners.messages.length;
  for (let n = 0; n < 3; n++) {
    bot.later(SECOND);
    await bot.tick();
  }
  expect(owners.messages).toHaveLength(before);
  await bot.press(owner, last(owner), '是本次核销');
  await bot.tick('outbox');
  expect(owners.messages.slice(before).map(({ text }) => text)).toEqual([expect.stringMatching(/核销成功[\s\S]*自动核销 1/)]);
});

describe('a rule for one chat', () => {
  it('verifies what a scanner types there, and nowhere else', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const scanner = bot.telegram.person('扫码枪');
    const counter = await bot.group(owner, [scanner], '群内所有人');
    await press(bot, owner, '新建规则');
    await press(bot, owner, '自动核销 1', '谁', '前台群');
    await press(bot, owner, '自动核销 1', '试算', '开启');
    const code = bot.umember.books.coupon();
    scanner.says(`${code}\n`, { in: counter });
    await bot.quiet();
    expect(counter.messages.at(-1)!.text).toContain('核销成功');
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });
});

describe('a rule for customers', () => {
  it('verifies a customer’s code at the place, within the owner’s limits, and shows what is said there', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.ask(owner, '/customers');
    await bot.press(owner, last(owner), '开通自助核销');
    const word = await linkOf(bot, owner, '本店');
    await press(bot, owner, '新建规则');
    await press(bot, owner, '自动核销 1', '谁', '「本店」的顾客');
    await press(bot, owner, '自动核销 1', '试算', '开启');
    await bot.ask(owner, '/customers');
    await bot.press(owner, last(owner), '次数上限');
    await bot.press(owner, last(owner), '每人 1');
    const lin = bot.telegram.person('林小姐');
    await bot.ask(lin, `/start ${word}`);
    expect(bot.umember.calls('verify')).toBe(0);
    const code = bot.umember.books.coupon();
    const [done] = await bot.ask(lin, code);
    expect(done!.text).toContain('核销成功');
    expect(done!.text).not.toContain('核销人');
    expect(labels(done!)).toEqual([]);
    // Beyond the customer's share nothing is even looked up.
    expect(said(await bot.ask(lin, bot.umember.books.coupon()))).toContain('每人每天最多自助核销 1 次');
    expect(bot.umember.calls('verify')).toBe(1);
    // Staff are not of the rule.
    expect(labels(await cardOf(bot, owner))).toEqual(HAND);
    expect((await by(bot))[0]).toMatchObject({ by_kind: 'rule', sender_kind: 'customer', sender_name: '林小姐' });
    await bot.ask(owner, '/customers');
    await bot.press(owner, last(owner), '今天');
    expect(last(owner).text).toContain('本店 × 1');
  });

  it('who came by no link sees the card first', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.ask(owner, '/customers');
    await bot.press(owner, last(owner), '开通自助核销');
    await press(bot, owner, '新建规则');
    await press(bot, owner, '自动核销 1', '谁', '所有位置的顾客');
    await press(bot, owner, '自动核销 1', '试算', '开启');
    const lin = bot.telegram.person('林小姐');
    const [question] = await bot.ask(lin, bot.umember.books.coupon());
    await bot.press(lin, question!, '是，我在这里');
    expect(labels(last(lin))).toEqual(HAND);
    expect((await bot.ask(lin, bot.umember.books.coupon()))[0]!.text).toContain('核销成功');
  });
});

/** `ACCESS=review`: whoever binds a store here for the first time waits for an operator's yes. */
import { describe, expect, it } from 'vitest';
import { createFacts } from '../../services/facts/facts.ts';
import { DAY, labels, MINUTE, openHarness, texts, type Harness } from './harness.ts';
import type { FakePerson } from '../doubles/telegram.ts';

/** Two operators, who have opened their chats with the bot. */
async function reviewed(options: Parameters<typeof openHarness>[0] = {}) {
  const operators: string[] = [];
  const bot = await openHarness({ ...options, access: 'review', operators });
  const person = async (name: string): Promise<FakePerson> => {
    const operator = bot.telegram.person(name);
    operators.push(`telegram:${operator.id}`);
    await bot.ask(operator, '/start');
    return operator;
  };
  return { bot, zhao: await person('赵运维'), qian: await person('钱运维') };
}

/** Applies for a shop, and gives the answer to the last question. */
async function applies(bot: Harness, person: FakePerson, shop = '大声棋牌室', phone = '138 0013 8000'): Promise<string> {
  await bot.ask(person, '/bind');
  await bot.ask(person, shop);
  const [done] = await bot.ask(person, phone);
  await bot.tick('outbox');
  return done!.text;
}

const cardOf = (operator: FakePerson) => operator.chat.messages.findLast(({ text }) => text.includes('接入申请'))!;
const lastOf = (person: FakePerson): string => texts(person.chat).at(-1) ?? '';
const facts = async (bot: Harness) =>
  (await createFacts(bot.database.db).read('installation', 0, 20)).map(({ kind, by, detail }) => [kind, by?.name, detail]);

describe('a newcomer', () => {
  it('applies, is let in by an operator, binds, is offered a trial, and goes live', async () => {
    const { bot, zhao, qian } = await reviewed();
    const wang = bot.telegram.person('王老板');
    expect((await bot.ask(wang, '/start'))[0]!.text).toContain('现在：发送“/bind”申请');

    const [first, ...more] = await bot.ask(wang, '/bind');
    expect(more).toEqual([]);
    expect(first!.text).toContain('请发送店名');
    expect((await bot.ask(wang, '/help')).at(-1)!.text).toContain('申请还没完成');
    const [second] = await bot.ask(wang, '大声棋牌室\n第二行');
    expect(second!.text).toContain('联系电话');
    expect((await bot.ask(wang, '电话没有'))[0]!.text).toContain('不像电话');
    expect((await bot.ask(wang, '138 0013 8000'))[0]!.text).toContain('已申请，等待审核：「大声棋牌室 第二行」');
    for (const said of [await bot.ask(wang, '/start'), await bot.ask(wang, '/bind')])
      expect(said[0]!.text).toContain('已申请，等待审核');

    await bot.tick('outbox');
    for (const operator of [zhao, qian])
      for (const fact of ['大声棋牌室 第二行', '王老板（Telegram）', '138 0013 8000', '2026-11-22 18:30'])
        expect(cardOf(operator).text).toContain(fact);
    await bot.press(zhao, cardOf(zhao), '同意');
    expect(lastOf(zhao)).toContain('已同意接入');
    await bot.tick('outbox');
    expect(lastOf(wang)).toContain('申请已通过');
    expect((await bot.ask(wang, '/start'))[0]!.text).toContain('现在：发送“/bind”绑定门店');

    await bot.press(wang, await wang.chat.shows('下一步：绑定门店'), '绑定');
    await bot.press(wang, await wang.chat.shows('选择平台'), '美团 · umember');
    await bot.ask(wang, 'owner@example.com');
    await bot.ask(wang, 'secret');
    const offer = await wang.chat.shows('接入完成');
    expect(await bot.press(wang, offer, '去练习店试试')).toBe('');
    await bot.press(wang, await wang.chat.shows('选择门店'), '练习棋牌室（人民路店）');
    await bot.press(wang, await wang.chat.shows('练习店的券是模拟的，不能'), '改为绑定「练习棋牌室（人民路店）」');
    expect(lastOf(wang)).toContain('已绑定「练习棋牌室（人民路店）」');
    // From now on /bind is the usual one, and nobody is asked again.
    expect(labels((await bot.ask(wang, '/bind'))[0]!)).toContainEqual(expect.stringContaining('美团 · umember'));
    expect((await bot.ask(wang, '/start'))[0]!.text).not.toContain('接入步骤');

    const about = { person: `telegram:${wang.id}`, shop: '大声棋牌室 第二行' };
    expect(await facts(bot)).toEqual([
      ['application.waiting', '王老板', about],
      ['application.approved', '赵运维', about],
      ['application.connected', '王老板', about],
    ]);
    expect(bot.faults).toEqual([]);
  });

  it('who is refused hears why, and applies again', async () => {
    const { bot, zhao, qian } = await reviewed();
    const wang = bot.telegram.person('王老板');
    await bot.ask(wang, '/bind');
    await bot.ask(wang, '棋牌室');
    await bot.press(wang, wang.chat.messages.at(-1)!, '跳过');
    await bot.tick('outbox');
    await bot.press(zhao, cardOf(zhao), '拒绝');
    await bot.press(zhao, zhao.chat.messages.at(-1)!, '资料不全');
    await bot.tick('outbox');
    expect(lastOf(wang)).toContain('「棋牌室」的申请已拒绝：资料不全。');
    const told = wang.chat.messages.at(-1)!;
    expect((await bot.ask(wang, '/start'))[0]!.text).toContain('已拒绝：资料不全。可重新申请');

    await bot.press(wang, told, '重新申请');
    await bot.ask(wang, '大声棋牌室');
    await bot.press(wang, wang.chat.messages.at(-1)!, '跳过');
    await bot.tick('outbox');
    await bot.press(qian, cardOf(qian), '拒绝');
    await bot.press(qian, qian.chat.messages.at(-1)!, '自己写原因');
    // A code that comes in between is no reason, and nobody's to read.
    await bot.ask(qian, '1000123456');
    await bot.ask(qian, '/help');
    expect(labels(cardOf(zhao))).toEqual(['同意', '拒绝']);
    expect((await bot.ask(qian, '请写全店名'))[0]!.text).toContain('已拒绝接入：请写全店名');
    await bot.tick('outbox');
    expect(lastOf(wang)).toContain('请写全店名');
    expect((await facts(bot)).map(([kind]) => kind)).toEqual([
      'application.waiting',
      'application.refused',
      'application.waiting',
      'application.refused',
    ]);
  });

  it('may practise at once, and finds no way past the review', async () => {
    const { bot } = await reviewed();
    const wang = bot.telegram.person('王老板');
    const [ask] = await bot.ask(wang, '/bind');
    await bot.press(wang, ask!, '去练习店试试');
    const choice = await wang.chat.shows('选择门店');
    // The open dialogue of the practice store is no way to another platform.
    const dialogue = choice.buttons[0]![0]!.data.split(':')[1]!.split('-')[0]!;
    wang.forges(choice, `bind-platform:${dialogue}-umember`);
    await bot.quiet();
    expect(texts(wang.chat).join()).not.toContain('登录邮箱');
    await bot.press(wang, choice, '练习棋牌室（人民路店）');
    const card = await bot.card(wang, '1000123456');
    await bot.press(wang, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect((await bot.ask(wang, '/bind'))[0]!.text).toContain('请发送店名');
    // A code is a code, also while the name is asked for; then the question comes again.
    expect((await bot.ask(wang, '1000123457')).at(-1)!.text).toContain('申请还没完成');
    expect((await bot.ask(wang, '/cancel'))[0]!.text).toContain('已退出');
  });

  it('in a group is sent to a private chat; staff by invitation and people who own a store are not asked', async () => {
    const { bot, zhao } = await reviewed();
    const wang = bot.telegram.person('王老板');
    const group = bot.telegram.group('前台群', { admins: [wang], members: [] });
    expect((await bot.ask(wang, '/bind', { in: group }))[0]!.text).toContain('请私聊我发送“/bind”');
    // An operator's own shop.
    await bot.bind(zhao);
    expect(lastOf(zhao)).toContain('已绑定');
    const li = await bot.staff(zhao);
    expect((await bot.ask(li, '/bind'))[0]!.text).toContain('选择平台');
  });
});

describe('a binding that was begun before the yes expired', () => {
  it('ends with it: the password is not tried', async () => {
    const { bot, zhao } = await reviewed();
    const wang = bot.telegram.person('王老板');
    await applies(bot, wang);
    await bot.press(zhao, cardOf(zhao), '同意');
    bot.later(30 * DAY - MINUTE);
    const [platforms] = await bot.ask(wang, '/bind');
    await bot.press(wang, platforms!, '美团 · umember');
    await bot.ask(wang, 'owner@example.com');
    bot.later(2 * MINUTE);
    expect((await bot.ask(wang, 'secret')).at(-1)!.text).toContain('要先申请');
    expect(await bot.database.db.selectFrom('owner').select('person').execute()).toEqual([]);
  });

  it('ends with it on a platform’s own page too: the authorisation makes nobody an owner', async () => {
    const { bot, zhao } = await reviewed({ gateways: true });
    const wang = bot.telegram.person('王老板');
    await applies(bot, wang);
    await bot.press(zhao, cardOf(zhao), '同意');
    bot.later(30 * DAY - MINUTE);
    const [platforms] = await bot.ask(wang, '/bind');
    await bot.press(wang, platforms!, '大众点评');
    const link = wang.chat.messages.at(-1)!;
    bot.later(2 * MINUTE);
    expect(await bot.authorises(link)).toContain('没有');
    expect(lastOf(wang)).toContain('要先申请');
    expect(await bot.database.db.selectFrom('owner').select('person').execute()).toEqual([]);
  });
});

describe('an application', () => {
  it('is answered once: of two operators the first counts, and the second sees it', async () => {
    const { bot, zhao, qian } = await reviewed();
    const wang = bot.telegram.person('王老板');
    await applies(bot, wang);
    const [one, two] = [cardOf(zhao), cardOf(qian)];
    zhao.presses(one, '同意');
    qian.presses(two, '同意');
    await bot.quiet();
    await bot.press(qian, two, '拒绝').catch(() => undefined);
    for (const card of [one, two]) {
      expect(card.text).toContain('已同意接入');
      expect(card.buttons).toEqual([]);
    }
    await bot.tick('outbox');
    expect(texts(wang.chat).filter((text) => text.includes('申请已通过'))).toHaveLength(1);
    expect((await facts(bot)).map(([kind]) => kind)).toEqual(['application.waiting', 'application.approved']);
  });

  it('is no business of anybody but the operators', async () => {
    const { bot, zhao } = await reviewed();
    const wang = bot.telegram.person('王老板');
    await applies(bot, wang);
    wang.forges(wang.chat.messages.at(-1)!, cardOf(zhao).buttons[0]![0]!.data);
    await bot.quiet();
    expect((await bot.ask(wang, '/bind'))[0]!.text).toContain('等待审核');
    expect((await facts(bot)).map(([kind]) => kind)).toEqual(['application.waiting']);
    expect(await bot.ask(wang, '/status')).toHaveLength(1);
    expect((await bot.ask(zhao, '/status')).at(-1)!.text).toContain('大声棋牌室');
  });

  it('that nobody answers expires after 30 days, and so does a yes that was not used', async () => {
    const { bot, zhao, qian } = await reviewed();
    const [wang, li] = [bot.telegram.person('王老板'), bot.telegram.person('李老板')];
    await applies(bot, wang);
    const forgotten = cardOf(zhao);
    await applies(bot, li, '小李茶室');
    await bot.press(qian, cardOf(qian), '同意');
    bot.later(30 * DAY);
    expect(await bot.press(zhao, forgotten, '同意')).toContain('已失效');
    for (const person of [wang, li]) expect((await bot.ask(person, '/bind'))[0]!.text).toContain('请发送店名');
  });

  it('again and again is answered with a pause', async () => {
    const { bot, zhao } = await reviewed();
    const wang = bot.telegram.person('王老板');
    for (let n = 0; n < 4; n += 1) {
      await applies(bot, wang, `第 ${n} 店`);
      await bot.press(zhao, cardOf(zhao), '拒绝');
      await bot.press(zhao, zhao.chat.messages.at(-1)!, '资料不全');
      bot.later(60_000);
    }
    expect(await applies(bot, wang)).toContain('申请次数太多，请 59 分钟后再试');
  });

  it('keeps its particulars sealed', async () => {
    const { bot } = await reviewed();
    await applies(bot, bot.telegram.person('王老板'));
    const rows = JSON.stringify(await bot.database.db.selectFrom('application').selectAll().execute());
    expect(rows).not.toContain('138');
    expect(rows).not.toContain('大声');
  });
});

it('where everybody may bind nobody is asked, and an old card is over', async () => {
  const bot = await openHarness();
  const wang = await bot.owner();
  wang.forges(wang.chat.messages.at(-1)!, 'apply-yes:0001');
  await bot.quiet();
  expect((await bot.ask(wang, '/start'))[0]!.text).not.toContain('接入步骤');
  expect(bot.faults).toEqual([]);
});

/** 请店主同意: outside the opening hours customers and staff ask an owner, where the owner wants that. */
import { describe, expect, it } from 'vitest';
import { createFacts } from '../../services/facts/facts.ts';
import { scan } from '../doubles/devices/phone-camera.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { labels, MINUTE, openHarness, SECOND, texts } from './harness.ts';

const last = (person: FakePerson) => person.chat.messages.at(-1)!;

/** A shop that is open from 10 to 12, at half past six in the evening; its owner agrees for customers, or for staff. */
async function closedShop(...may: readonly string[]) {
  const bot = await openHarness();
  const owner = await bot.owner();
  const customers = async (...path: readonly string[]) => {
    await bot.ask(owner, '/customers');
    for (const label of path) await bot.press(owner, last(owner), label);
  };
  await customers('开通自助核销');
  await customers('开放时间', '改一周时间');
  await bot.ask(owner, '每天 10:00-12:00');
  await customers('开放时间', '打烊时', ...may);
  await customers('位置和二维码', '本店', '二维码');
  const [code] = await scan(bot.telegram.files.get(last(owner).file!)!);
  const word = /start=(s_[\w-]+)$/.exec(code!.text)![1]!;
  /** Somebody's coupon, and the owner's card once that one has asked. */
  const asks = async (person: FakePerson) => {
    const coupon = bot.umember.books.coupon();
    const card = await bot.card(person, coupon);
    await bot.press(person, card, '确认核销');
    const offer = last(person);
    await bot.press(person, offer, '请店主同意');
    await bot.tick('outbox');
    return { coupon, card, offer, question: last(owner) };
  };
  const guest = async (name: string) => {
    const person = bot.telegram.person(name);
    await bot.ask(person, `/start ${word}`);
    return person;
  };
  const facts = async () => {
    const [v] = await bot.database.db.selectFrom('approval').select('verification_id').execute();
    const told = await createFacts(bot.database.db).of(v!.verification_id);
    return told.map(({ kind, by }) => [kind, by?.name]);
  };
  return { bot, owner, customers, asks, guest, facts };
}

describe('a customer while the shop is closed', () => {
  it('is told the hours, and nothing can be asked, unless the owner wants it', async () => {
    const { bot, guest } = await closedShop();
    const lin = await guest('林小姐');
    const [answer] = await bot.ask(lin, bot.umember.books.coupon());
    expect(answer!.text).toContain('10:00–12:00');
    expect(labels(answer!)).toEqual([]);
  });

  it('asks, the owner agrees, and both see that it is verified, in the customer’s name', async () => {
    const { bot, owner, guest, asks, facts } = await closedShop('顾客可以请店主同意');
    const lin = await guest('林小姐');
    const { coupon, offer, question } = await asks(lin);
    expect(offer.text).toContain('已请店主同意核销');
    for (const fact of ['顾客 林小姐 请你同意核销', coupon, '¥49.00', '还剩 14 分钟']) expect(question.text).toContain(fact);
    await bot.press(owner, question, '同意并核销');
    await bot.tick('outbox');
    expect(question.text).toContain('核销成功');
    expect(offer.text).toContain('核销成功');
    expect(texts(lin.chat).join()).toContain('王老板 同意了 林小姐');
    expect(bot.umember.books.used(coupon)).toHaveLength(1);
    const [row] = await bot.database.db.selectFrom('verification').select(['by_kind', 'person_name']).execute();
    expect(row).toEqual({ by_kind: 'customer', person_name: '林小姐' });
    expect(await facts()).toEqual([
      ['approval.asked', '林小姐'],
      ['approval.agreed', '王老板'],
      ['verification.confirm', '林小姐'],
      ['verification.yes', ''],
    ]);
    expect(bot.faults).toEqual([]);
  });
});

describe('staff while the shop is closed', () => {
  it('verify as usual, unless the owner wants to be asked; the owner always may', async () => {
    const { bot, owner, customers } = await closedShop();
    const li = await bot.staff(owner);
    const card = await bot.card(li);
    await bot.press(li, card, '确认核销');
    expect(card.text).toContain('核销成功');
    await customers('开放时间', '打烊时', '员工要请店主同意');
    const next = await bot.card(li);
    await bot.press(li, next, '确认核销');
    expect(last(li).text).toContain('现在不在开放时间');
    expect(labels(last(li))).toEqual(['请店主同意']);
    const own = await bot.card(owner);
    await bot.press(owner, own, '确认核销');
    expect(own.text).toContain('核销成功');
    // Nor do several at once get around it.
    const [list] = await bot.ask(li, `${bot.umember.books.coupon()} ${bot.umember.books.coupon()}`);
    await bot.press(li, list!, '全部核销');
    await bot.press(li, last(li), labels(last(li))[0]!);
    expect(last(li).text).toContain('10:00–12:00');
    expect(bot.umember.calls('verify')).toBe(2);
  });

  it('are refused by the owner: nothing is verified, and asking again changes nothing', async () => {
    const { bot, owner, asks } = await closedShop('员工要请店主同意');
    const li = await bot.staff(owner);
    const { coupon, card, question } = await asks(li);
    await bot.press(owner, question, '拒绝');
    await bot.tick('outbox');
    expect(question.text).toContain('没有同意');
    expect(last(li).text).toContain('什么也没有核销');
    await bot.press(li, card, '确认核销');
    await bot.press(li, last(li), '请店主同意');
    expect(last(li).text).toContain('没有同意');
    expect(bot.umember.books.used(coupon)).toEqual([]);
  });

  it('are answered by owners alone, and once', async () => {
    const { bot, owner, asks } = await closedShop('员工要请店主同意');
    const li = await bot.staff(owner);
    const { coupon, offer, question } = await asks(li);
    const yes = question.buttons[0]![0]!.data;
    li.forges(offer, yes);
    await bot.quiet();
    expect(bot.umember.books.used(coupon)).toEqual([]);
    owner.presses(question, '同意并核销');
    owner.forges(question, yes);
    owner.forges(question, yes.replace('open-yes', 'open-no'));
    await bot.quiet();
    expect(bot.umember.books.used(coupon)).toHaveLength(1);
  });

  it('hear that nobody answered in time, and the owner’s late yes verifies nothing', async () => {
    const { bot, owner, asks } = await closedShop('员工要请店主同意');
    const li = await bot.staff(owner);
    const { coupon, question } = await asks(li);
    bot.later(15 * MINUTE);
    await bot.tick();
    expect(last(li).text).toContain('时间过了没有人答复，什么也没有核销');
    await bot.press(owner, question, '同意并核销');
    expect(question.text).toContain('时间过了');
    expect(bot.umember.books.used(coupon)).toEqual([]);
  });

  it('who are staff no more get no yes', async () => {
    const { bot, owner, asks } = await closedShop('员工要请店主同意');
    const li = await bot.staff(owner);
    const { coupon, question } = await asks(li);
    await bot.ask(owner, '/staff');
    await bot.press(owner, last(owner), '移除 小李');
    await bot.press(owner, last(owner), '确定移除');
    await bot.press(owner, question, '同意并核销');
    expect(question.text).toContain('不能核销了');
    expect(bot.umember.books.used(coupon)).toEqual([]);
  });

  it('whose owner’s program stopped after the yes: the owner’s next press goes on, and the coupon is used once', async () => {
    const { bot, owner, asks } = await closedShop('员工要请店主同意');
    const li = await bot.staff(owner);
    const { coupon, question } = await asks(li);
    await bot.database.db
      .updateTable('approval')
      .set({ state: 'agreed', decided_by: `telegram:${owner.id}`, decided_name: '王老板' })
      .execute();
    await bot.press(owner, question, '同意并核销');
    bot.later(SECOND);
    await bot.tick();
    expect(question.text).toContain('核销成功');
    expect(bot.umember.books.used(coupon)).toHaveLength(1);
  });
});

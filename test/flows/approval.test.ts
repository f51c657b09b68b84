/** 请店主同意: staff ask for the undo of what somebody else verified, and an owner decides. */
import { describe, expect, it } from 'vitest';
import { createFacts } from '../../services/facts/facts.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { labels, MINUTE, openHarness, texts } from './harness.ts';

/** A practice store's group in which everybody verifies: 小李 verified a coupon, 小张 found out that it was the wrong one. */
async function wrongCoupon() {
  const bot = await openHarness();
  const owner = await bot.learner();
  const [li, zhang] = [bot.telegram.person('小李'), bot.telegram.person('小张')];
  const group = bot.telegram.group('前台群', { admins: [owner], members: [li, zhang] });
  const [accounts] = await bot.ask(owner, '/bind', { in: group });
  await bot.press(owner, accounts!, '练习店');
  await bot.press(owner, await group.shows('选择门店'), '练习棋牌室（人民路店）');
  await bot.press(owner, await group.shows('谁可以核销'), '群内所有人');
  const card = await bot.card(li, '1000123456', group);
  await bot.press(li, card, '确认核销');
  const undo = labels(card).find((label) => label.startsWith('撤销'))!;
  /** Somebody presses 撤销, is refused, and asks the owner; gives the request in the group and the owner's card. */
  const asks = async (person: FakePerson): Promise<{ request: FakeMessage; question: FakeMessage }> => {
    expect(await bot.press(person, card, undo)).toContain('只有店主或核销人');
    const request = await group.shows('可以请店主同意');
    await bot.press(person, request, '请店主同意');
    await bot.tick('outbox');
    return { request, question: owner.chat.messages.findLast(({ text }) => text.includes('请你同意撤销'))! };
  };
  const facts = async () => {
    const [v] = await bot.database.db.selectFrom('verification').select('id').execute();
    const told = await createFacts(bot.database.db).of(v!.id);
    return told.map(({ kind, by, detail }) => [kind, by?.name, detail['asked-name']]).slice(2);
  };
  return { bot, owner, li, zhang, group, card, undo, asks, facts };
}

describe('an undo that somebody else has to agree to', () => {
  it('is asked for by a button, agreed to by the owner, and both see what became of it', async () => {
    const { bot, owner, zhang, group, card, asks, facts } = await wrongCoupon();
    const { request, question } = await asks(zhang);
    expect(request.text).toContain('已请店主同意');
    for (const fact of ['小张 请你同意撤销', '1000123456', '¥49.00', '还剩 10 分钟']) expect(question.text).toContain(fact);
    await bot.press(owner, question, '同意并撤销');
    await bot.tick('outbox');
    expect(question.text).toContain('已撤销');
    expect(card.text).toContain('已撤销');
    const said = texts(group).slice(-2);
    expect(said[0]).toContain('王老板 同意了 小张 撤销');
    expect(said[1]).toContain('已撤销');
    expect(await facts()).toEqual([
      ['approval.asked', '小张', undefined],
      ['approval.agreed', '王老板', '小张'],
      ['verification.undo', '王老板', undefined],
      ['verification.undo-yes', '', undefined],
    ]);
    expect(bot.faults).toEqual([]);
  });

  it('that the owner refuses stays verified; whoever asked hears it, and asks no second time', async () => {
    const { bot, owner, zhang, group, card, undo, asks, facts } = await wrongCoupon();
    const { question } = await asks(zhang);
    await bot.press(owner, question, '拒绝');
    await bot.tick('outbox');
    expect(question.text).toContain('王老板 没有同意');
    expect(question.buttons).toEqual([]);
    expect(texts(group).at(-1)).toContain('没有同意 小张');
    expect(card.text).toContain('核销成功');
    await bot.press(zhang, card, undo);
    const again = group.messages.at(-1)!;
    await bot.press(zhang, again, '请店主同意');
    expect(again.text).toContain('没有同意');
    expect((await facts()).map(([kind]) => kind)).toEqual(['approval.asked', 'approval.declined']);
  });

  it('is answered by owners alone, and once', async () => {
    const { bot, owner, li, zhang, group, card, asks, facts } = await wrongCoupon();
    const { request, question } = await asks(zhang);
    const [yes] = question.buttons[0]!;
    for (const person of [li, zhang]) person.forges(request, yes!.data);
    await bot.quiet();
    expect(card.text).toContain('核销成功');
    // Who verified it, and the owner, need nobody's yes.
    li.forges(request, card.buttons[0]![0]!.data.replace('undo', 'ask-owner'));
    await bot.quiet();
    owner.presses(question, '同意并撤销');
    owner.forges(question, yes!.data);
    owner.forges(question, yes!.data.replace('owner-yes', 'owner-no'));
    await bot.quiet();
    expect((await facts()).map(([kind]) => kind)).toEqual([
      'approval.asked',
      'approval.agreed',
      'verification.undo',
      'verification.undo-yes',
    ]);
    expect(texts(group).filter((text) => text.includes('同意了'))).toHaveLength(0);
    await bot.tick('outbox');
    expect(texts(group).filter((text) => text.includes('同意了'))).toHaveLength(1);
  });

  it('expires with the time for the undo, before it is asked for and before it is answered', async () => {
    const { bot, owner, zhang, card, undo, asks } = await wrongCoupon();
    const { question } = await asks(zhang);
    await bot.press(zhang, card, undo);
    bot.later(10 * MINUTE);
    expect(await bot.press(owner, question, '同意并撤销')).toContain('商家后台');
    expect(question.text).toContain('核销成功');
    expect(question.buttons).toEqual([]);
  });

  it('goes on at the owner’s next press where the program was stopped after the yes', async () => {
    const { bot, owner, zhang, asks, facts } = await wrongCoupon();
    const { question } = await asks(zhang);
    await bot.database.db
      .updateTable('approval')
      .set({ state: 'agreed', decided_by: `telegram:${owner.id}`, decided_name: '王老板' })
      .execute();
    await bot.press(owner, question, '同意并撤销');
    expect(question.text).toContain('已撤销');
    expect((await facts()).map(([kind]) => kind)).toContain('verification.undo-yes');
  });

  it('is offered by /undo with the code, too', async () => {
    const { bot, owner, zhang, group } = await wrongCoupon();
    expect((await bot.ask(zhang, '/undo', { in: group }))[0]!.text).toContain('没有可以撤销');
    const [offer] = await bot.ask(zhang, '/undo 3456', { in: group });
    await bot.press(zhang, offer!, '请店主同意');
    await bot.tick('outbox');
    await bot.press(owner, owner.chat.messages.at(-1)!, '同意并撤销');
    expect(owner.chat.messages.at(-1)!.text).toContain('已撤销');
  });
});

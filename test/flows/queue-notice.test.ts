import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { openHarness, SECOND, type Harness } from './harness.ts';

/** Somebody of the staff for each of them; no call is spent on it. */
async function staff(bot: Harness, owner: FakePerson, many: number): Promise<FakePerson[]> {
  const people: FakePerson[] = [];
  for (let n = 0; n < many; n++) people.push(await bot.staff(owner, `店员${n}`));
  return people;
}

it('who presses while others are before him reads on the card how many', async () => {
  const bot = await openHarness({ perSecond: 2 });
  const owner = await bot.owner();
  const people = await staff(bot, owner, 5);
  const cards = await Promise.all(people.map((person) => bot.card(person)));
  for (const [n, person] of people.entries()) {
    person.presses(cards[n]!, '确认核销');
    await person.chat.shows('处理中');
    await pause(20);
  }
  expect(cards[4]!.text).toMatch(/处理中[\s\S]*前面还有 \d 位/);
  await bot.quiet();
  for (const card of cards) expect(card.text).toContain('核销成功');
  expect(bot.faults).toEqual([]);
}, 15_000);

it('a press goes before look-ups, however many wait', async () => {
  const bot = await openHarness({ perSecond: 1, timeoutMs: 10_000 });
  const owner = await bot.owner();
  const card = await bot.card(owner);
  const [first, ...people] = await staff(bot, owner, 6);
  const late = people.pop()!;
  await pause(1100);
  // One answer that took 25 s lets everybody expect a long wait.
  bot.umember.fail('detail', { kind: 'late', ms: 300 });
  for (const person of [first!, ...people]) person.says(bot.umember.books.coupon());
  await bot.telegram.acknowledged();
  bot.later(25 * SECOND);
  await first!.chat.shows('未使用');
  late.says(bot.umember.books.coupon());
  await late.chat.shows('平台繁忙');
  owner.presses(card, '确认核销');
  await owner.chat.shows('核销成功');
  expect(people.at(-1)!.chat.messages.at(-1)!.text).toContain('前面还有');
  await bot.quiet();
}, 15_000);

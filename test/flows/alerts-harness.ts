/** What stories of alerts share: what was told of a cause, time that passes, and quiet hours. */
import type { FakePerson } from '../doubles/telegram.ts';
import { texts, type Harness } from './harness.ts';

/** What a person was told with these words. */
export const told = (person: FakePerson, words: string): string[] => texts(person.chat).filter((text) => text.includes(words));

/** A coupon is looked up and verified. */
export async function verify(bot: Harness, person: FakePerson, seed: Parameters<Harness['umember']['books']['coupon']>[0] = {}) {
  const card = await bot.card(person, bot.umember.books.coupon(seed));
  await bot.press(person, card, '确认核销');
  return card;
}

/** Time passes in steps; the jobs run at the end of each. */
export async function pass(bot: Harness, ms: number, steps = 1): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    bot.later(ms / steps);
    await bot.tick();
  }
}

export async function setQuiet(bot: Harness, owner: FakePerson, hours: string): Promise<void> {
  const [settings] = await bot.ask(owner, '/settings');
  await bot.press(owner, settings!, '安静时段：关');
  await bot.ask(owner, hours);
}

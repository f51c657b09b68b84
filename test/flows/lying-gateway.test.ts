/** A gateway that lies by chance, in every way at once: after people have decided truly, the books are those of the platform. */
import { expect, it } from 'vitest';
import { NAMES } from '../doubles/lies.ts';
import { EVENING, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

/** Numbers from 0 to 1 that a seed repeats. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Until a lost answer has been asked about as often as it takes. */
async function settle(bot: Harness): Promise<void> {
  for (const seconds of [2, 3, 6, 14, 62, 62]) {
    bot.later(seconds * SECOND);
    await bot.tick();
  }
}

it.each([1, 2, 3])('seed %i: no use is denied and none is made up', async (seed) => {
  const random = chances(seed);
  const bot = await openHarness({ gateways: true, now: EVENING });
  const owner = bot.telegram.person('王老板');
  const [platforms] = await bot.ask(owner, '/bind');
  await bot.press(owner, platforms!, '大众点评');
  await bot.authorises(owner.chat.messages.at(-1)!);
  const { meituan } = bot.gateways;
  const { books } = meituan;
  for (const [fault, chance] of [
    [{ kind: 'used' }, 0.15],
    [{ kind: 'used', applied: false }, 0.1],
    [{ kind: 'yes' }, 0.1],
    [{ kind: 'no', words: '网络异常', applied: true }, 0.2],
    [{ kind: 'no', words: 'Internal Server Error' }, 0.2],
    [{ kind: 'reset' }, 0.2],
  ] as const)
    meituan.failOften('consume', fault, chance, random);

  const codes: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    meituan.lists.names = NAMES[Math.floor(random() * NAMES.length)]!;
    meituan.lists.lateMs = Math.floor(random() * 3) * 4 * SECOND;
    const code = books.coupon();
    codes.push(code);
    const card = await bot.card(owner, code);
    bot.later(Math.floor(random() * 59) * SECOND);
    await bot.press(owner, card, '确认核销');
    await settle(bot);
    // Somebody looks into the merchant's console, and says how it is.
    if (card.text.includes('需要人工判断')) await bot.press(owner, card, books.used(code).length > 0 ? '是本次核销' : '不是');
  }
  meituan.forgetFaults();

  // A yes that never was is found when the code is sent again.
  bot.later(10 * MINUTE);
  for (const code of codes) await bot.ask(owner, code);
  const rows = await bot.database.db.selectFrom('verification').select(['code', 'state', 'amount', 'certainty']).execute();
  const here = rows.filter(({ state }) => state === 'verified');
  expect(here.map(({ code }) => code).toSorted()).toEqual(codes.filter((code) => books.used(code).length > 0).toSorted());
  expect(rows.filter(({ state }) => !['verified', 'refused', 'undone'].includes(state))).toEqual([]);
  for (const { amount, certainty } of here) {
    expect(amount).toBe(4_990);
    expect(['answered', 'listed', 'inferred', 'decided']).toContain(certainty);
  }
  expect(codes.every((code) => books.used(code).length <= 1)).toBe(true);
  expect(bot.faults).toEqual([]);
});

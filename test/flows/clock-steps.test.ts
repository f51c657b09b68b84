/** The machine's clock is set: back by eight hours (its own clock in local time, then the network's), forward, or it slept. */
import { describe, expect, test } from 'vitest';
import { HOUR, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const STEPS = [-8 * HOUR, 8 * HOUR, -20 * SECOND] as const;

/** So much time goes by, in which the jobs run every few seconds. */
async function passes(bot: Harness, ms: number): Promise<void> {
  for (let over = 0; over < ms; over += 5 * SECOND) {
    bot.later(5 * SECOND);
    await bot.tick();
  }
}

describe.each(STEPS)('a clock that is set by %d ms', (step) => {
  test.each([true, false])('leaves no result unasked (used at the platform: %s)', async (applied) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied });
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('结果待确认');
    bot.later(step);
    await passes(bot, 2 * MINUTE);
    expect(card.text).toContain(applied ? '核销成功' : '未核销');
  });

  test('lets what is to go out go out, in order', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    for (const method of ['sendMessage', 'editMessageText'])
      bot.telegram.fault(method, { kind: 'error', code: 500, description: 'Internal Server Error' }, 1000);
    await passes(bot, 10 * SECOND);
    bot.later(step);
    bot.telegram.faultsEnd();
    await passes(bot, 2 * MINUTE);
    expect(texts(owner.chat).join()).toContain('核销成功');
    expect(await bot.database.db.selectFrom('outbox').select('id').where('state', '<>', 'sent').execute()).toEqual([]);
  });

  test('answers what waits, and what is said afterwards', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    bot.later(step);
    const [answer] = await bot.ask(owner, '/status');
    expect(answer!.text).not.toBe('');
    const card = await bot.card(owner);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(await bot.waiting()).toBe(0);
    expect(bot.faults).toEqual([]);
  });

  test('goes on counting the minutes in which a use can be taken back', async () => {
    const bot = await openHarness();
    const learner = await bot.learner();
    const card = await bot.card(learner, '1000123456');
    await bot.press(learner, card, '确认核销');
    bot.later(step);
    const before = bot.telegram.callsOf('editMessageText').length;
    await passes(bot, 5 * MINUTE);
    // Not shown anew at every turn, however wrong the time was.
    expect(bot.telegram.callsOf('editMessageText').length - before).toBeLessThan(6);
    expect(labels(card).length > 0).toBe(step < 0);
  });
});

test('a clock that is set back over the end of the day posts no day a second time, and none too few', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const group = bot.telegram.group('老板群', { admins: [owner] });
  await bot.ask(owner, '/report', { in: group });
  const days = () => texts(group).flatMap((text) => /日报 · .*?(\d{4}-\d\d-\d\d)/s.exec(text)?.slice(1) ?? []);
  bot.later(6 * HOUR);
  await bot.tick();
  expect(days()).toEqual(['2026-11-22']);
  bot.later(-8 * HOUR);
  await passes(bot, MINUTE);
  bot.later(2 * HOUR);
  await passes(bot, MINUTE);
  expect(days()).toEqual(['2026-11-22']);
  bot.later(30 * HOUR);
  await bot.tick();
  expect(days()).toEqual(['2026-11-22', '2026-11-23']);
});

test('a use that is booked into a day of which the summary is out, by a clock that was set back, is corrected by the next', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const group = bot.telegram.group('老板群', { admins: [owner] });
  await bot.ask(owner, '/report', { in: group });
  bot.later(6 * HOUR);
  await bot.tick();
  bot.later(-8 * HOUR);
  const card = await bot.card(owner);
  await bot.press(owner, card, '确认核销');
  bot.later(8 * HOUR + 24 * HOUR);
  await bot.tick();
  expect(texts(group).at(-1)).toContain('更正 2026-11-22：核销 0 → 1 张');
});

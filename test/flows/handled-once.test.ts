/** What is said is delivered once and in order, however long a chat cannot be reached; and it is true when it arrives. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HOUR, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

const DOWN = { kind: 'error', code: 502, description: 'Bad Gateway' } as const;
const MUTED = {
  kind: 'error',
  code: 400,
  description: 'Bad Request: not enough rights to send text messages to the chat',
} as const;

/** The clock's jobs, each quarter of an hour. */
async function pass(bot: Harness, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 15 * MINUTE) {
    bot.later(15 * MINUTE);
    await bot.tick();
  }
}

it('one wrong code while Telegram cannot be reached: one look-up, one answer, and no owner is warned', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const helper = await bot.staff(owner);
  await bot.tick();
  const before = [helper.chat.written.length, owner.chat.written.length];
  bot.telegram.fault('sendMessage', DOWN, 1000);
  helper.says('7992697494');
  await bot.quiet();
  await pass(bot, 2 * HOUR);
  bot.telegram.faultsEnd();
  await pass(bot, HOUR);
  expect(bot.umember.calls('detail')).toBe(1);
  const said = helper.chat.written.slice(before[0]).filter(({ byBot }) => byBot);
  expect(said.map(({ text }) => text)).toEqual([expect.stringContaining('券码不存在')]);
  expect(owner.chat.written.slice(before[1])).toEqual([]);
});

it('a press whose answers do not get through: the card says what is true once it can, and was never looked at twice', async () => {
  const bot = await openHarness();
  const owner = await bot.learner();
  const card = await bot.card(owner, '1000123456');
  bot.telegram.fault('editMessageText', DOWN, 1000);
  await bot.press(owner, card, '确认核销');
  expect(await bot.stored.outgoing()).toBe(1);
  await pass(bot, 15 * MINUTE);
  bot.telegram.faultsEnd();
  await pass(bot, 15 * MINUTE);
  expect(card.text).toContain('核销成功');
  // Ten minutes are over by now.
  expect(labels(card)).toEqual([]);
  expect(card.edits).toBe(1);
});

it('answers go behind what has waited longer, and everything arrives in its order', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const before = owner.chat.written.length;
  bot.telegram.fault('sendMessage', { kind: 'flood', retryAfter: 120 }, 4);
  owner.says('/cancel');
  await bot.quiet();
  expect(await bot.stored.outgoing()).toBe(1);
  // It comes back, and the next question is answered at once: behind the first.
  owner.says('/status');
  await bot.quiet();
  const said = owner.chat.written.slice(before).filter(({ byBot }) => byBot);
  expect(said.map(({ text }) => text.slice(0, 2))).toEqual(['没有', '门店']);
  expect(await bot.stored.outgoing()).toBe(0);
});

it('a group where the bot may not write: its owner is told once a day, and the group goes on when it may', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const group = await bot.group(owner, []);
  bot.telegram.fault('sendMessage', MUTED, 2);
  for (const words of ['/help', '/status']) {
    owner.says(words, { in: group });
    await bot.quiet();
  }
  await bot.tick();
  const told = texts(owner.chat).filter((text) => text.includes('发不到「前台群」'));
  expect(told).toHaveLength(1);
  expect((await bot.ask(owner, '/help', { in: group })).length).toBe(1);
  const dead = await bot.database.db.selectFrom('outbox').select('id').where('state', '=', 'dead').execute();
  expect(dead).toHaveLength(2);
});

it('a countdown that is delivered after 确认撤销 does not put 核销成功 back', async () => {
  const bot = await openHarness();
  const owner = await bot.learner();
  const card = await bot.card(owner, '1000123456');
  await bot.press(owner, card, '确认核销');
  await bot.tick();
  bot.later(4 * MINUTE + 50 * SECOND);
  await bot.press(owner, card, labels(card)[0]!);
  expect(card.text).toContain('确定撤销');
  // Five minutes are left: a step is due, and its edit fails for the moment.
  bot.later(11 * SECOND);
  await bot.tick('countdown');
  bot.telegram.fault('editMessageText', DOWN);
  await bot.press(owner, card, '确认撤销');
  const shown: string[] = [];
  for (let n = 0; n < 5; n++) {
    await bot.tick('outbox');
    shown.push(card.text.split('\n')[0]!);
    bot.later(5 * SECOND);
  }
  expect(shown.join()).not.toContain('核销成功');
  expect(shown.at(-1)).toContain('已撤销');
});

it('结果待确认 that is delivered after the answer came does not stay on the card', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.umember.fail('verify', { kind: 'late', ms: 1, heldMs: 300 });
  owner.presses(card, '确认核销');
  await expect.poll(() => bot.umember.calls('verify')).toBe(1);
  // The machine slept while the call was out.
  bot.later(80 * SECOND);
  await bot.tick('recheck');
  await bot.quiet();
  for (let n = 0; n < 20; n++) {
    await bot.tick();
    bot.later(10 * SECOND);
  }
  await pause(1);
  await bot.tick();
  expect(card.text).toContain('核销成功');
});

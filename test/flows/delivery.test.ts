import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../services/database/database.ts';
import { openHarness, SECOND, texts } from './harness.ts';

describe('what Telegram does to an answer', () => {
  it('429: waits as long as it is told, and the answer comes', async () => {
    const bot = await openHarness({ hurry: 20 });
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    bot.telegram.fault('sendMessage', { kind: 'flood', retryAfter: 2 });
    const card = await bot.card(owner, code);
    bot.telegram.fault('editMessageText', { kind: 'flood', retryAfter: 2 }, 2);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(texts(owner.chat).filter((text) => text.includes(code))).toHaveLength(1);
  });

  it.each([
    { kind: 'error', code: 502, description: 'Bad Gateway' },
    { kind: 'page', status: 500 },
    { kind: 'reset', applied: false },
  ] as const)('$kind: tries again, and the card is there once', async (fault) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    bot.telegram.fault('sendMessage', fault);
    const card = await bot.card(owner, code);
    expect(texts(owner.chat).filter((text) => text.includes(code))).toHaveLength(1);
    bot.telegram.fault('editMessageText', fault, 2);
    await bot.press(owner, card, '确认核销');
    expect(card.text).toContain('核销成功');
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('a connection that breaks after the card was written may show it twice; either is the coupon, used once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    bot.telegram.fault('sendMessage', { kind: 'reset', applied: true });
    await bot.card(owner, code);
    await bot.quiet();
    const cards = owner.chat.messages.filter((message) => message.text.includes(code) && message.byBot);
    expect(cards).toHaveLength(2);
    for (const card of cards) await bot.press(owner, card, '确认核销');
    for (const card of cards) expect(card.text).toContain('核销成功');
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('an outage longer than all tries: the result is kept, and shown when Telegram is back', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.telegram.fault('editMessageText', { kind: 'error', code: 502, description: 'Bad Gateway' }, 1000);
    owner.presses(card, '确认核销');
    await bot.telegram.called('editMessageText', 4);
    await bot.quiet();
    expect(await bot.stored.outgoing()).toBe(1);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(card.text).toContain('未使用');
    bot.telegram.faultsEnd();
    for (let n = 0; n < 3; n++) {
      bot.later(5 * SECOND);
      await bot.tick();
    }
    await owner.chat.shows('核销成功');
    expect(bot.umember.calls('verify')).toBe(1);
  });
});

describe('what comes twice', () => {
  it('an update delivered again is answered once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    await bot.card(owner, code);
    const update = bot.telegram.updates.at(-1)!;
    for (let n = 0; n < 5; n++) bot.telegram.repeat(update);
    await bot.quiet();
    expect(bot.umember.calls('detail')).toBe(1);
    expect(texts(owner.chat).filter((text) => text.includes(code))).toHaveLength(1);
  });

  it('a press that comes again, under a new update id and a day later, acts once', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    const press = owner.presses(card, '确认核销');
    bot.telegram.pressAgain(press);
    await bot.quiet();
    bot.telegram.pressAgain(press);
    bot.later(86_400 * SECOND);
    bot.telegram.pressAgain(press);
    await bot.quiet();
    expect(bot.umember.calls('verify')).toBe(1);
    expect(card.text).toContain('核销成功');
    expect(card.edits).toBeLessThanOrEqual(2);
  });

  it('a message and its press that arrive in the wrong order make no trouble', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [first, second] = [bot.umember.books.coupon(), bot.umember.books.coupon()];
    bot.telegram.hold();
    owner.says(first);
    owner.says(second);
    bot.telegram.release('reversed');
    await owner.chat.shows(first);
    await owner.chat.shows(second);
    expect(bot.faults).toEqual([]);
  });
});

describe('while the platform is slow', () => {
  it('answers keep their order within a chat, and another chat does not wait', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const learner = await bot.learner('李四');
    const [slow, next] = [bot.umember.books.coupon(), bot.umember.books.coupon()];
    bot.umember.fail('detail', { kind: 'late', ms: 400 });
    const before = owner.chat.written.length;
    owner.says(slow);
    owner.says(next);
    owner.says('/help');
    await bot.telegram.acknowledged();
    await bot.card(learner, '1000123456');
    expect(owner.chat.written.slice(before).filter(({ byBot }) => byBot)).toEqual([]);
    await bot.quiet();
    const said = owner.chat.written.slice(before).filter(({ byBot }) => byBot);
    expect(said.map(({ text }) => (text.includes(slow) ? 'slow' : text.includes(next) ? 'next' : 'help'))).toEqual([
      'slow',
      'next',
      'help',
    ]);
  });

  it('every press is answered within a second, also those that wait behind it', async () => {
    // Ten times as fast: the platform takes what stands for five seconds.
    const bot = await openHarness({ hurry: 10 });
    const owner = await bot.owner();
    const [first, second] = [await bot.card(owner), await bot.card(owner)];
    bot.umember.fail('verify', { kind: 'late', ms: 500 });
    const presses = [owner.presses(first, '确认核销'), owner.presses(second, '确认核销'), owner.presses(first, '确认核销')];
    await Promise.all(presses.map((press) => bot.telegram.answered(press)));
    // All were answered while the first was still at work.
    expect(first.text).toContain('处理中');
    expect(second.text).toContain('未使用');
    await bot.quiet();
    expect(second.text).toContain('核销成功');
  });
});

describe('a process that dies', () => {
  it('in the middle of a look-up: the code is answered by the next one', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    bot.umember.fail('detail', { kind: 'late' });
    owner.says(code);
    await expect.poll(() => bot.umember.calls('detail')).toBe(1);
    await bot.crash();
    await owner.chat.shows(code);
    await bot.quiet();
    expect(texts(owner.chat).filter((text) => text.includes(code))).toHaveLength(1);
  });

  it('in the middle of a verification: the press is repeated without a second use, and the chat is told', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'late', applied: true });
    owner.presses(card, '确认核销');
    await expect.poll(() => bot.umember.books.used(code).length).toBe(1);
    await bot.crash();
    await bot.quiet();
    for (let n = 0; n < 3; n++) {
      bot.later(SECOND);
      await bot.tick();
    }
    await owner.chat.shows((message) => message === card && message.text.includes('核销成功'));
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('with messages unanswered: the next one, on the same file, answers them', async () => {
    const database = await openSqlite(':memory:');
    const bot = await openHarness({ database });
    const owner = await bot.owner();
    bot.umember.fail('detail', { kind: 'late' });
    const codes = [bot.umember.books.coupon(), bot.umember.books.coupon(), bot.umember.books.coupon()];
    for (const code of codes) owner.says(code);
    await bot.telegram.acknowledged();
    await bot.crash();
    for (const code of codes) await owner.chat.shows(code);
    await bot.quiet();
    const shown = texts(owner.chat).flatMap((text) => codes.filter((code) => text.includes(code)));
    expect(shown).toEqual(codes);
  });
});

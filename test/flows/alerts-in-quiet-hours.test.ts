/** What is kept in quiet hours, told once at their end, and not told where it is over by then. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startMerchantSystem } from '../doubles/merchant-system.ts';
import { pass, setQuiet, told, verify } from './alerts-harness.ts';
import { HOUR, labels, MINUTE, openHarness } from './harness.ts';

/** What a Telegram group answers that has muted the bot. */
const MUTED = {
  kind: 'error',
  code: 400,
  description: 'Bad Request: not enough rights to send text messages to the chat',
} as const;

describe('quiet hours', () => {
  it('keep what can wait, and tell it at their end in one message', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await setQuiet(bot, owner, '18:00-20:00');
    bot.umember.books.shops.get(5)!.requests = 120;
    for (let n = 0; n < 6; n += 1) await verify(bot, owner, { yuan: '49.90' });
    await verify(bot, owner, { yuan: '1.00' });
    await pass(bot, 80 * MINUTE, 4);
    expect([told(owner, '平时是'), told(owner, '验券次数')]).toEqual([[], []]);
    await pass(bot, 15 * MINUTE);
    expect(told(owner, '有 2 条提醒')).toEqual([
      expect.stringMatching(/验券次数只有 \d+[\s\S]*平时是|平时是[\s\S]*验券次数只有 \d+/),
    ]);
    await pass(bot, HOUR);
    expect(told(owner, '验券次数')).toHaveLength(1);
  });

  it('say nothing of what is over when they end', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    await setQuiet(bot, owner, '18:00-04:00');
    bot.umember.books.shops.get(5)!.requests = 120;
    await pass(bot, 2 * HOUR);
    bot.umember.books.shops.get(5)!.requests = 9000;
    await pass(bot, 6 * HOUR);
    await pass(bot, 6 * HOUR);
    expect(told(owner, '验券次数')).toEqual([]);
  });
});

describe('a summary that its group does not get', () => {
  it('waits for the end of quiet hours, and then comes to the owner once, over a restart', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const group = await bot.group(owner, []);
    await bot.ask(owner, '/report 18:45', { in: group });
    await setQuiet(bot, owner, '18:00-20:00');
    await verify(bot, owner);
    bot.telegram.fault('sendMessage', MUTED, 1);
    await pass(bot, 20 * MINUTE);
    expect(told(owner, '发不到')).toEqual([]);
    await bot.crash();
    await pass(bot, 50 * MINUTE);
    expect(told(owner, '发不到')).toEqual([]);
    await pass(bot, 30 * MINUTE, 2);
    expect(told(owner, '发不到')).toEqual([expect.stringMatching(/发不到「前台群」[\s\S]*日报 · [\s\S]*核销 1 张/)]);
    // Sealed meanwhile: the table of alerts has no words of it.
    expect(JSON.stringify(await bot.database.db.selectFrom('alert').selectAll().execute())).not.toContain('核销 1 张');
  });
});

describe('an endpoint that is turned off', () => {
  async function turnedOff() {
    const system = await startMerchantSystem();
    onTestFinished(() => system.close());
    const bot = await openHarness();
    const owner = await bot.owner();
    await bot.ask(owner, `回调 ${system.url}`);
    await setQuiet(bot, owner, '18:00-20:00');
    system.next.push({ status: 410 });
    await verify(bot, owner);
    await system.gets(1);
    await vi.waitFor(async () => {
      await bot.tick('webhooks');
      const off = bot.database.db.selectFrom('webhook_endpoint').select('id').where('disabled_at', 'is not', null);
      expect(await off.execute()).toHaveLength(1);
    });
    await bot.tick();
    expect(told(owner, '已自动停用')).toEqual([]);
    return { bot, owner };
  }

  it('is told at the end of quiet hours, with the button that leads to it', async () => {
    const { bot, owner } = await turnedOff();
    await pass(bot, 2 * HOUR);
    expect(told(owner, '已自动停用')).toHaveLength(1);
    expect(labels(owner.chat.messages.at(-1)!)).toEqual(['查看']);
  });

  it('is not told where it was turned on again meanwhile', async () => {
    const { bot, owner } = await turnedOff();
    const [list] = await bot.ask(owner, '回调');
    await bot.press(owner, list!, labels(list!)[0]!);
    await bot.press(owner, owner.chat.messages.at(-1)!, '启用');
    await pass(bot, 2 * HOUR);
    expect(told(owner, '已自动停用')).toEqual([]);
  });
});

/** A summary says what its zeros do not: forgotten coupons, and times without the program. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, openHarness, texts, type Harness } from './harness.ts';

/** Runs until then, with a round of all jobs every few minutes, as a program that is never down. */
async function runUntil(bot: Harness, time: string): Promise<void> {
  const end = Date.parse(`${time}:00+08:00`);
  while (Date.now() < end) {
    bot.later(Math.min(4 * MINUTE, end - Date.now()));
    await bot.tick();
  }
}

async function open() {
  const bot = await openHarness({ now: Date.parse('2026-11-22T22:00:00+08:00') });
  const owner = await bot.owner();
  const group = bot.telegram.group('老板群', { admins: [owner] });
  await bot.ask(owner, '/report', { in: group });
  return { bot, owner, posted: () => texts(group).filter((text) => text.includes('日报 · ')) };
}

describe('coupons that were looked up and never confirmed', () => {
  it('are told with the ends of their codes, each once, on the day their cards ran out', async () => {
    const { bot, owner, posted } = await open();
    const forgotten = bot.umember.books.coupon();
    await bot.card(owner, forgotten);
    await bot.card(owner, forgotten);
    await runUntil(bot, '2026-11-23T00:00');
    expect(posted()).toEqual([expect.stringContaining(`\n查过未核销 1 张：尾号 ${forgotten.slice(-4)}`)]);
    await runUntil(bot, '2026-11-23T00:20');
    const kept = await bot.database.db.selectFrom('unconfirmed').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(forgotten);
  });

  it('are not those that were cancelled, verified, or looked up again and verified', async () => {
    const { bot, owner, posted } = await open();
    await bot.press(owner, await bot.card(owner), '取消');
    await bot.press(owner, await bot.card(owner), '确认核销');
    const code = bot.umember.books.coupon();
    await bot.card(owner, code);
    await runUntil(bot, '2026-11-22T22:40');
    const [again] = await bot.ask(owner, code);
    await bot.press(owner, again!, '确认核销');
    await runUntil(bot, '2026-11-23T00:00');
    expect(posted()).toEqual([expect.stringContaining('核销 2 张')]);
    expect(posted()[0]).not.toContain('查过未核销');
  });
});

describe('a day without sales', () => {
  it('is a zero and nothing else where the program ran all day', async () => {
    const { bot, posted } = await open();
    await runUntil(bot, '2026-11-23T00:00');
    expect(posted()).toEqual([expect.stringMatching(/核销 0 张\n合计 ¥0\.00\n撤销 0 张 · 待确认 0 张 · 未通过 0 次$/)]);
  });

  it('says when the program was down', async () => {
    const { bot, posted } = await open();
    await runUntil(bot, '2026-11-22T22:20');
    bot.later(HOUR);
    await bot.crash();
    await runUntil(bot, '2026-11-23T00:00');
    expect(posted()).toEqual([expect.stringMatching(/核销 0 张[\s\S]*\n程序停过：22:(1|2)\d–23:2\d/)]);
  });
});

describe('a platform that never answered', () => {
  it('is told with the calls that failed, and not where one of them had an answer', async () => {
    const { bot, owner, posted } = await open();
    for (const call of ['login', 'stores', 'deals', 'detail', 'verify'] as const)
      bot.umember.failOften(call, { kind: 'gateway' }, 1, () => 0);
    for (let call = 0; call < 3; call += 1) {
      await bot.ask(owner, bot.umember.books.coupon());
      bot.later(MINUTE);
    }
    bot.later(2 * HOUR);
    await bot.tick();
    bot.umember.forgetFaults();
    expect(posted()[0]).toContain('美团 · umember一直没有应答');
    expect(posted()[0]).toMatch(/查券、核销 \d+ 次都没成功，没核销上不等于没有客人/);

    bot.umember.fail('detail', { kind: 'gateway' });
    await bot.ask(owner, bot.umember.books.coupon());
    await bot.card(owner);
    bot.later(DAY);
    await bot.tick();
    expect(posted()[1]).toContain('2026-11-23');
    expect(posted()[1]).not.toContain('没有应答');
  });
});

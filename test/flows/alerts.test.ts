/** What owners are told by itself: each cause once until it is over, at a time that suits them, and with the way out. */
import { describe, expect, it } from 'vitest';
import { KEY } from '../doubles/allinpay.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { pass, setQuiet, told, verify } from './alerts-harness.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

describe('paid calls that run out', () => {
  it('are told once with the days they last, and again only after they were topped up', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const shop = bot.umember.books.shops.get(5)!;
    shop.requests = 3000;
    await pass(bot, 2 * HOUR);
    for (let day = 0; day < 5; day += 1) {
      shop.requests -= 500;
      await pass(bot, DAY);
    }
    expect(told(owner, '验券次数')).toEqual([expect.stringMatching(/还剩 \S+ 次验券次数，按最近的用量约够 \d 天.*充值/)]);
    shop.requests = 90_000;
    await pass(bot, DAY);
    shop.requests = 100;
    await pass(bot, DAY);
    await pass(bot, DAY);
    expect(told(owner, '验券次数')).toHaveLength(2);
  });
});

describe('a platform that gives no answers', () => {
  it('is told after ten minutes, once, with since when and that nothing is lost; and anew after it was back', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const fail = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute <= minutes; minute += 3) {
        bot.umember.fail('detail', { kind: 'error' });
        await bot.ask(owner, bot.umember.books.coupon());
        await pass(bot, 3 * MINUTE);
      }
    };
    await fail(6);
    expect(told(owner, '没有正常应答')).toEqual([]);
    await fail(9);
    expect(told(owner, '没有正常应答')).toEqual([expect.stringMatching(/18:30.*分钟.*没有丢/s)]);
    await verify(bot, owner);
    await bot.tick();
    await fail(12);
    expect(told(owner, '没有正常应答')).toHaveLength(2);
  });
});

describe('an outcome that somebody has to decide', () => {
  async function undecided(bot: Harness, person: FakePerson) {
    const card = await bot.card(person, bot.umember.books.coupon());
    bot.later(61 * SECOND);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(person, card, '确认核销');
    await pass(bot, SECOND);
    return card;
  }

  it('is told to the owners after ten minutes, with its card, also in quiet hours', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    await setQuiet(bot, owner, '18:00-23:00');
    await undecided(bot, helper);
    await pass(bot, 9 * MINUTE);
    expect(told(owner, '起等人判断')).toEqual([]);
    await pass(bot, 2 * MINUTE);
    expect(told(owner, '起等人判断')).toHaveLength(1);
    expect(labels(owner.chat.messages.at(-1)!).length).toBeGreaterThan(0);
    await pass(bot, HOUR);
    expect(told(owner, '起等人判断')).toHaveLength(1);
  });

  it('is not told where somebody decided meanwhile', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const helper = await bot.staff(owner);
    const card = await undecided(bot, helper);
    await bot.press(helper, card, '不是');
    await pass(bot, MINUTE);
    await pass(bot, HOUR);
    expect(told(owner, '起等人判断')).toEqual([]);
  });
});

describe('what is unusual', () => {
  it('a price that differs from the deal’s usual one is told once, and is usual in the end', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    for (let n = 0; n < 6; n += 1) await verify(bot, owner, { yuan: '49.90' });
    await bot.tick('alerts');
    for (let n = 0; n < 8; n += 1) {
      await verify(bot, owner, { yuan: '29.90' });
      await bot.tick();
    }
    expect(told(owner, '平时是')).toEqual([expect.stringMatching(/这次是 ¥29\.90 一张，平时是 ¥49\.90。请到平台后台/)]);
  });

  it('three price changes of another deal concern that deal alone, and a kind that is off is not told', async () => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const [settings] = await bot.ask(owner, '/settings');
    await bot.press(owner, settings!, '提醒：全开');
    await bot.press(owner, owner.chat.messages.at(-1)!, '✓ 价格变动');
    expect(labels(owner.chat.messages.at(-1)!)).toContain('✗ 价格变动');
    for (let n = 0; n < 6; n += 1) await verify(bot, owner, { yuan: '49.90' });
    await verify(bot, owner, { yuan: '1.00' });
    await bot.tick();
    expect(told(owner, '平时是')).toEqual([]);
  });
});

describe('undos that are many', () => {
  it('are told on the fifth, once a day, with the words that show each', async () => {
    const bot = await openHarness({ gateways: true });
    const owner = bot.telegram.person('王老板');
    const [platforms] = await bot.ask(owner, '/bind');
    await bot.press(owner, platforms!, '通联 Allinpay');
    for (const answer of ['1234567890', KEY, '147', '星巴克光华店', 'liangqi']) await bot.ask(owner, answer);
    const undo = async (n: number): Promise<void> => {
      const card = await bot.card(owner, bot.gateways.allinpay.books.coupon({ type: 'meituan', code: `01354145061${n}` }));
      await bot.press(owner, card, '确认核销');
      await bot.press(
        owner,
        card,
        labels(card).find((label) => label.startsWith('撤销'))!,
      );
      await bot.press(owner, card, '确认撤销');
      await bot.tick();
    };
    for (let n = 0; n < 4; n += 1) await undo(n);
    expect(told(owner, '请留意')).toEqual([]);
    for (let n = 4; n < 7; n += 1) await undo(n);
    expect(told(owner, '请留意')).toEqual([expect.stringMatching(/撤销了 5 次.*发送“\/?(?:记录|history) 今天 王老板”/)]);
  });
});

/** 开放时间: an owner sets working days, weekends, holidays and single days, and customers are told the hours of that very day. */
import { describe, expect, it } from 'vitest';
import { knowsHolidays } from '../../services/time/holidays.ts';
import { scan } from '../doubles/devices/phone-camera.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, openHarness, texts } from './harness.ts';

const last = (person: FakePerson) => person.chat.messages.at(-1)!;

/** A shop whose customers verify by themselves, on Wednesday 30 September 2026, half past six in the evening. */
async function openShop(now = Date.parse('2026-09-30T18:30:00+08:00')) {
  const bot = await openHarness({ now });
  const owner = await bot.owner();
  const customers = async (...path: readonly string[]) => {
    await bot.ask(owner, '/customers');
    for (const label of path) await bot.press(owner, last(owner), label);
    return last(owner);
  };
  await customers('开通自助核销');
  await customers('位置和二维码', '本店', '二维码');
  const [code] = await scan(bot.telegram.files.get(last(owner).file!)!);
  const lin = bot.telegram.person('林小姐');
  const word = /start=(s_[\w-]+)$/.exec(code!.text)![1]!;
  /** What a customer reads who comes now. */
  const arrives = async () => texts({ messages: await bot.ask(lin, `/start ${word}`) } as typeof lin.chat).join('\n');
  return { bot, owner, customers, lin, arrives };
}

describe('an owner', () => {
  it('sets working days, weekends and holidays by short words and by buttons, and reads them back', async () => {
    const { bot, owner, customers } = await openShop();
    await customers('开放时间', '改一周时间', '工作日');
    expect((await bot.ask(owner, '早上十点'))[0]!.text).toContain('没看懂');
    await bot.ask(owner, '10:00-22:00');
    expect(last(owner).text).toContain('周一至周五 10:00–22:00\n周六至周日 全天');
    await customers('开放时间', '改一周时间', '周末');
    await bot.ask(owner, '18:00-次日2:00');
    expect(last(owner).text).toContain('周六至周日 18:00–次日 02:00');
    expect(last(owner).text).not.toContain('节假日 ');
    await customers('开放时间', '改一周时间', '节假日', '不开放');
    expect(last(owner).text).toContain('节假日 不开放，调休上班的周末按工作日');
    expect(last(owner).text).toContain('下一个节假日：国庆节，2026-10-01 至 2026-10-07');
    expect((await customers()).text).toContain('节假日 不开放');
    await customers('开放时间', '改一周时间', '节假日', '不区分，按星期');
    expect(last(owner).text).not.toContain('节假日 ');
    await customers('开放时间', '改一周时间');
    await bot.ask(owner, '每天 9:00-21:00；节假日 10:00-24:00');
    expect(last(owner).text).toContain('每天 09:00–21:00\n节假日 10:00–24:00');
    expect(bot.faults).toEqual([]);
  });

  it('closes today or tomorrow by a press, another day in short words, and takes each back', async () => {
    const { bot, owner, customers, arrives } = await openShop();
    await customers('开放时间', '改某一天', '今天不开放');
    expect(last(owner).text).toContain('2026-09-30 不开放');
    expect(await arrives()).toContain('今天：不开放。下次开放：2026-10-01 00:00');
    await customers('开放时间', '改某一天');
    await bot.ask(owner, '10月1日 10:00-22:00');
    expect(last(owner).text).toContain('2026-10-01 10:00–22:00');
    expect(await arrives()).toContain('下次开放：2026-10-01 10:00');
    const choice = await customers('开放时间', '改某一天');
    expect(labels(choice)).toEqual(['今天不开放', '明天不开放', '09-30 恢复照常', '10-01 恢复照常']);
    await bot.press(owner, choice, '09-30 恢复照常');
    expect(last(owner).text).not.toContain('2026-09-30');
    expect(await arrives()).not.toContain('今天');
    // A press on yesterday's message changes nothing: that day is over.
    bot.later(DAY);
    expect(await bot.press(owner, choice, '今天不开放')).not.toBe('');
    expect((await customers('开放时间')).text).not.toContain('2026-09-30');
  });

  it('is told once in December that the holidays of the year to come are not known, where he goes by them', async () => {
    let year = 2026;
    while (knowsHolidays(year + 1, 'Asia/Shanghai')) year += 1;
    const { bot, owner, customers } = await openShop(Date.parse(`${year}-12-09T20:00:00+08:00`));
    const told = async () => {
      await bot.tick();
      return texts(owner.chat).filter((text) => text.includes(`这个版本还没有 ${year + 1} 年的放假安排。`)).length;
    };
    bot.later(DAY);
    expect(await told()).toBe(0);
    expect((await customers('开放时间', '改一周时间', '节假日', '不开放')).text).toContain(`还没有 ${year + 1} 年`);
    expect(await told()).toBe(1);
    bot.later(DAY);
    expect(await told()).toBe(1);
  });
});

describe('a customer', () => {
  it('is told on a holiday that it is one, and the opening after it; on a make-up Saturday it is a working day', async () => {
    const { bot, owner, customers, lin, arrives } = await openShop();
    await customers('开放时间', '改一周时间');
    await bot.ask(owner, '工作日 10:00-22:00；周末 18:00-次日2:00；节假日 休息');
    bot.later(24 * HOUR);
    expect(await arrives()).toContain('今天：不开放（国庆节）。下次开放：2026-10-08 10:00');
    const code = bot.umember.books.coupon();
    await bot.ask(lin, code);
    expect(last(lin).text).toContain('国庆节');
    expect(bot.umember.books.used(code)).toEqual([]);
    // Saturday, 10 October, half past six in the evening, and half past eleven at night.
    bot.later(9 * DAY);
    expect(await arrives()).not.toContain('今天');
    bot.later(5 * HOUR);
    expect(await arrives()).toContain('今天：10:00–22:00（国庆节调休，上班）。下次开放：2026-10-11 18:00');
  });
});

/** Owners receive a picture with the summary, and the week's and the month's figures where they want them. */
import { afterAll, describe, expect, it } from 'vitest';
import { createCharts } from '../../services/charts/charts.ts';
import { systemTime } from '../../services/time/time.ts';
import type { FakeChat, FakePerson } from '../doubles/telegram.ts';
import { labels, openHarness, texts, type Harness } from './harness.ts';

const charts = createCharts(systemTime);
afterAll(() => charts.close());

async function until(bot: Harness, time: string): Promise<void> {
  bot.later(Date.parse(`${time}:00+08:00`) - Date.now());
  await bot.tick();
}

async function verify(bot: Harness, person: FakePerson, yuan: string) {
  const card = await bot.card(person, bot.umember.books.coupon({ yuan }));
  await bot.press(person, card, '确认核销');
}

/** A chat of an owner's store that receives its summaries. */
async function subscribed(bot: Harness): Promise<FakePerson> {
  const owner = await bot.owner();
  await bot.ask(owner, '/report');
  return owner;
}

/** Chooses a value of a setting, as its list shows it. */
async function choose(bot: Harness, owner: FakePerson, setting: string, value: string): Promise<void> {
  const [screen] = await bot.ask(owner, '/settings');
  await bot.press(
    owner,
    screen!,
    labels(screen!).find((label) => label.startsWith(`${setting}：`))!,
  );
  await bot.press(owner, owner.chat.messages.at(-1)!, value);
}

const pictures = (chat: FakeChat): number => chat.messages.filter(({ extra }) => extra.photo !== undefined).length;
const titled = (chat: FakeChat, title: string): string[] => texts(chat).filter((text) => text.startsWith(title));

describe('a posted summary', () => {
  it('comes with a picture, once; a day without a verification has none', async () => {
    const bot = await openHarness({ charts });
    const owner = await subscribed(bot);
    await verify(bot, owner, '49.90');
    await until(bot, '2026-11-23 00:00');
    expect(pictures(owner.chat)).toBe(1);
    await bot.tick();
    await until(bot, '2026-11-24 00:00');
    expect(titled(owner.chat, '日报 · ')).toHaveLength(2);
    expect(pictures(owner.chat)).toBe(1);
  });

  it('comes without one where the owner wants none, and where none can be drawn', async () => {
    const broken = { ...charts, picture: () => Promise.reject(new Error('no thread')) };
    for (const [drawing, picture] of [
      [charts, '不要'],
      [broken, '深色'],
    ] as const) {
      const bot = await openHarness({ charts: drawing });
      const owner = await subscribed(bot);
      await choose(bot, owner, '日报图片', picture);
      await verify(bot, owner, '49.90');
      await until(bot, '2026-11-23 00:00');
      expect(titled(owner.chat, '日报 · ')).toHaveLength(1);
      expect(pictures(owner.chat)).toBe(0);
    }
  });
});

describe('weeks and months', () => {
  it('come after the summary of their last day, once, with the sums of their days', async () => {
    const bot = await openHarness();
    const owner = await subscribed(bot);
    await choose(bot, owner, '周报月报', '都要');
    await verify(bot, owner, '49.90');
    await until(bot, '2026-11-23 00:00');
    expect(titled(owner.chat, '周报 · 2026-11-16 ~ 2026-11-22 · ')).toHaveLength(1);
    await verify(bot, owner, '10.00');
    await until(bot, '2026-11-25 12:00');
    await verify(bot, owner, '0.01');
    await until(bot, '2026-11-30 00:00');
    await bot.tick();
    const [week, ...more] = titled(owner.chat, '周报 · 2026-11-23 ~ 2026-11-29 · ');
    expect(more).toEqual([]);
    expect(week).toContain('核销 2 张\n合计 ¥10.01\n');
    expect(week).toContain('比上一周 +1 张 −¥39.89');
    await until(bot, '2026-12-01 00:00');
    const [month] = titled(owner.chat, '月报 · 2026-11-01 ~ 2026-11-30 · ');
    expect(month).toContain('核销 3 张\n合计 ¥59.91\n');
  });

  it('are nobody’s who did not ask for them', async () => {
    const bot = await openHarness();
    const owner = await subscribed(bot);
    await verify(bot, owner, '49.90');
    await until(bot, '2026-12-01 00:00');
    expect(titled(owner.chat, '周报')).toEqual([]);
    expect(titled(owner.chat, '月报')).toEqual([]);
  });
});

describe('/summary of several days', () => {
  it('adds them up, and shows them as a picture on request', async () => {
    const bot = await openHarness({ charts });
    const owner = await bot.owner();
    await verify(bot, owner, '49.90');
    await until(bot, '2026-11-23 12:00');
    await verify(bot, owner, '0.11');
    const [summary] = await bot.ask(owner, '日报 最近7天');
    expect(summary!.text).toContain('合计 · 2026-11-17 ~ 2026-11-23 · ');
    expect(summary!.text).toContain('核销 2 张\n合计 ¥50.01');
    expect(summary!.text).toContain('最多的一天 2026-11-22：1 张 ¥49.90');
    await bot.press(owner, summary!, '看图');
    expect(pictures(owner.chat)).toBe(1);
  });

  it('shows a stranger neither words nor a picture', async () => {
    const bot = await openHarness({ charts });
    const owner = await bot.owner();
    await verify(bot, owner, '49.90');
    const [summary] = await bot.ask(owner, '日报');
    const stranger = bot.telegram.person('路人');
    await bot.press(stranger, summary!, '看图');
    expect(pictures(owner.chat)).toBe(0);
  });
});

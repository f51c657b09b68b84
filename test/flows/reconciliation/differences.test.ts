/** Every kind of difference at every platform that can show it, over real HTTP: its cause, its amount, and what to do about it. */
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, openHarness, texts, type Harness } from '../harness.ts';
import { KINDS, NIGHT, ROWS, verify, type Story } from './differences.ts';
import { createMarket, MARKETS, type MarketName } from './markets.ts';

let bot: Harness | undefined;
afterEach(() => bot?.close());

async function open(name: MarketName): Promise<Story> {
  const opened = await openHarness({ gateways: true, now: NIGHT - 6 * HOUR });
  bot = opened;
  const owner = opened.telegram.person('王老板');
  const market = createMarket(opened, name);
  await market.bind(owner);
  return { bot: opened, owner, market, name };
}

it('knows at least twelve kinds', () => {
  expect(KINDS.length).toBeGreaterThanOrEqual(12);
  for (const market of MARKETS)
    expect(ROWS.filter(({ name, why }) => name === market && why === undefined).length).toBeGreaterThanOrEqual(12);
});

describe.each(ROWS.filter(({ why }) => why === undefined))('$name: $kind', ({ name, inject }) => {
  it('is named, and nothing else is', async () => {
    const story = await open(name);
    const { bot: here, owner, market } = story;
    const group = here.telegram.group('老板群', { admins: [owner] });
    await here.ask(owner, '/report', { in: group });
    await verify(story, market.coupon());
    const { code, why, advice, amount, times = 1 } = await inject(story);
    here.later(NIGHT + HOUR - Date.now());

    const said = (await here.ask(owner, '/reconcile')).at(-1)!.text;
    expect(said).toContain(`，有 ${times} 处对不上`);
    const [, difference = ''] = said.split('\n\n');
    expect(difference).toMatch(
      new RegExp(`^1\\. ${code} · 畅玩4小时 · ${amount === undefined ? '\\d{4}-' : amount.replace('.', '\\.')}`),
    );
    expect(difference).toContain(`${why}。`);
    expect(difference).toContain(advice);

    for (const job of ['reconcile', 'summaries', 'outbox'] as const) await here.tick(job);
    const summary = texts(group).find((text) => text.includes('日报 · '))!;
    expect(summary).toContain(`对账：${times} 处对不上（发“对账 2026-11-22”看怎么办）`);
    expect(summary).toContain(`· ****${code.slice(-4)} 畅玩4小时${amount === undefined ? '' : ` ${amount}`}：${why}`);
    expect(summary).not.toContain(code);
  });
});

describe('what a platform cannot show', () => {
  it.each(ROWS.filter(({ why }) => why !== undefined))('$kind at $name: $why', async ({ name, inject }) => {
    const story = await open(name);
    const { why } = await inject(story);
    story.bot.later(NIGHT + HOUR - Date.now());
    expect((await story.bot.ask(story.owner, '/reconcile')).at(-1)!.text).not.toContain(why);
  });
});

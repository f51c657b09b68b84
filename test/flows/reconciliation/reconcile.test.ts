/** 对账 in the chat, over real HTTP: each platform's own list beside the ledger, every kind of difference by its name. */
import { afterEach, describe, expect, it } from 'vitest';
import { sql } from '../../../services/database/database.ts';
import type { FakeChat, FakeMessage, FakePerson } from '../../doubles/telegram.ts';
import { HOUR, labels, MINUTE, openHarness, texts, type Harness } from '../harness.ts';
import { createMarket, MARKETS, type Market, type MarketName } from './markets.ts';

let bot: Harness;
afterEach(() => bot.close());

const NIGHT = Date.parse('2026-11-23T00:00:00+08:00');

async function open(name: MarketName): Promise<{ owner: FakePerson; market: Market }> {
  bot = await openHarness({ gateways: true, now: NIGHT - 6 * HOUR });
  const owner = bot.telegram.person('王老板');
  const market = createMarket(bot, name);
  await market.bind(owner);
  return { owner, market };
}

async function verify(owner: FakePerson, code: string): Promise<FakeMessage> {
  const card = await bot.card(owner, code);
  await bot.press(owner, card, '确认核销');
  expect(card.text).toContain('核销成功');
  return card;
}

/** The day is over. */
const night = (): void => void bot.later(NIGHT + HOUR - Date.now());
const reconciled = async (owner: FakePerson): Promise<string> => (await bot.ask(owner, '/reconcile')).at(-1)!.text;
/** Changes the ledger behind the program's back, as only a defect could. */
const ledger = async (code: string, change: string): Promise<void> =>
  void (await sql.raw(`update verification set ${change} where code = '${code}'`).execute(bot.database.db));

describe.each(MARKETS)('对账 with %s', (name) => {
  it('says that all agrees where it does, and what went through it', async () => {
    const { owner, market } = await open(name);
    for (let n = 0; n < 3; n += 1) {
      await verify(owner, market.coupon());
      bot.later(10 * MINUTE);
    }
    night();
    expect(await reconciled(owner)).toContain('3 张 ¥147.00，与平台一致');
    expect(bot.faults).toEqual([]);
  });

  it('names what was used elsewhere, with time and means', async () => {
    const { owner, market } = await open(name);
    await verify(owner, market.coupon());
    const code = market.coupon();
    market.useElsewhere(code);
    night();
    const said = await reconciled(owner);
    expect(said).toContain('1 张 ¥49.00，有 1 处对不上');
    expect(said).toMatch(new RegExp(`1\\. ${code} · 畅玩4小时 · ¥49\\.00 · 2026-11-22 18:\\d\\d`));
    expect(said).toContain('平台上已核销，不是在这里核销的。');
    const group = bot.telegram.group('前台群', { admins: [owner] });
    await bot.ask(owner, '/bind', { in: group });
    await bot.press(owner, group.messages.at(-1)!, labels(group.messages.at(-1)!)[0]!);
    const [inGroup] = await bot.ask(owner, '对账 2026-11-22', { in: group });
    expect(inGroup!.text).toContain(`1. ****${code.slice(-4)} · `);
    expect(inGroup!.text).not.toContain(code);
  });

  it('names a sale of ours that the platform took back or does not have', async () => {
    const { owner, market } = await open(name);
    const code = market.coupon();
    await verify(owner, code);
    market.takeBack(code);
    night();
    const said = await reconciled(owner);
    expect(said).toContain(`1. ${code}`);
    expect(said).toContain(market.tells ? '这里已核销，平台上已被撤销' : '这里已核销，已在平台撤销或退款');
  });

  it('names what is listed and is no sale here: unsettled, refused, undone', async () => {
    const { owner, market } = await open(name);
    const codes = [market.coupon(), market.coupon(), market.coupon()] as const;
    for (const code of codes) await verify(owner, code);
    await ledger(codes[0], "state = 'person'");
    await ledger(codes[1], "state = 'refused'");
    await ledger(codes[2], `state = 'undone', undone_at = ${Date.now() + MINUTE}`);
    night();
    const said = await reconciled(owner);
    expect(said).toContain('0 张 ¥0.00，有 3 处对不上');
    for (const why of ['平台上已核销，这里还是待确认', '平台上已核销，这里是未通过', '这里已撤销，平台上还是已核销'])
      expect(said).toContain(why);
  });

  it('names another amount, another number, and a sale of another store', async () => {
    const { owner, market } = await open(name);
    const codes = [market.coupon(), market.coupon(), market.coupon()] as const;
    for (const code of codes) await verify(owner, code);
    await ledger(codes[0], 'amount = 4800');
    if (name === '抖音来客') await ledger(codes[1], 'count = 2');
    await sql`insert into store (id, account_id, external_id, name, time_zone, day_end, last_success_at, created_at)
      select 'branch', account_id, 'x', '分店', time_zone, day_end, 0, 0 from store`.execute(bot.database.db);
    await ledger(codes[2], "store_id = 'branch'");
    night();
    const said = await reconciled(owner);
    expect(said).toContain('金额不同：这里 ¥48.00，平台 ¥49.00');
    expect(said).toContain('这里是另一家店核销的，平台记在本店');
    expect(said).toContain('分店');
    // A list without numbers of uses cannot tell.
    expect(said.includes('张数不同：这里 2 张，平台 1 张')).toBe(name === '抖音来客');
  });

  it('names a sale that the platform has on another day', async () => {
    const { owner, market } = await open(name);
    bot.later(5 * HOUR);
    const code = market.coupon();
    await verify(owner, code);
    market.shift(code, 2 * HOUR);
    bot.later(NIGHT + 3 * HOUR - Date.now());
    expect(await reconciled(owner)).toContain('平台记在 2026-11-23 01:00，是另一天');
  });

  it('takes no second for another day where clocks differ at midnight', async () => {
    const { owner, market } = await open(name);
    bot.later(NIGHT - MINUTE - Date.now());
    const code = market.coupon();
    await verify(owner, code);
    market.shift(code, 2 * MINUTE);
    bot.later(NIGHT + 2 * HOUR - Date.now());
    expect(await reconciled(owner)).toContain('1 张 ¥49.00，与平台一致');
  });

  it('comes with the summary of the day, codes by their end', async () => {
    const { owner, market } = await open(name);
    const group: FakeChat = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: group });
    const elsewhere = market.coupon();
    market.useElsewhere(elsewhere);
    await verify(owner, market.coupon());
    night();
    await bot.tick();
    const [summary, ...more] = texts(group).filter((text) => text.includes('日报 · '));
    expect(more).toEqual([]);
    expect(summary).toContain('核销 1 张\n合计 ¥49.00');
    expect(summary).toContain('对账：1 处对不上（发“对账 2026-11-22”看怎么办）');
    expect(summary).toContain(`· ****${elsewhere.slice(-4)} 畅玩4小时 ¥49.00：平台上已核销，不是在这里核销的`);
    expect(summary).not.toContain(elsewhere);
  });
});

describe('the list', () => {
  it('that cannot be had holds up no summary; what it says is told later, once', async () => {
    const { owner, market } = await open('通联 Allinpay');
    const group = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: group });
    market.useElsewhere(market.coupon());
    await bot.quiet();
    bot.later(NIGHT - Date.now());
    bot.gateways.allinpay.fail('consumeHistory', { kind: 'busy' });
    await bot.tick();
    expect(texts(group).at(-1)).toContain('对账：平台的清单还没查到，查到后告诉你');
    bot.later(6 * MINUTE);
    await bot.tick();
    expect(texts(group).at(-1)).toContain('对账 · 星巴克光华店 · 2026-11-22\n对账：1 处对不上');
    const told = texts(group).length;
    bot.later(6 * HOUR);
    await bot.tick();
    expect(texts(group)).toHaveLength(told);
  });

  it('that cannot be had for three days is given up, and that is told, once', async () => {
    const { owner, market } = await open('通联 Allinpay');
    const group = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: group });
    await verify(owner, market.coupon());
    bot.later(NIGHT - Date.now());
    const told = (words: string): number => texts(group).filter((text) => text.includes(words)).length;
    // More than are asked: each day has looks of its own.
    for (let n = 0; n < 400; n += 1) bot.gateways.allinpay.fail('consumeHistory', { kind: 'busy' });
    for (let looks = 0; looks < 20; looks += 1) {
      await bot.tick('reconcile');
      await bot.tick('summaries');
      await bot.tick('outbox');
      bot.later(6 * HOUR);
    }
    expect(told('平台的清单三天都没查到')).toBe(1);
    expect(told('对账 · 星巴克光华店 · 2026-11-22')).toBe(1);
  });

  it('that lacks what was just verified is read again before anything is missed', async () => {
    const { owner, market } = await open('通联 Allinpay');
    const group = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: group });
    bot.later(NIGHT - 5 * MINUTE - Date.now());
    const code = market.coupon();
    await verify(owner, code);
    bot.gateways.allinpay.books.forget(0);
    bot.later(NIGHT - Date.now());
    await bot.tick();
    expect(texts(group).at(-1)).toContain('对账：与平台一致');
    bot.later(31 * MINUTE);
    await bot.tick();
    expect(texts(group).at(-1)).toContain('这里已核销，平台上这张券还没有用');
  });

  it('is asked for by owners alone, of days that are over', async () => {
    const { owner } = await open('通联 Allinpay');
    expect((await bot.ask(owner, '/reconcile 今天')).at(-1)!.text).toBe('这一天还没结束，结束后才能对账。');
    expect((await bot.ask(owner, '对账 哪天呢')).at(-1)!.text).toContain('用法');
    bot.gateways.allinpay.fail('consumeHistory', { kind: 'busy' });
    expect((await bot.ask(owner, '对账 昨天')).at(-1)!.text).toContain('平台的清单暂时查不到');
  });

  it('is none where the platform has none: that is said, and no summary speaks of it', async () => {
    bot = await openHarness({ now: NIGHT - 6 * HOUR });
    const owner = await bot.owner();
    const group = bot.telegram.group('老板群', { admins: [owner] });
    await bot.ask(owner, '/report', { in: group });
    expect((await bot.ask(owner, '对账 昨天')).at(-1)!.text).toContain('美团 · umember：平台没有核销清单，对不了');
    night();
    await bot.tick();
    expect(texts(group).at(-1)).toContain('日报 · ');
    expect(texts(group).at(-1)).not.toContain('对账');
  });
});

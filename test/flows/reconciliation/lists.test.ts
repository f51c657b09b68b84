/** Lists as gateways give them, over real HTTP: cut, repeated, out of order, late, masked, of all shops; none of it is a difference. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Lists } from '../../doubles/lies.ts';
import { HOUR, MINUTE, openHarness, texts, type Harness } from '../harness.ts';
import { NIGHT, verify, type Story } from './differences.ts';
import { createMarket, MARKETS, type MarketName } from './markets.ts';

let bot: Harness;
afterEach(() => bot.close());

async function open(name: MarketName): Promise<Story> {
  bot = await openHarness({ gateways: true, now: NIGHT - 6 * HOUR });
  const owner = bot.telegram.person('王老板');
  const market = createMarket(bot, name);
  await market.bind(owner);
  return { bot, owner, market, name };
}

const night = (): void => void bot.later(NIGHT + HOUR - Date.now());
const reconciled = async ({ owner }: Story): Promise<string> => (await bot.ask(owner, '/reconcile')).at(-1)!.text;

/** Five sales at five times. */
async function sales(story: Story): Promise<void> {
  for (let n = 0; n < 5; n += 1) {
    await verify(story, story.market.coupon());
    bot.later(10 * MINUTE);
  }
}

const LIES: readonly (readonly [string, Partial<Lists>])[] = [
  ['two rows on a page, whatever was asked for', { most: 2 }],
  ['rows that come again on the next page', { most: 2, repeats: true }],
  ['any order', { most: 2, order: 'shuffled' }],
  ['the middle of each code hidden', { codes: 'masked' }],
  ['other names of the operator', { names: 'replaced' }],
];

describe.each(MARKETS)('a list of %s', (name) => {
  it.each(LIES)('with %s agrees', async (_, lie) => {
    const story = await open(name);
    await sales(story);
    Object.assign(story.market.lists, lie);
    night();
    expect(await reconciled(story)).toContain('5 张 ¥245.00，与平台一致');
  });

  it('of which a page cannot be had is no list: nothing is missed', async () => {
    const story = await open(name);
    await sales(story);
    Object.assign(story.market.lists, { most: 2 });
    story.market.stopPage(2);
    night();
    expect(await reconciled(story)).toContain('平台的清单暂时查不到');
    story.market.stopPage(99);
    expect(await reconciled(story)).toContain('与平台一致');
  });

  it('that has a use hours later is looked at again, and what was missed is put right, once', async () => {
    const story = await open(name);
    const group = bot.telegram.group('老板群', { admins: [story.owner] });
    await bot.ask(story.owner, '/report', { in: group });
    bot.later(NIGHT - HOUR - Date.now());
    const code = story.market.coupon();
    await verify(story, code);
    story.market.lists.lateMs = 3 * HOUR;
    night();
    await bot.tick();
    const missed = texts(group).find((text) => text.includes('日报 · '))!;
    expect(missed).toContain('对账：1 处对不上');
    expect(missed).toContain(`· ****${code.slice(-4)} 畅玩4小时 ¥49.00：这里已核销，平台`);
    bot.later(3 * HOUR);
    await bot.tick();
    expect(texts(group).at(-1)).toMatch(/^对账 · .* · 2026-11-22\n对账：与平台一致\n/);
    expect(texts(group).at(-1)).toContain(`· ****${code.slice(-4)} 畅玩4小时 ¥49.00：平台后来列出来了，已对上`);
    const told = texts(group).length;
    for (let look = 0; look < 4; look += 1) {
      bot.later(6 * HOUR);
      await bot.tick('reconcile');
      await bot.tick('outbox');
    }
    expect(texts(group).filter((text) => text.startsWith('对账 · '))).toHaveLength(1);
    expect(texts(group).length).toBe(told);
  });
});

describe('a refund', () => {
  it.each(['大众点评', '美团服务零售'] as const)(
    'that %s tells of a used coupon is recorded and told to the owner once',
    async (name) => {
      const story = await open(name);
      const { owner, market } = story;
      const code = market.coupon();
      await verify(story, code);
      market.refund(code);
      night();
      const before = owner.chat.messages.length;
      expect(await reconciled(story)).toContain('这里已核销，已在平台退款');
      expect(await reconciled(story)).toContain('这里已核销，已在平台退款');
      await bot.tick('alerts');
      await bot.tick('outbox');
      const told = texts(owner.chat)
        .slice(before - owner.chat.messages.length)
        .filter((text) => text.includes('已核销的「畅玩4小时」'));
      expect(told).toEqual([expect.stringContaining(`在${name}退款了`)]);
      const facts = await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', 'coupon.refunded').execute();
      expect(facts).toMatchObject([{ by_kind: 'platform' }]);
    },
  );

  it.each(['大众点评', '美团服务零售'] as const)('that may also be an undo is none for %s: nothing is recorded', async (name) => {
    const story = await open(name);
    const code = story.market.coupon();
    await verify(story, code);
    story.market.takeBack(code);
    night();
    expect(await reconciled(story)).toContain('已在平台撤销或退款');
    expect(await bot.database.db.selectFrom('fact').selectAll().where('kind', '=', 'coupon.refunded').execute()).toEqual([]);
  });
});

describe('a list of all shops of an account, at Douyin', () => {
  const twoShops = async () => {
    const story = await open('抖音来客');
    const { books, lists } = bot.gateways.laike;
    const other = books.shop('来客棋牌（光华店）');
    await sales(story);
    return { story, books, lists, other };
  };

  it('is asked for the one shop, and rows of another are left out', async () => {
    const { story, books, other } = await twoShops();
    books.useElsewhere(books.coupon({ title: '别的店', shop: other.id }));
    night();
    expect(await reconciled(story)).toContain('5 张 ¥245.00，与平台一致');
    expect(new Set(bot.gateways.laike.asked('records').map(({ query }) => query.get('poi_ids')))).toEqual(
      new Set([books.shops[0]!.id]),
    );
  });

  it('that says no shop explains the sales of the merchant’s other store', async () => {
    const { story, books, lists } = await twoShops();
    lists.shops = 'untold';
    const code = books.coupon({ title: '畅玩4小时', original: 4_900, merchant: 0 });
    await verify(story, code);
    const { db } = bot.database;
    await db
      .insertInto('store')
      .columns(['id', 'account_id', 'external_id', 'name', 'time_zone', 'day_end', 'last_success_at', 'created_at'])
      .expression((e) =>
        e
          .selectFrom('store')
          .select((s) => [s.val('branch').as('id'), 'account_id', s.val('x').as('external_id'), s.val('分店').as('name')])
          .select((s) => ['time_zone', 'day_end', s.val(0).as('last_success_at'), s.val(0).as('created_at')]),
      )
      .execute();
    await db.updateTable('verification').set({ store_id: 'branch' }).where('code', '=', code).execute();
    night();
    expect(await reconciled(story)).toContain('5 张 ¥245.00，与平台一致');
  });

  it('that knows no such question is asked without it', async () => {
    const { story } = await twoShops();
    bot.gateways.laike.fail('records', { kind: 'no', code: 2_100_005, words: '参数不合法' });
    night();
    expect(await reconciled(story)).toContain('5 张 ¥245.00，与平台一致');
  });
});

/** The first page of the books: its figures are the ledger's own, day by day, to the fen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartOf, CHARTS } from '../../../handlers/books/charts.ts';
import { createShowOverview, type Sum } from '../../../handlers/books/overview.ts';
import { createOpenShelf, MOST_TOGETHER } from '../../../handlers/books/reader.ts';
import { words as wordsIn } from '../../../locales/index.ts';
import type { Store } from '../../../services/accounts/stores.ts';
import type { Database } from '../../../services/database/database.ts';
import { createDayTotals } from '../../../services/ledger/day-totals.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';
import { nextDay } from '../../../services/time/business-day.ts';
import { openBooks, storeOf } from '../../fixtures/books.ts';

const NOW = Date.parse('2026-11-22T23:00:00+08:00');
const [LONG, SHORT, EMPTY] = [storeOf('long'), storeOf('short'), storeOf('empty')];

let database: Database;
beforeAll(async () => {
  database = await openBooks({
    long: { last: '2026-11-22', days: 500, perDay: 12 },
    short: { last: '2026-11-22', days: 20, perDay: 12, products: 3 },
    empty: undefined,
  });
});
afterAll(() => database.close());

const open = () => {
  const ledger = createLedger(database.db);
  const now = (): number => NOW;
  const dayTotals = createDayTotals({ db: database.db, ledger, now, sleep: () => Promise.resolve() });
  return { ledger, show: createShowOverview({ ledger, dayTotals, now }) };
};

describe('the overview', () => {
  it.each([
    ['a store of years', [LONG]],
    ['a store of weeks', [SHORT]],
    ['both together', [LONG, SHORT, EMPTY]],
  ])('of %s has the sums of the ledger', async (_, stores) => {
    const { ledger, show } = open();
    const overview = await show(stores);
    const truth = async (from: string, to: string): Promise<Sum> => {
      const sum: Record<keyof Sum, number> = {
        count: 0,
        total: 0,
        unpriced: 0,
        undone: 0,
        undoneTotal: 0,
        refused: 0,
        unsure: 0,
      };
      for (let day = from; day <= to; day = nextDay(day))
        for (const { id } of stores) {
          const figures = await ledger.figures(id, day);
          for (const name of Object.keys(sum) as (keyof Sum)[]) sum[name] += figures[name];
        }
      return sum;
    };
    expect(overview.now).toEqual(await truth('2026-11-22', '2026-11-22'));
    for (const { period, ...sum } of [...overview.days, ...overview.weeks, ...overview.months])
      expect({ period, ...sum }).toEqual({ period, ...(await truth(period.from, period.to)) });
    const counted = overview.byProduct.reduce((all, { total }) => all + total, 0);
    expect(counted).toBe(overview.now.total);
  });

  it('has 31 days, 12 weeks and 12 months, but none before the first verification', async () => {
    const { show } = open();
    const long = await show([LONG]);
    expect([long.days, long.weeks, long.months].map(({ length }) => length)).toEqual([31, 12, 12]);
    expect(long.months.map(({ period }) => period.from.slice(0, 7))).toEqual([
      '2025-12',
      ...Array.from({ length: 11 }, (_, n) => `2026-${String(n + 1).padStart(2, '0')}`),
    ]);
    const short = await show([SHORT]);
    expect([short.days, short.weeks, short.months].map(({ length }) => length)).toEqual([20, 3, 1]);
    const empty = await show([EMPTY]);
    expect([empty.begun, empty.days.length, empty.now.count]).toEqual([false, 1, 0]);
  });

  it('is drawn with a bar for each line, and not where there is nothing to compare', async () => {
    const { show } = open();
    const words = wordsIn('zh-CN');
    const long = await show([LONG]);
    for (const name of CHARTS) {
      const { bars } = chartOf(name, long, words)!.bars;
      expect(bars.map(({ value }) => value)).toEqual(
        name === 'products' ? long.byProduct.map(({ total }) => total) : long[name].map(({ total }) => total),
      );
    }
    const empty = await show([EMPTY]);
    expect(CHARTS.map((name) => chartOf(name, empty, words))).toEqual(CHARTS.map(() => undefined));
  });
});

describe('the stores on the page', () => {
  const shelf = (stores: readonly Store[], store?: string) =>
    createOpenShelf({ ownStores: () => Promise.resolve(stores) })({ person: 'telegram:1' }, store);

  it('are all of the owner’s, or the one that was chosen; simulated money is in no sum with real money', async () => {
    const practice = { ...storeOf('practice'), practice: true as const };
    expect(await shelf([LONG, practice, SHORT])).toMatchObject({ chosen: [LONG, SHORT], store: undefined });
    expect(await shelf([practice])).toMatchObject({ chosen: [practice] });
    expect(await shelf([LONG, practice], 'practice')).toMatchObject({ chosen: [practice], store: 'practice' });
  });

  it('are none of others’', async () => {
    expect(await shelf([])).toBe('none');
    expect(await shelf([LONG], 'short')).toBe('unknown');
  });

  it('are looked at one by one where they are very many', async () => {
    const many = Array.from({ length: MOST_TOGETHER + 1 }, (_, n) => storeOf(`s${n}`));
    expect(await shelf(many)).toMatchObject({ chosen: [many[0]], store: 's0', together: false });
  });
});

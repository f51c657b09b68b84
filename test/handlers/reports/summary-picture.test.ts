/** What the picture of a summary shows, in words. */
import { describe, expect, it } from 'vitest';
import { dayPicture, spanPicture } from '../../../handlers/reports/summary-picture.ts';
import { words } from '../../../locales/index.ts';
import { daysOf } from '../../../services/time/spans.ts';
import { STORE } from '../../fixtures/cards.ts';

const zh = words('zh-CN');
const subject = { store: STORE, subtitle: '日报 · 2026-11-28', theme: 'light' } as const;
const figures = (products: number, total = 4_900) => ({
  count: products,
  total: products * total,
  unpriced: 0,
  undone: 0,
  undoneTotal: 0,
  refused: 0,
  unsure: 0,
  byProduct: Array.from({ length: products }, (_, n) => ({ name: `商品${n}`, count: 1, total })),
  byPerson: [],
});
const byDay = (from: string, to: string) => daysOf({ from, to }).map((day) => ({ day, count: 1, total: 1 }));
const barsOf = ({ charts }: ReturnType<typeof dayPicture>, n: number) => charts[n]!.chart!.bars;

describe('the picture', () => {
  it('has 24 hours, and the products that brought most, with the rest in one bar', () => {
    const picture = dayPicture(subject, { figures: figures(40), byHour: Array.from({ length: 24 }, () => 1) }, zh);
    expect(barsOf(picture, 0)).toHaveLength(24);
    expect(barsOf(picture, 1)).toHaveLength(9);
    expect(barsOf(picture, 1).at(-1)).toEqual({
      label: zh.say('summary-others', { count: 32 }),
      value: 32 * 4_900,
      text: '32 张 ¥1,568.00',
      rest: true,
    });
    expect(barsOf(picture, 1).reduce((sum, { value }) => sum + value, 0)).toBe(40 * 4_900);
  });

  it('says in words that nothing was verified, in place of an empty chart', () => {
    const byHour = Array.from({ length: 24 }, () => 0);
    expect(dayPicture(subject, { figures: figures(0), byHour }, zh).charts).toEqual([{ title: '没有核销' }]);
  });

  it('tells counts with their thousands, and in English apart from the money', () => {
    const many = { ...figures(1), count: 1_102, byProduct: [{ name: '台球', count: 1_102, total: 4_900 }] };
    const picture = dayPicture(subject, { figures: many, byHour: [1_102] }, words('en'));
    expect(barsOf(picture, 0)[0]!.text).toBe('1,102');
    expect(barsOf(picture, 1)[0]!.text).toBe('1,102 · ¥49.00');
  });

  it('compares uses where no amount is known', () => {
    const picture = dayPicture(subject, { figures: figures(2, 0), byHour: [] }, zh);
    expect(barsOf(picture, 1).map(({ value }) => value)).toEqual([1, 1]);
  });

  it.each([
    ['2026-11-23', '2026-11-29', 7, '11-23'],
    ['2026-11-01', '2026-11-30', 30, '1'],
    ['2025-12-01', '2026-11-30', 12, '25-12'],
  ])('of %s to %s has %i bars, of which the first is called %s', (from, to, count, first) => {
    const bars = barsOf(spanPicture(subject, { ...figures(1), byDay: byDay(from, to) }, zh), 0);
    expect(bars).toHaveLength(count);
    expect(bars[0]!.label).toBe(first);
    expect(bars.reduce((sum, { value }) => sum + value, 0)).toBe(daysOf({ from, to }).length);
  });
});

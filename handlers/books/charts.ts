/** The charts of the books: money by day, week and month, and of today by product, as bars that are ready to be drawn. */
import type { Words } from '../../locales/index.ts';
import type { Bars } from '../../services/charts/charts.ts';
import type { Fen } from '../../services/coupons/coupon.ts';
import type { Overview, PeriodSum } from './overview.ts';

export const CHARTS = ['days', 'weeks', 'months', 'products'] as const;
export type ChartName = (typeof CHARTS)[number];

export const isChart = (name: string): name is ChartName => CHARTS.some((one) => one === name);

export interface Chart {
  readonly bars: Omit<Bars, 'theme' | 'width'>;
  /** In what the amounts at the bars are. */
  readonly unit: string;
}

/** Bars of products; the others are in the table alone. */
const MOST_PRODUCTS = 8;
/** Fewer bars have no chart: two figures are read sooner than drawn. */
const LEAST_BARS = 3;

/** Amounts are told in these units, so that they fit above their bars: from so many fen on, in so many fen. */
const UNITS = [
  [100_000_000, 1_000_000, 'books-unit-ten-thousand'],
  [100_000, 100_000, 'books-unit-thousand'],
  [0, 100, 'books-unit-yuan'],
] as const;

/** The chart of a part of the overview; undefined where there is nothing to compare. */
export function chartOf(name: ChartName, overview: Overview, words: Words): Chart | undefined {
  const lines =
    name === 'products'
      ? overview.byProduct
          .slice(0, MOST_PRODUCTS)
          .map(({ name: label, total }) => ({ label: label || words.say('nameless'), total }))
      : overview[name].map((sum) => ({ label: labelOf(sum, name), total: sum.total }));
  const most = Math.max(0, ...lines.map(({ total }) => total));
  if (lines.length < LEAST_BARS || most === 0) return undefined;
  const [, unit, said] = UNITS.find(([from]) => most >= from)!;
  // Beside a lying bar there is room for every fen.
  if (name === 'products')
    return {
      bars: { direction: 'lying', bars: lines.map(({ label, total }) => ({ label, value: total, text: words.money(total) })) },
      unit: words.say('books-amount'),
    };
  const bars = lines.map(({ label, total }) => ({ label, value: total, text: inUnits(total, unit) }));
  return { bars: { direction: 'upright', bars }, unit: words.say(said) };
}

const labelOf = ({ period: { from } }: PeriodSum, name: Exclude<ChartName, 'products'>): string =>
  name === 'months' ? from.slice(2, 7) : from.slice(5);

/** Below ten units with a tenth; the table has every fen. */
function inUnits(total: Fen, unit: number): string {
  const tenths = Math.round((10 * total) / unit);
  return tenths < 100 && unit > 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(Math.round(total / unit));
}

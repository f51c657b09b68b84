/** Makes the picture of a summary: its figures in large letters, when it was busy, and what was used. All words are ready. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Bar, Charts, Picture, Theme } from '../../services/charts/charts.ts';
import type { Figures, SpanFigures, SummaryRow } from '../../services/ledger/ledger.ts';
import type { Log } from '../../services/log.ts';
import { marked } from '../cards/practice-mark.ts';
import type { Drawing, Reply } from '../message.ts';

/** Products that have a bar; the rest is one more. */
const MOST_PRODUCTS = 8;
/** Months of days have numbers under the bars, weeks their dates. */
const SHORT_SPAN = 10;
/** More days than two months have are drawn by the month. */
const LONG_SPAN = 62;

interface Subject {
  readonly store: Store;
  /** What is summed up: `日报 · 2026-11-28`. */
  readonly subtitle: string;
  readonly theme: Theme;
}

/** The picture of a day; `byHour` has the uses of its 24 hours. */
export const dayPicture = (
  subject: Subject,
  { figures, byHour }: { figures: Figures; byHour: readonly number[] },
  words: Words,
): Picture =>
  picture(subject, figures, words, {
    title: words.say('picture-by-hour'),
    bars: byHour.map((count, hour) => ({ label: String(hour), value: count, text: words.number(count) })),
  });

/** The picture of a week, a month, or any days: a bar for each of them, or for each month of a long span. */
export const spanPicture = (subject: Subject, figures: SpanFigures, words: Words): Picture => {
  const { length } = figures.byDay;
  const byMonth = length > LONG_SPAN;
  const parts = Map.groupBy(figures.byDay, ({ day }) => (byMonth ? day.slice(0, 7) : day));
  return picture(subject, figures, words, {
    title: words.say(byMonth ? 'picture-by-month' : 'picture-by-day'),
    bars: [...parts].map(([part, days]) => {
      const count = days.reduce((sum, day) => sum + day.count, 0);
      const label = byMonth ? part.slice(2) : length > SHORT_SPAN ? String(Number(part.slice(8))) : part.slice(5);
      return { label, value: count, text: words.number(count) };
    }),
  });
};

function picture(
  { store, subtitle, theme }: Subject,
  figures: Figures,
  words: Words,
  times: { readonly title: string; readonly bars: readonly Bar[] },
): Picture {
  const uses = (count: number): string => words.say('picture-uses', { count });
  const products = productBars(figures, words);
  return {
    title: store.name,
    subtitle: marked(subtitle, store, words),
    theme,
    figures: [
      { label: words.say('picture-verified'), value: uses(figures.count) },
      { label: words.say('picture-total'), value: words.money(figures.total) },
      { label: words.say('picture-undone'), value: uses(figures.undone) },
      { label: words.say('picture-unsure'), value: uses(figures.unsure) },
    ],
    charts: [
      figures.count > 0
        ? { title: times.title, chart: { direction: 'upright', bars: times.bars } }
        : { title: words.say('picture-nothing') },
      ...(products.length > 0
        ? [{ title: words.say('summary-by-product'), chart: { direction: 'lying' as const, bars: products } }]
        : []),
    ],
  };
}

/** Bars of money; of uses, where no amount is known. */
function productBars({ byProduct, total }: Figures, words: Words): readonly Bar[] {
  const rest = byProduct.slice(MOST_PRODUCTS);
  const bar = ({ name, count, total: sum }: SummaryRow): Bar => ({
    label: name || words.say('nameless'),
    value: total > 0 ? sum : count,
    text: words.say('picture-product', { count, total: words.money(sum) }),
  });
  const others = rest.reduce((sum, row) => ({ ...sum, count: sum.count + row.count, total: sum.total + row.total }), {
    name: words.say('summary-others', { count: rest.length }),
    count: 0,
    total: 0,
  });
  return [...byProduct.slice(0, MOST_PRODUCTS).map(bar), ...(rest.length > 0 ? [{ ...bar(others), rest: true as const }] : [])];
}

/**
 * Makes what draws a picture when it is its turn to be sent. Where it cannot be drawn there is nothing to send: the text beside
 * it says the same.
 */
export function createDraw({ charts, log }: { charts: Pick<Charts, 'picture'> | undefined; log: Log }) {
  return async ({ picture: drawn, sorry, about, topic }: Drawing): Promise<Reply | undefined> => {
    try {
      const bytes = (await charts?.picture(drawn))?.toString('base64');
      return bytes === undefined
        ? undefined
        : { kind: 'picture', bytes, caption: '', sorry, ...(about && { about }), ...(topic !== undefined && { topic }) };
    } catch (error) {
      log.warn('a picture of a summary cannot be drawn', { error });
      return undefined;
    }
  };
}

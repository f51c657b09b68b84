/** Words the figures of a week, a month, or any span of days. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { SpanFigures } from '../../services/ledger/ledger.ts';
import type { Period, PeriodReport } from '../../services/ledger/periods.ts';
import type { Sum } from '../../services/ledger/perspective.ts';
import { formatSpan, type Span } from '../../services/time/spans.ts';
import { marked } from '../cards/practice-mark.ts';
import { besideTheSum, section } from './summary.ts';
import { signed } from './word-perspective.ts';

/** `周报 · 欢乐棋牌室 · 2026-11-23 ~ 2026-11-29`; without a kind, 合计. */
export const spanTitle = ({ from, to, kind }: Pick<Span, 'from' | 'to'> & Partial<Pick<Period, 'kind'>>, words: Words): string =>
  `${words.say(kind === undefined ? 'span-title' : `span-title-${kind}`)} · ${formatSpan({ from, to })}`;

/** Words a period beside the one before it. */
export const wordPeriod = (store: Store, { figures, before, ...period }: PeriodReport, words: Words): string =>
  wordSpan(store, { ...period, figures, beside: comparison(figures, before, period.kind, words) }, words);

export function wordSpan(
  store: Store,
  span: Pick<Span, 'from' | 'to'> & Partial<Pick<Period, 'kind'>> & { figures: SpanFigures; beside?: string },
  words: Words,
): string {
  const { figures, beside } = span;
  const best = figures.byDay.reduce((one, other) => (other.count > one.count ? other : one));
  return [
    marked(`${spanTitle(span, words)} · ${store.name}`, store, words),
    words.say('summary-verified', { count: figures.count }),
    words.say('summary-total', { total: words.money(figures.total) }),
    ...(figures.unpriced > 0 ? [words.say('summary-unpriced', { count: figures.unpriced })] : []),
    besideTheSum(figures, words),
    ...(beside === undefined ? [] : [beside]),
    ...(best.count > 0 ? [words.say('span-best-day', { day: best.day, count: best.count, total: words.money(best.total) })] : []),
    ...section('summary-by-product', figures.byProduct, words),
    ...section('summary-by-person', figures.byPerson, words),
  ].join('\n');
}

const comparison = ({ count, total }: Sum, before: Sum, kind: Period['kind'], words: Words): string =>
  words.say(`span-than-${kind}`, {
    count: signed(count - before.count, String),
    total: signed(total - before.total, (fen) => words.money(fen)),
  });

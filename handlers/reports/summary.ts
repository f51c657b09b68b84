/** Words the summary of a business day of one store. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { endsNextDate } from '../../services/time/business-day.ts';
import type { Figures, SummaryRow } from '../../services/ledger/ledger.ts';
import type { Perspective } from '../../services/ledger/perspective.ts';
import type { Correction } from '../../services/ledger/reports.ts';
import { marked } from '../cards/practice-mark.ts';
import { wordSilence } from './word-silence.ts';
import { wordBusiest, wordComparison } from './word-perspective.ts';

/** Most lines of products and of people; the rest is summed up in one. */
const MOST_LINES = 20;

/** What a summary says of a day of one store. `running`: the day has not ended. */
export interface DaySummary {
  readonly store: Store;
  readonly day: string;
  readonly running: boolean;
  readonly figures: Figures;
  readonly perspective?: Perspective;
  readonly corrections: readonly Correction[];
}

/** Words a whole summary. */
export function wordSummary(summary: DaySummary, words: Words): string {
  const { store, day, running, figures, perspective: beside, corrections } = summary;
  const lines = [
    marked(words.say(running ? 'summary-title-running' : 'summary-title', { store: store.name, day }), store, words),
    ...wordDayEnd(store.dayEnd, words),
    words.say('summary-verified', { count: figures.count }),
    words.say('summary-total', { total: words.money(figures.total) }),
    ...(figures.unpriced > 0 ? [words.say('summary-unpriced', { count: figures.unpriced })] : []),
    besideTheSum(figures, words),
    ...(beside ? wordSilence(beside.silence, figures.count, store, words) : []),
    // A day that still runs is no match for whole ones.
    ...(beside && !running ? wordComparison(figures, beside, day, words) : []),
    ...(beside ? wordBusiest(beside, figures.count, words) : []),
    ...section('summary-by-product', figures.byProduct, words),
    ...section('summary-by-person', figures.byPerson, words),
    ...(beside && beside.byPlatform.length > 1 ? section('summary-by-platform', platformRows(beside, words), words) : []),
    ...(beside ? section('summary-by-place', beside.byPlace, words) : []),
    ...corrections.flatMap((correction) => ['', wordCorrection(correction, words)]),
  ];
  return lines.join('\n');
}

/** Words the end of the day, where it is not midnight. */
export const wordDayEnd = (dayEnd: string, words: Words): readonly string[] =>
  dayEnd === '00:00' ? [] : [words.say(endsNextDate(dayEnd) ? 'summary-day-end' : 'summary-day-end-same', { time: dayEnd })];

/** What is not in the sum, in one line: a zero is said as a zero, without an amount and an explanation. */
export function besideTheSum(
  { undone, undoneTotal, unsure, refused }: Pick<Figures, 'undone' | 'undoneTotal' | 'unsure' | 'refused'>,
  words: Words,
): string {
  return [
    undone === 0
      ? words.say('summary-undone-none')
      : words.say('summary-undone', { count: undone, total: words.money(undoneTotal) }),
    words.say('summary-unsure', { count: unsure }),
    refused === 0 ? words.say('summary-refused-none') : words.say('summary-refused', { count: refused }),
  ].join(' · ');
}

const platformRows = ({ byPlatform }: Perspective, words: Words): readonly SummaryRow[] =>
  byPlatform.map(({ platform, ...sum }) => ({ name: words.say(`platform-${platform}`), ...sum }));

type Section = 'summary-by-product' | 'summary-by-person' | 'summary-by-platform' | 'summary-by-place';

export function section(title: Section, lines: readonly SummaryRow[], words: Words): string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, MOST_LINES).map((line) => wordLine(line.name || words.say('nameless'), line, words));
  const rest = lines.slice(MOST_LINES);
  const sum = rest.reduce((total, line) => ({ count: total.count + line.count, total: total.total + line.total }), {
    count: 0,
    total: 0,
  });
  return [
    '',
    words.say(title),
    ...shown,
    ...(rest.length > 0 ? [wordLine(words.say('summary-others', { count: rest.length }), sum, words)] : []),
  ];
}

export const wordLine = (name: string, { count, total }: { count: number; total: number }, words: Words): string =>
  words.say('summary-line', { name, count, total: words.money(total) });

/** Words the changes of a day that was reported before: `更正 2026-11-21：核销 5 → 4 张，合计 ¥245.00 → ¥196.00 …`. */
export function wordCorrection({ day, told, now }: Correction, words: Words): string {
  const change = (from: number | string, to: number | string): string => (from === to ? String(to) : `${from} → ${to}`);
  return words.say('summary-correction', {
    day,
    count: change(told.count, now.count),
    total: change(words.money(told.total), words.money(now.total)),
    undone: change(told.undone, now.undone),
    unsure: change(told.unsure, now.unsure),
    refused: change(told.refused, now.refused),
  });
}

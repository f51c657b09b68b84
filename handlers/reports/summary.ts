/** 日报: words the verifications of a business day, on request or for the owner group. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { businessDay, endsNextDate, parseDay } from '../../services/time/business-day.ts';
import type { Figures, Ledger, SummaryRow } from '../../services/ledger/ledger.ts';
import type { Correction, Reports } from '../../services/ledger/reports.ts';
import { marked } from '../cards/practice-mark.ts';
import { mayVerify } from '../rights.ts';
import { say, type Handler } from '../handler.ts';

/** Most lines of products and of people; the rest is summed up in one. */
const MOST_LINES = 20;

/** Makes the handler of `/summary [date]`: the running day's summary, or that day's. */
export function createSummary(parts: { ledger: Ledger; reports: Reports; now: () => number }): Handler {
  const { ledger, reports, now } = parts;
  return async function* summary(_, asker, rest) {
    const { words, store, role } = asker;
    for (const one of store && mayVerify(role) ? [store] : await reports.storesOf(asker.chat.id)) {
      const today = businessDay(now(), one.zone, one.dayEnd);
      const day = rest === '' ? today : parseDay(rest, today);
      if (day === undefined) return yield say(words.say('summary-usage'));
      if (day > today) return yield say(words.say('summary-future'));
      yield say(
        wordSummary(
          { store: one, day, running: day === today, figures: await ledger.figures(one.id, day), corrections: [] },
          words,
        ),
      );
    }
  };
}

/** Words a whole summary. `running`: the day has not ended. */
export function wordSummary(
  summary: { store: Store; day: string; running: boolean; figures: Figures; corrections: readonly Correction[] },
  words: Words,
): string {
  const { store, day, running, figures, corrections } = summary;
  const lines = [
    marked(words.say(running ? 'summary-title-running' : 'summary-title', { store: store.name, day }), store, words),
    ...(store.dayEnd === '00:00'
      ? []
      : [words.say(endsNextDate(store.dayEnd) ? 'summary-day-end' : 'summary-day-end-same', { time: store.dayEnd })]),
    words.say('summary-verified', { count: figures.count }),
    words.say('summary-total', { total: words.money(figures.total) }),
    ...(figures.unpriced > 0 ? [words.say('summary-unpriced', { count: figures.unpriced })] : []),
    words.say('summary-undone', { count: figures.undone, total: words.money(figures.undoneTotal) }),
    words.say('summary-unsure', { count: figures.unsure }),
    words.say('summary-refused', { count: figures.refused }),
    ...section('summary-by-product', figures.byProduct, words),
    ...section('summary-by-person', figures.byPerson, words),
    ...corrections.map((correction) => wordCorrection(correction, words)),
  ];
  return lines.join('\n');
}

function section(title: 'summary-by-product' | 'summary-by-person', lines: readonly SummaryRow[], words: Words): string[] {
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
function wordCorrection({ day, told, now }: Correction, words: Words): string {
  const change = (from: number | string, to: number | string): string => (from === to ? String(to) : `${from} → ${to}`);
  return `\n${words.say('summary-correction', {
    day,
    count: change(told.count, now.count),
    total: change(words.money(told.total), words.money(now.total)),
    undone: change(told.undone, now.undone),
    unsure: change(told.unsure, now.unsure),
    refused: change(told.refused, now.refused),
  })}`;
}

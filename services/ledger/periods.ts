/** Weeks and months of a store: which have ended, and their figures beside those before. */
import type { Tx } from '../database/database.ts';
import { nextDay, previousDay } from '../time/business-day.ts';
import { daysOf } from '../time/spans.ts';
import { weekdayOf } from '../time/wall-clock.ts';
import type { Ledger, SpanFigures } from './ledger.ts';
import type { Sum } from './perspective.ts';

/** Which summaries besides the daily one a chat receives. */
export const PERIODS = ['none', 'week', 'month', 'both'] as const;
export type Periods = (typeof PERIODS)[number];

/** A week from Monday to Sunday, or a calendar month, of business days. */
export interface Period {
  readonly kind: 'week' | 'month';
  readonly from: string;
  readonly to: string;
}

/** The periods whose last day is one of `from` to `to`, both included, weeks before months. */
export function endedPeriods(from: string, to: string, wanted: Periods): readonly Period[] {
  const days = daysOf({ from, to });
  const weeks = wanted === 'week' || wanted === 'both' ? days.filter((day) => weekdayOf(day) === SUNDAY) : [];
  const months = wanted === 'month' || wanted === 'both' ? days.filter((day) => nextDay(day).endsWith('-01')) : [];
  return [
    ...weeks.map((day): Period => ({ kind: 'week', from: daysBefore(day, 6), to: day })),
    ...months.map((day): Period => ({ kind: 'month', from: `${day.slice(0, 8)}01`, to: day })),
  ];
}

/** The week or month before. */
function periodBefore({ kind, from }: Period): Period {
  const to = previousDay(from);
  return { kind, from: kind === 'week' ? daysBefore(to, 6) : `${to.slice(0, 8)}01`, to };
}

/** A period beside the one before it. */
export interface PeriodReport extends Period {
  readonly figures: SpanFigures;
  readonly before: Sum;
}

/** Reads each period and the one before it, one after another: they share the transaction's connection. */
export async function periodReports(
  tx: Tx,
  ledger: Pick<Ledger, 'span'>,
  storeId: string,
  periods: readonly Period[],
): Promise<readonly PeriodReport[]> {
  const reports: PeriodReport[] = [];
  for (const period of periods) {
    const figures = await ledger.span(storeId, period, tx);
    reports.push({ ...period, figures, before: await ledger.span(storeId, periodBefore(period), tx) });
  }
  return reports;
}

/** `weekdayOf` counts from Monday. */
const SUNDAY = 6;

function daysBefore(day: string, days: number): string {
  let found = day;
  for (let n = 0; n < days; n++) found = previousDay(found);
  return found;
}

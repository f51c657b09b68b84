/** Opening hours of a store: by weekday, and otherwise on single days. Pure. */
import { nextDay, previousDay } from '../time/business-day.ts';
import { weekdayOf, type WallTime } from '../time/wall-clock.ts';

/** Minutes since midnight, half-open: `from` below 1440, `to` after it. A `to` beyond 1440 lies in the next day's morning. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Seven days from Monday on; a day without spans is closed. */
export type Week = readonly (readonly Span[])[];

export interface Hours {
  readonly week: Week;
  /** Single days, `YYYY-MM-DD`, that differ from their weekday: a holiday, a festival. */
  readonly days: Readonly<Record<string, readonly Span[]>>;
}

export const DAY_MINUTES = 1440;
export const ALL_DAY: readonly Span[] = [{ from: 0, to: DAY_MINUTES }];
/** Open day and night: what a shop without staff begins with. */
export const ALWAYS: Hours = { week: Array.from({ length: 7 }, () => ALL_DAY), days: {} };

/** Days that are looked ahead for the next opening. */
const AHEAD = 60;

/** The hours of a date: its own, or its weekday's. */
export const spansOf = ({ week, days }: Hours, day: string): readonly Span[] => days[day] ?? week[weekdayOf(day)] ?? [];

/** Whether the store is open; the night of a day that ends after midnight belongs to that day. */
export function isOpen(hours: Hours, { day, minute }: WallTime): boolean {
  return (
    spansOf(hours, day).some(({ from, to }) => from <= minute && minute < to) ||
    spansOf(hours, previousDay(day)).some(({ to }) => minute < to - DAY_MINUTES)
  );
}

/** When a closed store opens next; undefined where it does not within sixty days. */
export function nextOpening(hours: Hours, { day, minute }: WallTime): WallTime | undefined {
  for (let [ahead, date] = [0, day]; ahead <= AHEAD; ahead += 1, date = nextDay(date)) {
    const openings = spansOf(hours, date).map(({ from }) => from);
    const next = openings.filter((from) => ahead > 0 || from > minute).toSorted((a, b) => a - b)[0];
    if (next !== undefined) return { day: date, minute: next };
  }
  return undefined;
}

/** Spans of business days, and parts of a day: what a search is about, and how it is written down. */
import { dayBounds, endsNextDate, nextDay, previousDay, type DayBounds } from './business-day.ts';
import { momentOf } from './wall-clock.ts';

/** A part of the day by the clock on the wall, minutes since midnight, half-open; `to` is at most 24:00. */
export interface ClockRange {
  readonly from: number;
  readonly to: number;
}

/** Business days (`YYYY-MM-DD`), both included, and the part of each day that is meant. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly clock?: ClockRange;
}

/** The most days of a span with a clock range. */
export const MOST_CLOCK_DAYS = 366;

/** Writes a span as `2026-11-03`, `2026-11-01 ~ 2026-11-15`, `2026-11-03 18:00-24:00`: as `readSpan` reads it. */
export function formatSpan({ from, to, clock }: Span): string {
  const days = from === to ? from : `${from} ~ ${to}`;
  return clock ? `${days} ${formatClock(clock)}` : days;
}

const formatClock = ({ from, to }: ClockRange): string => `${clockText(from)}-${clockText(to)}`;

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** The number of a day since 1970, for what has room for a few characters only, and the day of a number. */
export const dayNumber = (day: string): number => Date.parse(day) / DAY_MS;
export const dayOfNumber = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** All days of a span, oldest first. */
export function daysOf({ from, to }: Pick<Span, 'from' | 'to'>): readonly string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = nextDay(day)) days.push(day);
  return days;
}

/** Moments that return every day: those from `from` on and before `until` that are less than `length` after a whole number of days, ms. */
export interface ClockRun {
  readonly from: number;
  readonly until: number;
  readonly length: number;
}

const DAY_MS = 86_400_000;

/**
 * The moments of a clock range in each business day of a span, oldest first: one run, or more where a day's end lies within the
 * range, or clocks are changed. With the day end `05:00`, 凌晨 of a day is in the small hours of the next date.
 */
export function clockRuns(span: Span & { readonly clock: ClockRange }, zone: string, dayEnd: string): readonly ClockRun[] {
  const runs: ClockRun[] = [];
  const ranges = daysOf(span).flatMap((day) => {
    const bounds = dayBounds(day, zone, dayEnd);
    const dates = endsNextDate(dayEnd) ? [day, nextDay(day)] : [previousDay(day), day];
    return dates
      .map((date): DayBounds => ({
        from: Math.max(bounds.from, moment(date, span.clock.from, zone)),
        to: Math.min(bounds.to, moment(date, span.clock.to, zone)),
      }))
      .filter(({ from, to }) => from < to);
  });
  for (const { from, to } of ranges) {
    const before = runs.findIndex((run) => run.until + DAY_MS === to && run.length === to - from);
    if (before < 0) runs.push({ from, until: to, length: to - from });
    else runs[before] = { ...runs[before]!, until: to };
  }
  return runs;
}

/** A time of day on a date. Days without a change of clocks are reckoned: dayjs does some 10,000 a second. */
function moment(date: string, minute: number, zone: string): number {
  const { from, to } = dayBounds(date, zone, '00:00');
  if (to - from === DAY_MS) return from + minute * 60_000;
  return minute === 24 * 60 ? to : momentOf(date, minute, zone);
}

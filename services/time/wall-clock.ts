/** Local dates and times of day, as a clock on a shop's wall shows them. */
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** What a clock on the wall shows: `YYYY-MM-DD`, and minutes since midnight. */
export interface WallTime {
  readonly day: string;
  readonly minute: number;
}

/** Reads the wall clock of a zone at a moment, ms. */
export function wallTime(at: number, zone: string): WallTime {
  const local = dayjs(at).tz(zone);
  return { day: local.format('YYYY-MM-DD'), minute: local.hour() * 60 + local.minute() };
}

/** The weekday of a date `YYYY-MM-DD`: 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

/**
 * Gives moments of some days as a clock on the wall shows them, in ms as if it were UTC's: what spreadsheets call a time. The
 * offset is looked up once where it is the same at both ends.
 */
export function wallClock(zone: string, { from, to }: { readonly from: number; readonly to: number }): (at: number) => number {
  const offsetAt = (at: number): number => dayjs(at).tz(zone).utcOffset() * 60_000;
  const [first, last] = [offsetAt(from), offsetAt(to)];
  return (at) => at + (first === last ? first : offsetAt(at));
}

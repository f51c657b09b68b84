/** Local dates and times of day, as a clock on a shop's wall shows them. */
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** What a clock on the wall of a zone shows: `YYYY-MM-DD`, and minutes since midnight. */
export interface WallTime {
  readonly day: string;
  readonly minute: number;
  readonly zone: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One for each zone: to make one takes as long as to use it a thousand times. */
const offsets = new Map<string, Intl.DateTimeFormat>();

/** The minutes that a zone is ahead of UTC at a moment, ms. Ten times as fast as by dayjs. */
function offsetAt(at: number, zone: string): number {
  const format = offsets.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  offsets.set(zone, format);
  // `11/22/2026, GMT-09:30`; at UTC's own time `GMT` alone.
  const [, sign = '+', hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(at)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Reads the wall clock of a zone at a moment, ms. */
export function wallTime(at: number, zone: string): WallTime {
  const local = dayjs(at).tz(zone);
  return { day: local.format('YYYY-MM-DD'), minute: local.hour() * 60 + local.minute(), zone };
}

/**
 * The moment, ms, at which a wall clock shows a minute of a date: the first, where it is put back and shows that minute twice. Where
 * it is put forward over that minute, the moment comes as long after the change as it would have without one.
 */
export function momentOf(day: string, minute: number, zone: string): number {
  const shown = Date.parse(day) + minute * MINUTE_MS;
  // Zones are at most 14 hours from UTC.
  const before = shown - offsetAt(shown - 15 * HOUR_MS, zone) * MINUTE_MS;
  const after = shown - offsetAt(shown + 15 * HOUR_MS, zone) * MINUTE_MS;
  const isShown = (at: number): boolean => at + offsetAt(at, zone) * MINUTE_MS === shown;
  return before === after || isShown(before) || !isShown(after) ? before : after;
}

/**
 * The moments, ms, at which a wall clock shows one of these minutes on a date, and the moment at which clocks are changed on it:
 * where they are put back a minute comes twice, and where they are put forward some never come.
 */
export function momentsOf(day: string, minutes: readonly number[], zone: string): readonly number[] {
  const midnight = Date.parse(day);
  // Zones are at most 14 hours from UTC.
  const [from, to] = [midnight - 15 * HOUR_MS, midnight + 39 * HOUR_MS];
  const [before, after] = [offsetAt(from, zone), offsetAt(to, zone)];
  const at = (offset: number): number[] => minutes.map((minute) => midnight + (minute - offset) * MINUTE_MS);
  if (before === after) return at(before);
  const changed = changeBetween(from, to, zone);
  const moments = [...at(before).filter((one) => one < changed), changed, ...at(after).filter((one) => one >= changed)];
  return moments.filter((one) => wallTime(one, zone).day === day);
}

/** Finds the minute between two moments from which on a zone has another offset. */
function changeBetween(from: number, to: number, zone: string): number {
  const before = offsetAt(from, zone);
  let [low, high] = [from, to];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** The weekday of a date `YYYY-MM-DD`: 0 for Monday to 6 for Sunday. */
export const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

/**
 * Gives moments of some days as a clock on the wall shows them, in ms as if it were UTC's: what spreadsheets call a time. The
 * offset is looked up once where it is the same at both ends.
 */
export function wallClock(zone: string, { from, to }: { readonly from: number; readonly to: number }): (at: number) => number {
  const [first, last] = [offsetAt(from, zone), offsetAt(to, zone)];
  return (at) => at + (first === last ? first : offsetAt(at, zone)) * MINUTE_MS;
}

/** Reads when a coupon may be used: hours of the day, days of the week, dates. */
import type { UseTimes } from '../../coupons/coupon.ts';
import { countOf, present, textOf, type Fields } from '../../fields.ts';
import { parseTime } from '../../time/platform-time.ts';
import { fieldsIn, rowsIn } from './envelope.ts';

const CLOCK = /^\d{1,2}:\d{2}$/;

/**
 * Reads the restrictions of a certificate; undefined where it has none. The week's first day is not published: 1 to 6 are Monday to
 * Saturday by every usual count, 0 and 7 are Sunday.
 */
export function useTimesOf(certificate: Fields): UseTimes | undefined {
  const usable = rowsIn(fieldsIn(certificate['use_time_info'])['time_period_list']);
  const not = fieldsIn(certificate['not_available_time_info']);
  const hours = usable.flatMap((row) => {
    const [from, to] = [textOf(row['start_time']), textOf(row['end_time'])];
    if (from === undefined || to === undefined || !CLOCK.test(from) || !CLOCK.test(to)) return [];
    return [{ from, to, ...(row['end_time_is_next_day'] === true && { nextDay: true as const }) }];
  });
  const listed = Array.isArray(not['can_no_use_week_day']) ? not['can_no_use_week_day'] : [];
  const days = listed.flatMap((day: unknown) => {
    const number = countOf(day);
    return number !== undefined && number <= 7 ? [number === 0 ? 7 : number] : [];
  });
  const dates = rowsIn(not['can_no_use_date']).flatMap((row) => {
    const [from, to] = [parseTime(row['start_time']), parseTime(row['end_time'])];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
  const times = present({
    hours: hours.length > 0 ? hours : undefined,
    offDays: days.length > 0 ? [...new Set(days)].toSorted((a, b) => a - b) : undefined,
    offDates: dates.length > 0 ? dates : undefined,
  });
  return Object.keys(times).length > 0 ? times : undefined;
}

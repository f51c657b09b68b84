/** Writes moments for other programs: ISO 8601 with the store's offset. */
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** Writes a moment (ms since the epoch) as `2026-11-22T18:30:00.123+08:00`, in the time of this zone. */
export const isoMoment = (at: number, zone: string): string => dayjs(at).tz(zone).format('YYYY-MM-DDTHH:mm:ss.SSSZ');

/** The hour of the day, 0 to 23, of a moment (ms) in this zone. */
export function hourOf(at: number, zone: string): number {
  const known = hours.get(zone) ?? new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone });
  hours.set(zone, known);
  return Number(known.format(at));
}
/** A format takes a thousand times as long to make as to use; there are few zones. */
const hours = new Map<string, Intl.DateTimeFormat>();

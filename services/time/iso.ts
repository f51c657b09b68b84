/** Writes moments for other programs: ISO 8601 with the store's offset. */
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** Writes a moment (ms since the epoch) as `2026-11-22T18:30:00.123+08:00`, in the time of this zone. */
export const isoMoment = (at: number, zone: string): string => dayjs(at).tz(zone).format('YYYY-MM-DDTHH:mm:ss.SSSZ');

/** Parses and formats times of platforms: seconds, milliseconds, or text in China's time (UTC+8, no summer time). */

const HOUR_MS = 3_600_000;
const CHINA_MS = 8 * HOUR_MS;
/** The last second of the year 9999; later is nonsense. */
const LATEST = 253_402_300_799_999;

const DIGITS = /^\d{1,15}$/;
const TEXT =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?$/;

/**
 * Parses a time to ms since the epoch; nothing for other values and for the epoch and before, which platforms send for "none".
 * Numbers and digit strings below 10^11 are seconds, else ms. Text is `yyyy-MM-dd[ HH:mm[:ss]]`, UTC+8 unless it carries a
 * zone. A date alone is its first moment, or with `end` its last second, which is what platforms call the end of a day.
 */
export function parseTime(value: unknown, edge: 'start' | 'end' = 'start'): number | undefined {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return DIGITS.test(text) ? fromNumber(Number(text)) : sensible(fromText(text, edge));
}

/** `yyyy-MM-dd HH:mm:ss` in China, as platforms want times written; its first ten characters are the day. */
export const chinaTime = (ms: number): string => new Date(ms + CHINA_MS).toISOString().slice(0, 19).replace('T', ' ');

function fromNumber(value: number): number | undefined {
  return sensible(Math.trunc(value < 1e11 ? value * 1000 : value));
}

function sensible(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 && ms <= LATEST ? ms : undefined;
}

function fromText(text: string, edge: 'start' | 'end'): number | undefined {
  const match = TEXT.exec(text);
  if (!match) return undefined;
  const [, year, , month, day, hour, minute, second, fraction, zone] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC rolls 31 February over; such a date is invalid.
  const date = new Date(midnight);
  if (date.getUTCFullYear() !== Number(year) || date.getUTCMonth() + 1 !== Number(month)) return undefined;
  if (hour === undefined) return midnight - CHINA_MS + (edge === 'end' ? 24 * HOUR_MS - 1000 : 0);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const clock = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second ?? 0) * 1000;
  return midnight + clock + Number((fraction ?? '').slice(0, 3).padEnd(3, '0')) - zoneMs(zone);
}

/** How far a zone is ahead of UTC; China where none is written. */
function zoneMs(zone: string | undefined): number {
  if (zone === undefined) return CHINA_MS;
  if (zone === 'Z') return 0;
  const ahead = Number(zone.slice(1, 3)) * HOUR_MS + Number(zone.slice(-2)) * 60_000;
  return zone.startsWith('-') ? -ahead : ahead;
}

/** Quiet hours: from–to by the clock on the shop's wall, over midnight as a rule; pure. */
import { wallTime } from '../time/wall-clock.ts';

const TIME = /^([01]?\d|2[0-3])(?:[:：点时]([0-5]\d)?)?$/;
const SPAN = /^(.+?)\s*(?:-|–|—|~|～|至|到)\s*(.+)$/;

/** Reads `22:00-8:00`, `22-8`, `22:00到8:00` as `22:00-08:00`. Nothing for other text, and for no time at all. */
export function readQuietHours(text: string): string | undefined {
  const [, first, last] = SPAN.exec(text.normalize('NFKC').trim()) ?? [];
  const [from, to] = [readTime(first), readTime(last)];
  return from === undefined || to === undefined || from === to ? undefined : `${from}-${to}`;
}

function readTime(text = ''): string | undefined {
  const [, hours, minutes = '00'] = TIME.exec(text.trim()) ?? [];
  return hours === undefined ? undefined : `${hours.padStart(2, '0')}:${minutes}`;
}

/** Whether a moment, ms, is in the quiet hours of a zone: from the first minute on, and no more in the last. */
export function isQuiet(at: number, quiet: string | undefined, zone: string): boolean {
  if (quiet === undefined) return false;
  const [from = 0, to = 0] = quiet.split('-').map(minuteOf);
  const { minute } = wallTime(at, zone);
  return from < to ? from <= minute && minute < to : minute >= from || minute < to;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

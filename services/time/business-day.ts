/** Business days: the time between one day end of a store and the next, in the store's time zone. */
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { createLru } from '../lru.ts';
import { momentOf } from './wall-clock.ts';

dayjs.extend(utc);
dayjs.extend(timezone);

/** ms, half-open: `from` belongs to the day, `to` to the next. */
export interface DayBounds {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;

/**
 * The business day (`YYYY-MM-DD`) of a moment, named after the local date that most of it is of. With the day end `00:00`
 * that is the calendar day; with `05:00`, three in the morning still belongs to the day before; with `22:00`, eleven at
 * night already belongs to the next.
 */
export function businessDay(at: number, zone: string, dayEnd: string): string {
  // By the UTC date as well: today and a day long ago are asked about in turns.
  const place = `${Math.floor(at / DAY_MS)} ${zone} ${dayEnd}`;
  const last = latest.get(place);
  if (last && last.from <= at && at < last.to) return last.day;
  let day = dayjs(at).tz(zone).format('YYYY-MM-DD');
  // The local date is a first guess; the bounds decide, so every moment belongs to exactly one day.
  while (at < dayBounds(day, zone, dayEnd).from) day = previousDay(day);
  while (at >= dayBounds(day, zone, dayEnd).to) day = nextDay(day);
  latest.set(place, { day, ...dayBounds(day, zone, dayEnd) });
  return day;
}

/** The hour of a zone's clock at a moment, 0–23. */
export const hourOf = (at: number, zone: string): number => dayjs(at).tz(zone).hour();

/** Whether a business day ends on the date after the one it is named after. */
export const endsNextDate = (dayEnd: string): boolean => dayEnd < '12:00';

/** When a business day begins and ends; 23 or 25 hours apart where clocks are changed. */
export function dayBounds(day: string, zone: string, dayEnd: string): DayBounds {
  return { from: startOf(day, zone, dayEnd), to: startOf(nextDay(day), zone, dayEnd) };
}

export function nextDay(day: string): string {
  return shift(day, 1);
}

export function previousDay(day: string): string {
  return shift(day, -1);
}

/** dayjs computes some 10,000 zoned times a second, so results are cached: a few days of each store's zone and day end. */
const CACHED = 20_000;
const latest = createLru<DayBounds & { readonly day: string }>(CACHED);
const starts = createLru<number>(CACHED);

function startOf(day: string, zone: string, dayEnd: string): number {
  const key = `${day} ${dayEnd} ${zone}`;
  let start = starts.get(key);
  if (start === undefined) {
    const [hours = 0, minutes = 0] = dayEnd.split(':').map(Number);
    start = momentOf(endsNextDate(dayEnd) ? day : previousDay(day), hours * 60 + minutes, zone);
    starts.set(key, start);
  }
  return start;
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

const NAMED_DAYS: ReadonlyMap<string, number> = new Map([
  ['今天', 0],
  ['今日', 0],
  ['today', 0],
  ['昨天', -1],
  ['昨日', -1],
  ['yesterday', -1],
  ['前天', -2],
  ['大前天', -3],
]);
const FULL = /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?$/;
const MONTH_DAY = /^(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?$/;
const DAY = /^(\d{1,2})[日号]$/;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const WEEKDAY = new RegExp(`^(上个?|这个?|本|last |this |on )?(?:(?:周|星期|礼拜)([一二三四五六日天])|(${WEEKDAYS.join('|')}))$`);
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MONTH = MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|');
const ENGLISH = new RegExp(`^(?:(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?|(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${MONTH}))$`);

/**
 * Parses a day as people type it: 今天, yesterday, 2026-11-22, 11/22, 11月22日, 22日, nov 22, 周五, last friday. Without a year or
 * a month it is the latest such day not after `today`; 上周五 is last week's, weeks begin on Monday. Nothing for text that is no
 * day (30 February).
 */
export function parseDay(text: string, today: string): string | undefined {
  const said = text.normalize('NFKC').trim().toLowerCase().replace('週', '周').replace('禮', '礼').replace('號', '号');
  const named = NAMED_DAYS.get(said);
  if (named !== undefined) return shift(today, named);
  const [thisYear = 0, thisMonth = 0] = today.split('-').map(Number);
  const full = FULL.exec(said);
  if (full) return realDay(Number(full[1]), Number(full[2]), Number(full[3]));
  const notAfterToday = (day: string | undefined): day is string => day !== undefined && day <= today;
  const weekday = WEEKDAY.exec(said);
  if (weekday) return latestWeekday(weekday, today);
  const monthDay = MONTH_DAY.exec(said) ?? inNumbers(ENGLISH.exec(said));
  // Leap days are at most eight years apart.
  if (monthDay)
    return [0, 1, 2, 3, 4, 5, 6, 7, 8]
      .map((back) => realDay(thisYear - back, Number(monthDay[1]), Number(monthDay[2])))
      .find(notAfterToday);
  const day = DAY.exec(said);
  if (!day) return undefined;
  // Of any two months in a row one has 31 days, but the one before a short March may be February.
  const month = thisYear * 12 + thisMonth - 1;
  return [month, month - 1, month - 2].map((m) => realDay(Math.floor(m / 12), (m % 12) + 1, Number(day[1]))).find(notAfterToday);
}

/** Gives month and day of an English date as of a Chinese one. */
function inNumbers(match: RegExpExecArray | null): readonly (string | number)[] | null {
  return match && ['', MONTHS.findIndex((name) => name.startsWith(match[1] ?? match[4] ?? '')) + 1, match[2] ?? match[3] ?? ''];
}

/** Finds a day of the week: of the week before (上周五), of this one (本周五), before today (last friday), else up to today. */
function latestWeekday([, which = '', chinese, english = '']: RegExpExecArray, today: string): string {
  const index = chinese === undefined ? WEEKDAYS.indexOf(english) : Math.min(6, '一二三四五六日天'.indexOf(chinese));
  const now = (new Date(today).getUTCDay() + 6) % 7;
  if (which.startsWith('上')) return shift(today, index - now - 7);
  if (/^(?:这|本|this)/.test(which)) return shift(today, index - now);
  const back = (now - index + 7) % 7;
  return shift(today, -(which === 'last ' && back === 0 ? 7 : back));
}

/** The date `YYYY-MM-DD`; nothing where the calendar has no such day. */
export function realDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? date.toISOString().slice(0, 10) : undefined;
}

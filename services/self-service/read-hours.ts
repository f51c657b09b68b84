/** Reads opening hours as people type them: 周一至周五 10:00-22:00；周末 9:00-次日2:00；节假日 休息, 10月1日至10月7日 休息. */
import { nextDay, realDay } from '../time/business-day.ts';
import { ALL_DAY, DAY_MINUTES, type Span, type UsualHours, type Week } from './hours.ts';

/** Hours that come again, as far as they were named. */
export interface ReadHours {
  /** Undefined where no weekday was named. */
  readonly week?: Week;
  /** `usual`: holidays are to go by their weekday. */
  readonly holidays?: readonly Span[] | 'usual';
}

/** What the hours are once those named are set. */
export const usualAfter = (before: UsualHours, { week = before.week, holidays = before.holidays }: ReadHours): UsualHours => ({
  week,
  holidays: holidays === 'usual' ? undefined : holidays,
});

/** Hours of single days; without spans the days go by their weekday again. */
export interface SingleDays {
  readonly days: readonly string[];
  readonly spans: readonly Span[] | undefined;
}

/** Most days of one line: a long holiday. */
const MOST_DAYS = 62;

const CLOSED = /^(?:休息|休|关门|关闭|不营业|closed|off)$/;
const OPEN = /^(?:全天|24\s*小时|all day|24\s*hours)$/;
const USUAL = /^(?:照常|恢复|usual)$/;
const HOURS = /\d{1,2}(?::\d{2}|[点时])|休|关|不营业|closed|off|全天|24\s*小时|24\s*hours|all day|照常|恢复|usual/;
const SPAN = /^(\d{1,2})(?::(\d{2})|[点时])-(?:次日|第二天|凌晨)?(\d{1,2})(?::(\d{2})|[点时])$/;

/** Half-width, lower-case, with one kind of dash. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s*(?:至|到|~|—|–|-)\s*/g, '-')
    .trim();

/** Reads one or several spans, or that it is closed; undefined for other words. */
export const readHours = (text: string): readonly Span[] | 'usual' | undefined =>
  USUAL.test(plain(text)) ? 'usual' : readSpans(plain(text));

function readSpans(text: string): readonly Span[] | undefined {
  const said = text.trim();
  if (CLOSED.test(said)) return [];
  if (OPEN.test(said)) return ALL_DAY;
  const spans = said
    .split(/[\s,、和]+/)
    .filter((part) => part !== '')
    .map(readSpan);
  return spans.length > 0 && spans.every((span) => span !== undefined) ? spans.toSorted((a, b) => a.from - b.from) : undefined;
}

function readSpan(text: string): Span | undefined {
  const match = SPAN.exec(text);
  if (!match) return undefined;
  const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = match;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (from >= DAY_MINUTES || to > DAY_MINUTES || Number(fromMinute) > 59 || Number(toMinute) > 59) return undefined;
  return { from, to: to > from ? to : to + DAY_MINUTES };
}

const WEEKDAYS = [
  '一|mon(?:day)?',
  '二|tue(?:sday)?',
  '三|wed(?:nesday)?',
  '四|thu(?:rsday)?',
  '五|fri(?:day)?',
  '六|sat(?:urday)?',
];
const WEEKDAY = [...WEEKDAYS, '日|天|sun(?:day)?'].map((names) => new RegExp(`^(?:周|星期|礼拜)?(?:${names})$`));
const HOLIDAYS = /^(?:法定)?(?:节假日|假日|节日)$|^(?:public )?holidays?$/;
const EVERY = /^(?:|每天|每日|天天|daily|every day)$/;
const GROUPS: Readonly<Record<string, readonly number[]>> = {
  工作日: [0, 1, 2, 3, 4],
  weekdays: [0, 1, 2, 3, 4],
  周末: [5, 6],
  weekend: [5, 6],
  weekends: [5, 6],
};

const withoutColon = (text: string): string =>
  text
    .trim()
    .replace(/[:,，]$/, '')
    .trim();

/** Reads weekdays: 周一-周五, 周一、周三, 周末; none stands for every day. */
function readWeekdays(text: string): readonly number[] | undefined {
  const said = withoutColon(text);
  if (EVERY.test(said)) return [0, 1, 2, 3, 4, 5, 6];
  const found = said.split(/[\s,、和]+/).map((part) => {
    const group = GROUPS[part];
    if (group) return group;
    const [first, last, ...more] = part.split('-').map((name) => WEEKDAY.findIndex((pattern) => pattern.test(name)));
    if (first === undefined || first < 0 || last === -1 || more.length > 0) return undefined;
    const length = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, n) => (first + n) % 7);
  });
  return found.every((days) => days !== undefined) ? found.flat() : undefined;
}

/**
 * Reads hours that come again, a line or a part before 「；」 for some weekdays, or for holidays, each; weekdays that are not named
 * beside others are closed. Undefined where a part is not understood.
 */
export function readWeek(text: string): ReadHours | undefined {
  let week: (readonly Span[])[] | undefined;
  let holidays: ReadHours['holidays'];
  const parts = plain(text.replaceAll(/[；;。]/g, '\n'))
    .split('\n')
    .filter((part) => part.trim() !== '');
  for (const part of parts) {
    const at = part.search(HOURS);
    if (at < 0) return undefined;
    const [named, spans] = [part.slice(0, at), readHours(part.slice(at))];
    if (HOLIDAYS.test(withoutColon(named))) {
      if (!spans) return undefined;
      holidays = spans;
      continue;
    }
    const days = readWeekdays(named);
    if (!days || !spans || spans === 'usual') return undefined;
    week ??= Array.from({ length: 7 }, () => []);
    for (const day of days) week[day] = spans;
  }
  return parts.length > 0 ? { ...(week && { week }), ...(holidays && { holidays }) } : undefined;
}

const DATE = String.raw`(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?`;
const DAYS = new RegExp(`^${DATE}(?:-${DATE})?\\s*(.*)$`);

/**
 * Reads the hours of a date or of a span of dates: 12月25日 休息, 10-1至10-7 9:00-23:00, 12-25 照常. A date without a year is the
 * next one not before `today`. Undefined for other words, for dates that do not exist, are over, or are more than 62.
 */
export function readDays(text: string, today: string): SingleDays | undefined {
  const match = DAYS.exec(plain(text));
  if (!match) return undefined;
  const [, year, month, day, endYear, endMonth, endDay, said = ''] = match;
  const first = comingDay(today, year, month, day);
  const last = endMonth === undefined ? first : first && comingDay(first, endYear, endMonth, endDay);
  const spans = readHours(said);
  if (first === undefined || last === undefined || first < today || spans === undefined) return undefined;
  const days: string[] = [];
  for (let date = first; date <= last; date = nextDay(date)) if (days.push(date) > MOST_DAYS) return undefined;
  return days.length > 0 ? { days, spans: spans === 'usual' ? undefined : spans } : undefined;
}

/** The date, or without a year the next such date from `from` on; a leap day within eight years. */
function comingDay(from: string, year: string | undefined, month = '', day = ''): string | undefined {
  if (year !== undefined) return realDay(Number(year), Number(month), Number(day));
  const thisYear = Number(from.slice(0, 4));
  return [0, 1, 2, 3, 4, 5, 6, 7, 8]
    .map((ahead) => realDay(thisYear + ahead, Number(month), Number(day)))
    .find((date) => date !== undefined && date >= from);
}

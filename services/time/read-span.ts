/**
 * Reads spans of business days as people say them: 昨天, 上周五晚上, 本月, 最近7天, 11月1日到11月5日, last week, nov 3 evening. A small
 * grammar: a span is days, a part of the day, or both; days are one day, a named range, or two days with 到 between them. It
 * knows no future: a range that is under way ends today, and a day to come is not understood.
 */
import { nextDay, parseDay, previousDay, realDay } from './business-day.ts';
import { daysOf, MOST_CLOCK_DAYS, type ClockRange, type Span } from './spans.ts';
import { weekdayOf } from './wall-clock.ts';

type Days = Pick<Span, 'from' | 'to'>;

/** The longest phrase that is looked at, characters. */
const LONGEST = 60;
/** The longest 最近N天, days. */
const MOST_DAYS = 366;

const hours = (from: number, to: number): ClockRange => ({ from: from * 60, to: to * 60 });
/** Parts of the day by the clock. 晚上 ends at midnight: what comes after it is 凌晨. */
const PARTS: ReadonlyMap<string, ClockRange> = new Map(
  [
    ['凌晨|半夜|small hours', hours(0, 6)],
    ['早上|早晨|清晨|一早|early morning', hours(5, 9)],
    ['上午|morning', hours(6, 12)],
    ['中午|noon|lunchtime', hours(11, 14)],
    ['下午|午后|afternoon', hours(12, 18)],
    ['傍晚', hours(17, 19)],
    ['晚上|晚间|夜里|夜间|evening|night', hours(18, 24)],
  ].flatMap(([names, range]) => (names as string).split('|').map((name) => [name, range as ClockRange] as const)),
);
const PART = [...PARTS.keys()].toSorted((a, b) => b.length - a.length).join('|');
const WITH_PART = new RegExp(
  `^(.*?) ?(?:的|in the |at )?(?:(${PART})|(\\d{1,2}):(\\d\\d) ?(?:-|–|~|到|至|to) ?(\\d{1,2}):(\\d\\d))$`,
);
/** Words that say the day and its part in one. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['今早', '今天早上'],
  ['今晨', '今天凌晨'],
  ['今晚', '今天晚上'],
  ['昨晚', '昨天晚上'],
  ['昨夜', '昨天晚上'],
  ['前晚', '前天晚上'],
  ['tonight', 'today evening'],
  ['last night', 'yesterday evening'],
  ['this morning', 'today morning'],
  ['this afternoon', 'today afternoon'],
  ['this evening', 'today evening'],
]);

/** The span that the whole of a text means, seen from the business day `today`; undefined for any other text. Never throws. */
export function readSpan(text: string, today: string): Span | undefined {
  if (text.length > LONGEST) return undefined;
  const said = plain(text);
  const phrase = SHORT.get(said) ?? said;
  const days = readDays(phrase, today);
  if (days) return days;
  const [, rest = '', part, ...numbers] = WITH_PART.exec(phrase) ?? [];
  const clock = part === undefined ? clockOf(numbers) : PARTS.get(part);
  if (!clock) return undefined;
  const on = rest === '' ? { from: today, to: today } : readDays(rest.replace(/的$/, ''), today);
  return on && daysOf(on).length <= MOST_CLOCK_DAYS ? { ...on, clock } : undefined;
}

/** Half width, lower case, the simplified characters of times, single blanks. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[週禮號個這過內兩間裡]/g, (one) => '周礼号个这过内两间里'['週禮號個這過內兩間裡'.indexOf(one)]!)
    .replaceAll(/\s+/g, ' ')
    .trim();

function clockOf(numbers: readonly (string | undefined)[]): ClockRange | undefined {
  const [fromHour = NaN, fromMinute = NaN, toHour = NaN, toMinute = NaN] = numbers.map(Number);
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  return fromMinute < 60 && toMinute < 60 && from < to && to <= 24 * 60 ? { from, to } : undefined;
}

const BETWEEN = /^(?:从|自|from )?(.+?)(?: ?[~到至—–] ?| - | to | until | through )(.+)$/;

function readDays(said: string, today: string): Days | undefined {
  return oneOf(said, today) ?? between(said, today);
}

/** Two days with a word between them; 周五 after 上周一 is of the same week. */
function between(said: string, today: string): Days | undefined {
  const [, first = '', second = ''] = BETWEEN.exec(said) ?? [];
  const week = /^(?:上个?|last )(?=周|星期|礼拜|\w+day)/.exec(first)?.[0] ?? '';
  const from = oneOf(first, today);
  const to = oneOf(/^(?:周|星期|礼拜|\w+day$)/.test(second) ? `${week}${second}` : second, today);
  return from && to && from.from <= to.from ? { from: from.from, to: to.to } : undefined;
}

/** One day, or a range that has a name. */
function oneOf(said: string, today: string): Days | undefined {
  const day = parseDay(said, today);
  const days = day === undefined ? named(said, today) : { from: day, to: day };
  if (!days || days.from > today) return undefined;
  return days.to > today ? { ...days, to: today } : days;
}

const WEEK = /^(上上个?|上个?|这个?|本|last |this )(?:周|星期|礼拜|week)$/;
const MONTH = /^(上个?|这个?|本|last |this )(?:月|month)$/;
const YEAR = /^(今|本|去|this |last )(?:年|year)$/;
const COUNT = '(\\d{1,3}|[一二两三四五六七八九十]{1,3}|two|three|four|five|six|seven|ten|thirty)';
const LAST = new RegExp(
  `^(?:最近|近|过去|前|the last |last |past )(?:的)? ?(?:${COUNT} ?)?(?:个)? ?(天|日|周|星期|礼拜|月|days?|weeks?|months?)内?$`,
);
/** 3日 and 7月 are of the calendar; 7天, 3个月 are not. */
const WITHIN = new RegExp(`^${COUNT} ?(?:个?(?=天|周|星期|礼拜)|个(?=月)|个?(?=.+内$))(天|日|周|星期|礼拜|月)(?:以内|之内|内)?$`);
const CALENDAR_YEAR = /^(\d{4})年$/;
/** Without a year it needs its word: 11 alone is a number, and May a person. */
const CALENDAR_MONTH = /^(?:(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?)?|(\d{1,2})月份?|(?:in |during )([a-z]+)|([a-z]+) (\d{4}))$/;
const MONTHS = 'january february march april may june july august september october november december'.split(' ');

function named(said: string, today: string): Days | undefined {
  const week = WEEK.exec(said)?.[1];
  if (week !== undefined) return weekOf(today, week.startsWith('上上') ? 2 : /^(?:上|last)/.test(week) ? 1 : 0);
  const month = MONTH.exec(said)?.[1];
  if (month !== undefined) return monthOf(today, /^(?:上|last)/.test(month) ? 1 : 0);
  const year = YEAR.exec(said)?.[1];
  const thisYear = Number(today.slice(0, 4));
  if (year !== undefined) return yearOf(/^(?:去|last)/.test(year) ? thisYear - 1 : thisYear);
  const counted = LAST.exec(said) ?? WITHIN.exec(said);
  if (counted) return counting(counted, today);
  return calendar(said, today);
}

/** 最近7天, 近一个月: so many days, today among them; a month is 30 of them. */
function counting(
  [said = '', count = said.startsWith('前') ? '' : '1', unit = '']: readonly string[],
  today: string,
): Days | undefined {
  const each = /^(?:周|星期|礼拜|week)/.test(unit) ? 7 : /^(?:月|month)/.test(unit) ? 30 : 1;
  const days = number(count) * each;
  if (!(days >= 1 && days <= MOST_DAYS)) return undefined;
  return { from: back(today, days - 1), to: today };
}

const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const ENGLISH: ReadonlyMap<string, number> = new Map([
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
  ['six', 6],
  ['seven', 7],
  ['ten', 10],
  ['thirty', 30],
]);

/** A number in digits or words, up to 99 in Chinese; NaN for what is none (十十). */
function number(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const [, tens, ten, ones = ''] = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(text.replace('两', '二')) ?? [];
  if (ten !== undefined) return (tens === undefined ? 1 : NUMERALS.indexOf(tens)) * 10 + NUMERALS.indexOf(ones);
  if (tens !== undefined && ones === '') return NUMERALS.indexOf(tens);
  return ENGLISH.get(text) ?? Number.NaN;
}

/** The number of a month by its English name, whole or three letters of it; 0 for another word. */
const monthCalled = (name: string): number => MONTHS.findIndex((one) => one === name || one.slice(0, 3) === name) + 1;

/** A year, or a month; without its year the latest that has begun. */
function calendar(said: string, today: string): Days | undefined {
  const year = CALENDAR_YEAR.exec(said)?.[1];
  if (year !== undefined) return yearOf(Number(year));
  const [, chinese, monthThere, alone, english, spelled, later] = CALENDAR_MONTH.exec(said) ?? [];
  const name = english ?? spelled;
  const inYear = chinese ?? later;
  const month = name === undefined ? Number(monthThere ?? alone) : monthCalled(name);
  const thisYear = Number(today.slice(0, 4));
  const first = (of: number): string | undefined => (month >= 1 ? realDay(of, month, 1) : undefined);
  const from =
    inYear === undefined ? [first(thisYear), first(thisYear - 1)].find((day) => day && day <= today) : first(Number(inYear));
  return from === undefined ? undefined : { from, to: lastOfMonth(from) };
}

function weekOf(today: string, weeksBack: number): Days {
  const from = back(today, weekdayOf(today) + 7 * weeksBack);
  return { from, to: back(from, -6) };
}

function monthOf(today: string, monthsBack: number): Days {
  let from = `${today.slice(0, 8)}01`;
  for (let n = 0; n < monthsBack; n++) from = `${previousDay(from).slice(0, 8)}01`;
  return { from, to: lastOfMonth(from) };
}

function yearOf(year: number): Days | undefined {
  const [from, to] = [realDay(year, 1, 1), realDay(year, 12, 31)];
  return from !== undefined && to !== undefined ? { from, to } : undefined;
}

/** The last day of the month that begins on `first`. */
function lastOfMonth(first: string): string {
  const later = back(first, -31);
  return previousDay(`${later.slice(0, 8)}01`);
}

function back(day: string, days: number): string {
  let found = day;
  for (let n = 0; n < Math.abs(days); n++) found = days > 0 ? previousDay(found) : nextDay(found);
  return found;
}

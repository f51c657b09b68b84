/** Opening hours: by weekday, on public holidays, and otherwise on single days. The one place that says whether it is open. Pure. */
import { nextDay, previousDay } from '../time/business-day.ts';
import { specialDay, type SpecialDay } from '../time/holidays.ts';
import { momentsOf, wallTime, weekdayOf, type WallTime } from '../time/wall-clock.ts';

/** Minutes since midnight, half-open: `from` below 1440, `to` after it. A `to` beyond 1440 lies in the next day's morning. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Seven days from Monday on; a day without spans is closed. */
export type Week = readonly (readonly Span[])[];

/** Hours that come again: by weekday, and on public holidays. */
export interface UsualHours {
  readonly week: Week;
  /** Undefined where the calendar of holidays is not followed: every day goes by its weekday. */
  readonly holidays: readonly Span[] | undefined;
}

export interface Hours extends UsualHours {
  /** Single days, `YYYY-MM-DD`, that differ from all else. */
  readonly days: Readonly<Record<string, readonly Span[]>>;
}

/** The hours of one date, and what is special about it where they follow from that. */
export interface DayHours {
  readonly spans: readonly Span[];
  readonly special: SpecialDay | undefined;
}

/** Days whose hours are set together. */
export const DAY_GROUPS = ['weekdays', 'weekend', 'holidays'] as const;
export type DayGroup = (typeof DAY_GROUPS)[number];

export const DAY_MINUTES = 1440;
export const ALL_DAY: readonly Span[] = [{ from: 0, to: DAY_MINUTES }];
/** Open day and night: what a shop without staff begins with. */
export const ALWAYS: Hours = { week: Array.from({ length: 7 }, () => ALL_DAY), holidays: undefined, days: {} };

const [MONDAY, FRIDAY, SATURDAY] = [0, 4, 5];

/** The hours with those of one group set; without hours of their own holidays go by their weekday, and other days stay. */
export function withGroup({ week, holidays }: UsualHours, group: DayGroup, spans: readonly Span[] | undefined): UsualHours {
  if (group === 'holidays') return { week, holidays: spans };
  return { week: week.map((before, n) => (n > FRIDAY === (group === 'weekend') ? (spans ?? before) : before)), holidays };
}

/** Days that are looked ahead for the next opening. */
const AHEAD = 60;

/**
 * The hours of a date: its own; or, where the calendar is followed, those of holidays. A weekend day that is worked in exchange
 * for a holiday goes by the working day beside it, Saturday by Friday and Sunday by Monday. Else the weekday's.
 */
export function hoursOn({ week, holidays, days }: Hours, day: string, zone: string): DayHours {
  const own = days[day];
  if (own) return { spans: own, special: undefined };
  const special = holidays && specialDay(day, zone);
  if (holidays && special?.off) return { spans: holidays, special };
  const weekday = weekdayOf(day);
  const like = special && weekday > FRIDAY ? (weekday === SATURDAY ? FRIDAY : MONDAY) : weekday;
  return { spans: week[like] ?? [], special };
}

/** Whether it is open; the night of a day that ends after midnight belongs to that day. */
export function isOpen(hours: Hours, { day, minute, zone }: WallTime): boolean {
  return (
    hoursOn(hours, day, zone).spans.some(({ from, to }) => from <= minute && minute < to) ||
    hoursOn(hours, previousDay(day), zone).spans.some(({ to }) => minute < to - DAY_MINUTES)
  );
}

/** The first moment after `at`, ms, at which a store that is closed then is open; undefined where there is none within sixty days. */
export function nextOpening(hours: Hours, at: number, zone: string): number | undefined {
  for (let [ahead, day] = [0, wallTime(at, zone).day]; ahead <= AHEAD; ahead += 1, day = nextDay(day)) {
    const openings = hoursOn(hours, day, zone).spans.map(({ from }) => from);
    const moments = momentsOf(day, openings, zone).filter((one) => one > at && isOpen(hours, wallTime(one, zone)));
    if (moments.length > 0) return Math.min(...moments);
  }
  return undefined;
}

/**
 * A store's calendar: its business days over all the time zones and day ends that it has had. A day that is over keeps its
 * bounds and the running day goes on: every moment is of exactly one day, and days follow one another without gaps.
 */
import { businessDay, dayBounds, nextDay, type DayBounds } from './business-day.ts';

/** A time zone, and when its business days end, `HH:MM`. */
export interface Rule {
  readonly zone: string;
  readonly dayEnd: string;
}

/** What a store went by before, and until when, ms. */
export interface EarlierCalendar extends Rule {
  readonly until: number;
}

/** The present rule, with the earlier ones, the oldest first. A `Store` is one. */
export interface Calendar extends Rule {
  readonly earlier?: readonly EarlierCalendar[];
}

/** The business day of a moment, `YYYY-MM-DD`. */
export function dayAt(at: number, calendar: Calendar): string {
  let running = '';
  for (const { zone, dayEnd, until } of calendar.earlier ?? []) {
    const day = later(businessDay(Math.min(at, until - 1), zone, dayEnd), running);
    if (at < until) return day;
    running = day;
  }
  return later(businessDay(at, calendar.zone, calendar.dayEnd), running);
}

/** `dayAt`, and undefined for a zone that this machine does not know. */
export function knownDayAt(at: number, calendar: Calendar): string | undefined {
  try {
    return dayAt(at, calendar);
  } catch {
    return undefined;
  }
}

/** When a business day begins and ends. Empty for a day that a change of the time zone has skipped. */
export function boundsOf(day: string, calendar: Calendar): DayBounds {
  return { from: startOf(day, calendar), to: startOf(nextDay(day), calendar) };
}

/** Changes that are kept; of still older ones the rule after them is taken. */
const KEPT = 50;

/**
 * The calendar with another rule from now on. `reopens`: from the beginning of the running day on, where the rule has the day
 * before go on until now: at two in the morning an end at five makes it yesterday again.
 */
export function changed(calendar: Calendar, rule: Rule, now: number, reopens = false): Required<Calendar> {
  const { zone, dayEnd, earlier = [] } = calendar;
  const running = dayAt(now, calendar);
  const goesOn = reopens && businessDay(now, rule.zone, rule.dayEnd) < running;
  // Each rule was for a moment at least, also where two changes come at once or the clock was set back.
  const until = Math.max(goesOn ? startOf(running, calendar) : now, (earlier.at(-1)?.until ?? -Infinity) + 1);
  return { zone: rule.zone, dayEnd: rule.dayEnd, earlier: [...earlier, { zone, dayEnd, until }].slice(-KEPT) };
}

/** The first moment that is of this day or a later one. */
function startOf(day: string, { zone, dayEnd, earlier = [] }: Calendar): number {
  let since = -Infinity;
  let running = '';
  for (const rule of earlier) {
    // The day that ran when this rule began goes on until the rule has a later one.
    if (running >= day) return since;
    const from = Math.max(since, dayBounds(day, rule.zone, rule.dayEnd).from);
    if (from < rule.until) return from;
    running = later(businessDay(rule.until - 1, rule.zone, rule.dayEnd), running);
    since = rule.until;
  }
  return running >= day ? since : Math.max(since, dayBounds(day, zone, dayEnd).from);
}

const later = (one: string, other: string): string => (one > other ? one : other);

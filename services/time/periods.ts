/** The days, weeks and months up to a day, as tables of the books have them. */
import { previousDay } from './business-day.ts';
import { weekdayOf } from './wall-clock.ts';

/** Business days, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The last `count` days up to `today`, oldest first. */
export const lastDays = (today: string, count: number): readonly Period[] =>
  backwards(today, count, (day) => ({ from: day, to: day }));

/** The last `count` weeks from Monday to Sunday, oldest first; the running one ends today. */
export const lastWeeks = (today: string, count: number): readonly Period[] =>
  backwards(today, count, (to) => {
    let from = to;
    while (weekdayOf(from) > 0) from = previousDay(from);
    return { from, to };
  });

/** The last `count` months, oldest first; the running one ends today. */
export const lastMonths = (today: string, count: number): readonly Period[] =>
  backwards(today, count, (to) => ({ from: `${to.slice(0, 8)}01`, to }));

/** `endingOn` gives the period that ends on a day. */
function backwards(today: string, count: number, endingOn: (day: string) => Period): readonly Period[] {
  const periods: Period[] = [];
  for (let to = today; periods.length < count; to = previousDay(periods[0]!.from)) periods.unshift(endingOn(to));
  return periods;
}

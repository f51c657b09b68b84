/** Changes of clocks: when a zone has one, and which ends of the day fall into the time that the clock shows twice or never. */
import { shownAt } from './reckoning/calendar.ts';

export interface ClockChange {
  readonly at: number;
  /** By how much the clock goes forward or back, ms. */
  readonly byMs: number;
  /** Full and half hours that the clock shows twice, or never: `HH:MM`. */
  readonly dayEnds: readonly string[];
}

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

/** The change of a zone's clocks between two moments; none where there are two that cancel each other. */
export function clockChange(zone: string, from: number, to: number): ClockChange | undefined {
  const offset = (at: number): number => shownAt(at, zone) - at;
  const [before, after] = [offset(from), offset(to)];
  if (before === after) return undefined;
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  const [first, end] = [high + Math.min(before, after), high + Math.max(before, after)];
  const dayEnds: string[] = [];
  for (let shown = Math.ceil(first / HALF_HOUR) * HALF_HOUR; shown < end; shown += HALF_HOUR)
    dayEnds.push(new Date(shown).toISOString().slice(11, 16));
  return { at: high, byMs: Math.abs(after - before), dayEnds };
}

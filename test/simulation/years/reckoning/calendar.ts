/**
 * Business days by arithmetic of its own, of which the program knows nothing: what a store goes by, each change of it, and which day
 * a moment is of.
 */

export interface Rule {
  readonly zone: string;
  /** `HH:MM`. */
  readonly dayEnd: string;
}

export interface Calendar {
  /** The store goes by another rule from `at` on. `isEnd`: the end of the day was set, and not the zone. */
  change(at: number, rule: Rule, isEnd: boolean): void;
  /** The day of a moment, by what was known at `by`. */
  dayOf(at: number, by?: number): string;
  /** The first moment of a day, or of a later one where it has none. */
  startOf(day: string, by?: number): number;
}

/** From `from` on `rule` holds, and no day before `floor` runs. */
interface Part {
  readonly from: number;
  readonly rule: Rule;
  readonly floor: string;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** What the clock on a wall shows, in ms as if it were UTC's. */
export function shownAt(at: number, zone: string): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`);
}

/** The date so many days later. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** The first moment at which the clock shows the end of the day before; as much later as the clock skips. */
function plainStart(day: string, { zone, dayEnd }: Rule): number {
  const key = `${day} ${zone} ${dayEnd}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const wanted = Date.parse(`${dayEnd < '12:00' ? day : dateAfter(day, -1)}T${dayEnd}:00Z`);
  // Minute by minute of an offset: zones differ by quarters of an hour, and the smallest moment is the first.
  const [before, after] = [wanted - DAY_MS, wanted + DAY_MS].map((at) => wanted - (shownAt(at, zone) - at)) as [number, number];
  const [first, second] = before < after ? [before, after] : [after, before];
  const start = [first, second].find((at) => shownAt(at, zone) === wanted) ?? before;
  known.set(key, start);
  return start;
}

function plainDay(at: number, rule: Rule): string {
  const date = new Date(shownAt(at, rule.zone)).toISOString().slice(0, 10);
  return [2, 1, 0, -1].map((days) => dateAfter(date, days)).find((day) => plainStart(day, rule) <= at)!;
}

const later = (one: string, other: string): string => (one > other ? one : other);

export function createCalendar(first: Rule): Calendar {
  const versions: { readonly since: number; readonly parts: readonly Part[] }[] = [
    { since: -Infinity, parts: [{ from: -Infinity, rule: first, floor: '' }] },
  ];
  const starts = new Map<string, number>();

  const partsBy = (by: number): readonly Part[] => versions.findLast(({ since }) => since <= by)!.parts;
  const dayIn = (parts: readonly Part[], at: number): string => {
    const { rule, floor } = parts.findLast(({ from }) => from <= at)!;
    return later(floor, plainDay(at, rule));
  };
  /** Halves the time around the day until a millisecond is left. */
  const startIn = (parts: readonly Part[], day: string): number => {
    let [before, after] = [Date.parse(day) - 4 * DAY_MS, Date.parse(day) + 4 * DAY_MS];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (dayIn(parts, middle) >= day) after = middle;
      else before = middle;
    }
    return after;
  };

  return {
    change(at, rule, isEnd) {
      const { parts } = versions.at(-1)!;
      const running = dayIn(parts, at);
      // The evening goes on: what has begun since the day before ended is that day's again, but for what an earlier change has settled.
      const goesOn = isEnd && plainDay(at, rule) < running;
      const from = Math.max(goesOn ? startIn(parts, running) : at, parts.at(-1)!.from + 1);
      const next: Part = { from, rule, floor: dayIn(parts, from - 1) };
      versions.push({ since: at, parts: [...parts, next].slice(-50) });
      starts.clear();
    },
    dayOf: (at, by = Infinity) => dayIn(partsBy(by), at),
    startOf(day, by = Infinity) {
      if (by !== Infinity) return startIn(partsBy(by), day);
      const start = starts.get(day) ?? startIn(partsBy(by), day);
      starts.set(day, start);
      return start;
    },
  };
}

/** What happens on a day of the years, drawn by chance: sales, some of them around the end of a day, and what goes wrong. */
import type { Chance } from '../world/chance.ts';
import { clockChange } from './clock-changes.ts';
import { shownAt } from './reckoning/calendar.ts';
import { dayEndOf, ZONES } from './town.ts';

/** `at`: true time, ms; `store`: by its place. */
export type Happening = { readonly at: number } & (
  | { readonly kind: 'sale'; readonly store: number }
  /** The owner sets the end of the day, or the time zone. */
  | { readonly kind: 'setting'; readonly store: number; readonly change: { readonly zone: string } | { readonly dayEnd: string } }
  /** No program runs for so long. */
  | { readonly kind: 'away'; readonly ms: number }
  /** All programs are stopped in good order, and start again. */
  | { readonly kind: 'restart'; readonly ms: number }
  /** The next summary arrives, and the program that sent it dies; another one, or its next start, takes over. */
  | { readonly kind: 'killed' }
  /** The next summary arrives, and its sender waits in vain for the answer. */
  | { readonly kind: 'unacknowledged' }
  /** The chat takes nothing for so long. */
  | { readonly kind: 'refused'; readonly ms: number }
  /** The clocks are set back, and right again after `ms`. */
  | { readonly kind: 'clock'; readonly backMs: number; readonly ms: number }
);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A store as it is at the beginning of the day. */
export interface DrawnStore {
  /** When its running day ends, ms. */
  readonly end: number;
  readonly zone: string;
}

export function drawDay(
  chance: Chance,
  { now, stores }: { readonly now: number; readonly stores: readonly DrawnStore[] },
): readonly Happening[] {
  const any = (): number => now + chance.between(0, DAY - 1);
  const happenings: Happening[] = stores.flatMap(({ end }, store) => {
    const sales = Array.from({ length: chance.pick([0, 1, 1, 2]) }, any);
    // The last minutes of a day, and the first ones of the next.
    if (chance.often(0.3)) sales.push(end + chance.between(-2 * MINUTE, 2 * MINUTE));
    return sales.map((at): Happening => ({ at, kind: 'sale', store }));
  });
  const store = chance.between(0, stores.length - 1);
  const { end, zone } = stores[store]!;
  const trouble = chance.unit();
  const eves = stores.flatMap((one, n) => eveOf(n, one.zone, now, chance));
  // One trouble a day, so that a summary is repeated once at most.
  if (eves.length > 0) happenings.push(...eves);
  else if (trouble < 0.04) happenings.push({ at: end - 30 * SECOND, kind: 'away', ms: MINUTE });
  else if (trouble < 0.05) happenings.push({ at: any(), kind: 'away', ms: 3 * DAY });
  else if (trouble < 0.08)
    happenings.push({
      at: chance.pick([any(), end - SECOND, end + SECOND]),
      kind: 'restart',
      ms: chance.between(SECOND, MINUTE),
    });
  else if (trouble < 0.13) happenings.push({ at: end - MINUTE, kind: 'killed' });
  else if (trouble < 0.2) happenings.push({ at: end - MINUTE, kind: 'unacknowledged' });
  else if (trouble < 0.24)
    happenings.push({ at: end - MINUTE, kind: 'refused', ms: chance.pick([10 * MINUTE, 5 * HOUR, 20 * HOUR]) });
  else if (trouble < 0.27) happenings.push(...setBack(end + chance.between(5 * SECOND, 10 * MINUTE), store, chance));
  else if (trouble < 0.3) happenings.push({ at: any(), kind: 'setting', store, change: settingOf(chance) });
  else if (trouble < 0.33) happenings.push(...eveningGoesOn(store, end, zone, chance));
  return happenings.filter(({ at }) => at >= now);
}

/** After a day was posted it is that day again, or the one before, and people go on selling. */
function setBack(at: number, store: number, chance: Chance): readonly Happening[] {
  const backMs = chance.pick([HOUR, HOUR, 2 * DAY]);
  const ms = chance.between(20 * MINUTE, 6 * HOUR);
  const sales = Array.from({ length: 3 }, (): Happening => ({ at: at + chance.between(MINUTE, ms), kind: 'sale', store }));
  return [{ at, kind: 'clock', backMs, ms }, ...sales];
}

/**
 * On the day before clocks are changed the owner may set the end of the day to a time that comes twice or never. By chance alone
 * that end and that night meet less than once in ten years.
 */
function eveOf(store: number, zone: string, now: number, chance: Chance): readonly Happening[] {
  const change = clockChange(zone, now + DAY, now + 2 * DAY);
  if (!change || !chance.often(0.5)) return [];
  const { at, byMs, dayEnds } = change;
  const sales = Array.from({ length: 3 }, (): Happening => ({ at: at + chance.between(-byMs, byMs), kind: 'sale', store }));
  const dayEnd = chance.pick(dayEnds);
  return [{ at: now + chance.between(0, DAY - 1), kind: 'setting', store, change: { dayEnd } }, ...sales];
}

/** After the end of the day the owner sees that people still come, and sets a later one. */
function eveningGoesOn(store: number, end: number, zone: string, chance: Chance): readonly Happening[] {
  const at = end + 2 * HOUR;
  const hour = new Date(shownAt(at, zone)).getUTCHours() + chance.between(1, 5);
  return [
    { at: end + chance.between(0, 2 * HOUR - SECOND), kind: 'sale', store },
    { at, kind: 'setting', store, change: { dayEnd: dayEndOf(hour % 24) } },
  ];
}

const settingOf = (chance: Chance) =>
  chance.often(0.75) ? { dayEnd: dayEndOf(chance.between(0, 23), chance.pick([0, 0, 30])) } : { zone: chance.pick(ZONES) };

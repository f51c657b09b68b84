/**
 * Opening hours where clocks jump: an hour, half an hour, over midnight, over a whole date. The wall clock of the test is the
 * runtime's own, read minute by minute, and its hours are painted on it: nothing of the program's is asked.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, nextOpening, type Hours, type Span } from '../../../services/self-service/hours.ts';
import { wallTime } from '../../../services/time/wall-clock.ts';

/** `HOURS_RUNS=1000` looks at 200,000 cases: a moment with hours, at one of the places. Eight moments have the same hours. */
const MOMENTS = 8;
const RUNS = 25 * Number(process.env['HOURS_RUNS'] ?? 1);

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** Minutes that are looked at before a jump and after it, and those that an opening may be away. */
const BEFORE = 2 * DAY_MINUTES;
const AFTER = 4 * DAY_MINUTES;

/** What the clocks of a place did: the first moment after it, UTC. */
const JUMPS = [
  ['New York: two is three', 'America/New_York', '2026-03-08T07:00Z'],
  ['New York: two is one', 'America/New_York', '2026-11-01T06:00Z'],
  ['London: two is one', 'Europe/London', '2026-10-25T01:00Z'],
  ['Cairo: midnight is one', 'Africa/Cairo', '2026-04-23T22:00Z'],
  ['Cairo: midnight is eleven of the day before', 'Africa/Cairo', '2026-10-29T21:00Z'],
  ['Santiago: midnight is eleven of the day before', 'America/Santiago', '2026-04-05T03:00Z'],
  ['Beirut: midnight is one', 'Asia/Beirut', '2026-03-28T22:00Z'],
  ['Lord Howe: half an hour forth', 'Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Lord Howe: half an hour back', 'Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Chatham, 45 minutes off: an hour forth', 'Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Troll: two hours forth', 'Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Apia: a date that never was', 'Pacific/Apia', '2011-12-30T10:00Z'],
  ['Kwajalein: a date that never was', 'Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Caracas: half an hour back at three', 'America/Caracas', '2007-12-09T07:00Z'],
  ['Kathmandu: no jump', 'Asia/Kathmandu', '2026-06-01T00:00Z'],
  ['Shanghai: no jump', 'Asia/Shanghai', '2026-06-01T00:00Z'],
] as const;

interface Wall {
  readonly day: string;
  readonly minute: number;
}
interface Place {
  readonly zone: string;
  /** The first minute that is looked at, ms. */
  readonly start: number;
  readonly walls: readonly Wall[];
  /** All dates between the first and the last, also those that no clock showed. */
  readonly dates: readonly string[];
  /** Where each minute's paint is. */
  readonly painted: readonly number[];
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function placeOf([, zone, jump]: (typeof JUMPS)[number]): Place {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'short' });
  const start = Date.parse(jump) - BEFORE * MINUTE_MS;
  const walls = Array.from({ length: BEFORE + AFTER }, (_, n): Wall => {
    const [day, time] = clock.format(start + n * MINUTE_MS).split(', ') as [string, string];
    return { day, minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) };
  });
  const dates: string[] = [];
  for (let at = Date.parse(walls[0]!.day) - 86_400_000; dates.at(-1) !== walls.at(-1)!.day; at += 86_400_000)
    dates.push(dateOf(at));
  const painted = walls.map(({ day, minute }) => dates.indexOf(day) * DAY_MINUTES + minute);
  return { zone, start, walls, dates, painted };
}

/** The open minutes of the dates by the calendar: a night goes on in the morning of the next date, whether or not its own was. */
function paint({ week, days }: Hours, { dates }: Place): Uint8Array {
  const open = new Uint8Array((dates.length + 1) * DAY_MINUTES);
  for (const [n, day] of dates.entries())
    for (const { from, to } of days[day] ?? week[(new Date(day).getUTCDay() + 6) % 7]!)
      open.fill(1, n * DAY_MINUTES + from, n * DAY_MINUTES + to);
  return open;
}

/** Hours that are often near the jumps: a quarter of them begin or end on a half hour of the night. */
const minuteOfDay = fc.oneof(
  fc.integer({ min: 0, max: 1439 }),
  fc.integer({ min: 0, max: 8 }).map((n) => n * 30),
);
const spans: fc.Arbitrary<readonly Span[]> = fc.array(
  fc
    .record({ from: minuteOfDay, length: fc.oneof(fc.integer({ min: 1, max: 1440 }), fc.constantFrom(1, 15, 30, 60)) })
    .map(({ from, length }) => ({ from, to: from + length })),
  { maxLength: 2 },
);
const places = new Map<string, Place>(JUMPS.map((jump) => [jump[0], placeOf(jump)]));

describe('where clocks jump', () => {
  it('the doubles of this test jump as they say', () => {
    const shown = (name: string): Wall[] => places.get(name)!.walls.slice(BEFORE - 1, BEFORE + 1);
    expect(shown('New York: two is three')).toEqual([
      { day: '2026-03-08', minute: 119 },
      { day: '2026-03-08', minute: 180 },
    ]);
    expect(shown('Cairo: midnight is eleven of the day before')).toEqual([
      { day: '2026-10-29', minute: 1439 },
      { day: '2026-10-29', minute: 1380 },
    ]);
    expect(shown('Lord Howe: half an hour forth').map(({ minute }) => minute)).toEqual([119, 150]);
    expect(shown('Apia: a date that never was').map(({ day }) => day)).toEqual(['2011-12-29', '2011-12-31']);
  });

  it('a store is open or closed as painted, and opens next as counted minute by minute', { timeout: 20_000 + RUNS * 200 }, () => {
    const cases = fc.record({
      name: fc.constantFrom(...places.keys()),
      week: fc.array(spans, { minLength: 7, maxLength: 7 }),
      /** For dates by their place in the window: those about the jump, and the one that never was, among them. */
      own: fc.dictionary(fc.integer({ min: 0, max: 6 }).map(String), spans, { maxKeys: 3 }),
      /** Anywhere, or about the jump; and from there to the last minute before a change of what is open, or the first one after it. */
      minutes: fc.array(
        fc.record({
          from: fc.oneof(fc.integer({ min: 0, max: BEFORE + AFTER - 1 }), fc.integer({ min: BEFORE - 180, max: BEFORE + 180 })),
          to: fc.constantFrom('there', 'last', 'first'),
        }),
        { minLength: MOMENTS, maxLength: MOMENTS },
      ),
      within: fc.integer({ min: 0, max: MINUTE_MS - 1 }),
    });
    fc.assert(
      fc.property(cases, ({ name, week, own, minutes, within }) => {
        const place = places.get(name)!;
        const { zone, start, walls, dates } = place;
        const days = Object.fromEntries(
          Object.entries(own).flatMap(([n, set]) => (dates[Number(n)] ? [[dates[Number(n)]!, set]] : [])),
        );
        const hours: Hours = { week, holidays: undefined, days };
        const painted = paint(hours, place);
        const open = (n: number): boolean => painted[place.painted[n]!] === 1;
        /** The first minute after one at which it is not as it was then; the end of the window where there is none. */
        const changeAfter = (from: number): number => {
          let next = from + 1;
          while (next < walls.length && open(next) === open(from)) next += 1;
          return next;
        };
        for (const { from, to } of minutes) {
          const n = to === 'there' ? from : Math.min(changeAfter(from) - (to === 'last' ? 1 : 0), walls.length - 1);
          const at = start + n * MINUTE_MS + within;
          expect(wallTime(at, zone)).toMatchObject(walls[n]!);
          expect(isOpen(hours, { ...walls[n]!, zone }), `${name}, minute ${n}`).toBe(open(n));
          if (open(n)) continue;
          const next = changeAfter(n);
          const said = nextOpening(hours, at, zone);
          if (next < walls.length) expect(said, `${name}, after minute ${n}`).toBe(start + next * MINUTE_MS);
          else expect(said === undefined || said >= start + walls.length * MINUTE_MS).toBe(true);
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});

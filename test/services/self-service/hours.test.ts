/** Opening hours: every minute of a year, counted out beside them; holidays, make-up days, nights, single days, changes of clocks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_DAY, hoursOn, isOpen, nextOpening, withGroup, type Hours, type Span } from '../../../services/self-service/hours.ts';
import { specialDay } from '../../../services/time/holidays.ts';
import { wallTime } from '../../../services/time/wall-clock.ts';

const CHINA = 'Asia/Shanghai';
const span = (from: number, to: number): Span => ({ from: from * 60, to: to * 60 });
const DAY = [span(10, 22)];
const NIGHT = [span(18, 26)];

describe('a store', () => {
  // 2026-11-28 is a Saturday.
  const hours: Hours = {
    week: [DAY, DAY, DAY, DAY, DAY, NIGHT, []],
    holidays: undefined,
    days: { '2026-11-30': [], '2026-12-01': ALL_DAY },
  };
  it.each([
    ['2026-11-27', 600, true],
    ['2026-11-27', 599, false],
    ['2026-11-27', 1319, true],
    ['2026-11-27', 1320, false],
    // Saturday's night belongs to Saturday, though Sunday is closed.
    ['2026-11-28', 1439, true],
    ['2026-11-29', 119, true],
    ['2026-11-29', 120, false],
    ['2026-11-30', 700, false],
    ['2026-12-01', 0, true],
  ])('on %s at minute %i: open %s', (day, minute, open) => {
    expect(isOpen(hours, { day, minute, zone: CHINA })).toBe(open);
  });

  it('says when it opens next, over closed days, and not where it never does', () => {
    const next = (of: Hours, at: string) => nextOpening(of, Date.parse(`${at}+08:00`), CHINA);
    expect(next(hours, '2026-11-28T10:00')).toBe(Date.parse('2026-11-28T18:00+08:00'));
    expect(next(hours, '2026-11-29T10:00')).toBe(Date.parse('2026-12-01T00:00+08:00'));
    expect(next({ week: [[], [], [], [], [], [], []], holidays: undefined, days: {} }, '2026-11-28T00:00')).toBeUndefined();
  });
});

describe('the calendar of holidays', () => {
  const hours: Hours = { week: [DAY, DAY, DAY, DAY, DAY, NIGHT, NIGHT], holidays: [], days: { '2026-10-02': ALL_DAY } };
  it.each([
    // Friday of the mid-autumn holiday; Sunday and Saturday worked in exchange for the national one.
    ['2026-09-25', CHINA, [], true],
    ['2026-09-20', CHINA, DAY, false],
    ['2026-10-10', CHINA, DAY, false],
    ['2026-10-11', CHINA, NIGHT, undefined],
    // A day of its own goes before the holiday.
    ['2026-10-02', CHINA, ALL_DAY, undefined],
    // Not published yet, and a country without a table: as usual.
    ['2027-10-01', CHINA, DAY, undefined],
    ['2026-10-01', 'America/New_York', DAY, undefined],
  ])('%s in %s', (day, zone, spans, off) => {
    const on = hoursOn(hours, day, zone);
    expect(on.spans).toEqual(spans);
    expect(on.special?.off).toBe(off);
  });

  it('means nothing to whoever does not follow it', () => {
    const usual: Hours = { ...withGroup(hours, 'holidays', undefined), days: {} };
    expect(hoursOn(usual, '2026-10-01', CHINA)).toEqual({ spans: DAY, special: undefined });
    expect(hoursOn(usual, '2026-09-20', CHINA).spans).toEqual(NIGHT);
  });

  it('lets the night before a holiday end in its morning', () => {
    const late: Hours = { week: Array.from({ length: 7 }, () => NIGHT), holidays: [], days: {} };
    const at = (day: string, minute: number) => isOpen(late, { day, minute, zone: CHINA });
    expect([at('2026-10-01', 119), at('2026-10-01', 120), at('2026-10-01', 1200), at('2026-10-08', 0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('where clocks are changed', () => {
  it.each([
    // Two o'clock is three: half past two never comes.
    ['America/New_York', span(2.5, 5), '2026-03-08T06:00:00Z', '2026-03-08T07:00:00Z'],
    // Two o'clock is one again: so is the half hour from one.
    ['America/New_York', span(1, 1.5), '2026-11-01T05:45:00Z', '2026-11-01T06:00:00Z'],
    // Midnight is one o'clock.
    ['Africa/Cairo', span(0, 2), '2026-04-23T20:00:00Z', '2026-04-23T22:00:00Z'],
  ])('%s opens at %j after %s: %s', (zone, one, at, next) => {
    const hours: Hours = { week: Array.from({ length: 7 }, () => [one]), holidays: undefined, days: {} };
    expect(isOpen(hours, wallTime(Date.parse(at), zone))).toBe(false);
    expect(new Date(nextOpening(hours, Date.parse(at), zone)!)).toEqual(new Date(next));
  });
});

/** `HOURS_RUNS=20` looks at so many years in each zone. */
const RUNS = Number(process.env['HOURS_RUNS'] ?? 1);

/** The minute 00:00 of 2026 in UTC, and the minutes that are looked at. */
const START = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;
const YEAR = 365 * 1440;

/** The clock on the wall at every minute of the year: a zone is asked every half hour, and all that lies between is counted on. */
function wallsOf(zone: string): { day: string; minute: number }[] {
  const walls: { day: string; minute: number }[] = [];
  for (let n = 0; n < YEAR; n += 30) {
    const { day, minute } = wallTime(START + n * MINUTE_MS, zone);
    for (let on = 0; on < 30; on += 1) walls.push({ day, minute: minute + on });
  }
  return walls;
}

/** Every open minute of the wall clock, painted day by day: slow, and plainly right. */
function paint({ week, holidays, days }: Hours, zone: string): Set<string> {
  const open = new Set<string>();
  for (let at = START - 2 * 86_400_000; at < START + 367 * 86_400_000; at += 86_400_000) {
    const [day, next] = [at, at + 86_400_000].map((one) => new Date(one).toISOString().slice(0, 10)) as [string, string];
    const weekday = (new Date(at).getUTCDay() + 6) % 7;
    const special = holidays && specialDay(day, zone);
    const like = special && !special.off ? (weekday === 5 ? 4 : 0) : weekday;
    for (const { from, to } of days[day] ?? (special?.off ? holidays! : week[like]!))
      for (let minute = from; minute < to; minute += 1) open.add(minute < 1440 ? `${day} ${minute}` : `${next} ${minute - 1440}`);
  }
  return open;
}

const spans = fc.array(
  fc
    .record({ from: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 1440 }) })
    .map(({ from, length }) => ({ from, to: from + length })),
  { maxLength: 2 },
);
const date = fc.integer({ min: 0, max: 364 }).map((n) => new Date(START + n * 86_400_000).toISOString().slice(0, 10));
const anyHours: fc.Arbitrary<Hours> = fc.record({
  week: fc.array(spans, { minLength: 7, maxLength: 7 }),
  holidays: fc.option(spans, { nil: undefined }),
  days: fc.dictionary(date, spans, { maxKeys: 20 }),
});

describe('every minute of a year', () => {
  // Clocks that change at two, at midnight, by half an hour, and never.
  it.each([CHINA, 'America/New_York', 'Africa/Cairo', 'Australia/Lord_Howe'])(
    'is open or closed as counted out, and a closed one knows the next open one: %s',
    { timeout: 20_000 + RUNS * 20_000 },
    (zone) => {
      const walls = wallsOf(zone);
      fc.assert(
        fc.property(anyHours, fc.integer({ min: 0, max: 59_999 }), (hours, within) => {
          const painted = paint(hours, zone);
          const open = walls.map(({ day, minute }) => painted.has(`${day} ${minute}`));
          const wrong = walls.findIndex(({ day, minute }, n) => isOpen(hours, { day, minute, zone }) !== open[n]);
          expect(wrong).toBe(-1);
          // Of each closed stretch, its first minute, one amid it, and its last.
          for (let from = open.indexOf(false); from >= 0;) {
            const to = open.indexOf(true, from);
            if (to < 0) break;
            for (const n of new Set([from, Math.floor((from + to) / 2), to - 1]))
              if (to - n < 30 * 1440)
                expect(nextOpening(hours, START + n * MINUTE_MS + within, zone)).toBe(START + to * MINUTE_MS);
            from = open.indexOf(false, to);
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
  );
});

/** Some days of the years: across a change of clocks and the end of a year every day is told, once, and right to the fen. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createChance } from '../world/chance.ts';
import { YEARS_BUGS } from './bug-list.ts';
import { clockChange } from './clock-changes.ts';
import { drawDay } from './days.ts';
import { createCalendar } from './reckoning/calendar.ts';
import { createReckoner, type FactRow } from './reckoning/reckon.ts';
import { runYears } from './run.ts';
import { stretchesOf } from './stretches.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Days are some seconds of work, and the machine may have others. */
const PATIENCE_MS = 180_000;

test.each([
  { what: 'clocks are changed', from: '2026-10-24', days: 12 },
  { what: 'a year ends', from: '2026-12-27', days: 12 },
])(
  'while $what, every day is told and right',
  async ({ from, days }) => {
    const { broken, alarms, posts, uses } = await runYears({ seed: from, from, days });
    expect(broken).toEqual([]);
    expect(alarms).toEqual([]);
    expect(posts).toBeGreaterThan(7 * days);
    expect(uses).toBeGreaterThan(50);
  },
  PATIENCE_MS,
);

test(
  'one seed is the same days, byte for byte',
  async () => {
    const plan = { seed: '1', from: '2026-03-05', days: 3 };
    const [first, again] = [await runYears(plan), await runYears(plan)];
    expect(again.trace).toBe(first.trace);
    expect((await runYears({ ...plan, seed: '2' })).trace).not.toBe(first.trace);
  },
  PATIENCE_MS,
);

test('years are divided without gaps, a seed for each part', () => {
  const stretches = stretchesOf({ years: 10, seed: '7', first: 2026 });
  expect(stretches.map(({ seed }) => seed)).toEqual(['7/0', '7/1', '7/2', '7/3', '7/4', '7/5', '7/6', '7/7']);
  expect(stretches.slice(0, 2).map(({ from, days }) => [from, days])).toEqual([
    ['2026-01-01', 457],
    ['2027-04-03', 457],
  ]);
});

test.each([
  { zone: 'Europe/Berlin', from: '2026-10-25', at: '2026-10-25T01:00', byMs: 3_600_000, dayEnds: ['02:00', '02:30'] },
  { zone: 'America/New_York', from: '2026-03-08', at: '2026-03-08T07:00', byMs: 3_600_000, dayEnds: ['02:00', '02:30'] },
  { zone: 'Australia/Lord_Howe', from: '2026-04-04', at: '2026-04-04T15:00', byMs: 1_800_000, dayEnds: ['01:30'] },
])('clocks are changed in $zone, and these ends of the day come twice or never', ({ zone, from, at, byMs, dayEnds }) => {
  const day = Date.parse(from);
  expect(clockChange(zone, day, day + 86_400_000)).toEqual({ at: Date.parse(`${at}Z`), byMs, dayEnds });
  expect(clockChange(zone, day + 86_400_000, day + 2 * 86_400_000)).toBeUndefined();
});

test('on the day before clocks are changed an owner sets such an end, and people come around it', () => {
  const now = Date.parse('2026-10-24T00:00Z');
  const stores = [{ end: now + 3_600_000, zone: 'Europe/Berlin' }];
  const days = Array.from({ length: 20 }, (_, seed) => drawDay(createChance(`${seed}`), { now, stores }));
  const eves = days.filter((day) =>
    day.some((one) => one.kind === 'setting' && 'dayEnd' in one.change && /^02:[03]0$/.test(one.change.dayEnd)),
  );
  expect(eves.length).toBeGreaterThan(4);
  const sales = eves.map((day) => day.filter(({ kind, at }) => kind === 'sale' && at >= now + 86_400_000).length);
  expect(Math.min(...sales)).toBeGreaterThanOrEqual(3);
});

test('a use of an evening that goes on, left on the next day, is seen', () => {
  const calendar = createCalendar({ zone: 'Asia/Shanghai', dayEnd: '00:00' });
  const at = Date.parse('2026-11-22T17:00Z');
  const detail = (businessDay: string): string => JSON.stringify({ businessDay, count: 1, amount: 100 });
  const use: FactRow = {
    stream: 'store:s',
    sequence: 1,
    kind: 'verification.confirm',
    subject: 'v',
    to_state: 'verified',
    at,
    detail: detail('2026-11-23'),
  };
  calendar.change(at + 3_600_000, { zone: 'Asia/Shanghai', dayEnd: '05:00' }, true);
  const left = createReckoner([use], calendar);
  left.until(Infinity);
  expect(left.astray()).toEqual(['v of 2026-11-22T17:00:00.000Z is left on 2026-11-23, and is of 2026-11-22']);
  const day = { ...use, sequence: 2, kind: 'verification.day', at: at + 3_600_000, detail: detail('2026-11-22') };
  const moved = createReckoner([use, day], calendar);
  moved.until(Infinity);
  expect(moved.astray()).toEqual([]);
});

test('the days that the laws go by are those of the wall clock, also where it is changed', () => {
  const berlin = createCalendar({ zone: 'Europe/Berlin', dayEnd: '02:00' });
  // The clock shows 02:00 twice on that night, and the first time counts.
  expect(new Date(berlin.startOf('2026-10-25')).toISOString()).toBe('2026-10-25T00:00:00.000Z');
  expect(berlin.dayOf(Date.parse('2026-10-25T00:30:00Z'))).toBe('2026-10-25');
  // It shows it never, and the day begins an hour later by the clock.
  expect(new Date(berlin.startOf('2026-03-29')).toISOString()).toBe('2026-03-29T01:00:00.000Z');
});

test.each(YEARS_BUGS)('the bug $name still has its place', ({ changes }) => {
  for (const { file, from, to } of changes) {
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    expect(source.replace(from, to)).not.toBe(source);
  }
});

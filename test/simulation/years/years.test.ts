/** Some days of the years: across a change of clocks and the end of a year every day is told, once, and right to the fen. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { YEARS_BUGS } from './bug-list.ts';
import { createCalendar } from './reckoning/calendar.ts';
import { runYears } from './run.ts';

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

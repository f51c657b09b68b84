import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../services/time/platform-time.ts';

const RUNS = { numRuns: 10_000 };
const DAY_MS = 86_400_000;
/** How a moment reads on a clock in China. */
const inChina = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const ofThisCentury = fc.integer({ min: 946_684_800, max: 4_102_444_799 });
const dates = ofThisCentury.map((s) => inChina(s * 1000).slice(0, 10));

describe('reading times', () => {
  it.each([
    [1_635_436_799_000, '2021-10-28 23:59:59'],
    [1_701_359_999_000, '2023-11-30 23:59:59'],
    [1_781_193_599_000, '2026-06-11 23:59:59'],
    ['1635436799000', '2021-10-28 23:59:59'],
    [1_635_436_799, '2021-10-28 23:59:59'],
    ['1635436799', '2021-10-28 23:59:59'],
    ['2021-10-28 23:59:59', '2021-10-28 23:59:59'],
    ['2021-10-28 23:59', '2021-10-28 23:59:00'],
    ['2021-10-28', '2021-10-28 00:00:00'],
    ['2021/10/28', '2021-10-28 00:00:00'],
    ['2021.1.8 9:05', '2021-01-08 09:05:00'],
    ['2024-02-29', '2024-02-29 00:00:00'],
    [' 2021-10-28 08:00:00 ', '2021-10-28 08:00:00'],
    ['2021-10-28T08:00:00', '2021-10-28 08:00:00'],
    ['2021-10-28T08:00:00.123', '2021-10-28 08:00:00'],
    ['2021-10-28T08:00:00Z', '2021-10-28 16:00:00'],
    ['2021-10-28T08:00:00+08:00', '2021-10-28 08:00:00'],
    ['2021-10-28T08:00:00-0530', '2021-10-28 21:30:00'],
    ['9999-12-31', '9999-12-31 00:00:00'],
  ])('%o is %s in China', (value, shown) => expect(inChina(parseTime(value) ?? Number.NaN)).toBe(shown));

  it('takes a date alone as its last second where a day ends, and leaves a clock time as it is', () => {
    expect(inChina(parseTime('2021-10-28', 'end')!)).toBe('2021-10-28 23:59:59');
    expect(parseTime('2021-10-28', 'end')).toBe(1_635_436_799_000);
    expect(inChina(parseTime('2021-10-28 00:00', 'end')!)).toBe('2021-10-28 00:00:00');
    expect(parseTime(1_635_436_799, 'end')).toBe(1_635_436_799_000);
  });

  it('keeps milliseconds', () => expect(parseTime('1970-01-01T08:00:00.0425')).toBe(42));

  it.each([
    '',
    '永久有效',
    '2021-13-01',
    '2021-00-10',
    '2021-02-30',
    '2021-02-29',
    '2021-04-31',
    '2021-01-00',
    '2021-01-32',
    '2021-10-28 24:00',
    '2021-10-28 08:60',
    '2021-10-28 08:00:60',
    '2021-10/28',
    '21-10-28',
    '0000-00-00 00:00:00',
    '0050-01-01',
    '0071-01-01',
    '1970-01-01 08:00:00',
    '1969-12-31',
    '2021-10-28 08',
    '2021-10-28X',
    '0',
    '-1635436799',
    '1e12',
    '9'.repeat(15),
    '9'.repeat(40),
    0,
    -1,
    Number.NaN,
    Infinity,
    1e18,
    null,
    undefined,
    true,
    {},
    [1_635_436_799],
  ])('%o is no time', (value) => expect(parseTime(value)).toBeUndefined());

  it('reads the same moment in every spelling', () => {
    fc.assert(
      fc.property(ofThisCentury, (s) => {
        const ms = s * 1000;
        for (const spelling of [s, ms, String(s), String(ms), inChina(ms), new Date(ms).toISOString()]) {
          expect(parseTime(spelling)).toBe(ms);
        }
      }),
      RUNS,
    );
  });

  it('ends a day one second before the next begins', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const start = parseTime(date)!;
        expect(parseTime(date, 'end')).toBe(start + DAY_MS - 1000);
        expect(inChina(start)).toBe(`${date} 00:00:00`);
      }),
      RUNS,
    );
  });

  it('yields nothing or a time before the year 10000 for any input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double()), (value) => {
        const ms = parseTime(value);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms > 0 && ms <= 253_402_300_799_999)).toBe(true);
      }),
      RUNS,
    );
  });
});

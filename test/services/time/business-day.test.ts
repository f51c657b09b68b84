import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDay, dayBounds, nextDay, parseDay, previousDay } from '../../../services/time/business-day.ts';

const HOUR_MS = 3_600_000;
const china = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);
const ZONES = [
  'Asia/Shanghai',
  'Asia/Urumqi',
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const dayEnds = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((m) => {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(m / 60))}:${two(m % 60)}`;
});
const moments = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });
const zones = fc.constantFrom(...ZONES);

describe('a business day', () => {
  it.each([
    ['2026-11-22 00:00', '00:00', '2026-11-22'],
    ['2026-11-22 23:59', '00:00', '2026-11-22'],
    ['2026-11-22 03:00', '05:00', '2026-11-21'],
    ['2026-11-22 04:59', '05:00', '2026-11-21'],
    ['2026-11-22 05:00', '05:00', '2026-11-22'],
    ['2026-11-22 11:58', '11:59', '2026-11-21'],
    ['2026-11-22 11:59', '11:59', '2026-11-22'],
    ['2026-11-22 11:59', '12:00', '2026-11-22'],
    ['2026-11-22 12:00', '12:00', '2026-11-23'],
    ['2026-11-22 18:00', '22:00', '2026-11-22'],
    ['2026-11-22 23:58', '23:59', '2026-11-22'],
    ['2026-11-22 23:59', '23:59', '2026-11-23'],
    ['2027-01-01 02:00', '06:00', '2026-12-31'],
    ['2027-01-01 06:00', '06:00', '2027-01-01'],
    ['2028-03-01 01:00', '02:00', '2028-02-29'],
  ])('%s with day end %s belongs to %s', (moment, dayEnd, day) => {
    expect(businessDay(china(moment), 'Asia/Shanghai', dayEnd)).toBe(day);
  });

  it('lasts from one day end to the next, exclusive', () => {
    const { from, to } = dayBounds('2026-11-22', 'Asia/Shanghai', '05:00');
    expect([from, to]).toEqual([china('2026-11-22 05:00'), china('2026-11-23 05:00')]);
    expect(businessDay(from - 1, 'Asia/Shanghai', '05:00')).toBe('2026-11-21');
    expect(businessDay(from, 'Asia/Shanghai', '05:00')).toBe('2026-11-22');
    expect(businessDay(to - 1, 'Asia/Shanghai', '05:00')).toBe('2026-11-22');
    expect(businessDay(to, 'Asia/Shanghai', '05:00')).toBe('2026-11-23');
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Asia/Shanghai', '2026-03-29', 24],
  ])('in %s is %s %d hours long', (zone, day, hours) => {
    const { from, to } = dayBounds(day, zone, '00:00');
    expect((to - from) / HOUR_MS).toBe(hours);
    expect(businessDay(from, zone, '00:00')).toBe(day);
    expect(businessDay(to - 1, zone, '00:00')).toBe(day);
  });

  it('begins when the clock passes the day end, where that minute is skipped', () => {
    const { from } = dayBounds('2026-03-29', 'Europe/Berlin', '02:30');
    expect(new Date(from).toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it.each([
    ['Europe/Berlin', '2026-10-25', '02:00', '2026-10-25T00:00:00.000Z'],
    ['Europe/London', '2026-10-25', '01:00', '2026-10-25T00:00:00.000Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z'],
  ])('in %s begins on %s when the clock shows %s first, of two times', (zone, day, dayEnd, first) => {
    expect(new Date(dayBounds(day, zone, dayEnd).from).toISOString()).toBe(first);
  });

  it('begins at the day end by the clock also on days of a change far from UTC', () => {
    for (const [day, dayEnd] of [
      ['2010-09-27', '12:00'],
      ['2011-09-24', '05:00'],
      ['2012-04-01', '03:00'],
    ] as const) {
      const { from } = dayBounds(day, 'Pacific/Apia', dayEnd);
      const shown = new Intl.DateTimeFormat('en', { timeZone: 'Pacific/Apia', timeStyle: 'short', hourCycle: 'h23' }).format(
        from,
      );
      expect(`${day} ${shown}`).toBe(`${day} ${dayEnd}`);
    }
  });

  it('contains every moment exactly once, in every zone and with every day end', () => {
    fc.assert(
      fc.property(moments, zones, dayEnds, (at, zone, dayEnd) => {
        const day = businessDay(at, zone, dayEnd);
        const { from, to } = dayBounds(day, zone, dayEnd);
        expect(from <= at && at < to).toBe(true);
        expect(dayBounds(nextDay(day), zone, dayEnd).from).toBe(to);
        expect(dayBounds(previousDay(day), zone, dayEnd).to).toBe(from);
        expect(businessDay(from, zone, dayEnd)).toBe(day);
        expect(businessDay(to - 1, zone, dayEnd)).toBe(day);
        expect(businessDay(to, zone, dayEnd)).toBe(nextDay(day));
      }),
      { numRuns: 2000 },
    );
  });

  it('begins at the day end of the wall clock in China, and is named after the date that is its middle', () => {
    fc.assert(
      fc.property(moments, dayEnds, (at, dayEnd) => {
        const day = businessDay(at, 'Asia/Shanghai', dayEnd);
        const { from } = dayBounds(day, 'Asia/Shanghai', dayEnd);
        const inChina = (moment: number): string => new Date(moment + 8 * HOUR_MS).toISOString().slice(0, 16);
        expect(inChina(from).slice(11)).toBe(dayEnd);
        expect(inChina(from + 12 * HOUR_MS).slice(0, 10)).toBe(day);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the zone of the computer', () => {
    const before = process.env['TZ'];
    try {
      for (const [n, zone] of ['America/New_York', 'Asia/Tokyo', 'UTC'].entries()) {
        process.env['TZ'] = zone;
        expect(new Date(0).getTimezoneOffset()).toBe([300, -540, 0][n]);
        expect(businessDay(china('2026-11-22 03:00'), 'Asia/Shanghai', `05:0${n}`)).toBe('2026-11-21');
        expect(dayBounds('2026-03-29', 'Europe/Berlin', `06:0${n}`).from).toBe(Date.parse(`2026-03-29T04:0${n}Z`));
      }
      // The half hour before the clocks of this computer go back, which a library once told wrong.
      process.env['TZ'] = 'Australia/Adelaide';
      const night = Date.parse('2022-04-02T16:30:00Z');
      expect(businessDay(night, 'Asia/Shanghai', '00:30')).toBe('2022-04-03');
      expect(businessDay(night - 1, 'Asia/Shanghai', '00:30')).toBe('2022-04-02');
      expect(dayBounds('2022-04-03', 'Asia/Shanghai', '00:30').from).toBe(night);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('is computed once and cached while it lasts', () => {
    const at = china('2026-11-22 12:00');
    // Reckoned anew each time this would take minutes, and the test would end first.
    for (let n = 0; n < 1_000_000; n++) businessDay(at + n, 'Asia/Shanghai', '05:00');
    expect(businessDay(at, 'Asia/Shanghai', '05:00')).toBe('2026-11-22');
  });
});

describe('the days around', () => {
  it.each([
    ['2026-12-31', '2027-01-01'],
    ['2028-02-28', '2028-02-29'],
    ['2028-02-29', '2028-03-01'],
    ['2026-02-28', '2026-03-01'],
  ])('%s is followed by %s', (day, next) => {
    expect(nextDay(day)).toBe(next);
    expect(previousDay(next)).toBe(day);
  });
});

describe('a day that somebody types', () => {
  it.each([
    ['今天', '2026-11-22'],
    ['昨天', '2026-11-21'],
    ['前天', '2026-11-20'],
    ['Today', '2026-11-22'],
    ['yesterday', '2026-11-21'],
    ['2026-11-22', '2026-11-22'],
    ['2026/1/2', '2026-01-02'],
    ['2026.01.02', '2026-01-02'],
    ['2025年3月4日', '2025-03-04'],
    ['２０２６－１１－０１', '2026-11-01'],
    ['11-22', '2026-11-22'],
    ['11/22', '2026-11-22'],
    ['11.22', '2026-11-22'],
    ['11月22日', '2026-11-22'],
    ['11月1号', '2026-11-01'],
    ['11-23', '2025-11-23'],
    ['12月31日', '2025-12-31'],
    ['2-29', '2024-02-29'],
    ['22日', '2026-11-22'],
    ['1号', '2026-11-01'],
    ['23日', '2026-10-23'],
    ['31号', '2026-10-31'],
    [' 11-22 ', '2026-11-22'],
    ['大前天', '2026-11-19'],
    // 2026-11-22 is a Sunday.
    ['上周五', '2026-11-13'],
    ['上週日', '2026-11-15'],
    ['上个礼拜一', '2026-11-09'],
    ['周五', '2026-11-20'],
    ['星期天', '2026-11-22'],
    ['本周一', '2026-11-16'],
    ['Friday', '2026-11-20'],
    ['last sunday', '2026-11-15'],
    ['on Sunday', '2026-11-22'],
    ['Nov 3', '2026-11-03'],
    ['3rd of November', '2026-11-03'],
    ['december 24th', '2025-12-24'],
  ])('%s is %s when today is 2026-11-22', (text, day) => expect(parseDay(text, '2026-11-22')).toBe(day));

  it.each([
    ['昨天', '2027-01-01', '2026-12-31'],
    ['31日', '2027-01-15', '2026-12-31'],
    ['30日', '2027-03-01', '2027-01-30'],
    ['29日', '2028-03-01', '2028-02-29'],
    ['2-29', '2104-02-28', '2096-02-29'],
  ])('%s, said on %s, is %s', (text, today, day) => expect(parseDay(text, today)).toBe(day));

  it.each([
    '',
    '22',
    '2026-13-01',
    '2026-02-29',
    '02-30',
    '0日',
    '32日',
    '11-0',
    '明天',
    '周八',
    'sun',
    'maria 3',
    '1234567890',
    '张三',
    '2026-11-22 18:30',
    '-1',
  ])('%o is none', (text) => expect(parseDay(text, '2026-11-22')).toBeUndefined());

  it('is parsed in every spelling', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const day = new Date(at).toISOString().slice(0, 10);
        const [year, month, date] = day.split('-').map(Number);
        for (const text of [day, day.replaceAll('-', '/'), `${year}年${month}月${date}日`])
          expect(parseDay(text, '2026-11-22')).toBe(day);
        for (const text of [day.slice(5), `${month}/${date}`, `${month}月${date}号`, `${date}日`])
          expect(parseDay(text, day)).toBe(day);
      }),
    );
  });

  it('is a real day or none, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,4}[-/.年]?\d{0,2}[-/.月]?\d{0,2}[日号]?$/)), (text) => {
        const day = parseDay(text, '2026-11-22');
        if (day !== undefined) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
      }),
    );
  });
});

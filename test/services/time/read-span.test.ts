import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDay, dayBounds } from '../../../services/time/business-day.ts';
import { readSpan } from '../../../services/time/read-span.ts';
import { clockRuns, formatSpan, MOST_CLOCK_DAYS, type Span } from '../../../services/time/spans.ts';

/** A Sunday. */
const TODAY = '2026-11-22';
const DAY_MS = 86_400_000;
const day = fc.integer({ min: 0, max: 20_000 }).map((n) => new Date(n * DAY_MS).toISOString().slice(0, 10));

it.each([
  ['今天', '2026-11-22'],
  ['前天', '2026-11-20'],
  ['上周五', '2026-11-13'],
  ['本周', '2026-11-16 ~ 2026-11-22'],
  ['上周', '2026-11-09 ~ 2026-11-15'],
  ['上上周', '2026-11-02 ~ 2026-11-08'],
  ['上個星期', '2026-11-09 ~ 2026-11-15'],
  ['本月', '2026-11-01 ~ 2026-11-22'],
  ['上个月', '2026-10-01 ~ 2026-10-31'],
  ['去年', '2025-01-01 ~ 2025-12-31'],
  ['12月', '2025-12-01 ~ 2025-12-31'],
  ['2026年10月', '2026-10-01 ~ 2026-10-31'],
  ['最近7天', '2026-11-16 ~ 2026-11-22'],
  ['近七天', '2026-11-16 ~ 2026-11-22'],
  ['7天', '2026-11-16 ~ 2026-11-22'],
  ['两周', '2026-11-09 ~ 2026-11-22'],
  ['3个月', '2026-08-25 ~ 2026-11-22'],
  ['十五天内', '2026-11-08 ~ 2026-11-22'],
  ['近一个月', '2026-10-24 ~ 2026-11-22'],
  ['3号', '2026-11-03'],
  ['11月3日晚上', '2026-11-03 18:00-24:00'],
  ['昨晚', '2026-11-21 18:00-24:00'],
  ['上午', '2026-11-22 06:00-12:00'],
  ['上周晚上', '2026-11-09 ~ 2026-11-15 18:00-24:00'],
  ['昨天 18:30-20:00', '2026-11-21 18:30-20:00'],
  ['11月1日到11月5日', '2026-11-01 ~ 2026-11-05'],
  ['上周一到周五', '2026-11-09 ~ 2026-11-13'],
  ['2026-11-01~2026-11-15', '2026-11-01 ~ 2026-11-15'],
  ['yesterday', '2026-11-21'],
  ['Last week', '2026-11-09 ~ 2026-11-15'],
  ['last friday', '2026-11-20'],
  ['Nov 3', '2026-11-03'],
  ['this month', '2026-11-01 ~ 2026-11-22'],
  ['past two weeks', '2026-11-09 ~ 2026-11-22'],
  ['last night', '2026-11-21 18:00-24:00'],
  ['nov 1 to nov 5', '2026-11-01 ~ 2026-11-05'],
  ['in October', '2026-10-01 ~ 2026-10-31'],
])('%s is %s', (said, span) => expect(formatSpan(readSpan(said, TODAY)!)).toBe(span));

it.each([
  '',
  '明天',
  '2027-01-01',
  '小王',
  '四小时',
  '0616',
  '11',
  '周',
  '前',
  'may',
  'week',
  '5号到3号',
  '7',
  '0天',
  '25:00-26:00',
  '最近0天',
  '最近999天',
  '去年凌晨到晚上',
])('%o is none', (said) => expect(readSpan(said, TODAY)).toBeUndefined());

describe('a span', () => {
  const span = (today: string) =>
    fc
      .record({
        ago: fc.integer({ min: 0, max: 400 }),
        long: fc.integer({ min: 0, max: 400 }),
        clock: fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 }), { minLength: 2, maxLength: 2 })),
      })
      .map(({ ago, long, clock }): Span => {
        const at = (days: number): string => new Date(Date.parse(today) - days * DAY_MS).toISOString().slice(0, 10);
        const [from, to] = clock?.toSorted((a, b) => a - b) ?? [];
        const days = clock ? Math.min(long, MOST_CLOCK_DAYS - 1) : long;
        return { from: at(ago + days), to: at(ago), ...(clock && { clock: { from: from!, to: to! } }) };
      });

  it('is read as it was written', () =>
    fc.assert(
      fc.property(
        day.chain((today) => fc.tuple(fc.constant(today), span(today))),
        ([today, one]) => {
          expect(readSpan(formatSpan(one), today)).toEqual(one);
        },
      ),
    ));

  it('is never in the future and never backwards, and no text is too odd', () => {
    const words = fc.constantFrom(
      ...'今天 昨 天 上 本 周 月 年 最近 近 7 十 三 个 号 日 到 ~ - 晚上 凌晨 的 11 2026 last this week month nov 3 to 18:00 24:00 from in 内'.split(
        ' ',
      ),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 7 }).map((all) => all.join('')),
      fc.array(words, { maxLength: 7 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, day, (said, today) => {
        const read = readSpan(said, today);
        if (!read) return;
        expect(read.from <= read.to && read.to <= today).toBe(true);
        if (read.clock) expect(read.clock.from < read.clock.to && read.clock.to <= 24 * 60).toBe(true);
      }),
      { numRuns: 800 },
    );
  });
});

describe('a part of the day', () => {
  it('lies in its business day: the small hours of a shop that ends at five are on the next date', () => {
    const runs = clockRuns({ ...readSpan('昨天凌晨', TODAY)!, clock: { from: 0, to: 360 } }, 'Asia/Shanghai', '05:00');
    expect(runs.map(({ from, until }) => [new Date(from).toISOString(), new Date(until).toISOString()])).toEqual([
      ['2026-11-20T21:00:00.000Z', '2026-11-20T22:00:00.000Z'],
      ['2026-11-21T16:00:00.000Z', '2026-11-21T21:00:00.000Z'],
    ]);
  });

  it('is true of a moment just where the clock on the wall and the business day say so', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York');
    const dayEnds = fc.constantFrom('00:00', '05:00', '22:00', '02:30');
    const at = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-30') });
    const clock = fc.constantFrom({ from: 0, to: 360 }, { from: 1080, to: 1440 }, { from: 100, to: 1300 });
    fc.assert(
      fc.property(zones, dayEnds, at, clock, fc.integer({ min: 0, max: 60 }), (zone, dayEnd, moment, range, before) => {
        const of = businessDay(moment, zone, dayEnd);
        const from = businessDay(moment - before * DAY_MS, zone, dayEnd);
        const { from: midnight, to: next } = dayBounds(businessDay(moment, zone, '00:00'), zone, '00:00');
        // Where clocks are changed an hour is there twice or never.
        if (next - midnight !== DAY_MS) return;
        const minute = (moment - midnight) / 60_000;
        const found = clockRuns({ from, to: of, clock: range }, zone, dayEnd).some(
          (run) => moment >= run.from && moment < run.until && (moment - run.from) % DAY_MS < run.length,
        );
        expect(found).toBe(minute >= range.from && minute < range.to);
      }),
      { numRuns: 500 },
    );
  });
});

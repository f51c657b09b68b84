/** A store's calendar over changes of its time zone and its day's end: no moment without a day, none of two, closed days as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDay, previousDay } from '../../../services/time/business-day.ts';
import { boundsOf, changed, dayAt, type Calendar } from '../../../services/time/calendar.ts';

const at = (local: string): number => Date.parse(`${local}+08:00`);
const SHANGHAI: Calendar = { zone: 'Asia/Shanghai', dayEnd: '00:00' };
const MINUTE = 60_000;

describe('a change of the time zone', () => {
  it('leaves the days that are over, and the running day goes on by the new clock', () => {
    // Half past midnight in Shanghai is half past eleven in Bangkok, on the day that is over.
    const moved = changed(SHANGHAI, { zone: 'Asia/Bangkok', dayEnd: '00:00' }, at('2026-11-23T00:30'));
    expect(dayAt(at('2026-11-23T00:30'), moved)).toBe('2026-11-23');
    expect(boundsOf('2026-11-22', moved)).toEqual({ from: at('2026-11-22T00:00'), to: at('2026-11-23T00:00') });
    expect(boundsOf('2026-11-23', moved)).toEqual({ from: at('2026-11-23T00:00'), to: at('2026-11-24T01:00') });
  });

  it('to the east ends the running day where it is tomorrow there', () => {
    const now = at('2026-11-22T23:30');
    const moved = changed(SHANGHAI, { zone: 'Asia/Tokyo', dayEnd: '00:00' }, now);
    expect(boundsOf('2026-11-22', moved)).toEqual({ from: at('2026-11-22T00:00'), to: now });
    expect(boundsOf('2026-11-23', moved)).toEqual({ from: now, to: at('2026-11-23T23:00') });
  });

  it('over the date line leaves a day without a moment, and none is missing in the row of days', () => {
    const pago = { zone: 'Pacific/Pago_Pago', dayEnd: '00:00' };
    const now = Date.parse('2026-11-22T10:30:00Z');
    const moved = changed(pago, { zone: 'Pacific/Kiritimati', dayEnd: '00:00' }, now);
    expect([dayAt(now - 1, moved), dayAt(now, moved)]).toEqual(['2026-11-21', '2026-11-23']);
    expect(boundsOf('2026-11-22', moved)).toEqual({ from: now, to: now });
  });
});

describe('a change of the day’s end', () => {
  it('at night has the evening go on', () => {
    const later = changed(SHANGHAI, { ...SHANGHAI, dayEnd: '05:00' }, at('2026-11-23T02:00'), true);
    expect(boundsOf('2026-11-22', later)).toEqual({ from: at('2026-11-22T00:00'), to: at('2026-11-23T05:00') });
    expect(boundsOf('2026-11-21', later).to).toBe(at('2026-11-22T00:00'));
  });

  it('on the same night as a change of the zone moves nothing back over that change', () => {
    const zoned = changed(SHANGHAI, { zone: 'Asia/Bangkok', dayEnd: '00:00' }, at('2026-11-23T00:30'));
    const later = changed(zoned, { ...zoned, dayEnd: '05:00' }, at('2026-11-23T02:00'), true);
    expect(dayAt(at('2026-11-23T02:00'), later)).toBe('2026-11-23');
    expect(boundsOf('2026-11-22', later)).toEqual(boundsOf('2026-11-22', zoned));
  });
});

const ZONES = [
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Asia/Bangkok',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const ENDS = ['00:00', '02:30', '05:00', '11:59', '12:00', '22:00'];
const change = fc.record({
  // Up to three days, and often minutes: changes near midnight, and several on one day.
  after: fc.oneof(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 3 * 1440 })),
  rule: fc.oneof(fc.record({ zone: fc.constantFrom(...ZONES) }), fc.record({ dayEnd: fc.constantFrom(...ENDS) })),
});
/** Weeks with changes to and from summer time on both sides of the equator, and the year's end. */
const start = fc
  .tuple(fc.constantFrom('2026-03-05', '2026-03-26', '2026-10-01', '2026-10-22', '2026-12-28'), fc.nat(10 * 1440))
  .map(([day, minutes]) => Date.parse(day) / MINUTE + minutes);

describe('whatever is changed, and when', () => {
  it('every moment is of one day, days follow without gaps, and what is over stays as it was', () => {
    fc.assert(
      fc.property(start, fc.array(change, { minLength: 1, maxLength: 8 }), (first, changes) => {
        let calendar: Calendar = SHANGHAI;
        let now = first * MINUTE;
        const moments = [now - 2 * 1440 * MINUTE];
        for (const { after, rule } of changes) {
          now += after * MINUTE;
          const before = calendar;
          const running = dayAt(now, before);
          calendar = changed(before, { ...before, ...rule }, now, 'dayEnd' in rule);
          // The day before may go on by a later end of it, and by nothing else; all earlier ones stay.
          const reopened = dayAt(now, calendar) < running;
          expect(reopened && 'zone' in rule).toBe(false);
          const over = reopened ? previousDay(previousDay(running)) : previousDay(running);
          for (let day = over, n = 0; n < 4; n++, day = previousDay(day))
            expect(boundsOf(day, calendar), day).toEqual(boundsOf(day, before));
          expect(boundsOf(over, calendar).to).toBeLessThanOrEqual(now);
          moments.push(now - 1, now, now + 1);
        }
        for (let hour = 0; hour < 72; hour += 7) moments.push(now + hour * 60 * MINUTE);
        let [last, lastDay] = [-Infinity, ''];
        for (const moment of moments.toSorted((a, b) => a - b)) {
          const day = dayAt(moment, calendar);
          const { from, to } = boundsOf(day, calendar);
          expect(from <= moment && moment < to, `${day} ${new Date(moment).toISOString()}`).toBe(true);
          expect(boundsOf(nextDay(day), calendar).from).toBe(to);
          expect(day >= lastDay || moment < last).toBe(true);
          [last, lastDay] = [moment, day];
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** The law of 「may this customer verify now」, over any rules, usage and time. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { obstacleTo, obstacleToStaff, type Rules } from '../../../services/self-service/admission.ts';
import type { Span } from '../../../services/self-service/hours.ts';
import { nextDay, previousDay } from '../../../services/time/business-day.ts';
import { weekdayOf } from '../../../services/time/wall-clock.ts';

const span: fc.Arbitrary<Span> = fc
  .record({ from: fc.integer({ min: 0, max: 1439 }), length: fc.integer({ min: 1, max: 1440 }) })
  .map(({ from, length }) => ({ from, to: from + length }));
const spans = fc.array(span, { maxLength: 2 });
const day = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
const most = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });
const rules: fc.Arbitrary<Rules> = fc.record({
  on: fc.boolean(),
  hours: fc.record({
    week: fc.array(spans, { minLength: 7, maxLength: 7 }),
    holidays: fc.constant(undefined),
    days: fc.dictionary(day, spans, { maxKeys: 4 }),
  }),
  limits: fc.record({ person: most, place: most }),
  askClosed: fc.record({ customer: fc.boolean(), staff: fc.boolean() }),
});
/** A moment by a clock that shows UTC. */
const moment = (date: string, minute: number) => ({ at: Date.parse(date) + minute * 60_000, zone: 'UTC' });
const uses = fc.integer({ min: 0, max: 6 });

/** Every minute that is open, counted out: slow, and plainly right. */
function openMinutes({ week, days }: Rules['hours'], around: string): Set<string> {
  const open = new Set<string>();
  for (const date of [previousDay(around), around])
    for (const { from, to } of days[date] ?? week[weekdayOf(date)]!)
      for (let minute = from; minute < to; minute += 1)
        open.add(minute < 1440 ? `${date} ${minute}` : `${nextDay(date)} ${minute - 1440}`);
  return open;
}

it('is yes exactly where it is on, open, and within both limits; else it says which of them it is', () => {
  fc.assert(
    fc.property(
      rules,
      day,
      fc.integer({ min: 0, max: 1439 }),
      fc.record({ person: uses, place: uses }),
      uses,
      (given, date, minute, used, wanted) => {
        const why = obstacleTo(given, used, wanted, moment(date, minute));
        const open = openMinutes(given.hours, date).has(`${date} ${minute}`);
        const beyond = (of: 'person' | 'place') => wanted > 0 && used[of] + wanted > (given.limits[of] ?? Infinity);
        if (!given.on) expect(why).toEqual({ kind: 'off' });
        else if (!open && !given.askClosed.customer) expect(why).toMatchObject({ kind: 'closed', ask: false });
        else if (beyond('person')) expect(why).toEqual({ kind: 'limit', of: 'person', most: given.limits.person });
        else if (beyond('place')) expect(why).toEqual({ kind: 'limit', of: 'place', most: given.limits.place });
        else if (!open) expect(why).toMatchObject({ kind: 'closed', ask: true });
        else expect(why).toBeUndefined();
        // An owner's yes stands for the hours, and for nothing else.
        const agreed = obstacleTo(given, used, wanted, moment(date, minute), true);
        if (!given.on) expect(agreed).toEqual({ kind: 'off' });
        else expect(agreed?.kind).toBe(beyond('person') || beyond('place') ? 'limit' : undefined);
        // Staff verify at all hours, unless the owner wants to be asked.
        const staff = obstacleToStaff(given, moment(date, minute));
        expect(staff?.kind).toBe(!open && given.askClosed.staff ? 'closed' : undefined);
        // The opening that is promised is one.
        if (why?.kind === 'closed' && why.next) {
          const { day: then, minute: at } = why.next;
          expect(obstacleTo({ ...given, on: true }, { person: 0, place: 0 }, 0, moment(then, at))).toBeUndefined();
          expect(`${then} ${String(at).padStart(4, '0')}` > `${date} ${String(minute).padStart(4, '0')}`).toBe(true);
        }
      },
    ),
    { numRuns: 100 },
  );
});

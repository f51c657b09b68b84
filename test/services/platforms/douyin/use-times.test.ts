/** When a coupon may be used, field by field as Douyin documents them. */
import { describe, expect, it } from 'vitest';
import type { UseTimes } from '../../../../services/coupons/coupon.ts';
import { useTimesOf } from '../../../../services/platforms/douyin/use-times.ts';

const DAY = 1_754_000_000;
const period = (start_time: unknown, end_time: unknown, end_time_is_next_day?: unknown) => ({
  start_time,
  end_time,
  ...(end_time_is_next_day !== undefined && { end_time_is_next_day }),
});
const hours = (...time_period_list: readonly object[]) => ({ use_time_info: { use_time_type: 1, time_period_list } });
const off = (info: object) => ({ not_available_time_info: { fulfil_enable: true, ...info } });

describe('the times of a certificate', () => {
  it.each<[string, object, UseTimes | undefined]>([
    ['none', {}, undefined],
    ['nothing in either', { use_time_info: {}, not_available_time_info: { fulfil_enable: true } }, undefined],
    ['hours of the day', hours(period('10:00', '14:00')), { hours: [{ from: '10:00', to: '14:00' }] }],
    [
      'two spans, one over midnight',
      hours(period('10:00', '14:00', false), period('20:00', '02:00', true)),
      {
        hours: [
          { from: '10:00', to: '14:00' },
          { from: '20:00', to: '02:00', nextDay: true },
        ],
      },
    ],
    [
      'hours that are none are left out',
      hours(period('10:00', 14), period('', '9:00'), period('9:00', '12:30')),
      {
        hours: [{ from: '9:00', to: '12:30' }],
      },
    ],
    ['days of the week', off({ can_no_use_week_day: [6, 7] }), { offDays: [6, 7] }],
    ['Sunday as 0, in any order and twice', off({ can_no_use_week_day: [6, 0, '6'] }), { offDays: [6, 7] }],
    ['days that are none', off({ can_no_use_week_day: [8, -1, 'x', null] }), undefined],
    [
      'dates, in seconds',
      off({ can_no_use_date: [{ start_time: DAY, end_time: DAY + 86_399 }, { start_time: 'x' }] }),
      { offDates: [{ from: DAY * 1000, to: (DAY + 86_399) * 1000 }] },
    ],
    [
      'all of them',
      {
        ...hours(period('10:00', '22:00')),
        ...off({ can_no_use_week_day: [1], can_no_use_date: [{ start_time: DAY, end_time: DAY }] }),
      },
      { hours: [{ from: '10:00', to: '22:00' }], offDays: [1], offDates: [{ from: DAY * 1000, to: DAY * 1000 }] },
    ],
    ['another shape', { use_time_info: 'x', not_available_time_info: [1] }, undefined],
  ])('%s', (_, certificate, times) => {
    expect(useTimesOf(certificate as Parameters<typeof useTimesOf>[0])).toEqual(times);
  });
});

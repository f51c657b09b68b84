import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readClock } from '../../../services/time/read-clock.ts';

test.each([
  ['05:00', '05:00'],
  ['5:00', '05:00'],
  ['5：30', '05:30'],
  ['5点', '05:00'],
  ['5點', '05:00'],
  ['凌晨5点', '05:00'],
  ['凌晨两点', '02:00'],
  ['凌晨2点半', '02:30'],
  ['早上六点一刻', '06:15'],
  ['上午 10 点', '10:00'],
  ['十点', '10:00'],
  ['十一点', '11:00'],
  ['十二点', '12:00'],
  ['中午12点', '12:00'],
  ['中午1点', '13:00'],
  ['下午3点', '15:00'],
  ['晚上10点', '22:00'],
  ['晚上十一点半', '23:30'],
  ['22点', '22:00'],
  ['24点', '00:00'],
  ['零点', '00:00'],
  ['半夜', '00:00'],
  ['10点20分', '10:20'],
  ['5am', '05:00'],
  ['12am', '00:00'],
  ['12 pm', '12:00'],
  ['10:30 PM', '22:30'],
  ['midnight', '00:00'],
])('%s is %s', (said, time) => {
  expect(readClock(said)).toBe(time);
});

test.each(['', '25点', '25:00', '05:60', '5', '点', '五', '13pm', '0am', 'yes', '3张', '5点到6点', '1'.repeat(40)])(
  '%s is none',
  (said) => {
    expect(readClock(said)).toBeUndefined();
  },
);

test('whatever is said, it is a time of the day or none', () => {
  fc.assert(fc.property(fc.string(), (said) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(readClock(said) ?? '00:00')));
});

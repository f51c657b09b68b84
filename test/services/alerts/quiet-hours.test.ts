import { expect, it } from 'vitest';
import { isQuiet, readQuietHours } from '../../../services/alerts/quiet-hours.ts';

it.each([
  ['22:00-08:00', '22:00-08:00'],
  ['22-8', '22:00-08:00'],
  ['23：30 到 7点', '23:30-07:00'],
  ['0:00~9:30', '00:00-09:30'],
  ['2200-800', undefined],
  ['8:00-8:00', undefined],
  ['25:00-8:00', undefined],
  ['22:00', undefined],
  ['1000420616', undefined],
])('%s is read as %s', (text, quiet) => {
  expect(readQuietHours(text)).toBe(quiet);
});

const at = (time: string): number => Date.parse(`2026-11-22T${time}:00+08:00`);

it('quiet hours begin with their first minute and end before their last, over midnight too, in the zone of the store', () => {
  const quiet = (time: string, hours = '22:00-08:00', zone = 'Asia/Shanghai'): boolean => isQuiet(at(time), hours, zone);
  expect(['21:59', '22:00', '03:00', '07:59', '08:00'].map((time) => quiet(time))).toEqual([false, true, true, true, false]);
  expect(['12:59', '13:00', '14:59', '15:00'].map((time) => quiet(time, '13:00-15:00'))).toEqual([false, true, true, false]);
  // Half past three in the afternoon of Shanghai is half past seven in London.
  expect(quiet('15:30', '22:00-08:00', 'Europe/London')).toBe(true);
  expect(isQuiet(at('03:00'), undefined, 'Asia/Shanghai')).toBe(false);
});

import { expect, it } from 'vitest';
import { readDays } from '../../../handlers/reports/stats.ts';

it.each([
  ['7', 7],
  ['７天', 7],
  ['近7天', 7],
  ['最近 7 天', 7],
  ['最近七天', 7],
  ['近一周', 7],
  ['最近一个星期', 7],
  ['last 7 days', 7],
  ['week', 7],
  ['近30天', 30],
  ['最近一个月', 30],
  ['past month', 30],
  ['30 days', 30],
  ['1', 1],
  ['近1天', 1],
  ['2', undefined],
  ['近17天', undefined],
  ['7月', undefined],
  ['上个月', undefined],
  ['人民路店', undefined],
])('figures of “%s” are those of %s days', (said, days) => {
  expect(readDays(said)).toBe(days);
});

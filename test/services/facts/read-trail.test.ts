import { describe, expect, it } from 'vitest';
import { asksTrail, readTrail } from '../../../services/facts/read-trail.ts';

/** A Sunday. */
const TODAY = '2026-11-22';

it.each([
  ['操作', '2026-10-24', TODAY, false],
  ['操作记录', '2026-10-24', TODAY, false],
  ['操作紀錄', '2026-10-24', TODAY, false],
  ['Audit Trail', '2026-10-24', TODAY, false],
  ['changes', '2026-10-24', TODAY, false],
  ['操作 昨天', '2026-11-21', '2026-11-21', true],
  ['操作昨天', '2026-11-21', '2026-11-21', true],
  ['操作：上周', '2026-11-09', '2026-11-15', true],
  ['上周的操作', '2026-11-09', '2026-11-15', true],
  ['操作 11-01 到 11-15', '2026-11-01', '2026-11-15', true],
  ['changes last week', '2026-11-09', '2026-11-15', true],
  ['last week changes', '2026-11-09', '2026-11-15', true],
  ['audit trail for yesterday', '2026-11-21', '2026-11-21', true],
])('%s: from %s to %s', (text, from, to, said) => {
  expect(readTrail(text, TODAY)).toEqual({ days: { from, to }, said });
  expect(asksTrail(text)).toBe(true);
});

it.each([
  ['操作 小王', '小王'],
  ['操作 昨晚', '昨晚'],
  ['操作 明天', '明天'],
  ['changes Wang', 'Wang'],
])('%s: %s is no day', (text, unknown) => {
  expect(readTrail(text, TODAY)).toEqual({ unknown });
});

describe('a search of the records', () => {
  it.each(['', '昨天', '操作台', '小王 操作', 'auditor', 'exchanges', 'changeset', '0616', '已撤销'])('%j', (text) => {
    expect(readTrail(text, TODAY)).toBeUndefined();
    expect(asksTrail(text)).toBe(false);
  });
});

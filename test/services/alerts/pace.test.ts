import { expect, it } from 'vitest';
import { daysLeft, withLook, type Left } from '../../../services/alerts/pace.ts';

const DAY = 86_400_000;
const looks = (...quotas: readonly number[]): readonly Left[] => quotas.map((quota, day) => ({ at: day * DAY, quota }));

it('days left are counted at the pace of the looks, whole ones', () => {
  expect(daysLeft(looks(1000, 900, 800))).toBe(8);
  expect(daysLeft(looks(1000, 900, 799))).toBe(7);
});

it('nothing is said before a day was seen, nor where nothing was used', () => {
  expect(daysLeft(looks(1000))).toBeUndefined();
  expect(daysLeft([...looks(1000), { at: DAY - 1, quota: 500 }])).toBeUndefined();
  expect(daysLeft(looks(1000, 1000, 1000))).toBeUndefined();
});

it('topping up is no use: only what was used counts', () => {
  expect(daysLeft(looks(100, 50, 1000, 950))).toBe(28);
});

it('looks are kept for a week, and none from after this one, where a clock was set back', () => {
  const kept = withLook(looks(9, 8, 7, 6, 5, 4, 3, 2), { at: 8 * DAY, quota: 1 });
  expect(kept.map(({ quota }) => quota)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(withLook(looks(9, 8, 7), { at: DAY + 1, quota: 8 }).map(({ at }) => at)).toEqual([0, DAY, DAY + 1]);
});

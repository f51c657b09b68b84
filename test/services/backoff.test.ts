import { expect, test } from 'vitest';
import { backoff } from '../../services/backoff.ts';

test('the wait doubles with every failure in a row, up to the longest', () => {
  const waits = [1, 2, 3, 4, 5, 6, 2000].map((failures) => backoff(failures, { longestMs: 30_000 }));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(backoff(2, { firstMs: 200, longestMs: 30_000 })).toBe(400);
});

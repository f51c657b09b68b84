/** A cache that holds so many entries and forgets what was used longest ago. */
import { expect, it } from 'vitest';
import { createLru } from '../../services/lru.ts';

it('keeps so many entries, those that were used last', () => {
  const cache = createLru<number>(3);
  for (const [n, key] of ['a', 'b', 'c'].entries()) cache.set(key, n);
  expect(cache.get('a')).toBe(0);
  cache.set('d', 3);
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd']);
  cache.set('d', 4);
  expect(cache.size).toBe(3);
});

/** Caches that forget what was used longest ago. */
import { LRUCache } from 'lru-cache';

const ONE = (): number => 1;

/** Keeps so many entries. It grows with them: by lru-cache's own `max` ten thousand places would be made at once, which takes a millisecond. */
export const createLru = <V extends object | number | string | boolean>(most: number): LRUCache<string, V> =>
  new LRUCache({ maxSize: most, sizeCalculation: ONE });

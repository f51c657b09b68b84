/** Rate limits of pages: requests per visitor and address, new visitors per minute, live tabs. */
import { LRUCache } from 'lru-cache';

/** Requests of one visitor within `ASKED_MS`. */
const ASKED = 20;
const ASKED_MS = 10_000;
/**
 * Visitors whose requests are counted; beyond that the one silent for longest starts at zero. Cookies cost nothing to make
 * up.
 */
const VISITORS = 10_000;
/** New visitors within `NEWCOMERS_MS`: each adds a page and a practice store to the database. */
const NEWCOMERS = 120;
const NEWCOMERS_MS = 60_000;
/**
 * The same of one address, behind which a whole shop's guests may be: requests within `ASKED_MS`, pages looked at within
 * `ASKED_MS`, and new visitors within `NEWCOMERS_MS`.
 */
const ASKED_FROM = 100;
const LOOKED_FROM = 60;
const NEWCOMERS_FROM = 30;
/** Live tabs of one visitor. Browsers open at most six connections to one host, and sending needs one. */
const TABS = 4;
/** Live tabs of all visitors. */
const ALL_TABS = 1000;

export interface Throttle {
  /** Counts one request of this visitor; false when the limit is reached. */
  mayAsk(visitor: string): boolean;
  /** Counts one new visitor; false when the limit is reached. */
  mayCome(): boolean;
  /** The same limits by the address that requests come from; cookies cost nothing to make up. */
  mayAskFrom(address: string): boolean;
  mayLook(address: string): boolean;
  mayComeFrom(address: string): boolean;
  /**
   * Admits a live tab and returns the function that releases its place; undefined when all places are taken. `sleep` is
   * called when newer tabs of the same visitor evict this one.
   */
  enter(visitor: string, sleep: () => void): (() => void) | undefined;
}

export function createThrottle({ now }: { now: () => number }): Throttle {
  /** Counts within a window by key; of more keys than can be kept the one silent for longest begins anew. */
  const window = (most: number, ms: number) => {
    const counted = new LRUCache<string, number[]>({ max: VISITORS });
    return (key: string): boolean => {
      const recent = (counted.get(key) ?? []).filter((at) => at > now() - ms);
      const may = recent.length < most;
      if (may) recent.push(now());
      counted.set(key, recent);
      return may;
    };
  };
  const mayCome = window(NEWCOMERS, NEWCOMERS_MS);
  const mayComeFrom = window(NEWCOMERS_FROM, NEWCOMERS_MS);
  const tabs = new Map<string, Set<() => void>>();
  let open = 0;

  return {
    mayAsk: window(ASKED, ASKED_MS),
    mayAskFrom: window(ASKED_FROM, ASKED_MS),
    mayLook: window(LOOKED_FROM, ASKED_MS),
    mayCome: () => mayCome(''),
    mayComeFrom: (address) => mayComeFrom(address) && mayCome(''),
    enter(visitor, sleep) {
      if (open >= ALL_TABS) return undefined;
      const own = tabs.get(visitor) ?? new Set();
      tabs.set(visitor, own.add(sleep));
      open += 1;
      const leave = (): void => {
        if (!own.delete(sleep)) return;
        open -= 1;
        if (own.size === 0) tabs.delete(visitor);
      };
      const [oldest] = own;
      if (own.size > TABS && oldest) {
        own.delete(oldest);
        open -= 1;
        oldest();
      }
      return leave;
    },
  };
}

/** Rate limits of the practice page: requests per visitor, new visitors per minute, live tabs. */
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
/** Live tabs of one visitor. Browsers open at most six connections to one host, and sending needs one. */
const TABS = 4;
/** Live tabs of all visitors. */
const ALL_TABS = 1000;

export interface Throttle {
  /** Counts one request of this visitor; false when the limit is reached. */
  mayAsk(visitor: string): boolean;
  /** Counts one new visitor; false when the limit is reached. */
  mayCome(): boolean;
  /**
   * Admits a live tab and returns the function that releases its place; undefined when all places are taken. `sleep` is
   * called when newer tabs of the same visitor evict this one.
   */
  enter(visitor: string, sleep: () => void): (() => void) | undefined;
}

export function createThrottle({ now }: { now: () => number }): Throttle {
  const asked = new LRUCache<string, number[]>({ max: VISITORS });
  let newcomers: number[] = [];
  const tabs = new Map<string, Set<() => void>>();
  let open = 0;

  return {
    mayAsk(visitor) {
      const recent = (asked.get(visitor) ?? []).filter((at) => at > now() - ASKED_MS);
      const may = recent.length < ASKED;
      if (may) recent.push(now());
      asked.set(visitor, recent);
      return may;
    },
    mayCome() {
      newcomers = newcomers.filter((at) => at > now() - NEWCOMERS_MS);
      if (newcomers.length >= NEWCOMERS) return false;
      newcomers.push(now());
      return true;
    },
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

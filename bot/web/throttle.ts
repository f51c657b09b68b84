/** Keeps the page usable for everybody: how often one visitor may ask, how many new visitors a minute, how many open tabs. */

/** Requests of one visitor within `ASKED_MS`. */
const ASKED = 20;
const ASKED_MS = 10_000;
/** New visitors within a minute: each of them is a page and a practice store in the database. */
const NEWCOMERS = 120;
const NEWCOMERS_MS = 60_000;
/** Live tabs of one visitor. Browsers open six connections to one address at most, and one is needed to send. */
const TABS = 4;
/** Live tabs of all visitors. */
const ALL_TABS = 1000;

export interface Throttle {
  /** Whether this visitor may ask once more now. */
  mayAsk(visitor: string): boolean;
  mayCome(): boolean;
  /**
   * Admits a live tab; undefined when there are too many. `sleep` is called when newer tabs of the same visitor need the
   * place. The returned function gives the place back.
   */
  enter(visitor: string, sleep: () => void): (() => void) | undefined;
}

export function createThrottle({ now }: { now: () => number }): Throttle {
  const asked = new Map<string, number[]>();
  let newcomers: number[] = [];
  const tabs = new Map<string, Set<() => void>>();
  let open = 0;

  return {
    mayAsk(visitor) {
      const recent = (asked.get(visitor) ?? []).filter((at) => at > now() - ASKED_MS);
      // Taken out and put back, so that the map is in order of the last request and the stale ones stand first.
      asked.delete(visitor);
      for (const [other, times] of asked) {
        if (times.at(-1)! > now() - ASKED_MS) break;
        asked.delete(other);
      }
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

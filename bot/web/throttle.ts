/** Rate limits of pages: requests, new visitors and live tabs, per visitor and per address. */
import { createLru } from '../../services/lru.ts';

/** Requests within `ASKED_MS`, of one visitor and of one address: cookies cost nothing to make up. */
const ASKED = 20;
const ASKED_AT = 100;
const ASKED_MS = 10_000;
/** Pages that one address looks at within `ASKED_MS`. */
const LOOKED_AT = 60;
/** Visitors and addresses whose requests are counted; beyond that the one silent for longest starts at zero. */
const KNOWN = 10_000;
/** New visitors of one address: a classroom's an hour. Each adds a page and a practice store to the database. */
const CLASSROOM = { most: 60, ms: 60 * 60_000 };
/** New visitors of all addresses within `CROWD_MS`. */
const NEWCOMERS = 120;
const CROWD_MS = 60_000;
/** Newcomers of one address that come in however many came from elsewhere. */
const ALWAYS = 2;
/** Live tabs of one visitor. Browsers open at most six connections to one host, and sending needs one. */
const TABS = 4;
/** Live tabs of one address, and of all visitors. */
const TABS_AT = 200;
const ALL_TABS = 1000;

export interface Throttle {
  /** Counts one request of this visitor; false when the limit of the visitor or of the address is reached. */
  mayAsk(visitor: string, address: string): boolean;
  /** Counts one look of this address; false when its limit is reached. */
  mayLook(address: string): boolean;
  /** Counts one new visitor; false when the limit is reached. Those of an address that few came from are never refused. */
  mayCome(address: string): boolean;
  /**
   * Admits a live tab and returns the function that releases its place. `sleep` is called when newer tabs evict this one: of
   * the same visitor, of the same address, or of anybody while this address has the most.
   */
  enter(visitor: string, address: string, sleep: () => void): () => void;
}

interface Tab {
  readonly visitor: string;
  readonly address: string;
  readonly sleep: () => void;
}

/** `newcomers`: the limit of new visitors of one address. */
export function createThrottle({
  now,
  newcomers: allowance = CLASSROOM,
}: {
  now: () => number;
  newcomers?: { readonly most: number; readonly ms: number };
}): Throttle {
  const asked = createLru<number[]>(2 * KNOWN);
  const newcomers = createLru<number[]>(KNOWN);
  let crowd: number[] = [];
  const tabs = new Set<Tab>();
  const tabsOf = new Map<string, Set<Tab>>();

  const recent = (times: readonly number[] = [], ms: number): number[] => times.filter((at) => at > now() - ms);

  function count(key: string, most: number): boolean {
    const times = recent(asked.get(key), ASKED_MS);
    const may = times.length < most;
    if (may) times.push(now());
    asked.set(key, times);
    return may;
  }

  const keysOf = ({ visitor, address }: Tab): readonly string[] => [`visitor ${visitor}`, `address ${address}`];

  function leave(tab: Tab): boolean {
    for (const key of keysOf(tab)) {
      const own = tabsOf.get(key);
      own?.delete(tab);
      if (own?.size === 0) tabsOf.delete(key);
    }
    return tabs.delete(tab);
  }

  function evictOldest(of: Iterable<Tab> | undefined): void {
    for (const tab of of ?? []) {
      leave(tab);
      return tab.sleep();
    }
  }

  /** The tabs of the address that has the most. */
  function largest(): Set<Tab> | undefined {
    let most: Set<Tab> | undefined;
    for (const [key, own] of tabsOf) if (key.startsWith('address ') && own.size > (most?.size ?? 0)) most = own;
    return most;
  }

  return {
    mayAsk: (visitor, address) => count(`address ${address}`, ASKED_AT) && count(`visitor ${visitor}`, ASKED),
    mayLook: (address) => count(`look ${address}`, LOOKED_AT),
    mayCome(address) {
      crowd = recent(crowd, CROWD_MS);
      const own = recent(newcomers.get(address), allowance.ms);
      if (own.length >= allowance.most || (crowd.length >= NEWCOMERS && own.length >= ALWAYS)) return false;
      own.push(now());
      crowd.push(now());
      newcomers.set(address, own);
      return true;
    },
    enter(visitor, address, sleep) {
      const tab = { visitor, address, sleep };
      const [ofVisitor, ofAddress] = keysOf(tab).map((key) => {
        const own = tabsOf.get(key) ?? new Set();
        tabsOf.set(key, own.add(tab));
        return own;
      });
      tabs.add(tab);
      if (ofVisitor!.size > TABS) evictOldest(ofVisitor);
      else if (ofAddress!.size > TABS_AT) evictOldest(ofAddress);
      else if (tabs.size > ALL_TABS) evictOldest(largest());
      return () => void leave(tab);
    },
  };
}

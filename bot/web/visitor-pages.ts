/** Keeps the visitors' pages: one change at a time per visitor, for a week after the last visit, watched by open tabs. */
import type { Collection } from '../../services/database/collections.ts';
import { mark, type Page } from './visitor-page.ts';

/** How long a page is kept after its visitor was last here, ms. Messages to it do not prolong it. */
export const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export interface Pages {
  read(visitor: string): Promise<Page | undefined>;
  /** The visitor's page, made by `make` when there is none. */
  open(visitor: string, make: () => Promise<Page>): Promise<Page>;
  /** Stores what `change` makes of the page and wakes who watches it. Undefined when there is no such page. */
  change(visitor: string, change: (page: Page) => Page): Promise<Page | undefined>;
  /** Calls `wake` after every change, until the returned function is called. */
  watch(visitor: string, wake: () => void): () => void;
}

/** One process only: the order of changes is kept in memory. */
export function createPages({ pages, now }: { pages: Collection<Page>; now: () => number }): Pages {
  const queues = new Map<string, Promise<unknown>>();
  const watchers = new Map<string, Set<() => void>>();

  /** Runs what concerns one visitor in order of arrival. */
  function inOrder<T>(visitor: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(visitor) ?? Promise.resolve()).then(work, work);
    queues.set(visitor, turn);
    const leave = (): void => {
      if (queues.get(visitor) === turn) queues.delete(visitor);
    };
    turn.then(leave, leave);
    return turn;
  }

  async function store(visitor: string, page: Page): Promise<void> {
    await pages.set(visitor, page, Math.max(1, page.seenAt + KEPT_MS - now()));
  }

  return {
    read: (visitor) => pages.get(visitor),
    open: (visitor, make) =>
      inOrder(visitor, async () => {
        const known = await pages.get(visitor);
        if (known) return known;
        const page = await make();
        await store(visitor, page);
        return page;
      }),
    change: (visitor, change) =>
      inOrder(visitor, async () => {
        const before = await pages.get(visitor);
        if (!before) return undefined;
        const after = change(before);
        if (after === before) return before;
        await store(visitor, after);
        if (mark(after) !== mark(before)) for (const wake of watchers.get(visitor) ?? []) wake();
        return after;
      }),
    watch(visitor, wake) {
      const watching = watchers.get(visitor) ?? new Set();
      watchers.set(visitor, watching.add(wake));
      return () => {
        watching.delete(wake);
        if (watching.size === 0) watchers.delete(visitor);
      };
    },
  };
}

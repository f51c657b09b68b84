/** Stores the visitors' pages for a week after the last visit, with one change at a time per visitor and watchers for open tabs. */
import type { Collection } from '../../../services/database/collections.ts';
import { noMutex, type Mutex } from '../../../services/database/locks/mutex.ts';
import { createKeyedQueue } from '../../../services/keyed-queue.ts';
import type { Page } from './visitor-page.ts';

/** Lifetime of a page after the last visit, ms. Messages sent to it do not prolong it. */
export const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
/** Lifetime of a practice page on which its visitor has done nothing. */
export const IDLE_MS = 60 * 60 * 1000;

export interface Pages {
  read(visitor: string): Promise<Page | undefined>;
  /** The visitor's page; `make` creates it when there is none, or says that there is to be none. */
  open(visitor: string, make: () => Promise<Page | undefined>): Promise<Page | undefined>;
  /** Stores the result of `change` and wakes the page's watchers. Undefined when there is no such page. */
  change(visitor: string, change: (page: Page) => Page): Promise<Page | undefined>;
  /** Calls `wake` after every change, also where nothing new is shown, until the returned function is called. */
  watch(visitor: string, wake: () => void): () => void;
}

/**
 * `leftMs` says how long a page is kept from now on. With `mutex` several instances may change a page; each wakes its own
 * watchers alone.
 */
export function createPages({
  pages,
  leftMs,
  mutex = noMutex,
}: {
  pages: Collection<Page>;
  leftMs: (page: Page) => number;
  mutex?: Mutex;
}): Pages {
  const queue = createKeyedQueue();
  const inOrder = <T>(visitor: string, step: () => Promise<T>): Promise<T> =>
    queue(visitor, () => mutex(`page:${visitor}`, step));
  const watchers = new Map<string, Set<() => void>>();

  async function store(visitor: string, page: Page): Promise<void> {
    await pages.set(visitor, page, Math.max(1, leftMs(page)));
  }

  return {
    read: (visitor) => pages.get(visitor),
    open: (visitor, make) =>
      inOrder(visitor, async () => {
        const known = await pages.get(visitor);
        if (known) return known;
        const page = await make();
        if (page) await store(visitor, page);
        return page;
      }),
    change: (visitor, change) =>
      inOrder(visitor, async () => {
        const before = await pages.get(visitor);
        if (!before) return undefined;
        const after = change(before);
        if (after === before) return before;
        await store(visitor, after);
        for (const wake of watchers.get(visitor) ?? []) wake();
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

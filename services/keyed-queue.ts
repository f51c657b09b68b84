/** Runs tasks of the same key one after another, in order of arrival; tasks of different keys run side by side. */

/** Resolves or rejects as the task does. A failed task does not hold up the next one. */
export type KeyedQueue = <R>(key: string, task: () => Promise<R>) => Promise<R>;

/** A queue in memory: it orders the tasks of one process. A key without tasks takes no memory. */
export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = tails.get(key);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return await task();
    })();
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}

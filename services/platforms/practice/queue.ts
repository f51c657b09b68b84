/** Does things one after another where they concern the same key. */

export type InOrder = <R>(key: string, act: () => Promise<R>) => Promise<R>;

export function createQueue(): InOrder {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, act) => {
    const before = tails.get(key);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return await act();
    })();
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}

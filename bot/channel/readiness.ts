/** Readiness: which channels hear, and which have not come to hear for a minute. */

/** A start under way for longer counts as a fault, ms. */
const UNREADY_MS = 60_000;

export interface Readiness {
  /** Starts a channel; until `start` resolves, it is not ready. */
  begin(name: string, start: () => Promise<void>): Promise<void>;
  /** Expects nothing of this channel any more: another instance hears it. */
  end(name: string): void;
  /** The channels that hear, by name. */
  names(): readonly string[];
  /** One sentence for each channel that has not come to hear for a minute. */
  complaints(): readonly string[];
}

export function createReadiness(now: () => number): Readiness {
  const since = new Map<string, number>();
  const ready = new Set<string>();
  return {
    async begin(name, start) {
      // A repeated try counts from the first one: the channel has been deaf since then.
      if (!since.has(name)) since.set(name, now());
      await start();
      // Nothing is left to delete where `end` came first.
      if (since.delete(name)) ready.add(name);
    },
    end(name) {
      since.delete(name);
      ready.delete(name);
    },
    names: () => [...ready],
    complaints: () =>
      [...since]
        .filter(([, began]) => now() - began >= UNREADY_MS)
        .map(([name, began]) => `${name} has heard nothing since ${new Date(began).toISOString()}: it could not be started yet`),
  };
}

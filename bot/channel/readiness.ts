/** Which channels hear, and which have tried in vain for too long. */

/** A start that takes longer than this is told as a fault. */
const DEAF_MS = 60_000;

export interface Readiness {
  /** Starts a channel; until `start` resolves, it does not hear. */
  begin(name: string, start: () => Promise<void>): Promise<void>;
  /** It need not hear any more: another instance does. */
  end(name: string): void;
  /** Those that hear, by name. */
  names(): readonly string[];
  /** One sentence for each that has not come to hear for a minute. */
  complaints(): readonly string[];
}

export function createReadiness(now: () => number): Readiness {
  const since = new Map<string, number>();
  const readiness = new Set<string>();
  return {
    async begin(name, start) {
      // Tried before, in vain: it has been deaf since then.
      if (!since.has(name)) since.set(name, now());
      await start();
      // Ended meanwhile.
      if (since.delete(name)) readiness.add(name);
    },
    end(name) {
      since.delete(name);
      readiness.delete(name);
    },
    names: () => [...readiness],
    complaints: () =>
      [...since]
        .filter(([, began]) => now() - began >= DEAF_MS)
        .map(([name, began]) => `${name} has heard nothing since ${new Date(began).toISOString()}: it could not be started yet`),
  };
}

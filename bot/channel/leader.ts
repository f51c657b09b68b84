/** Lets one instance of several hear a channel: whoever holds the lease. A dead holder is followed within seconds. */
import type { Log } from '../../services/log.ts';
import type { Leases } from '../../services/database/leases.ts';

/** How long a holder that says nothing is believed alive. */
const LEASE_MS = 15_000;

export interface LeaderParts {
  readonly leases: Leases;
  /** What is held: `hear:telegram`. */
  readonly name: string;
  /** This instance. */
  readonly holder: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly log: Log;
}

/**
 * Makes the job: starts hearing when the lease is ours, stops when it is somebody else's. To be run every few seconds, also
 * while a start waits for its network: a lease that is not renewed goes to another instance, which would start as well.
 */
export function createLeader({ leases, name, holder, start, stop, log }: LeaderParts): () => Promise<void> {
  let hearing = false;
  let stopped: Promise<void> = Promise.resolve();
  return async () => {
    const held = await leases.hold(name, holder, LEASE_MS);
    if (held === hearing) return;
    hearing = held;
    log.info(held ? 'hears from now on' : 'another instance hears', { name });
    if (!held) {
      // A start under way ends with it.
      stopped = stop();
      return await stopped;
    }
    await stopped.catch(() => undefined);
    try {
      await start();
    } catch (error) {
      hearing = false;
      throw error;
    }
  };
}

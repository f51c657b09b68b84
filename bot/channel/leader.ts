/** Leader election by lease: one instance of several hears a channel; another takes over within 15 s of its death. */
import type { Log } from '../../services/log.ts';
import type { Leases } from '../../services/database/leases.ts';

/** A lease that is not renewed ends after this time, ms. */
const LEASE_MS = 15_000;

export interface LeaderParts {
  readonly leases: Leases;
  /** The lease's name: `hear:telegram`. */
  readonly name: string;
  /** This instance. */
  readonly holder: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly log: Log;
}

export interface Leader {
  /**
   * Takes or renews the lease: starts hearing when it is won, stops when it is lost. It runs every few seconds, also while
   * `start` waits for its network: without renewal another instance would start as well.
   */
  readonly run: () => Promise<void>;
  /** Stops hearing for good; no later run takes the lease. The lease stays held, so that no other connection ends ours. */
  stop(): Promise<void>;
  /** Lets another instance take over at once. */
  release(): Promise<void>;
}

export function createLeader({ leases, name, holder, start, stop, log }: LeaderParts): Leader {
  let hearing = false;
  let over = false;
  let stopped: Promise<void> = Promise.resolve();
  /** Settles when no request for the lease is under way. */
  let asking: Promise<unknown> = Promise.resolve();
  return {
    async run() {
      if (over) return;
      const asked = leases.hold(name, holder, LEASE_MS);
      asking = Promise.allSettled([asking, asked]);
      const held = await asked;
      // Another instance let it go, and this one is stopping too: it is for a third one.
      if (over && held && !hearing) return await leases.release(name, holder);
      if (over || held === hearing) return;
      hearing = held;
      log.info(held ? 'hears from now on' : 'another instance hears', { name });
      if (!held) {
        // It ends a start under way, too.
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
    },
    async stop() {
      over = true;
      await stop();
    },
    async release() {
      await asking;
      await leases.release(name, holder);
    },
  };
}

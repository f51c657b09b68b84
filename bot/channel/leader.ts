/** Leader election by lease: one instance of several hears a channel; another takes over within 14 s of its death. */
import type { Log } from '../../services/log.ts';
import type { Leases } from '../../services/database/locks/leases.ts';

/** A lease that is not renewed ends after this time, ms: three elections may fail, and the fourth is the other's. */
const LEASE_MS = 10_000;

export interface LeaderParts {
  readonly leases: Leases;
  /** The lease's name: `hear:telegram`. */
  readonly name: string;
  /** This instance. */
  readonly holder: string;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly monotonic: () => number;
  readonly log: Log;
}

export interface Leader {
  /**
   * Takes or renews the lease: starts hearing when it is won, stops when it is lost, or may be because the database does not
   * answer. It runs every few seconds, also while another run waits for the database, or `start` for its network: without
   * renewal another instance would start as well.
   */
  readonly run: () => Promise<void>;
  /** Stops hearing for good; no later run takes the lease. The lease stays held, so that no other connection ends ours. */
  stop(): Promise<void>;
  /** Lets another instance take over at once. */
  release(): Promise<void>;
}

export function createLeader({ leases, name, holder, start, stop, monotonic, log }: LeaderParts): Leader {
  let hearing = false;
  let over = false;
  let heldAt = -Infinity;
  let stopped: Promise<void> = Promise.resolve();
  let released = false;
  return {
    async run() {
      if (over) return;
      const at = monotonic();
      if (hearing && at - heldAt >= LEASE_MS) {
        log.warn('the database does not answer: another instance may hear by now', { name });
        hearing = false;
        await (stopped = stop());
      }
      const held = await leases.hold(name, holder, LEASE_MS);
      // Reckoned from before the question: the lease ends no later than that.
      if (held) heldAt = Math.max(heldAt, at);
      // Another instance let it go while this one stops, or this one has: it is for a third one.
      if (held && over && (released || !hearing)) return await leases.release(name, holder);
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
      released = true;
      await leases.release(name, holder);
    },
  };
}

/** The time a program runs by. It is an argument everywhere, so that a whole run can be simulated. */
import { Cron } from 'croner';
import { setTimeout as pause } from 'node:timers/promises';

export interface Time {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Resolves after `ms`; settles early, either way, when `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls `run` at each time of a cron pattern with seconds (`* * * * * *` is every second), until `stop`. */
  readonly every: (pattern: string, run: () => void) => { stop(): void };
}

/** The machine's own time. */
export const systemTime: Time = {
  now: Date.now,
  sleep: async (ms, signal) => await pause(ms, undefined, signal ? { signal } : {}),
  every: (pattern, run) => new Cron(pattern, run),
};

/** The time a program runs by. It is an argument everywhere, so that a whole run can be simulated. */
import { Cron } from 'croner';

export interface Time {
  /** ms since the epoch, by the machine's clock, which may be set forward and back. */
  readonly now: () => number;
  /** ms since some moment, by a clock that nobody sets: for durations. */
  readonly monotonic: () => number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  readonly sleep: Sleep;
  /** A signal that aborts after `ms`. It keeps no process alive. */
  readonly timeout: (ms: number) => AbortSignal;
  /** Calls `run` at each time of a cron pattern with seconds (`* * * * * *` is every second), or every so many ms, until `stop`. */
  readonly every: (when: string | number, run: () => void) => { stop(): void };
}

export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The machine's own time. */
export const systemTime: Time = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      if (signal?.aborted) end();
      signal?.addEventListener('abort', end, { once: true });
    }),
  timeout: (ms) => AbortSignal.timeout(ms),
  every(when, run) {
    if (typeof when === 'string') return new Cron(when, run);
    const timer = setInterval(run, when);
    return { stop: () => clearInterval(timer) };
  },
};

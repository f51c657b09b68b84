/** The time of one program in a simulated world: its own clock, and waits that the world's clock ends. */
import type { Time } from '../../../services/time/time.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** `gapMs`: the shortest time between two runs of a job, ms. */
export function simulatedTime(scheduler: Scheduler, process: Process, gapMs: () => number): Time {
  const sleep: Time['sleep'] = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        takeBack();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const takeBack = scheduler.after(ms, end, process);
      signal?.addEventListener('abort', end, { once: true });
    });
  return {
    now: () => Math.floor(scheduler.now() + process.aheadMs),
    monotonic: () => scheduler.now(),
    sleep,
    timeout(ms) {
      const ended = new AbortController();
      scheduler.after(ms, () => ended.abort(new DOMException('timed out', 'TimeoutError')), process);
      return ended.signal;
    },
    every(when, run) {
      const period = typeof when === 'number' ? when : periodOf(when);
      let stopped = false;
      const next = (): void =>
        void scheduler.after(
          typeof when === 'number' ? period : Math.max(period, gapMs()),
          () => {
            if (stopped) return;
            next();
            run();
          },
          process,
        );
      next();
      return { stop: () => void (stopped = true) };
    },
  };
}

/** The period of a cron pattern with seconds, ms. Only what jobs are scheduled by. */
function periodOf(pattern: string): number {
  const [seconds = '', minutes = ''] = pattern.split(' ');
  const step = (field: string): number => (field === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? Number.NaN));
  const period = /^\d+$/.test(seconds) ? 60_000 * step(minutes) : 1000 * step(seconds);
  if (!Number.isFinite(period)) throw new Error(`not a schedule the simulation knows: ${pattern}`);
  return period;
}

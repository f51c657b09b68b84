/** Timers of packages that know no other than the machine's: Bottleneck goes through one for each job it queues. */
import type { Scheduler } from './scheduler.ts';

/** Puts the world's time in the machine's place until the returned function is called. A timer that waits is not let pass. */
export function takeTimers(scheduler: Scheduler): () => void {
  const before = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    now: Date.now,
  };
  const handle = (takeBack: () => void) => {
    const timer = { takeBack, ref: () => timer, unref: () => timer };
    return timer;
  };
  const setTimeout = (what: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    if (ms > 0) throw new Error(`a timer of ${ms} ms outside of the program's time`);
    return handle(scheduler.after(0, () => what(...args)));
  };
  Object.assign(globalThis, {
    setTimeout,
    clearTimeout: (timer?: { takeBack?: () => void }) => timer?.takeBack?.(),
    // Bottleneck looks for idle limiters by it; a world does not last so long.
    setInterval: () => handle(() => undefined),
  });
  Date.now = () => Math.floor(scheduler.now());
  return () => {
    const { now, ...timers } = before;
    Object.assign(globalThis, timers);
    Date.now = now;
  };
}

/** How long the turns of this thread's event loop are: by its own processor time, and by the clock. */
import { readFileSync } from 'node:fs';

export interface Turns {
  /** The most processor time that one turn took, ms. */
  readonly busiest: number;
  /** The longest between two turns, ms, less what the thread waited for a processor that others had. */
  readonly longest: number;
}

/** Watches until it is asked. Where the system does not say how long a thread waits (it is not Linux), the wait is in `longest`. */
export function watchTurns(): () => Turns {
  let before = { at: performance.now(), own: ownTime(), waited: waited() };
  let [busiest, longest] = [0, 0];
  const look = (): void => {
    const now = { at: performance.now(), own: ownTime(), waited: waited() };
    busiest = Math.max(busiest, now.own - before.own);
    // The timer itself is due after one.
    longest = Math.max(longest, now.at - before.at - (now.waited - before.waited) - 1);
    before = { ...now, at: performance.now(), own: ownTime() };
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    return { busiest, longest };
  };
}

function ownTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The main thread's time on the run queue, ms: the second figure of `schedstat`. */
function waited(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** The one clock of a simulated world: what happens next, and nothing before all is quiet. */

/** A program that runs in the world. What is due for a frozen one waits; what is due for a dead one never happens. */
export interface Process {
  readonly name: string;
  dead: boolean;
  /** True time until which it stands still, ms. */
  frozenUntil: number;
  /** How far its clock is ahead of the true time, ms. */
  aheadMs: number;
}

export interface Scheduler {
  /** The true time, ms. */
  now(): number;
  /** Runs `what` after so many ms, for a process or for the world. The function that is returned takes it back. */
  after(ms: number, what: () => void, process?: Process): () => void;
  /** Lets the world go on to this time. Rejects with what anything in it threw. */
  until(at: number): Promise<void>;
  /** How many things have happened. */
  steps(): number;
}

interface Entry {
  at: number;
  order: number;
  what: (() => void) | undefined;
  readonly process: Process | undefined;
}

// Captured at load: the world puts its own in their place.
const [endOfTurn, { nextTick }] = [setImmediate, process];
/** For what the machine has to do besides: output, garbage. */
const turn = (): Promise<void> => new Promise((resolve) => void endOfTurn(resolve));
/**
 * Everything in a world is done in microtasks, so it is quiet when all of them are done: the next tick comes after the last of them.
 * A turn of the event loop for each step would ask the system for events a thousand times, which took a tenth of a run.
 */
const quiet = (): Promise<void> => new Promise((resolve) => nextTick(resolve));

export function createScheduler(start: number): Scheduler {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;
  let steps = 0;

  const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (entry: Entry): void => {
    let n = heap.push(entry) - 1;
    while (n > 0) {
      const up = (n - 1) >> 1;
      if (!before(entry, heap[up]!)) break;
      heap[n] = heap[up]!;
      n = up;
    }
    heap[n] = entry;
  };
  const pop = (): Entry => {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let n = 0;
    for (;;) {
      let down = 2 * n + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down += 1;
      if (!before(heap[down]!, last)) break;
      heap[n] = heap[down]!;
      n = down;
    }
    heap[n] = last;
    return top;
  };

  return {
    now: () => now,
    steps: () => steps,
    after(ms, what, process) {
      const entry: Entry = { at: now + Math.max(0, ms), order: (order += 1), what, process };
      push(entry);
      return () => (entry.what = undefined);
    },
    async until(at) {
      await turn();
      while (heap.length > 0 && heap[0]!.at <= at) {
        const entry = pop();
        const { what, process } = entry;
        if (!what || process?.dead) continue;
        if (process && process.frozenUntil > entry.at) {
          entry.at = process.frozenUntil;
          entry.order = order += 1;
          push(entry);
          continue;
        }
        now = Math.max(now, entry.at);
        steps += 1;
        what();
        await quiet();
      }
      now = Math.max(now, at);
    },
  };
}

/**
 * When the jobs of the programs run: at each moment at which something is due in the database, and every six hours; those that run
 * every minute or less often, every six hours alone. The idle time in between is jumped over: a run every second would take a hundred
 * thousand times as many steps.
 */
import type { Time } from '../../../services/time/time.ts';
import type { Process, Scheduler } from '../world/scheduler.ts';
import type { SharedDatabase } from '../world/shared-database.ts';

export interface Pulse {
  /** `Time.every` of a program; what goes by ms alone is left to its own time. */
  every(process: Process, otherwise: Time['every']): Time['every'];
  /** Looks again when something is due: after anything that may have changed that. */
  look(): void;
  /** All jobs run at once, as they do within a minute of the clocks being set. */
  wake(): void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const IDLE = 6 * 60 * MINUTE;
/** A pattern of every so many seconds; all others are of minutes. */
const SECONDS = /^\*/;

const DUE = `select min(at) as at from (
  select min(next_at) as at from owner_group
  union all select min(check_at) from verification where check_at is not null
  union all select min(due_at) from outbox where state in ('due', 'uncertain', 'sending'))`;

/** `now`: the time by the programs' clocks, ms. */
export function createPulse(scheduler: Scheduler, shared: Pick<SharedDatabase, 'rows'>, now: () => number): Pulse {
  const jobs = new Map<Process, Set<() => void>>();
  let wakes = 0;
  let takeBack = (): void => undefined;

  const wait = (): number => {
    const due = shared.rows<{ at: number | null }>(DUE)[0]!.at ?? Infinity;
    const ms = due - now();
    // What is long overdue waits for something that is not written there.
    if (ms <= 0) return ms > -MINUTE ? SECOND : 2 * MINUTE;
    return Math.min(IDLE, Math.max(SECOND, ms));
  };
  const look = (): void => {
    takeBack();
    takeBack = scheduler.after(wait(), beat);
  };
  const beat = (): void => {
    takeBack();
    for (const [process, runs] of jobs) {
      if (process.dead) jobs.delete(process);
      else for (const run of runs) run();
    }
    takeBack = scheduler.after(SECOND, look);
  };

  return {
    every: (process, otherwise) => (when, run) => {
      if (typeof when === 'number') return otherwise(when, run);
      const mine = jobs.get(process) ?? new Set();
      let next = scheduler.now();
      let woken = wakes;
      const turn = (): void => {
        if (scheduler.now() < next && woken === wakes) return;
        woken = wakes;
        next = scheduler.now() + (SECONDS.test(when) ? 0 : IDLE);
        run();
      };
      jobs.set(process, mine.add(turn));
      return { stop: () => void mine.delete(turn) };
    },
    look,
    wake() {
      wakes += 1;
      beat();
    },
  };
}

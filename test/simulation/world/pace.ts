/**
 * How often the jobs of a simulated program run. A run costs what its jobs ask of the database, so they run often only while there is
 * something for them to do.
 */
import type { Scheduler } from './scheduler.ts';
import type { SharedDatabase } from './shared-database.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** Three quarters of an hour are the longest wait of a queue, and more than a lease. */
const EVENING = 45 * MINUTE;
/** While the programs clear up. */
const DUSK = 2 * MINUTE;
const MORNING = 100 * SECOND;
const MORNINGS = 6;

/** Rows that some job has to do with. */
const UNDER_WAY = `select exists (select 1 from inbox where state in ('waiting', 'doing'))
  or exists (select 1 from outbox where state in ('due', 'sending', 'uncertain'))
  or exists (select 1 from verification where state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')) as busy`;

export interface Pace {
  /** The shortest time between two runs of a job from now on, ms. */
  gapMs(): number;
  /**
   * Lets the world come to rest after the last trouble: an evening, then a night without a run, as the next day's summary tells what
   * changed of the one before.
   */
  calm(): Promise<void>;
}

/** `busyMs`: the shortest time between two runs of a job while there is something to do. */
export function createPace(scheduler: Scheduler, shared: Pick<SharedDatabase, 'rows' | 'changes'>, busyMs = 2 * SECOND): Pace {
  let seen = { changes: -1, busy: false };
  const busy = (): boolean => {
    const changes = shared.changes();
    if (seen.changes !== changes) seen = { changes, busy: shared.rows<{ busy: number }>(UNDER_WAY)[0]!.busy === 1 };
    return seen.busy;
  };
  let gap = (): number => (busy() ? busyMs : 5 * SECOND);
  return {
    gapMs: () => gap(),
    async calm() {
      const evening = scheduler.now() + DUSK;
      const night = evening + EVENING;
      const morning = night + DAY;
      gap = () => 10 * SECOND;
      await scheduler.until(evening);
      gap = () => (busy() ? 90 * SECOND : 15 * MINUTE);
      await scheduler.until(night);
      gap = () => Math.max(40 * SECOND, Math.min(busy() ? DAY / 4 : DAY, morning - scheduler.now()));
      await scheduler.until(morning);
      // A mishap that waited for a message may have struck the last one.
      for (let more = 1; more === 1 || (busy() && more <= MORNINGS); more += 1) await scheduler.until(morning + more * MORNING);
    },
  };
}

/** The tick: asks every job, again and again, whether something is due. What is due stands in the database, never in a timer. */
import { Cron } from 'croner';
import type { Log } from '../../services/log.ts';

export interface Job {
  readonly name: string;
  /** A cron pattern with seconds: `* * * * * *` is every second. */
  readonly when: string;
  readonly run: () => Promise<unknown>;
  /** A run may begin while others are under way. */
  readonly overlaps?: true;
}

export interface Clock {
  start(): void;
  /** No further run begins; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** A job does not overlap with itself unless it says so; one that fails is logged and asked again at its next time. */
export function createClock({ jobs, log }: { jobs: readonly Job[]; log: Log }): Clock {
  const running = new Set<Promise<unknown>>();
  let ticks: Cron[] = [];
  const run = async ({ name, run: work }: Job): Promise<void> => {
    const done = work().catch((error: unknown) => log.error('job failed', { job: name, error }));
    running.add(done);
    await done;
    running.delete(done);
  };
  return {
    start() {
      ticks = jobs.map((job) => new Cron(job.when, { protect: !job.overlaps }, () => run(job)));
    },
    async stop() {
      for (const tick of ticks) tick.stop();
      await Promise.all(running);
    },
  };
}

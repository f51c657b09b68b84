/** Runs the jobs on a schedule. Each looks up in the database what is due, so that a restart or another instance loses nothing. */
import type { Log } from '../../services/log.ts';
import type { Time } from '../../services/time/time.ts';

export interface Job {
  readonly name: string;
  /** A cron pattern with seconds: `* * * * * *` is every second. */
  readonly when: string;
  /** Does everything that is due; may be run at any time. */
  readonly run: () => Promise<unknown>;
  /** A scheduled run begins also while another is under way. */
  readonly overlaps?: true;
}

export interface Clock {
  /** Runs the jobs on schedule from now on. */
  start(): void;
  /** Runs each job once, in the order of the table, whatever the time; only one job where it is named. */
  tick(name?: string): Promise<void>;
  /** Begins no further run; resolves when the runs under way have ended. */
  stop(): Promise<void>;
}

/** A job whose last run is under way skips its turn, unless it `overlaps`; a failed run is logged and the job runs again. */
export function createClock({ jobs, every, log }: { jobs: readonly Job[]; every: Time['every']; log: Log }): Clock {
  const running = new Map<Promise<unknown>, Job>();
  let schedules: readonly { stop(): void }[] = [];

  const run = async (job: Job): Promise<void> => {
    const done = job.run().catch((error: unknown) => log.error('job failed', { job: job.name, error }));
    running.set(done, job);
    await done;
    running.delete(done);
  };

  return {
    start() {
      schedules = jobs.map((job) =>
        every(job.when, () => {
          if (job.overlaps || ![...running.values()].includes(job)) void run(job);
        }),
      );
    },
    async tick(name) {
      for (const job of jobs) if (name === undefined || job.name === name) await run(job);
    },
    async stop() {
      for (const schedule of schedules) schedule.stop();
      await Promise.all(running.keys());
    },
  };
}

/** The order in which a program starts and stops. */
import type { Log } from '../../services/log.ts';
import type { Readiness } from '../channel/readiness.ts';
import type { Clock } from '../delivery/clock.ts';
import type { Inbox } from '../delivery/inbox.ts';
import type { Time } from '../../services/time/time.ts';
import type { Http } from '../http/server.ts';
import type { Hearing } from './hearing.ts';
import { StartRefused } from './storage.ts';

export interface Lifecycle {
  /**
   * Takes up the work of a process that died, listens, runs the jobs on schedule and starts the channels. `listening` is told
   * the port as soon as there is one. Resolves once all channels hear; rejects with `StartRefused` where the operator can mend
   * what stands in the way.
   */
  start(listening?: (port: number) => void): Promise<void>;
  /**
   * Stops hearing, finishes the work under way, ends the jobs, then lets other instances hear. `late` aborts the wait for
   * work that takes too long; it goes on at the next start.
   */
  stop(late?: AbortSignal): Promise<void>;
}

/** A start is called ready after this time even where a channel still waits for its network, ms. */
const OPENING_MS = 5_000;

export function createLifecycle(parts: {
  recover: () => Promise<void>;
  http: Http | undefined;
  inbox: Inbox;
  clock: Clock;
  hearing: Hearing;
  readiness: Readiness;
  /** Aborted when stopping begins. */
  stopping: AbortController;
  /** Aborted when stopping takes too long. */
  abandoned: AbortController;
  sleep: Time['sleep'];
  log: Log;
  version: string;
}): Lifecycle {
  const { recover, http, inbox, clock, hearing, readiness, stopping, abandoned, sleep, log, version } = parts;
  return {
    async start(listening) {
      await recover();
      const port = await http?.start().catch(refused);
      await inbox.resume();
      if (stopping.signal.aborted) return;
      clock.start();
      if (port !== undefined) listening?.(port);
      const settled = new AbortController();
      const opened = hearing
        .start()
        .catch(refused)
        .finally(() => settled.abort());
      await Promise.race([opened, sleep(OPENING_MS, settled.signal).catch(() => undefined)]);
      log.info('ready', { port, channels: readiness.names().join(' '), version });
      // A channel whose network is down keeps starting in the background.
      await opened;
    },

    async stop(late) {
      log.info('stopping');
      stopping.abort();
      const finished = (async () => {
        const jobs = clock.stop();
        await hearing.stop();
        await Promise.all([http?.stop(), jobs, inbox.stop()]);
        // The last answers and requests may have begun a run of a job.
        await clock.stop();
      })();
      await Promise.race([finished, aborted(late).then(() => abandoned.abort())]);
      await hearing.release();
    },
  };
}

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });

function refused(cause: unknown): never {
  throw new StartRefused(cause instanceof Error ? cause.message : String(cause), { cause });
}

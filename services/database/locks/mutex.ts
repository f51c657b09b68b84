/** A mutex among all instances, by lease: for values that are read, changed and written back as a whole. */
import type { Leases } from './leases.ts';

/** Runs a step while no other instance runs one of this name. Within an instance the caller queues its steps itself. */
export type Mutex = <T>(name: string, step: () => Promise<T>) => Promise<T>;

/** The lease, ms. A step takes milliseconds; after a crash others wait this long at most. */
const TURN_MS = 5000;
/** The polling interval while another instance has the lease, ms. */
const LOOK_MS = 10;

export function createMutex({
  leases,
  holder,
  wait,
}: {
  leases: Pick<Leases, 'hold' | 'release'>;
  /** This instance. */
  holder: string;
  wait: (ms: number) => Promise<unknown>;
}): Mutex {
  return async (name, step) => {
    while (!(await leases.hold(name, holder, TURN_MS))) await wait(LOOK_MS);
    try {
      return await step();
    } finally {
      await leases.release(name, holder);
    }
  };
}

/** For a single instance. */
export const noMutex: Mutex = (_, step) => step();

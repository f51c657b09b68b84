/** One after the other among all instances: what is read, changed and written back as a whole is not overtaken by another. */
import type { Leases } from './leases.ts';

/** Runs a step while nobody else runs one of this name. Within an instance the caller keeps order by itself. */
export type Mutex = <T>(name: string, step: () => Promise<T>) => Promise<T>;

/** A step takes milliseconds; one whose process died is waited for no longer than this. */
const TURN_MS = 5000;
/** Between two looks whether the other's step has ended. */
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

/** Where there is one instance only. */
export const noMutex: Mutex = (_, step) => step();

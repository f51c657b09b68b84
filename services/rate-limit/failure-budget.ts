/** Admits attempts whose outcome is not known yet: as many at once as may fail before a pause, and no more. */
import { isPaused, type Attempt, type Attempts, type AttemptLimit, type Paused } from '../database/attempts.ts';

/** An admitted attempt holds a place among those under way until it ends. */
export interface Admitted {
  /** Failures before it. */
  readonly failures: number;
  /** Counts it as a failure, and ends it. Returns the failure where the limit is reached by it. */
  fail(): Promise<Attempt | undefined>;
  /** Ends it. May be called again. */
  end(): void;
}

/** Waits where the outcome of those under way decides whether there is a pause. */
export type FailureBudget = (key: string, limit: AttemptLimit) => Promise<Admitted | Paused>;

interface UnderWay {
  /** Those that were admitted and have not ended. */
  count: number;
  /** Those that read how many failures there are. */
  reading: number;
  /** Failures that have been counted since there was one of either. */
  failed: number;
  /** Those that wait for one to end. */
  readonly waiting: (() => void)[];
}

/** A budget in memory over counts in the database: several instances may admit their share each before the pause begins. */
export function createFailureBudget(attempts: Pick<Attempts, 'begin' | 'standing'>): FailureBudget {
  const all = new Map<string, UnderWay>();

  const underWay = (key: string): UnderWay => {
    const known = all.get(key);
    if (known) return known;
    const made: UnderWay = { count: 0, reading: 0, failed: 0, waiting: [] };
    all.set(key, made);
    return made;
  };
  const forget = (key: string, { count, reading }: UnderWay): void => {
    if (count + reading === 0) all.delete(key);
  };
  const leave = (key: string, mine: UnderWay): void => {
    mine.count -= 1;
    forget(key, mine);
    for (const goOn of mine.waiting.splice(0)) goOn();
  };

  return async (key, limit) => {
    for (;;) {
      const mine = underWay(key);
      const before = mine.failed;
      mine.reading += 1;
      const standing = await attempts.standing(key, limit).catch((error: unknown) => {
        mine.reading -= 1;
        forget(key, mine);
        throw error;
      });
      mine.reading -= 1;
      if (isPaused(standing)) {
        forget(key, mine);
        return standing;
      }
      // This reading may lack a failure that was counted meanwhile.
      if (before !== mine.failed) continue;
      const { failures } = standing;
      if (mine.count > 0 && failures + mine.count >= limit.failures) {
        await new Promise<void>((resolve) => mine.waiting.push(resolve));
        continue;
      }
      mine.count += 1;
      let over = false;
      const end = (): void => {
        if (!over) leave(key, mine);
        over = true;
      };
      return {
        failures,
        async fail() {
          try {
            const counted = await attempts.begin(key, limit);
            mine.failed += 1;
            return !isPaused(counted) && counted.failures >= limit.failures ? counted : undefined;
          } finally {
            end();
          }
        },
        end,
      };
    }
  };
}

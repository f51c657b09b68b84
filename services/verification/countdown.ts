/** The countdown of the undo window on a card: updates at a few steps, not every minute. */
import { UNPROMISED } from '../platforms/platform.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { ownClock, type ClaimClock } from '../database/queues/claim.ts';
import { LONGEST_STEP_MS, stepIsDue, takeStep } from './repository/repository.ts';
import { readEach } from './repository/row-mapping.ts';
import type { Verification } from './verification.ts';

const MINUTE = 60_000;
/** Minutes left at which the card is updated; at 0 the button is removed. */
const STEPS = [30, 10, 5, 2, 1, 0] as const;

/** The time of the next update, ms; nothing where there is none. */
export function nextStep(undoUntil: number, now: number): number | undefined {
  if (undoUntil === UNPROMISED) return undefined;
  return STEPS.map((minutes) => undoUntil - minutes * MINUTE).find((at) => at > now);
}

/** The first update of a card that was just shown: skips a step within seconds, which would say the same. */
export const firstStep = (undoUntil: number, now: number): number | undefined => nextStep(undoUntil, now + MINUTE / 2);

export interface Steps {
  /** Verifications whose card is due for an update. */
  due(): Promise<readonly Verification[]>;
  /** Takes the step in one transaction with the writes of `tell`; one instance of several succeeds. */
  take(verification: Verification, tell: (tx: Tx) => Promise<void>): Promise<void>;
  /** Skips a step that cannot be shown. */
  skip(verification: Verification): Promise<void>;
}

/** Steps of one run; the rest is due at the next. */
const AT_ONCE = 100;

/** Unreadable rows go to `onDefect`; their countdown ends. */
export function createSteps({
  db,
  now,
  clock = ownClock,
  onDefect,
}: {
  db: Db;
  now: () => number;
  clock?: ClaimClock;
  onDefect: (error: unknown) => void;
}): Steps {
  const advance = (on: Db | Tx, id: string, undoUntil: number | undefined): Promise<boolean> => {
    const at = now();
    const next = undoUntil === undefined ? undefined : nextStep(undoUntil, at);
    return takeStep(on, id, clock(at), next === undefined ? undefined : Math.min(next, at + LONGEST_STEP_MS));
  };
  const waiting = prepared(db, ({ at }: { at: number }) =>
    db
      .selectFrom('verification')
      .selectAll()
      .where('step_at', 'is not', null)
      .where(stepIsDue(clock(at)))
      .limit(sql.lit(AT_ONCE)),
  );
  return {
    async due() {
      const { rows } = await waiting({ at: now() });
      const { readable, unreadable } = readEach(rows);
      for (const { id, error } of unreadable) {
        onDefect(error);
        await advance(db, id, undefined);
      }
      return readable;
    },
    take: ({ id, undoUntil }, tell) =>
      db.transaction().execute(async (tx) => {
        if (await advance(tx, id, undoUntil)) await tell(tx);
      }),
    async skip({ id, undoUntil }) {
      await advance(db, id, undoUntil);
    },
  };
}

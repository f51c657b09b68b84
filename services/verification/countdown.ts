/** How the time of undo counts down on a card: a few steps that matter, not every minute. */
import { UNPROMISED } from '../platforms/platform.ts';
import type { Db, Tx } from '../database/database.ts';
import { takeStep } from './repository.ts';
import { readEach } from './row-mapping.ts';
import type { Verification } from './verification.ts';

const MINUTE = 60_000;
/** Minutes left at which the card is shown anew; at none the button goes. */
const STEPS = [30, 10, 5, 2, 1, 0] as const;

/** When the card is to be shown anew, ms; nothing where it never is. */
export function nextStep(undoUntil: number, now: number): number | undefined {
  if (undoUntil === UNPROMISED) return undefined;
  return STEPS.map((minutes) => undoUntil - minutes * MINUTE).find((at) => at > now);
}

/** The same of a card that was just shown: a step that is due within seconds would say the same again. */
export const firstStep = (undoUntil: number, now: number): number | undefined => nextStep(undoUntil, now + MINUTE / 2);

export interface Steps {
  /** Verifications whose card is to be shown anew now. */
  due(): Promise<readonly Verification[]>;
  /** Takes the step, in one transaction with what `tell` writes; of several instances one does. */
  take(verification: Verification, tell: (tx: Tx) => Promise<void>): Promise<void>;
  /** Leaves out a step that cannot be shown: the card shows the next one. */
  skip(verification: Verification): Promise<void>;
}

/** Steps taken in one go; what is left is due again at the next. */
const AT_ONCE = 100;

/** `onDefect` hears of rows that cannot be read; their cards count down no more. */
export function createSteps({ db, now, onDefect }: { db: Db; now: () => number; onDefect: (error: unknown) => void }): Steps {
  const advance = (on: Db | Tx, id: string, undoUntil: number | undefined): Promise<boolean> => {
    const at = now();
    return takeStep(on, id, at, undoUntil === undefined ? undefined : nextStep(undoUntil, at));
  };
  return {
    async due() {
      const rows = await db.selectFrom('verification').selectAll().where('step_at', '<=', now()).limit(AT_ONCE).execute();
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

/**
 * Doubts a 已核销 that may be about our own use. A gateway that repeats a request by itself answers so after its first try took
 * effect, and so does the next call after one that came late; then the platform is asked before anybody is told.
 */
import { isOutside, OURS_MS } from '../platforms/judge-lost-call.ts';
import type { Receipt, Refusal } from '../platforms/platform.ts';
import type { Db } from '../database/database.ts';
import type { Ended } from './outcome.ts';
import { othersOfCode } from './repository/same-code.ts';
import { usedUp, type Verification } from './verification.ts';

export interface DoubtUsedParts {
  readonly db: Db;
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
}

/** Passes an ended call on, or turns its 已核销 into `lost`. Does not throw. */
export type DoubtUsed = (verification: Verification, ended: Ended<Receipt>) => Promise<Ended<Receipt>>;

export function createDoubtUsed({ db, now, onDefect }: DoubtUsedParts): DoubtUsed {
  /** Whether it is certain that somebody else used it; throws where the ledger cannot be read. */
  const isCertain = async (verification: Verification, used: Refusal): Promise<boolean> => {
    const { openedAt, submittedAt = openedAt } = verification;
    if (isOutside(used.used?.at, { seenUnusedAt: openedAt }, now())) return true;
    const before = await othersOfCode(db, verification);
    // Our own books know whose use it was.
    if (before.some(usedUp)) return true;
    const late = before.some(({ state, refusal }) => state === 'refused' && refusal?.reason === 'lost');
    return submittedAt - openedAt >= OURS_MS && !late;
  };

  return async (verification, ended) => {
    if (ended.kind !== 'refused' || ended.reason !== 'used') return ended;
    const certain = await isCertain(verification, ended).catch((error: unknown) => {
      onDefect(error);
      return false;
    });
    if (certain) return ended;
    return { kind: 'lost', answeredUsed: true, ...(ended.words === undefined ? {} : { words: ended.words }) };
  };
}

/**
 * Doubts a 已核销 that may be about our own use. A gateway that repeats a request by itself answers so after its first try took
 * effect, and so does the next call after one that came late. No clock of ours tells the two apart: the platform is asked before
 * anybody is told, unless it is certain that others used the coupon.
 */
import type { Db } from '../database/database.ts';
import { isOutside } from '../platforms/judge-lost-call.ts';
import { PlatformFault, type Receipt, type Refusal } from '../platforms/platform.ts';
import type { Fence } from './fence.ts';
import type { Ended } from './outcome.ts';
import type { AskUse } from './recheck.ts';
import { othersOfCode } from './repository/same-code.ts';
import { usedUp, type Verification } from './verification.ts';

export interface DoubtUsedParts {
  readonly db: Db;
  readonly askUse: AskUse;
  readonly fence: Fence;
  /** Whether the verification's platform lists uses; one that does not tells no more at once than it has. */
  readonly lists: (verification: Verification) => Promise<boolean>;
  readonly now: () => number;
  readonly onDefect: (error: unknown) => void;
}

/** Passes an ended call on, or turns its 已核销 into what the platform says now; `lost` where that tells nothing yet. Does not throw. */
export type DoubtUsed = (verification: Verification, ended: Ended<Receipt>) => Promise<Ended<Receipt>>;

export function createDoubtUsed({ db, askUse, fence, lists, now, onDefect }: DoubtUsedParts): DoubtUsed {
  /** Whether it is certain that somebody else used it: by the time of the use, or by our own books. */
  const isCertain = async (verification: Verification, used: Refusal): Promise<boolean> =>
    isOutside(used.used?.at, { seenUnusedAt: verification.openedAt }, now()) ||
    (await othersOfCode(db, verification)).some(usedUp);

  /** Somebody waits, so the question goes before others. */
  const look = async (verification: Verification, used: Refusal): Promise<Ended<Receipt> | undefined> => {
    if (await isCertain(verification, used)) return used;
    if (!(await lists(verification))) return undefined;
    const { result } = await askUse({ ...verification, refusal: used }, { ...fence(verification), priority: 'verify' });
    if (result.kind === 'verified') return result;
    return result.kind === 'not-done' && result.refusal ? used : undefined;
  };

  return async (verification, ended) => {
    if (ended.kind !== 'refused' || ended.reason !== 'used') return ended;
    const known = await look(verification, ended).catch((error: unknown) => {
      if (!(error instanceof PlatformFault)) onDefect(error);
      return undefined;
    });
    return known ?? { kind: 'lost', answeredUsed: true, ...(ended.words === undefined ? {} : { words: ended.words }) };
  };
}

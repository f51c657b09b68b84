/** Weighs a call's own answer against what others have concluded meanwhile; pure. The answer outranks what was concluded. */
import type { Receipt } from '../platforms/platform.ts';
import type { Ended } from './outcome.ts';
import type { Verification } from './verification.ts';

/**
 * What a late answer does. `nothing`: it agrees, or it is no answer. `contradiction`: the books say otherwise for good, and the
 * answer cannot put them right, so somebody has to look.
 */
export type Effect = 'write' | 'nothing' | 'contradiction';

/** `claimed` is the verification as it was submitted, `row` as it stands now. */
export function effectOfVerify(row: Verification, claimed: Verification, ended: Ended<Receipt>): Effect {
  if (ended.kind === 'lost') return 'nothing';
  const yes = ended.kind === 'verified';
  switch (row.state) {
    case 'submitting':
    case 'unsure':
    case 'person':
      return 'write';
    case 'refused':
      if (!yes) return 'nothing';
      // Whoever refused it had claimed it since; there is no other answer to this call than this one.
      return row.epoch === claimed.epoch ? 'contradiction' : 'write';
    case 'open':
    case 'dropped':
      return 'contradiction';
    case 'verified':
      return yes ? effectOfReceipt(row, claimed, ended) : 'contradiction';
    case 'undoing':
    case 'undo-unsure':
    case 'undone':
      return yes ? 'nothing' : 'contradiction';
  }
}

/**
 * Others found out or decided that it was verified, without what only a receipt has: the handle for an undo, the money. The items
 * of several stand in rows of their own, which others may have undone since; there only a wrong number of uses matters.
 */
function effectOfReceipt(row: Verification, claimed: Verification, { items }: Receipt): Effect {
  if (row.certainty === undefined || row.certainty === 'answered') return 'nothing';
  if (row.items === 1 && items.length === 1) return 'write';
  const uses = items.reduce((sum, { count, refusal }) => (refusal ? sum : sum + count), 0);
  return uses === claimed.count ? 'nothing' : 'contradiction';
}

/** Likewise of an undo. Meanwhile another undo may have begun: a yes holds for it too, a no does not. */
export function effectOfUndo(row: Verification, claimed: Verification, ended: 'undone' | 'refused' | 'lost'): Effect {
  if (ended === 'lost') return 'nothing';
  const same = row.undoRequestId === claimed.undoRequestId;
  switch (row.state) {
    case 'undoing':
    case 'undo-unsure':
      return ended === 'undone' || same ? 'write' : 'nothing';
    case 'verified':
      return ended === 'undone' ? 'write' : 'nothing';
    case 'undone':
      return ended === 'undone' || !same ? 'nothing' : 'contradiction';
    case 'open':
    case 'dropped':
    case 'submitting':
    case 'unsure':
    case 'person':
    case 'refused':
      return 'contradiction';
  }
}

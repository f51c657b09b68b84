/** Weighs a call's own answer against what others have concluded meanwhile; pure. The answer outranks what was concluded. */
import type { Verification } from './verification.ts';

/**
 * What a late answer does. `nothing`: it agrees, or it is no answer. `contradiction`: the books say otherwise for good, and the
 * answer cannot put them right, so somebody has to look.
 */
export type Effect = 'write' | 'nothing' | 'contradiction';

/** `claimed` is the verification as it was submitted, `row` as it stands now. */
export function effectOfVerify(row: Verification, claimed: Verification, ended: 'verified' | 'refused' | 'lost'): Effect {
  if (ended === 'lost') return 'nothing';
  const yes = ended === 'verified';
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
    case 'undoing':
    case 'undo-unsure':
    case 'undone':
      return yes ? 'nothing' : 'contradiction';
  }
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

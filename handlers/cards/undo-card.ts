/** Words the undo on cards: the button with the time left. */
import type { Words } from '../../locales/index.ts';
import { UNPROMISED } from '../../services/platforms/platform.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button } from '../message.ts';

/** Tells whether the platform would still undo it, as far as we know. Its own 已超过撤销时限 counts more than the time it promised. */
export const undoable = (v: Verification, now: number): boolean =>
  v.state === 'verified' && v.undoUntil !== undefined && v.undoUntil > now && v.undoRefusal?.reason !== 'undo-late';

const minutesLeft = (v: Verification, now: number): number => Math.max(1, Math.ceil(((v.undoUntil ?? now) - now) / 60_000));

/** Makes the one undo button of a card. */
export function undoButtons(v: Verification, words: Words, now: number): Button[][] {
  if (!undoable(v, now)) return [];
  const label =
    v.undoUntil === UNPROMISED ? words.say('button-undo-try') : words.say('button-undo', { minutes: minutesLeft(v, now) });
  return [[{ verb: 'undo', id: v.id, label, style: 'danger' }]];
}

/** Points to the platform's own console where it has no undo for us. */
export const undoNote = (v: Verification, words: Words): string | undefined =>
  v.undoUntil === undefined ? words.say('note-undo-elsewhere') : undefined;

/** Words how long the undo is still possible. */
export const undoNoteOf = (v: Verification, words: Words, now: number): string =>
  v.undoUntil === UNPROMISED ? words.say('undo-unpromised') : words.say('undo-time-left', { minutes: minutesLeft(v, now) });

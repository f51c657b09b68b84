/** Makes the two buttons for a decision that the platform cannot make: was it this verification, or was it undone. */
import type { Words } from '../../locales/index.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button } from '../message.ts';

export function decideButtons(v: Verification, words: Words): Button[] {
  const undo = v.state === 'undo-unsure';
  return [
    { verb: 'was-us', id: v.id, label: words.say(undo ? 'button-undone-yes' : 'button-was-us') },
    { verb: 'not-us', id: v.id, label: words.say(undo ? 'button-undone-no' : 'button-not-us') },
  ];
}

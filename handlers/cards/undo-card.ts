/** Words the undo on cards: the button with the time left, and the question before it. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { UNPROMISED } from '../../services/platforms/platform.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { groupedCode } from './code-text.ts';
import type { Button, Card, Field } from '../message.ts';

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

/** Words the question before an undo: about one verification, or which of several. `fields` tell what was verified. */
export function undoQuestionCard(
  batch: readonly Verification[],
  fields: readonly Field[],
  store: Store,
  words: Words,
  now: number,
): Card {
  const open = batch.filter((v) => undoable(v, now));
  const [first] = open.length > 0 ? open : batch;
  if (!first) throw new Error('a question about nothing');
  const no: Button = { verb: 'undo-no', id: first.id, label: words.say('button-undo-no') };
  const note = undoNoteOf(first, words, now);
  const one = open.length <= 1;
  return {
    title: words.say('title-undo-question'),
    fields,
    note,
    tone: 'open',
    buttons: one
      ? [[{ verb: 'undo-yes', id: first.id, label: words.say('button-undo-yes'), style: 'danger' }, no]]
      : [
          ...open.map((v): Button[] => [
            {
              verb: 'undo-yes',
              id: v.id,
              label: words.say('button-undo-item', { code: groupedCode(v.coupon.code, store) }),
              style: 'danger',
            },
          ]),
          [{ verb: 'undo-all', id: first.id, label: words.say('button-undo-all', { count: open.length }), style: 'danger' }, no],
        ],
  };
}

/** Words the question before an undo. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button, Card } from '../message.ts';
import { groupedCode } from './code-text.ts';
import { markedCard } from './practice-mark.ts';
import { severalFields } from './several-card.ts';
import { undoable, undoNoteOf } from './undo-card.ts';
import { settledFields } from './verification-card.ts';

/** Lists what the question is about: on the pressed card, everything that its press brought. */
export const batchForUndo = async (v: Verification, { batchOf }: Pick<Desk, 'batchOf'>): Promise<readonly Verification[]> =>
  v.confirmation === undefined ? await batchOf(v) : [v];

/** Words the question about one verification, or which of those that one press brought: `batchForUndo`. */
export function undoQuestionCard(batch: readonly Verification[], store: Store, words: Words, now: number): Card {
  const fields = batch.length > 1 ? severalFields(batch, store, words) : settledFields(batch[0]!, store, words);
  const open = batch.filter((v) => undoable(v, now));
  const [first] = open.length > 0 ? open : batch;
  if (!first) throw new Error('a question about nothing');
  const no: Button = { verb: 'undo-no', id: first.id, label: words.say('button-undo-no') };
  const note = undoNoteOf(first, words, now);
  const one = open.length <= 1;
  const card: Card = {
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
  return markedCard(card, store, words);
}

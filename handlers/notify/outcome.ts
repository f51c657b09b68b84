/** Words the messages that tell a chat what became of a lost answer. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Outgoing } from '../message.ts';
import { verificationCard } from '../cards/verification-card.ts';

/** Words the outcome of a verification as it is after the change; `batch` is everything that its press brought. */
export type WordOutcome = (settled: Verification, batch: readonly Verification[]) => readonly Outgoing[];

/**
 * Prepares the messages of an unsure result, before the transaction that settles it. The pressed card is replaced, and a
 * message tells the result too, because an edited card makes no sound.
 */
export function createNotifyOutcome(parts: {
  wordsOf: (chat: string) => Promise<Words>;
  storeOf: (id: string) => Promise<Store>;
  now: () => number;
}): (verification: Verification) => Promise<WordOutcome> {
  return async (verification) => {
    // One that came by no chat has nobody to be told there.
    if (verification.chat === '') return () => [];
    const words = await parts.wordsOf(verification.chat);
    const store = await parts.storeOf(verification.storeId);
    return (settled, batch) => {
      const { id, chat, state } = settled;
      const card = verificationCard(batch, store, words, parts.now());
      // One key per operation: a refused undo leads back to a state that may have been told before.
      const key = `settled:${settled.undoRequestId ?? settled.requestId}:${state}`;
      if (!settled.card) return settled.checking ? [] : [{ key, chat, reply: { kind: 'card', card, tag: id } }];
      const replaced: Outgoing = { key: `${key}:card`, chat, reply: { kind: 'replace', card, on: settled.card } };
      // Not news yet: the platform is being asked.
      if (settled.checking) return [replaced];
      // A refused undo leaves 核销成功 as the card's title; the news is the note.
      const [result = '', why = ''] =
        state !== 'verified'
          ? [card.title, card.note]
          : settled.undoRefusal && card.note
            ? [card.note.replace(/[。.]$/, '')]
            : [card.title];
      const text = words.say('settled-line', { code: maskCode(settled.code), result, why }).trim();
      // Buttons for what is left to do go with the message; the undo of a good result stays on the card.
      const buttons = state === 'verified' ? [] : card.buttons;
      return [replaced, { key, chat, reply: { kind: 'say', text, buttons } }];
    };
  };
}

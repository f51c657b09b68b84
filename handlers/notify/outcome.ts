/** Tells people what became of a lost answer. Words for the outbox. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import type { Tx } from '../../services/database/database.ts';
import type { Notify } from '../../services/verification/recheck.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Outgoing } from '../message.ts';
import { verificationCard } from '../cards/verification-card.ts';

/** Writes one message that goes out; once per key. */
export type Put = (tx: Tx, key: string, outgoing: Outgoing) => Promise<void>;

/**
 * What became of an unsure result: the card it was pressed on is replaced, and a message tells it, because an edited card
 * makes no sound. Prepared before the transaction that settles it.
 */
export function createNotifyOutcome(parts: {
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  storeOf: (id: string) => Promise<Store>;
  batchOf: (verification: Verification, tx: Tx) => Promise<readonly Verification[]>;
  now: () => number;
}): (verification: Verification) => Promise<Notify> {
  return async (verification) => {
    const words = await parts.wordsOf(verification.chat);
    const store = await parts.storeOf(verification.storeId);
    return async (tx, settled) => {
      const { id, chat, state } = settled;
      const card = verificationCard(await parts.batchOf(settled, tx), store, words, parts.now());
      // Each operation ends once; an undo that failed leads back to a state that may have been told before.
      const key = `settled:${settled.undoRequestId ?? settled.requestId}:${state}`;
      if (!settled.card)
        return settled.checking ? undefined : await parts.put(tx, key, { chat, reply: { kind: 'card', card, tag: id } });
      await parts.put(tx, `${key}:card`, { chat, reply: { kind: 'replace', card, on: settled.card } });
      // Not news yet: the platform is being asked.
      if (settled.checking) return;
      // An undo that was refused leaves 核销成功 as the card's title; the news is the note.
      const [result = '', why = ''] =
        state !== 'verified'
          ? [card.title, card.note]
          : settled.refusal && card.note
            ? [card.note.replace(/[。.]$/, '')]
            : [card.title];
      const text = words.say('settled-line', { code: maskCode(settled.code), result, why }).trim();
      // Whoever has something to do does it where they are told; taking back what went well stays with the card.
      const buttons = state === 'verified' ? [] : card.buttons;
      await parts.put(tx, key, { chat, reply: { kind: 'say', text, buttons } });
    };
  };
}

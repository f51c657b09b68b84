/** Shows the time left for an undo on the card: a few updates, the last of them without the button. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Log } from '../../services/log.ts';
import type { Steps } from '../../services/verification/countdown.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { verificationCard } from '../cards/verification-card.ts';
import type { Outgoing } from '../message.ts';

/** Makes the job. A run takes every step that is due and returns how many. A card that cannot be shown delays no other. */
export function createCountDown(parts: {
  steps: Pick<Steps, 'due' | 'skip'>;
  /** Takes a step and enqueues its messages in one transaction; of several instances one does. */
  take: (verification: Verification, messages: (batch: readonly Verification[]) => readonly Outgoing[]) => Promise<void>;
  wordsOf: (chat: string) => Promise<Words>;
  storeOf: (id: string) => Promise<Store>;
  now: () => number;
  log: Log;
}): () => Promise<number> {
  const { steps, take, wordsOf, storeOf, now, log } = parts;

  const show = async (v: Verification): Promise<void> => {
    const words = await wordsOf(v.chat);
    const store = await storeOf(v.storeId);
    await take(v, (batch) => {
      if (v.state !== 'verified' || !v.card) return [];
      const card = verificationCard(batch, store, words, now());
      return [{ key: `step:${v.id}:${now()}`, chat: v.chat, reply: { kind: 'replace', card, on: v.card, silent: true } }];
    });
  };

  return async () => {
    const due = await steps.due();
    for (const v of due) {
      try {
        await show(v);
      } catch (error) {
        log.error('a card cannot be shown anew', { verification: v.id, error });
        await steps.skip(v);
      }
    }
    return due.length;
  };
}

/** The time of undo counts down on the card: at a few moments it is shown anew, and in the end without the button. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Log } from '../../services/log.ts';
import type { Tx } from '../../services/database/database.ts';
import type { Steps } from '../../services/verification/countdown.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { verificationCard } from '../cards/verification-card.ts';
import type { Put } from './outcome.ts';

/** Makes the job. A run takes every step that is due, and returns how many. A card that cannot be shown holds up no other. */
export function createCountDown(parts: {
  steps: Steps;
  put: Put;
  wordsOf: (chat: string) => Promise<Words>;
  storeOf: (id: string) => Promise<Store>;
  batchOf: (verification: Verification, tx: Tx) => Promise<readonly Verification[]>;
  now: () => number;
  log: Log;
}): () => Promise<number> {
  const { steps, put, wordsOf, storeOf, batchOf, now, log } = parts;

  const show = async (v: Verification): Promise<void> => {
    const words = await wordsOf(v.chat);
    const store = await storeOf(v.storeId);
    await steps.take(v, async (tx) => {
      if (v.state !== 'verified' || !v.card) return;
      const card = verificationCard(await batchOf(v, tx), store, words, now());
      await put(tx, `step:${v.id}:${now()}`, { chat: v.chat, reply: { kind: 'replace', card, on: v.card, silent: true } });
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

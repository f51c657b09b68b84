/** Shows the time left for an undo on the card: a few updates, the last of them without the button. */
import type { Log } from '../../services/log.ts';
import type { Steps } from '../../services/verification/countdown.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Outgoing } from '../message.ts';

/** Makes the job. A run takes every step that is due and returns how many. A card that cannot be shown delays no other. */
export function createCountDown(parts: {
  steps: Pick<Steps, 'due' | 'skip'>;
  /** Takes a step and enqueues its messages in one transaction; of several instances one does. */
  take: (verification: Verification, messages: readonly Outgoing[]) => Promise<void>;
  now: () => number;
  log: Log;
}): () => Promise<number> {
  const { steps, take, now, log } = parts;

  const show = async (v: Verification): Promise<void> => {
    const { id: verification, chat, card: on, state } = v;
    const shown = state === 'verified' && on !== undefined;
    const reply = { kind: 'verification', verification, as: 'card', ...(on && { on }), silent: true } as const;
    await take(v, shown ? [{ key: `step:${v.id}:${now()}`, chat, reply }] : []);
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

/** Answers every press exactly once, and within a second: a phone shows its button as busy until then. */
import type { Wait } from './calls.ts';

/** Left of the second for the way to Telegram: 200 ms. */
const ANSWER_AFTER_MS = 800;
/** Presses remembered as answered. Telegram itself forgets them after some minutes. */
const REMEMBERED = 10_000;

export interface Presses {
  /** A press came. Unless something answers it first, it is answered with nothing. Hearing it again changes nothing. */
  heard(press: string): void;
  /** Answers it, with `text` in a window of its own when given. False when it was answered before, or could not be. */
  answer(press: string, text?: string): Promise<boolean>;
}

/** `tell` makes the call; its failures are not passed on: an answer that comes too late matters to nobody. */
export function createPresses({ tell, wait }: { tell: (press: string, text?: string) => Promise<unknown>; wait: Wait }): Presses {
  const known = new Map<string, AbortController>();

  function remember(press: string): AbortController {
    const answered = new AbortController();
    known.set(press, answered);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return answered;
  }

  async function answer(press: string, text?: string): Promise<boolean> {
    // One that was never heard here was heard before a restart, or by another instance: nobody else may answer it.
    const answered = known.get(press) ?? remember(press);
    if (answered.signal.aborted) return false;
    answered.abort();
    return await tell(press, text).then(
      () => true,
      () => false,
    );
  }

  async function answerInTime(press: string, signal: AbortSignal): Promise<void> {
    await wait(ANSWER_AFTER_MS, signal).catch(() => undefined);
    await answer(press);
  }

  return {
    heard(press) {
      if (!known.has(press)) void answerInTime(press, remember(press).signal);
    },
    answer,
  };
}

/** Answers every callback query exactly once, within a second: a phone shows its button as busy until then. */
import { createLru } from '../../services/lru.ts';
import type { Wait } from './calls.ts';

/** Delay of the empty answer, ms; 200 ms of the second remain for the call. */
const ANSWER_AFTER_MS = 800;
/** Presses remembered as answered. Telegram expires them after some minutes. */
const REMEMBERED = 10_000;

export interface Presses {
  /** Registers a press. It gets an empty answer after the delay, unless `answer` comes first. Idempotent. */
  heard(press: string): void;
  /** Answers a press, with `text` as an alert. False when it was answered before, or the call failed. */
  answer(press: string, text?: string): Promise<boolean>;
}

/** `send` makes the call; its failures are swallowed, since an answer that is too late matters to nobody. */
export function createPresses({ send, wait }: { send: (press: string, text?: string) => Promise<unknown>; wait: Wait }): Presses {
  const known = createLru<AbortController>(REMEMBERED);

  function remember(press: string): AbortController {
    const answered = new AbortController();
    known.set(press, answered);
    return answered;
  }

  async function answer(press: string, text?: string): Promise<boolean> {
    // An unknown press was registered before a restart or by another instance; it may be unanswered still.
    const answered = known.get(press) ?? remember(press);
    if (answered.signal.aborted) return false;
    answered.abort();
    return await send(press, text).then(
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

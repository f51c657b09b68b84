/** Long polling with at-least-once delivery: the offset passes an update only when it is stored. */
import type { Update } from 'grammy/types';
import { backoff } from '../../services/backoff.ts';
import type { Log } from '../../services/log.ts';
import { TelegramFault, type Wait } from './calls.ts';

const LONGEST_PAUSE_MS = 30_000;
/** The least time between two questions that brought nothing, ms: a server may not hold a poll, and answer at once. */
const LEAST_BETWEEN_MS = 1000;

/** The pause after the nth failure in a row, ms: exponential, or longer where Telegram asks for more. */
export const pauseAfter = (failures: number, error: unknown): number =>
  Math.max(backoff(failures, { longestMs: LONGEST_PAUSE_MS }), error instanceof TelegramFault ? (error.retryAfterMs ?? 0) : 0);

/**
 * Polls until `signal` aborts. `ask` is a long poll for updates from `offset` on. It also confirms all updates before the
 * offset: Telegram does not send those again.
 */
export async function poll(options: {
  readonly ask: (offset: number) => Promise<Update[]>;
  readonly hear: (update: Update) => Promise<void>;
  readonly log: Log;
  /** The clock, ms since the epoch. */
  readonly now: () => number;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { ask, hear, log, now, wait, signal } = options;
  let offset = 0;

  async function atLeast(askedAt: number): Promise<void> {
    const left = Math.min(LEAST_BETWEEN_MS, askedAt + LEAST_BETWEEN_MS - now());
    if (left > 0) await wait(left, signal).catch(() => undefined);
  }

  for (let failures = 0; !signal.aborted;) {
    try {
      const askedAt = now();
      const updates = await ask(offset);
      if (updates.every(({ update_id: id }) => id < offset)) await atLeast(askedAt);
      // Normally sorted already; out of order, a later update would confirm an earlier one that is not stored yet.
      for (const update of updates.toSorted((a, b) => a.update_id - b.update_id)) {
        if (signal.aborted) return;
        await hear(update);
        offset = update.update_id + 1;
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const pause = pauseAfter(failures, error);
      log.warn(explain(error), { error, pauseMs: pause });
      await wait(pause, signal).catch(() => undefined);
    }
  }
}

function explain(error: unknown): string {
  if (!(error instanceof TelegramFault)) return 'an update could not be stored; Telegram will be asked for it again';
  if (error.code !== 409) return 'Telegram could not be asked for updates';
  return error.description.includes('webhook')
    ? 'Telegram sends what it hears to a webhook, which somebody set for this bot after this program had started'
    : 'another program asks Telegram for updates with the same bot token: stop one of the two';
}

/** Asks Telegram for what is new, and asks again for whatever could not be stored. */
import type { Update } from 'grammy/types';
import type { Log } from '../../services/log.ts';
import { TelegramFault, type Wait } from './calls.ts';

const SLOWEST_MS = 30_000;

/** How long to wait after the nth failure in a row, counted from 1: a second, doubling to half a minute. */
export const backoff = (failures: number): number => Math.min(SLOWEST_MS, 1000 * 2 ** (failures - 1));

/**
 * Runs until `signal` aborts. `ask` is a long poll for updates from `offset` on; asking confirms all before it, so the
 * offset passes an update only when `hear` has stored it.
 */
export async function poll(options: {
  readonly ask: (offset: number) => Promise<Update[]>;
  readonly hear: (update: Update) => Promise<void>;
  readonly log: Log;
  readonly wait: Wait;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { ask, hear, log, wait, signal } = options;
  let offset = 0;
  for (let failures = 0; !signal.aborted;) {
    try {
      const updates = await ask(offset);
      // Normally so already; an earlier one behind a later one would otherwise be confirmed unheard.
      for (const update of updates.toSorted((a, b) => a.update_id - b.update_id)) {
        if (signal.aborted) return;
        await hear(update);
        offset = update.update_id + 1;
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const pause = error instanceof TelegramFault ? Math.max(backoff(failures), error.retryAfterMs ?? 0) : backoff(failures);
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

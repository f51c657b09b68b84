/** Words the place in the queue before a rate-limited call, and tells when the queue is too long to begin. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Priority } from '../../services/rate-limit/rate-limited.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Card } from '../message.ts';

/** The longest wait without a notice. */
const PATIENCE_MS = 1000;
/** The longest wait at all; a longer queue is refused before anything begins. */
export const TOO_LONG_MS = 20_000;

export interface QueueNotice {
  readonly tooLong: boolean;
  /** The sentence with the place in the queue; undefined where the wait is short. */
  readonly told: string | undefined;
}

/** Estimates the wait of a call that would join the queue now; `through` is the id of a store account. */
export async function queueNoticeFor(
  desk: Desk,
  store: Store,
  priority: Priority,
  words: Words,
  through?: string,
): Promise<QueueNotice> {
  const { place, ms } = await desk.waiting(store, priority, through);
  return { tooLong: ms > TOO_LONG_MS, told: ms > PATIENCE_MS ? words.say('in-line', { place }) : undefined };
}

/** Puts the place in the queue on a card that says 处理中. */
export const queueNotice = (card: Card, { told }: QueueNotice): Card =>
  told === undefined || card.tone !== 'busy' ? card : { ...card, note: told };

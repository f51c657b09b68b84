/** Waiting for the platform: from when on a person is told how many are before, and when it is too long to begin. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Priority } from '../../services/platforms/rate-limited.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Card } from '../message.ts';

/** A person waits this long without being told anything. */
const PATIENCE_MS = 1000;
/** A queue longer than this is refused before anything is begun. */
const TOO_LONG_MS = 20_000;

export interface QueueNotice {
  readonly tooLong: boolean;
  /** How many are before this person, in a sentence; nothing where the wait is short. */
  readonly told: string | undefined;
}

/** The line this person's call would join now; `through` is a `Listing.id`. */
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

/** A card that says 处理中, with the place in line where there is one. */
export const queueNotice = (card: Card, { told }: QueueNotice): Card =>
  told === undefined || card.tone !== 'busy' ? card : { ...card, note: told };

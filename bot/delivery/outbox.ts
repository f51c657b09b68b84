/** Delivers the outbox, in order within a chat; a message that may have arrived already is marked as a repeat. */
import type { ChatId, Reply } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import { LONGEST_WAIT_MS } from '../../services/database/queues/claim.ts';
import { SENDING_MS, type Due, type Outbox } from '../../services/database/queues/outbox.ts';
import type { Time } from '../../services/time/time.ts';
import { NoChannel, NotSent, type Sent } from '../channel/channel.ts';

/** Messages sent at the same time, each to another chat. */
const AT_ONCE = 50;
/** Tries before a message is put aside, about two days. */
const MOST_ATTEMPTS = 200;
/** The wait for a channel that is not set up, ms: it comes only with a restart. */
const NO_CHANNEL_MS = 60_000;

export interface DeliveryParts {
  readonly outbox: Outbox<Reply>;
  readonly send: (chat: ChatId, reply: Reply) => Promise<Sent>;
  /** Moves everything that points at the chat's old id to the new one. */
  readonly moved: (from: ChatId, to: ChatId) => Promise<void>;
  /** The words `(possibly a repeat)` in the chat's language. */
  readonly repeatMark: (chat: ChatId) => Promise<string>;
  readonly every: Time['every'];
  readonly log: Log;
  /** Aborted: sends under way are finished, and no more are begun. */
  readonly stopping?: AbortSignal;
}

/**
 * Makes the job; a run delivers the rows that are due and returns how many it took. Runs may overlap: one that waits for a slow
 * chat holds that chat's rows, and another run takes rows that have become due elsewhere.
 */
export function createDelivery(parts: DeliveryParts): () => Promise<number> {
  const { outbox, send, moved, repeatMark, every, log, stopping } = parts;
  let underWay = 0;

  /** Sends a message and decides how its row ends. */
  const deliver = async (row: Due<Reply>): Promise<End> => {
    const { chat, message, repeat, attempts } = row;
    const waitMs = waitAfter(attempts);
    try {
      const sent = await send(chat, repeat ? marked(message, await repeatMark(chat)) : message);
      if (sent.kind === 'moved') {
        await moved(chat, sent.to);
        return { done: false, write: () => outbox.postpone(row, 0) };
      }
      if (sent.kind === 'gone') log.warn('outbox: the chat is gone', { chat });
      return { done: true, write: () => (sent.kind === 'gone' ? outbox.gone(row) : outbox.sent(row)) };
    } catch (error) {
      if (error instanceof NoChannel) {
        log.warn('outbox: the channel is not set up, the message waits', { chat, error });
        return { done: false, write: () => outbox.postpone(row, NO_CHANNEL_MS, 'untried') };
      }
      if (attempts >= MOST_ATTEMPTS) {
        log.error('outbox: a message cannot be delivered and is put aside', { id: row.id, chat, attempts, error });
        return { done: true, write: () => outbox.dead(row) };
      }
      log.warn('outbox: not delivered', { chat, attempts, error });
      const write = () => (error instanceof NotSent ? outbox.postpone(row, waitMs) : outbox.doubtful(row, waitMs));
      return { done: false, write };
    }
  };

  /**
   * Delivers one row and renews its claim meanwhile: a channel may wait out the other side's limits. False when the row has to
   * be tried again, or another instance has claimed it.
   */
  const hold = async (row: Due<Reply>): Promise<boolean> => {
    const renewal = every(SENDING_MS / 3, () => void outbox.renew(row).catch(() => undefined));
    underWay += 1;
    try {
      const { done, write } = await deliver(row);
      const mine = await write();
      if (!mine) log.warn('outbox: sent too late, the message was taken over', { chat: row.chat, attempts: row.attempts });
      return done && mine;
    } catch (error) {
      // The claim runs out, and the row is claimed anew.
      log.error('outbox: what became of a message could not be written', { chat: row.chat, error });
      return false;
    } finally {
      underWay -= 1;
      renewal.stop();
    }
  };

  return async function run(): Promise<number> {
    const room = AT_ONCE - underWay;
    if (room <= 0 || stopping?.aborted) return 0;
    const due = await outbox.claim(room);
    // A delivered row makes the chat's next one due; one that has to wait holds the chat's others.
    const taken = await Promise.all(due.map(async (row) => ((await hold(row)) ? 1 + (await run()) : 1)));
    return taken.reduce((sum, n) => sum + n, 0);
  };
}

/** The end of a try; `done`: the chat's next message may go out. */
interface End {
  readonly done: boolean;
  readonly write: () => Promise<boolean>;
}

const waitAfter = (attempts: number): number => Math.min(1000 * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS);

/** Marks a message as a possible repeat; an edited card says the same thing twice without harm. */
function marked(message: Reply, mark: string): Reply {
  if (message.kind === 'say') return { ...message, text: `${mark}\n${message.text}` };
  if (message.kind === 'card')
    return { ...message, card: { ...message.card, note: [mark, message.card.note].filter(Boolean).join('\n') } };
  if (message.kind === 'picture' || message.kind === 'file')
    return { ...message, caption: [mark, message.caption].filter(Boolean).join('\n') };
  return message;
}

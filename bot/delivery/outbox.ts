/** Delivers what goes out by itself, in order within a chat; what may have arrived already is marked as a repeat. */
import type { ChatId, Reply } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import { LONGEST_WAIT_MS } from '../../services/database/claim.ts';
import { SENDING_MS, type Due, type Outbox } from '../../services/database/outbox.ts';
import { NoChannel, NotSent, type Sent } from '../channel/channel.ts';

/** Messages on their way at the same time, each to another chat. */
const AT_ONCE = 50;
/** About two days of trying. */
const MOST_ATTEMPTS = 200;
/** A channel that is not set up is there again only after a restart. */
const NO_CHANNEL_MS = 60_000;

export interface DeliveryParts {
  readonly outbox: Outbox<Reply>;
  readonly send: (chat: ChatId, reply: Reply) => Promise<Sent>;
  /** Everything that points at the chat's old id points at the new one. */
  readonly moved: (from: ChatId, to: ChatId) => Promise<void>;
  /** The words `(possibly a repeat)` in the chat's language. */
  readonly repeatMark: (chat: ChatId) => Promise<string>;
  readonly log: Log;
  /** Aborted: what is on its way is finished, and nothing more is begun. */
  readonly stopping?: AbortSignal;
}

/**
 * Makes the job; a run delivers what is due and returns how many rows it took. Runs may overlap: one that waits for a slow
 * chat holds that chat's rows, and another run takes what has become due elsewhere.
 */
export function createDelivery(parts: DeliveryParts): () => Promise<number> {
  const { outbox, send, moved, repeatMark, log, stopping } = parts;
  let underWay = 0;

  /** Sends a message and says what is to become of its row. */
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
   * One row, whose claim does not end while a channel waits out the other side's limits. False when it has to be tried
   * again, or is in the hands of another.
   */
  const hold = async (row: Due<Reply>): Promise<boolean> => {
    const renewal = setInterval(() => void outbox.renew(row).catch(() => undefined), SENDING_MS / 3);
    underWay += 1;
    try {
      const { done, write } = await deliver(row);
      const mine = await write();
      if (!mine) log.warn('outbox: sent too late, the message was taken over', { chat: row.chat, attempts: row.attempts });
      return done && mine;
    } catch (error) {
      // The row is claimed anew when its time is over.
      log.error('outbox: what became of a message could not be written', { chat: row.chat, error });
      return false;
    } finally {
      underWay -= 1;
      clearInterval(renewal);
    }
  };

  return async function run(): Promise<number> {
    const room = AT_ONCE - underWay;
    if (room <= 0 || stopping?.aborted) return 0;
    const due = await outbox.claim(room);
    // Behind a row that was delivered the chat's next one is due; behind one that has to wait nothing is.
    const taken = await Promise.all(due.map(async (row) => ((await hold(row)) ? 1 + (await run()) : 1)));
    return taken.reduce((sum, n) => sum + n, 0);
  };
}

/** What becomes of a row; `done`: its chat's next message may go out. */
interface End {
  readonly done: boolean;
  readonly write: () => Promise<boolean>;
}

const waitAfter = (attempts: number): number => Math.min(1000 * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS);

/** The message with the mark; an edited card says the same thing twice without harm. */
function marked(message: Reply, mark: string): Reply {
  if (message.kind === 'say') return { ...message, text: `${mark}\n${message.text}` };
  if (message.kind === 'card')
    return { ...message, card: { ...message.card, note: [mark, message.card.note].filter(Boolean).join('\n') } };
  if (message.kind === 'picture' || message.kind === 'file')
    return { ...message, caption: [mark, message.caption].filter(Boolean).join('\n') };
  return message;
}

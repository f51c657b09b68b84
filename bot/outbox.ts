/** Delivers what goes out by itself, in order within a chat; what may have arrived already is marked as a repeat. */
import type { ChatId, Reply } from '../handlers/message.ts';
import type { Log } from '../services/log.ts';
import { SENDING_MS, type Due, type Outbox } from '../services/store/outbox.ts';
import { NotSent, type Sent } from './channel.ts';

/** Messages on their way at the same time, each to another chat. */
const AT_ONCE = 50;
const LONGEST_WAIT_MS = 15 * 60_000;
/** About two days of trying. */
const MOST_ATTEMPTS = 200;

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

  /** False when it has to be tried again. */
  const deliver = async ({ id, chat, message, repeat, attempts }: Due<Reply>): Promise<boolean> => {
    const waitMs = waitAfter(attempts);
    try {
      const sent = await send(chat, repeat ? marked(message, await repeatMark(chat)) : message);
      if (sent.kind === 'moved') {
        await moved(chat, sent.to);
        await outbox.postpone(id, 0);
        return false;
      }
      if (sent.kind === 'gone') log.warn('outbox: the chat is gone', { chat });
      await (sent.kind === 'gone' ? outbox.gone(id) : outbox.sent(id));
      return true;
    } catch (error) {
      log.warn('outbox: not delivered', { chat, attempts, error });
      if (attempts >= MOST_ATTEMPTS) {
        await outbox.gone(id);
        return true;
      }
      await (error instanceof NotSent ? outbox.postpone(id, waitMs) : outbox.doubtful(id, waitMs));
      return false;
    }
  };

  /** One row, whose claim does not end while a channel waits out the other side's limits. */
  const hold = async (row: Due<Reply>): Promise<boolean> => {
    const renewal = setInterval(() => void outbox.renew(row.id).catch(() => undefined), SENDING_MS / 3);
    underWay += 1;
    try {
      return await deliver(row);
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

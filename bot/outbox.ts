/** Delivers what goes out by itself, in order within a chat; what may have arrived already is marked as a repeat. */
import type { ChatId, Reply } from '../handlers/message.ts';
import type { Log } from '../services/log.ts';
import type { Due, Outbox } from '../services/store/outbox.ts';
import { NotSent, type Sent } from './channel.ts';

/** Rows taken at once. */
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
}

/** Makes the job; a run delivers what is due and returns how many rows it took. */
export function createDelivery({ outbox, send, moved, repeatMark, log }: DeliveryParts): () => Promise<number> {
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

  /** One chat's rows, oldest first. Behind one that has to wait the others wait as well, or they would overtake it. */
  const deliverInOrder = async (rows: readonly Due<Reply>[]): Promise<void> => {
    for (const [n, row] of rows.entries()) {
      if (await deliver(row)) continue;
      for (const { id, repeat } of rows.slice(n + 1))
        await (repeat ? outbox.doubtful(id, waitAfter(row.attempts)) : outbox.postpone(id, waitAfter(row.attempts)));
      return;
    }
  };

  return async () => {
    const due = await outbox.claim(AT_ONCE);
    const chats = Map.groupBy(due, ({ chat }) => chat);
    await Promise.all([...chats.values()].map(deliverInOrder));
    return due.length;
  };
}

const waitAfter = (attempts: number): number => Math.min(1000 * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS);

/** The message with the mark; an edited card says the same thing twice without harm. */
function marked(message: Reply, mark: string): Reply {
  if (message.kind === 'say') return { ...message, text: `${mark}\n${message.text}` };
  if (message.kind === 'card')
    return { ...message, card: { ...message.card, note: [mark, message.card.note].filter(Boolean).join('\n') } };
  return message;
}

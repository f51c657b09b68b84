/** Delivers the outbox, in order within a chat; a message that may have arrived already is marked as a repeat. */
import type { ChatId, Incoming, Outgoing, Reply } from '../../handlers/message.ts';
import type { NotifyUndeliverable } from '../../handlers/notify/undeliverable.ts';
import type { KeyedQueue } from '../../services/keyed-queue.ts';
import type { Log } from '../../services/log.ts';
import { LONGEST_WAIT_MS } from '../../services/database/queues/claim.ts';
import { SENDING_MS, type Due, type Outbox } from '../../services/database/queues/outbox.ts';
import type { Time } from '../../services/time/time.ts';
import { NoChannel, NotSent, Undeliverable, type Sent } from '../channel/channel.ts';

/** Messages sent at the same time, each to another chat. */
const AT_ONCE = 50;
/** The wait for a channel that is not set up, ms: it comes only with a restart. */
const NO_CHANNEL_MS = 60_000;
/** An answer waits so long at most until older messages of its chat are delivered, ms; then it is kept behind them. */
const CATCH_UP_MS = 5_000;

/** A message of the outbox: a reply, and where it answers an event, which one. */
export interface Message extends Pick<Outgoing, 'reply'> {
  /** The event that it answers; without the words of that. */
  readonly answering?: Incoming;
}

export interface DeliveryParts {
  readonly outbox: Outbox<Message>;
  readonly send: (chat: ChatId, reply: Reply, answering?: Incoming) => Promise<Sent>;
  /** Sends of one chat go one after another, answers included. */
  readonly inTurn: KeyedQueue;
  /** Words a message when it is its turn; nothing where there is nothing to send any more. */
  readonly word: (chat: ChatId, reply: Outgoing['reply']) => Promise<Reply | undefined>;
  /** Moves everything that points at the chat's old id to the new one. */
  readonly moved: (from: ChatId, to: ChatId) => Promise<void>;
  /** Hears of a message that cannot be delivered, before it is put aside. Repeated after a crash in between. */
  readonly undeliverable: NotifyUndeliverable;
  /** The words `(possibly a repeat)` in the chat's language. */
  readonly repeatMark: (chat: ChatId) => Promise<string>;
  readonly log: Log;
  readonly time: Pick<Time, 'now' | 'every'>;
  /** Aborted: sends under way are finished, and no more are begun. */
  readonly stopping?: AbortSignal;
}

export interface Delivery {
  /**
   * Delivers the messages that are due and returns how many it took. Runs may overlap: one that waits for a slow chat holds that
   * chat's messages, and another run takes those that have become due elsewhere.
   */
  run(): Promise<number>;
  /** Delivers what has to go out in a chat before anything newer, due or not; false where it cannot be delivered now. */
  catchUp(chat: ChatId): Promise<boolean>;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { outbox, send, inTurn, word, moved, undeliverable, repeatMark, log, time, stopping } = parts;
  let underWay = 0;
  const holding = new Map<ChatId, Promise<unknown>>();

  /** Words and sends a message; nothing where there was nothing to send. */
  const deliver = ({ chat, message, repeat }: Due<Message>): Promise<Sent | undefined> =>
    inTurn(chat, async () => {
      const reply = await word(chat, message.reply).catch((cause: unknown) => {
        log.error('outbox: a message cannot be worded', { chat, error: cause });
        throw new NotSent('it cannot be worded', { cause });
      });
      return reply && (await send(chat, repeat ? marked(reply, await repeatMark(chat)) : reply, message.answering));
    });

  const tellOtherwise = ({ key, chat, message }: Due<Message>, gone?: { readonly gone: true }): Promise<void> =>
    undeliverable({ key, chat, reply: message.reply, answer: message.answering !== undefined, ...gone });

  const giveUp = async (row: Due<Message>, error: unknown): Promise<void> => {
    const { id, chat, attempts } = row;
    log.error('outbox: a message cannot be delivered and is put aside', { id, chat, attempts, error });
    await tellOtherwise(row);
  };

  /** Sends a message and decides how its row ends. */
  const attempt = async (row: Due<Message>): Promise<End> => {
    const { chat, attempts } = row;
    const waitMs = waitAfter(attempts);
    try {
      const sent = await deliver(row);
      if (sent?.kind === 'moved') {
        await moved(chat, sent.to);
        return { done: false, write: () => outbox.postpone(row, 0) };
      }
      if (sent?.kind !== 'gone') return { done: true, write: () => outbox.sent(row) };
      log.warn('outbox: the chat is gone', { chat });
      await tellOtherwise(row, { gone: true });
      return { done: true, write: () => outbox.gone(row) };
    } catch (error) {
      if (error instanceof Undeliverable || time.now() >= row.giveUpAt) {
        await giveUp(row, error);
        return { done: true, write: () => outbox.dead(row) };
      }
      if (error instanceof NoChannel) {
        log.warn('outbox: the channel is not set up, the message waits', { chat, error });
        return { done: false, write: () => outbox.postpone(row, NO_CHANNEL_MS, 'untried') };
      }
      log.warn('outbox: not delivered', { chat, attempts, error });
      // A message that may have arrived earlier stays a repeat.
      const certain = error instanceof NotSent && !row.repeat;
      const write = () => (certain ? outbox.postpone(row, waitMs) : outbox.doubtful(row, waitMs));
      return { done: false, write };
    }
  };

  /**
   * Delivers one row and renews its claim meanwhile: a channel may wait out the other side's limits. False when the row has to
   * be tried again, or another instance has claimed it.
   */
  const hold = async (row: Due<Message>): Promise<boolean> => {
    const renewal = time.every(SENDING_MS / 3, () => void outbox.renew(row).catch(() => undefined));
    underWay += 1;
    try {
      const { done, write } = await attempt(row);
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
  const held = async (row: Due<Message>): Promise<boolean> => {
    const done = hold(row);
    holding.set(row.chat, done);
    const delivered = await done;
    if (holding.get(row.chat) === done) holding.delete(row.chat);
    return delivered;
  };

  async function run(): Promise<number> {
    const room = AT_ONCE - underWay;
    if (room <= 0 || stopping?.aborted) return 0;
    const due = await outbox.claim(room);
    // A delivered row makes the chat's next one due; one that has to wait holds the chat's others.
    const taken = await Promise.all(due.map(async (row) => ((await held(row)) ? 1 + (await run()) : 1)));
    return taken.reduce((sum, n) => sum + n, 0);
  }

  return {
    run,
    async catchUp(chat) {
      const until = time.now() + CATCH_UP_MS;
      while (await outbox.holdsUp(chat)) {
        await holding.get(chat);
        if (stopping?.aborted || time.now() >= until) return false;
        const row = await outbox.claimNext(chat);
        if (row && !(await held(row))) return false;
        if (!row) return !(await outbox.holdsUp(chat));
      }
      return true;
    },
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

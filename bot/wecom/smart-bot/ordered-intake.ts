/** Stores incoming events in order within a chat, with retries: WeCom sends each once, so a failed store is repeated here. */
import type { ChatId, Incoming } from '../../../handlers/message.ts';
import type { Log } from '../../../services/log.ts';
import type { Hear } from '../../channel/channel.ts';

const SLOWEST_MS = 5000;
/** The most events waiting to be stored; beyond it the disk has been full for long. */
const MOST_WAITING = 5000;

export interface OrderedIntake {
  /** `prepare` makes events of a frame, which may take a while; they are stored in order, with as many retries as needed. */
  take(chat: ChatId, prepare: () => Promise<readonly Incoming[]>): void;
}

/** Ends when `signal` aborts. */
export function createOrderedIntake(options: {
  readonly hear: Hear;
  readonly log: Log;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}): OrderedIntake {
  const { hear, log, wait, signal } = options;
  const tails = new Map<ChatId, Promise<void>>();
  let waiting = 0;

  async function store(event: Incoming): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await hear(event);
      } catch (error) {
        log.warn('what was heard could not be stored; it is tried again', { chat: event.chat, error });
        await wait(Math.min(SLOWEST_MS, 200 * 2 ** failures), signal).catch(() => undefined);
      }
    }
    log.error('what was heard could not be stored before the end', { chat: event.chat });
  }

  return {
    take(chat, prepare) {
      if (waiting >= MOST_WAITING) return log.error('too much waits to be stored: a message was lost', { chat });
      waiting += 1;
      const ready = prepare();
      // Until its turn comes, nothing handles a rejection.
      ready.catch(() => undefined);
      const before = tails.get(chat);
      const run = async (): Promise<void> => {
        await before;
        for (const event of await ready) await store(event);
      };
      const mine = run()
        .catch((error: unknown) => log.error('a message could not be taken in', { chat, error }))
        .finally(() => {
          waiting -= 1;
          if (tails.get(chat) === mine) tails.delete(chat);
        });
      tails.set(chat, mine);
    },
  };
}

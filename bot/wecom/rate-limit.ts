/** Rate limit of WeCom's chats: 30 messages a minute and 1,000 an hour, kept by queueing per chat. */
import type { ChatId } from '../../handlers/message.ts';
import { NotSent } from '../channel/channel.ts';

/** https://developer.work.weixin.qq.com/document/path/101463: replies and pushes together, per chat. */
const LIMITS = [
  { ms: 60_000, most: 30 },
  { ms: 3_600_000, most: 1000 },
] as const;
/** Share of the limit for pushes; the rest is left to replies. */
const BY_ITSELF = 0.8;
/** The longest wait of a reply in the queue; beyond it the outbox retries. Pushes do not wait here: the outbox retries them. */
const PATIENCE_MS = 90_000;
/** Pause after WeCom's own refusal below our count: another connection sent before us. */
const PAUSE_MS = 10_000;
const HOUR_MS = 3_600_000;
const REMEMBERED = 10_000;

interface Sending {
  /** Times of the answers to our messages, ms, oldest first: no message arrived later than its answer. */
  times: number[];
  blockedUntil: number;
  last: Promise<unknown>;
}

export interface RateLimit {
  /**
   * Sends one message when the limit allows it. `answering`: a person waits. Rejects with `NotSent` when the wait is too long.
   */
  run<T>(chat: ChatId, answering: boolean, send: () => Promise<T>): Promise<T>;
}

export function createRateLimit({
  now,
  wait,
  isBusy = () => false,
}: {
  now: () => number;
  wait: (ms: number) => Promise<void>;
  /** Recognises WeCom's answer that the limit is exceeded; such a message is sent again after a pause. */
  isBusy?: (error: unknown) => boolean;
}): RateLimit {
  const chats = new Map<ChatId, Sending>();

  function of(chat: ChatId): Sending {
    const known = chats.get(chat) ?? { times: [], blockedUntil: 0, last: Promise.resolve() };
    // The map is ordered by use: the least recently used comes first.
    chats.delete(chat);
    chats.set(chat, known);
    for (const [id, { times, blockedUntil }] of chats) {
      if (chats.size <= REMEMBERED || (times.at(-1) ?? blockedUntil) > now() - HOUR_MS) break;
      chats.delete(id);
    }
    return known;
  }

  /** Milliseconds until the next message is allowed. */
  function delay(sending: Sending, share: number): number {
    const at = now();
    sending.times = sending.times.filter((time) => time > at - HOUR_MS);
    const waits = LIMITS.map(({ ms, most }) => {
      const oldest = sending.times.at(-Math.floor(most * share));
      return oldest === undefined ? 0 : oldest + ms - at;
    });
    return Math.max(0, sending.blockedUntil - at, ...waits);
  }

  async function turn<T>(sending: Sending, answering: boolean, send: () => Promise<T>): Promise<T> {
    for (let waited = 0; ;) {
      const ms = delay(sending, answering ? 1 : BY_ITSELF);
      if (ms > (answering ? PATIENCE_MS - waited : 0)) throw new NotSent('WeCom takes no more messages of this chat for now');
      if (ms > 0) {
        waited += ms;
        await wait(ms);
        continue;
      }
      try {
        return await send();
      } catch (error) {
        if (!isBusy(error)) throw error;
        sending.blockedUntil = now() + PAUSE_MS;
      } finally {
        sending.times.push(now());
      }
    }
  }

  return {
    async run(chat, answering, send) {
      const sending = of(chat);
      if (!answering && delay(sending, BY_ITSELF) > 0) throw new NotSent('WeCom takes no more messages of this chat for now');
      const mine = sending.last.then(() => turn(sending, answering, send));
      sending.last = mine.catch(() => undefined);
      return await mine;
    },
  };
}

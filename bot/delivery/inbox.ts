/** Stores events and has each answered once: in order within a chat, chats in parallel, again after a crash. */
import type { ChatId, Incoming } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import { firstClaim } from '../../services/database/queues/claim.ts';
import type { InboxRows, Waiting } from '../../services/database/queues/inbox.ts';
import { channelOf, type Hear } from '../channel/channel.ts';
import { sanitize } from './sanitize.ts';

export interface Inbox {
  /** Stores an event, once per id, and begins to answer it. Rejects when it could not be stored. */
  readonly hear: Hear;
  /** Takes up events that wait: those of a process that died, and those another instance could not take. A job calls it. */
  resume(): Promise<void>;
  /** Begins no further answer; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export interface InboxParts {
  readonly rows: InboxRows<Incoming>;
  /** Answers a claimed event and ends it. */
  readonly answer: (claim: Waiting<Incoming>) => Promise<void>;
  /** Whether the chat's channel is set up at this start; events of other channels wait. Left out: every channel is. */
  readonly serves?: (chat: ChatId) => boolean;
  readonly log: Log;
  readonly now: () => number;
  readonly heard?: (channel: string) => void;
  readonly answered?: (channel: string, seconds: number) => void;
}

/** No channel gives an event later: 微信客服 keeps them for three days, Telegram for one. */
const OLDEST_MS = 3 * 24 * 3_600_000;

/** When an event happened, as far as that may be: times are the channel's word, and figures of ages are sums of them. */
const bounded = (at: number, now: number): number => (Number.isFinite(at) ? Math.min(now, Math.max(now - OLDEST_MS, at)) : now);

/** Chats of a backlog that are worked off in parallel; more would make its order meaningless. */
const BACKLOG_AT_ONCE = 20;

export function createInbox(parts: InboxParts): Inbox {
  const { rows, answer, serves = () => true, log, now } = parts;
  const working = new Map<ChatId, Promise<void>>();
  const again = new Set<ChatId>();
  let stopping = false;

  /** Answers a chat's events, from the one that is claimed already, until none waits or another instance has claimed them. */
  const work = async (chat: ChatId, claimed?: Waiting<Incoming>): Promise<void> => {
    let next = claimed;
    do {
      again.delete(chat);
      next ??= await rows.claim(chat);
      if (next) await handle(next);
      else if (!again.has(chat)) return;
      next = undefined;
    } while (!stopping && (again.has(chat) || (await rows.more(chat))));
  };

  const begin = async (chat: ChatId, claimed?: Waiting<Incoming>): Promise<void> => {
    if (stopping || !serves(chat)) return;
    if (working.has(chat)) {
      again.add(chat);
      return;
    }
    const done = work(chat, claimed)
      .catch((error: unknown) => log.error('inbox: cannot work', { error }))
      .finally(() => {
        working.delete(chat);
        // An event may have been heard after the last look and before this line.
        if (again.delete(chat)) void begin(chat);
      });
    working.set(chat, done);
    await done;
  };

  const take = async (event: Incoming, stored: 'waiting' | 'claimed'): Promise<void> => {
    const { id, chat } = event;
    parts.heard?.(channelOf(chat));
    if (stored === 'waiting') return void begin(chat);
    if (!stopping && serves(chat) && !working.has(chat))
      return void begin(chat, { ...firstClaim(id), event, attempts: 0, said: [] });
    // This process cannot take it now: it waits for another instance, or for the answer under way in its chat.
    await rows.postpone(firstClaim(id), 0, 'untried');
    void begin(chat);
  };

  /** Chats with events that wait since before this process heard them. */
  let backlog: readonly ChatId[] = [];
  let ofBacklog = 0;
  const workOff = (): void => {
    while (ofBacklog < BACKLOG_AT_ONCE && backlog.length > 0) {
      const [chat = '', ...rest] = backlog;
      backlog = rest;
      ofBacklog += 1;
      void begin(chat).finally(() => {
        ofBacklog -= 1;
        workOff();
      });
    }
  };

  const handle = async (claim: Waiting<Incoming>): Promise<void> => {
    await answer(claim);
    parts.answered?.(channelOf(claim.event.chat), (now() - claim.event.at) / 1000);
  };

  return {
    async hear(heard) {
      const event = { ...sanitize(heard), at: bounded(heard.at, now()) };
      const { id, chat } = event;
      const stored = await rows.put(id, chat, event, 'claiming');
      if (stored !== 'known') await take(event, stored);
      // The answer begins meanwhile: what must not be lost of it goes to the disk behind the event.
      await rows.onDisk();
    },
    async resume() {
      backlog = await rows.chats();
      workOff();
    },
    async stop() {
      stopping = true;
      await Promise.all(working.values());
    },
  };
}

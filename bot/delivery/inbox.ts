/** Stores events and answers each once: in order within a chat, chats in parallel, again after a crash. */
import type { ChatId, Incoming, Reply } from '../../handlers/message.ts';
import type { Answer } from '../../handlers/answer.ts';
import type { Log } from '../../services/log.ts';
import { firstClaim, LONGEST_WAIT_MS } from '../../services/database/queues/claim.ts';
import { CLAIM_MS, type InboxRows, type Waiting } from '../../services/database/queues/inbox.ts';
import type { Time } from '../../services/time/time.ts';
import { channelOf, type Hear, type Sent } from '../channel/channel.ts';
import { sanitize } from './sanitize.ts';

export interface Inbox {
  /** Stores an event, once per id, and begins to answer it. Rejects when it could not be stored. */
  readonly hear: Hear;
  /** Takes up events that wait: those of a process that died, and those due for another try. A job calls it. */
  resume(): Promise<void>;
  /** Begins no further answer; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export interface InboxParts {
  readonly rows: InboxRows<Incoming>;
  readonly answer: Answer;
  /** Delivers a reply to the chat's channel. */
  readonly send: (chat: ChatId, reply: Reply, answering: Incoming) => Promise<Sent>;
  /** Whether the chat's channel is set up at this start; events of other channels wait. Left out: every channel is. */
  readonly serves?: (chat: ChatId) => boolean;
  /** The sentence for a failure of ours, in the chat's language. */
  readonly apology: (chat: ChatId) => Promise<string>;
  readonly log: Log;
  readonly time: Pick<Time, 'now' | 'sleep' | 'every'>;
  readonly heard?: (channel: string) => void;
  readonly answered?: (channel: string, seconds: number) => void;
}

/** The waits between tries at one reply, ms; after the last one the event is put back. */
const SEND_AGAIN_MS = [500, 2000, 5000] as const;
/**
 * Tries at an event before it is left, the better part of an hour: each try may cost a call. After so many tries it may be the
 * event that ends the process each time (a picture that takes all memory), and nobody would be heard any more.
 */
const MOST_ATTEMPTS = 12;
/** Chats of a backlog that are worked off in parallel; more would make its order meaningless. */
const BACKLOG_AT_ONCE = 20;

export function createInbox(parts: InboxParts): Inbox {
  const { rows, answer, send, serves = () => true, log, time } = parts;
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
    const { event, attempts } = claim;
    const held = { lost: false };
    const renew = async (): Promise<void> => void (held.lost ||= !(await rows.renew(claim)));
    const renewal = time.every(CLAIM_MS / 3, () => void renew().catch(() => undefined));
    try {
      const delivered = await reply(event, held, attempts > MOST_ATTEMPTS);
      const ended =
        delivered || attempts >= MOST_ATTEMPTS
          ? await rows.done(claim)
          : await rows.postpone(claim, Math.min(1000 * 2 ** attempts, LONGEST_WAIT_MS));
      if (!ended) log.warn('inbox: answered too late, the event was taken over', { chat: event.chat, attempts });
      parts.answered?.(channelOf(event.chat), (time.now() - event.at) / 1000);
    } finally {
      renewal.stop();
    }
  };

  /**
   * Answers one event; false when the answer could not be delivered. Replies are sent one after another, but the handler
   * does not wait for them: a slow chat platform must not delay a coupon. A `hopeless` event gets an apology only. With the
   * claim `lost` another instance answers, and this one sends no more.
   */
  const reply = async (event: Incoming, held: { readonly lost: boolean }, hopeless: boolean): Promise<boolean> => {
    let sending: Promise<boolean> = Promise.resolve(true);
    const queue = (one: Reply): void => {
      sending = sending.then((fine) => fine && !held.lost && deliver(event, one));
    };
    try {
      if (hopeless) throw new Error('every try ended the process');
      for await (const one of answer(event)) {
        if (held.lost) break;
        queue(one);
      }
    } catch (error) {
      log.error('answer failed', { chat: event.chat, kind: event.content.kind, error });
      const text = await parts.apology(event.chat).catch(() => '抱歉，出了点问题，请再试一次。 Sorry, please try again.');
      queue(event.content.kind === 'press' ? { kind: 'whisper', text } : { kind: 'say', text });
    }
    return await sending;
  };

  const deliver = async (event: Incoming, one: Reply): Promise<boolean> => {
    let chat = event.chat;
    for (let tries = 0; ; tries++) {
      try {
        const sent = await send(chat, one, event);
        if (sent.kind !== 'moved') return true;
        chat = sent.to;
      } catch (error) {
        const pause = SEND_AGAIN_MS[tries];
        if (pause === undefined || stopping) {
          log.warn('reply not delivered', { chat, kind: one.kind, error });
          return false;
        }
        await time.sleep(pause);
      }
    }
  };

  return {
    async hear(heard) {
      const event = sanitize(heard);
      const { id, chat } = event;
      const stored = await rows.put(id, chat, event, 'claiming');
      if (stored === 'known') return;
      parts.heard?.(channelOf(chat));
      if (stored === 'waiting') return void begin(chat);
      if (!stopping && serves(chat) && !working.has(chat)) return void begin(chat, { ...firstClaim(id), event, attempts: 0 });
      // This process cannot take it now: it waits for another instance, or for the answer under way in its chat.
      await rows.postpone(firstClaim(id), 0, 'untried');
      void begin(chat);
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

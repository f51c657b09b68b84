/** Answers one event once: what its handler says is delivered as it is said, and what cannot be is kept for the outbox. */
import { createHash } from 'node:crypto';
import type { Answer } from '../../handlers/answer.ts';
import { isOwnCard, type ChatId, type Incoming, type MessageRef, type Reply } from '../../handlers/message.ts';
import type { Log } from '../../services/log.ts';
import { CLAIM_MS, type InboxRows, type Waiting } from '../../services/database/queues/inbox.ts';
import type { Time } from '../../services/time/time.ts';
import { NotSent, Undeliverable, type Sent } from '../channel/channel.ts';

/** The waits between tries at one reply, ms; after the last one it is kept. */
const SEND_AGAIN_MS = [500, 2000, 5000] as const;
/** The waits between tries to write that an event was answered, ms; after the last one it is handled again. */
const END_AGAIN_MS = [500, 2000, 5000] as const;
/**
 * Attempts after which an event is put aside. Only an attempt that was interrupted is repeated, so it may be the event that ends
 * the process each time (a picture that takes all memory), and nobody would be heard any more.
 */
const MOST_ATTEMPTS = 5;

/** A reply that was not delivered: `uncertain` where it may have been, `dead` where the other side refused it for good. */
export interface Kept {
  readonly chat: ChatId;
  readonly reply: Reply;
  readonly state: 'due' | 'uncertain' | 'dead';
}

export interface AnsweringParts {
  readonly rows: Pick<InboxRows<Incoming>, 'renew' | 'note'>;
  readonly answer: Answer;
  /** Delivers a reply to the chat's channel. */
  readonly send: (chat: ChatId, reply: Reply, answering: Incoming) => Promise<Sent>;
  /** Delivers what still has to go out in the chat before anything newer; false where it cannot be delivered now. */
  readonly caughtUp: (chat: ChatId) => Promise<boolean>;
  /** Ends the event and keeps these replies, in one transaction; false, and nothing written, where the claim was taken over. */
  readonly end: (claim: Waiting<Incoming>, how: 'done' | 'dead', kept: readonly Kept[]) => Promise<boolean>;
  /** Shows cards of verifications anew, by what is true when they are shown: another instance may have shown them meanwhile. */
  readonly showAgain: (claim: Waiting<Incoming>, cards: readonly Reply[]) => Promise<void>;
  /** Notes where the card of a verification stands that nobody pressed: what becomes of it is shown there. */
  readonly cardSent: (verification: string, on: MessageRef) => Promise<void>;
  /** The sentence for a failure of ours, in the chat's language. */
  readonly apology: (chat: ChatId) => Promise<string>;
  readonly log: Log;
  readonly time: Pick<Time, 'sleep' | 'every'>;
  /** Aborted: a reply that cannot be delivered is kept at once. */
  readonly stopping: AbortSignal;
  /** Aborted: nothing more is said or written; what is under way is left to the next start. */
  readonly abandoned: AbortSignal;
}

export function createAnswering(parts: AnsweringParts): (claim: Waiting<Incoming>) => Promise<void> {
  const { rows, answer, send, caughtUp, end, showAgain, log, time, stopping, abandoned } = parts;

  return async (claim) => {
    const { event, attempts } = claim;
    const held = { lost: false };
    const renew = async (): Promise<void> => void (held.lost ||= !(await rows.renew(claim)));
    const renewal = time.every(CLAIM_MS / 3, () => void renew().catch(() => undefined));
    try {
      const hopeless = attempts >= MOST_ATTEMPTS;
      if (hopeless)
        log.error('inbox: an event was interrupted at every attempt and is put aside', { chat: event.chat, attempts });
      const all: Reply[] = [];
      const kept = await said(claim, held, hopeless, all);
      if (!kept || abandoned.aborted) return;
      if (await persistently(() => end(claim, hopeless ? 'dead' : 'done', kept))) return;
      log.warn('inbox: answered too late, the event was taken over', { chat: event.chat, attempts });
      await persistently(() => showAgain(claim, all));
    } finally {
      renewal.stop();
    }
  };

  /**
   * Runs the handler and delivers its replies one after another; the handler does not wait for them: a slow chat platform must
   * not delay a coupon. Once a reply is kept, the later ones are too. Gives what was kept; nothing where the event is left to
   * the next start. With the claim `lost` another instance answers, and this one says no more. `all` takes the handler's replies.
   */
  async function said(claim: Waiting<Incoming>, held: { readonly lost: boolean }, hopeless: boolean, all: Reply[]) {
    const { event } = claim;
    const kept: Kept[] = [];
    const delivered: Reply[] = [];
    let before = [...claim.said];
    let inOrder = caughtUp(event.chat).catch(() => true);
    let sending = Promise.resolve();
    let unsent = 0;
    let over = false;

    /** Where the cards of this answer stand, by their tags. */
    const cards = new Map<string, MessageRef>();
    const noted = async (reply: Reply, ref: MessageRef | undefined): Promise<void> => {
      if (!ref || reply.kind !== 'card' || reply.tag === undefined) return;
      cards.set(reply.tag, ref);
      if (!reply.shows || !isOwnCard(reply.shows)) return;
      await parts.cardSent(reply.shows.verification, ref).catch((error: unknown) => log.warn('a card is not noted', { error }));
    };
    const bound = (reply: Reply): Reply => {
      const on = reply.kind === 'replace' && reply.tag !== undefined ? cards.get(reply.tag) : undefined;
      return reply.kind === 'replace' && on ? { ...reply, on } : reply;
    };

    const one = async (yielded: Reply): Promise<void> => {
      const reply = bound(yielded);
      unsent -= 1;
      if (held.lost || abandoned.aborted) return;
      const found = before.length > 0 ? before.indexOf(digest(yielded)) : -1;
      if (found >= 0) return void (before = before.toSpliced(found, 1));
      // A whisper and the deletion of a secret do not wait: behind older messages they make no sense.
      if (reply.kind !== 'whisper' && reply.kind !== 'forget' && !(await inOrder))
        return void kept.push({ chat: event.chat, reply, state: 'due' });
      const failed = await deliver(event, reply, (ref) => noted(reply, ref));
      if (failed) {
        kept.push(failed);
        if (failed.state !== 'dead') inOrder = Promise.resolve(false);
        return;
      }
      delivered.push(yielded);
      // After the last one the event is done at once.
      if (!over || unsent > 0) await rows.note(claim, [...claim.said, ...delivered.map(digest)]).catch(() => false);
    };
    const queue = (reply: Reply): void => {
      unsent += 1;
      sending = sending.then(() => one(reply));
    };

    try {
      if (hopeless) queue(await apology(event));
      else
        for await (const reply of answer(event)) {
          all.push(reply);
          if (held.lost || abandoned.aborted) break;
          queue(reply);
        }
    } catch (error) {
      if (abandoned.aborted) return undefined;
      log.error('answer failed', { chat: event.chat, kind: event.content.kind, error });
      queue(await apology(event));
    }
    over = true;
    await sending;
    return kept;
  }

  async function apology({ chat, content }: Incoming): Promise<Reply> {
    const text = await parts.apology(chat).catch(() => '抱歉，出了点问题，请再试一次。 Sorry, please try again.');
    return content.kind === 'press' ? { kind: 'whisper', text } : { kind: 'say', text };
  }

  /** Nothing when it was delivered, or when there is nobody any more. */
  async function deliver(
    event: Incoming,
    reply: Reply,
    sentAs: (ref: MessageRef | undefined) => Promise<void>,
  ): Promise<Kept | undefined> {
    let chat = event.chat;
    let doubt = false;
    for (let tries = 0; ; tries++) {
      try {
        const sent = await send(chat, reply, event);
        if (sent.kind === 'sent') await sentAs(sent.ref);
        if (sent.kind !== 'moved') return undefined;
        chat = sent.to;
      } catch (error) {
        doubt ||= !(error instanceof NotSent);
        const facts = { chat, kind: reply.kind, error };
        if (error instanceof Undeliverable) {
          log.error('a reply was refused for good and is put aside', facts);
          return { chat, reply, state: 'dead' };
        }
        const pause = SEND_AGAIN_MS[tries];
        if (pause === undefined || stopping.aborted) {
          log.warn('a reply is not delivered yet', facts);
          return { chat, reply, state: doubt ? 'uncertain' : 'due' };
        }
        await time.sleep(pause, stopping);
      }
    }
  }

  /** The handler has run: a write that fails for a moment must not make it run again. */
  async function persistently<R>(write: () => Promise<R>): Promise<R> {
    for (const pause of END_AGAIN_MS) {
      try {
        return await write();
      } catch (error) {
        if (abandoned.aborted) throw error;
        log.error('inbox: an answer could not be noted down yet', { error });
        await time.sleep(pause, abandoned);
      }
    }
    return await write();
  }
}

/** Tells replies with the same words apart from others. Ids on buttons are left out: another attempt makes new ones. */
function digest(reply: Reply): string {
  const words = JSON.stringify(reply, (key, value: unknown) =>
    key === 'id' || key === 'tag' || key === 'shows' ? undefined : value,
  );
  return createHash('sha256').update(words).digest('base64url').slice(0, 12);
}

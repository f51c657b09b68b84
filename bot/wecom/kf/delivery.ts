/** Delivers the queue of a chat: debounces, keeps to the quota, and leaves the rest queued. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Log } from '../../../services/log.ts';
import type { Api } from '../api.ts';
import { BUSY, REFUSED, TOKEN_OVER, TOO_OFTEN, WecomFault } from '../fault.ts';
import type { NumberedMenu } from '../../channel/numbered-menu.ts';
import { body, compose, type MenuWords, type Part } from './compose.ts';
import type { Media } from './media.ts';
import { setupAdviceOf } from './setup-advice.ts';
import { createTurnScheduler } from './turn-scheduler.ts';
import { chatOf, whose, type Customer } from './ids.ts';
import {
  accepted,
  adding,
  beginning,
  budget,
  dropping,
  MOST_SENT,
  MOST_WAITING,
  refused,
  worded,
  type Conversation,
  type Conversations,
} from './conversations.ts';

/** Replies to one message come one by one: those within this time are sent together. */
const GATHER_MS = 300;
/** Longest wait of a progress note (处理中) for its outcome before it is sent by itself. */
const PASSING_MS = 3000;
/** Delays before the retries of a failed message; after them it waits for the next event. */
const AGAIN_MS = [1000, 5000, 30_000, 120_000, 600_000] as const;

/** The quota is used up or 48 hours are over: nothing is accepted until the customer writes. */
const SPENT: ReadonlySet<number> = new Set([95001, 95002]);
/** The account is gone, or not ours. */
const GONE: ReadonlySet<number> = new Set([95000, 95004]);
/** The conversation's state accepts nothing: it is ended, or a colleague has it. */
const STATE: ReadonlySet<number> = new Set([95013, 95016, 95018]);
export interface Delivery {
  /** Queues a part until it is sent; resolves once it is stored. False when the chat is gone for good. */
  say(chat: ChatId, part: Part): Promise<boolean>;
  /** Schedules delivery after a change, if anything is queued and allowed. */
  resume(chat: ChatId): void;
  /** Sends what is being debounced at once, and resolves when nothing is in flight. */
  settled(): Promise<void>;
  /** Stops debouncing and retries. */
  hurry(): void;
}

export interface DeliveryParts {
  readonly api: Pick<Api, 'call'>;
  readonly conversations: Conversations;
  readonly media: Pick<Media, 'upload' | 'instead'>;
  readonly numbered: NumberedMenu;
  readonly wordsOf: (chat: ChatId) => Promise<MenuWords>;
  /** At most 20 lower-case letters and digits. */
  readonly newId: () => string;
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { api, conversations, media, numbered, wordsOf, newId, now, wait, log } = parts;
  const scheduler = createTurnScheduler({ run: speak, wait, log });

  /** Sends the queue, as far as the quota allows. */
  async function speak(chat: ChatId, tries: number): Promise<void> {
    const customer = whose(chat);
    if (!customer) return;
    const words = await wordsOf(chat);
    for (let takeBack = true; ;) {
      let first: Part | undefined;
      let more = false;
      const conversation = await conversations.change(chat, (before) => {
        const left = allowed(before);
        if (left === 0 || before.waiting.length === 0) return before;
        const messages = compose(before.waiting, newId);
        first = messages[0];
        // A picture cannot announce that more is queued: the message before it does.
        const last = left === 2 && messages[1]?.media ? 2 : 1;
        more = left <= last && messages.length > last;
        // Stored as in flight before it is sent: after a crash it is sent again with the same id.
        return beginning(before, messages);
      });
      if (!first) return;
      try {
        const brings = first.media;
        const mediaId = brings && (await media.upload(brings.key, brings.kind));
        if (!brings || mediaId !== undefined) await post(customer, conversation, first, body(first, words, more, mediaId));
        else await instead(chat, first);
      } catch (error) {
        if (!(error instanceof WecomFault)) throw error;
        const stuck = takeBack && error.errcode !== undefined && STATE.has(error.errcode);
        takeBack = false;
        const next =
          stuck && (await takenBack(customer)) ? 'on' : await failed(error, chat, first, conversation.welcome !== undefined);
        if (next === 'on') continue;
        const pause = next === 'later' ? AGAIN_MS[tries] : undefined;
        if (pause !== undefined) scheduler.again(chat, pause, tries + 1);
        return;
      }
    }
  }

  async function instead(chat: ChatId, { ref, media: brought }: Part): Promise<void> {
    const text = brought && (await media.instead(chat, brought));
    if (text !== undefined) await conversations.change(chat, (conversation) => worded(conversation, ref, text));
  }

  /** Gives the number of messages that may be sent now. */
  const allowed = (conversation: Conversation): number => {
    if (conversation.welcome && conversation.welcome.until > now()) return 1;
    return conversation.gone ? 0 : budget(conversation, now());
  };

  async function post(customer: Customer, conversation: Conversation, message: Part, content: object): Promise<void> {
    const chat = chatOf(customer);
    const welcome = conversation.welcome && conversation.welcome.until > now() ? conversation.welcome : undefined;
    if (welcome) {
      // A code counts once, accepted or not.
      await conversations.change(chat, (before) => ({ ...before, welcome: undefined }));
      await api.call('/kf/send_msg_on_event', { body: { code: welcome.code, msgid: message.ref, ...content } });
    } else {
      const to = { touser: customer.user, open_kfid: customer.openKfid, msgid: message.ref };
      await api.call('/kf/send_msg', { body: { ...to, ...content } }).catch((error: unknown) => {
        // It was in flight before: it is refused because its own id was accepted.
        if (!message.doubtful || !(error instanceof WecomFault) || error.errcode === undefined || known(error.errcode))
          throw error;
      });
    }
    await conversations.change(chat, (before) => accepted(before, message, newId()));
    if (message.buttons.length > 0) await numbered.offer(chat, message.buttons);
    else if (message.asks) await numbered.forget(chat);
  }

  /** Decides what a failure means for the chat: continue, retry later, or wait for the customer. */
  async function failed(error: WecomFault, chat: ChatId, message: Part, greeting: boolean): Promise<'on' | 'later' | 'wait'> {
    const { errcode, outcome } = error;
    const { ref } = message;
    const change = (step: (conversation: Conversation) => Conversation): Promise<Conversation> =>
      conversations.change(chat, step);
    if (errcode === undefined && outcome === 'unknown') return 'later';
    await change((conversation) => refused(conversation, ref));
    if (errcode === undefined) return 'later';
    // Too late to greet: the greeting comes before the first answer.
    if (greeting) return 'wait';
    if (SPENT.has(errcode) || STATE.has(errcode)) {
      await change((conversation) => ({ ...conversation, sent: MOST_SENT }));
      return 'wait';
    }
    if (GONE.has(errcode)) {
      log.warn('微信客服: the account is gone; what waited for its customer is dropped', { errcode });
      await change((conversation) => ({ ...conversation, gone: true, waiting: [] }));
      return 'wait';
    }
    if (known(errcode)) {
      log.warn(`微信客服: ${setupAdviceOf(errcode)?.en ?? 'a message could not be sent'}`, { error });
      return 'later';
    }
    if (message.media) {
      await instead(chat, message);
      return 'on';
    }
    // It would be refused for ever and block the queue.
    log.error('微信客服: a message is refused as it is; it is dropped', { error });
    await change((conversation) => dropping(conversation, ref));
    return 'on';
  }

  /** Takes back a conversation that waits for a colleague (2); one in a colleague's hands (3) or ended (4) is left alone. */
  async function takenBack({ openKfid, user }: Customer): Promise<boolean> {
    const who = { open_kfid: openKfid, external_userid: user };
    try {
      const { service_state: state } = await api.call('/kf/service_state/get', { body: who });
      if (state !== 2) return false;
      await api.call('/kf/service_state/trans', { body: { ...who, service_state: 1 } });
      return true;
    } catch {
      return false;
    }
  }

  return {
    async say(chat, part) {
      const { gone, waiting } = await conversations.change(chat, (conversation) =>
        conversation.gone ? conversation : adding(conversation, part),
      );
      if (gone) return false;
      if (waiting.length === MOST_WAITING)
        log.warn('微信客服: a customer does not write; the oldest messages are dropped', { chat });
      // The second of two progress notes shows the state: no outcome is expected soon.
      const alone = waiting.filter((one) => one.passing && one.settles === part.settles).length === 1;
      scheduler.soon(chat, part.passing && alone ? PASSING_MS : GATHER_MS);
      return true;
    },
    resume(chat) {
      if (!scheduler.has(chat)) scheduler.soon(chat, GATHER_MS);
    },
    settled: scheduler.settled,
    hurry: scheduler.hurry,
  };
}

/** Errcodes about the chat, the app or the load, not about the message. */
const known = (errcode: number): boolean =>
  errcode === BUSY ||
  setupAdviceOf(errcode) !== undefined ||
  [SPENT, GONE, STATE, REFUSED, TOKEN_OVER, TOO_OFTEN].some((codes) => codes.has(errcode));

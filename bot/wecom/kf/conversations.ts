/** State of each customer's chat: the quota of messages left, and the queue of unsent parts. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { Mutex } from '../../../services/database/locks/mutex.ts';
import type { Part } from './compose.ts';

export interface Conversation {
  /** The customer's last message, ms by WeCom's clock, and its id; undefined before the first. */
  readonly heard: { readonly at: number; readonly id: string } | undefined;
  /** Messages sent since then. */
  readonly sent: number;
  /** The queue of unsent parts, in order. */
  readonly waiting: readonly Part[];
  /** The last accepted messages: WeCom may still report one undelivered. */
  readonly recent: readonly Part[];
  /** A code that allows one message although the customer has not written; ms. */
  readonly welcome: { readonly code: string; readonly until: number } | undefined;
  /** The scene of the customer's last link with one. */
  readonly scene?: string | undefined;
  /** When that link was opened, ms by WeCom's clock. */
  readonly sceneAt?: number | undefined;
  /** The customer refuses messages, or the account is gone: nothing is queued until the customer writes. */
  readonly gone: boolean;
}

/** https://developer.work.weixin.qq.com/document/path/94677: five messages within 48 hours of the customer's last. */
export const MOST_SENT = 5;
const WINDOW_MS = 48 * 3_600_000;
/** Lifetime of an idle chat's state, its queue included. */
export const CONVERSATION_MS = 30 * 24 * 3_600_000;
/** Longest queue of a customer who does not write: beyond it the oldest part is dropped. */
export const MOST_WAITING = 40;

export const SILENT: Conversation = { heard: undefined, sent: 0, waiting: [], recent: [], welcome: undefined, gone: false };

/** Gives the number of messages that the customer may be sent now. */
export const budget = ({ heard, sent }: Conversation, now: number): number =>
  heard && now - heard.at < WINDOW_MS ? Math.max(0, MOST_SENT - sent) : 0;

/** Records a message of the customer, which resets the quota. A repeated or older message changes nothing. */
export function hearing(conversation: Conversation, at: number, id: string): Conversation {
  const { heard } = conversation;
  if (heard && (at < heard.at || (at === heard.at && id === heard.id))) return conversation;
  return { ...conversation, heard: { at, id }, sent: 0, welcome: undefined, gone: false };
}

/** Records that the customer opened the chat, by a link with this scene, and may be greeted. */
export function entering(conversation: Conversation, scene: string, at: number, welcome: Conversation['welcome']): Conversation {
  if (scene === '' && !welcome) return conversation;
  return { ...conversation, ...(scene !== '' && { scene, sceneAt: at }), ...(welcome && { welcome }) };
}

export const adding = (conversation: Conversation, part: Part): Conversation => ({
  ...conversation,
  waiting: [...conversation.waiting, part].slice(-MOST_WAITING),
});

/** Replaces the queue by its composed messages and marks the first as in flight: its arrival is unknown until answered. */
export const beginning = (conversation: Conversation, messages: readonly Part[]): Conversation => ({
  ...conversation,
  waiting: messages.map((message, at) => (at === 0 ? { ...message, doubtful: true } : message)),
});

/** Records that the first message of the queue was certainly not accepted. */
export const refused = (conversation: Conversation, ref: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.map((one) => (one.ref === ref ? certain(one) : one)),
});

export const dropping = (conversation: Conversation, ref: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.filter((one) => one.ref !== ref),
});

/** Replaces a picture or file that cannot be sent by its text. */
export const worded = (conversation: Conversation, ref: string, text: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.map((one) => (one.ref === ref && one.media ? { ref, text, buttons: [] } : one)),
});

/** Records that a queued message was accepted. `name`: see `failing`. */
export function accepted(conversation: Conversation, message: Part, name: string): Conversation {
  const recent = [...conversation.recent, certain(message)].slice(-MOST_SENT);
  const after = { ...dropping(conversation, message.ref), recent, sent: conversation.sent + 1 };
  return conversation.waiting.some(({ ref, undelivered }) => ref === message.ref && undelivered)
    ? failing(after, message.ref, name)
    : after;
}

/**
 * Records that an accepted message was not delivered: it is queued again under a new id, `name`, since its own is used up, and
 * nothing is sent for now. The report may overtake the answer that it was accepted.
 */
export function failing(conversation: Conversation, ref: string, name: string): Conversation {
  const part = conversation.recent.find((one) => one.ref === ref);
  if (!part) {
    const waiting = conversation.waiting.map((one) => (one.ref === ref ? ({ ...one, undelivered: true } as const) : one));
    return { ...conversation, waiting };
  }
  const recent = conversation.recent.filter((one) => one !== part);
  return { ...conversation, sent: MOST_SENT, recent, waiting: [{ ...part, ref: name }, ...conversation.waiting] };
}

function certain(part: Part): Part {
  const { doubtful: _, undelivered: __, ...rest } = part;
  return rest;
}

export interface Conversations {
  get(chat: ChatId): Promise<Conversation>;
  /** Applies one change at a time per chat; resolves with the new state. */
  change(chat: ChatId, step: (conversation: Conversation) => Conversation): Promise<Conversation>;
  /** Chats whose queue was not empty when last written. */
  unsent(): Promise<readonly ChatId[]>;
}

/** `conversations` is a collection for `CONVERSATION_MS`; `lists`, too, holds one list: the chats with a queue, for the next start. */
export function createConversations({
  conversations,
  lists,
  mutex,
}: {
  conversations: Collection<Conversation>;
  lists: Collection<readonly ChatId[]>;
  mutex: Mutex;
}): Conversations {
  const tails = new Map<string, Promise<unknown>>();
  const alone = async <T>(chat: string, step: () => Promise<T>): Promise<T> => {
    const before = tails.get(chat) ?? Promise.resolve();
    const mine = before.then(() => mutex(`kf-talk:${chat}`, step));
    const turn = mine.catch(() => undefined);
    tails.set(chat, turn);
    try {
      return await mine;
    } finally {
      if (tails.get(chat) === turn) tails.delete(chat);
    }
  };
  const unsent = async (): Promise<readonly ChatId[]> => (await lists.get('unsent')) ?? [];
  const get = async (chat: ChatId): Promise<Conversation> => (await conversations.get(chat)) ?? SILENT;
  return {
    get,
    change: (chat, step) =>
      alone(chat, async () => {
        const before = await get(chat);
        const conversation = step(before);
        if (conversation === before) return conversation;
        await conversations.set(chat, conversation);
        const waits = conversation.waiting.length > 0;
        if (waits !== before.waiting.length > 0)
          await alone(' list', async () => {
            const others = (await unsent()).filter((one) => one !== chat);
            await lists.set('unsent', waits ? [...others, chat] : others);
          });
        return conversation;
      }),
    unsent,
  };
}

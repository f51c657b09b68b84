/** What is known of each customer's chat: how many messages he may still be sent, and what waits for the next chance. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { Mutex } from '../../../services/database/mutex.ts';
import type { Part } from './compose.ts';

export interface Conversation {
  /** The customer's last message, ms by WeCom's clock, and its id; never written: none. */
  readonly heard: { readonly at: number; readonly id: string } | undefined;
  /** Messages sent since. */
  readonly sent: number;
  /** What is still to be said, in order. */
  readonly waiting: readonly Part[];
  /** The last messages that were accepted: one may turn out undelivered. */
  readonly recent: readonly Part[];
  /** Lets one message through although the customer has not written; ms. */
  readonly welcome: { readonly code: string; readonly until: number } | undefined;
  /** The scene of the last link he came by that had one. */
  readonly scene?: string | undefined;
  /** He refuses messages, or the account is gone: nothing is kept until he writes. */
  readonly gone: boolean;
}

/** https://developer.work.weixin.qq.com/document/path/94677: five messages within 48 hours of the customer's last. */
export const MOST_SENT = 5;
const WINDOW_MS = 48 * 3_600_000;
/** How long a chat is remembered when nothing happens in it; what waits there goes with it. */
export const TALK_MS = 30 * 24 * 3_600_000;
/** What waits for a customer who does not write: the oldest goes when there is more. */
export const MOST_WAITING = 40;

export const SILENT: Conversation = { heard: undefined, sent: 0, waiting: [], recent: [], welcome: undefined, gone: false };

/** How many messages the customer may be sent now. */
export const budget = ({ heard, sent }: Conversation, now: number): number =>
  heard && now - heard.at < WINDOW_MS ? Math.max(0, MOST_SENT - sent) : 0;

/** He wrote: the count begins anew. A message that was heard before, or an older one, changes nothing. */
export function hearing(conversation: Conversation, at: number, id: string): Conversation {
  const { heard } = conversation;
  if (heard && (at < heard.at || (at === heard.at && id === heard.id))) return conversation;
  return { ...conversation, heard: { at, id }, sent: 0, welcome: undefined, gone: false };
}

/** He opened the chat, by a link with this scene, and may be greeted. */
export function entering(conversation: Conversation, scene: string, welcome: Conversation['welcome']): Conversation {
  if (scene === '' && !welcome) return conversation;
  return { ...conversation, ...(scene !== '' && { scene }), ...(welcome && { welcome }) };
}

export const adding = (conversation: Conversation, part: Part): Conversation => ({
  ...conversation,
  waiting: [...conversation.waiting, part].slice(-MOST_WAITING),
});

/** What waits becomes these messages, and the first of them is on its way: whether it arrives is not known until it is. */
export const beginning = (conversation: Conversation, messages: readonly Part[]): Conversation => ({
  ...conversation,
  waiting: messages.map((message, at) => (at === 0 ? { ...message, doubtful: true } : message)),
});

/** The first waiting message was certainly not taken. */
export const refused = (conversation: Conversation, ref: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.map((one) => (one.ref === ref ? certain(one) : one)),
});

export const dropping = (conversation: Conversation, ref: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.filter((one) => one.ref !== ref),
});

/** A picture or file cannot be had: what is to be said instead takes its place. */
export const worded = (conversation: Conversation, ref: string): Conversation => ({
  ...conversation,
  waiting: conversation.waiting.map((one) => (one.ref === ref && one.media ? { ref, text: one.media.sorry, buttons: [] } : one)),
});

/** A waiting message was accepted. `name`: see `failing`. */
export function accepted(conversation: Conversation, message: Part, name: string): Conversation {
  const recent = [...conversation.recent, certain(message)].slice(-MOST_SENT);
  const after = { ...dropping(conversation, message.ref), recent, sent: conversation.sent + 1 };
  return conversation.waiting.some(({ ref, undelivered }) => ref === message.ref && undelivered)
    ? failing(after, message.ref, name)
    : after;
}

/**
 * An accepted message was not delivered after all: it waits again, as `name`, since its own is used up, and for now nothing
 * gets through. The news may come before the answer that it was accepted.
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
  /** One change after the other for each chat; resolves with the talk as it is now. */
  change(chat: ChatId, step: (conversation: Conversation) => Conversation): Promise<Conversation>;
  /** Chats where something waited when it was last written. */
  unsent(): Promise<readonly ChatId[]>;
}

/** `talks` is a collection for `TALK_MS`; `lists` too, of one list: the chats where something waits, for the next start. */
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

/** Chats of the fake Telegram: their members and messages. */
import type { Chat, InlineKeyboardMarkup, Message, MessageEntity, User } from 'grammy/types';

export type Status = 'creator' | 'administrator' | 'member' | 'left' | 'kicked';

/** One message as the people of its chat see it. */
export interface FakeMessage {
  readonly id: number;
  readonly chat: FakeChat;
  readonly from: User;
  /** Whether the bot wrote it. */
  readonly byBot: boolean;
  /** As it reads, without markup. */
  text: string;
  entities: readonly MessageEntity[];
  /** Buttons as they stand, in rows. */
  buttons: { label: string; data: string }[][];
  readonly replyTo: number | undefined;
  /** The thread of the forum's topic; undefined in General. */
  readonly topic: number | undefined;
  readonly forceReply: boolean;
  /** File id of a picture or document in it. */
  readonly file: string | undefined;
  /** Number of edits. */
  edits: number;
  deleted: boolean;
  /** A test sets this: the time for edits is over. */
  locked: boolean;
  readonly date: number;
  /** The picture or other extras as the Bot API shows them. */
  readonly extra: Partial<Message>;
}

/** The topics of a forum by thread; the General topic is none of them, has no thread, and cannot be deleted. */
export interface FakeForum {
  readonly topics: Map<number, { readonly name: string; closed: boolean }>;
  generalClosed: boolean;
}

export interface FakeChat {
  readonly id: number;
  /** `telegram:<id>`. */
  readonly ref: `telegram:${number}`;
  readonly type: 'private' | 'group' | 'supergroup';
  title: string;
  /** All that ever stood here; see `messages` for what still does. */
  readonly written: FakeMessage[];
  /** Messages of the chat, oldest first. */
  readonly messages: FakeMessage[];
  /** People and the bot by id. In a private chat the bot is `kicked` when it is blocked, `left` before the first word. */
  readonly members: Map<number, Status>;
  /** A test sets this: the bot may delete what others wrote (it always may in private chats). */
  botMayDelete: boolean;
  /** A test sets this: the bot may not write. */
  botMuted: boolean;
  movedTo: number | undefined;
  /** Its topics, if it has such: `openForum`. */
  forum: FakeForum | undefined;
  deleted: boolean;
  /** Resolves with the first message of the bot here that matches, standing now or written or edited later. */
  shows(what: string | RegExp | ((message: FakeMessage) => boolean)): Promise<FakeMessage>;
  /** Resolves with the bot's next message that no `nextMessage` has given out yet. */
  nextMessage(): Promise<FakeMessage>;
}

export const userJson = (user: User): User => ({ ...user });

export function chatJson(chat: FakeChat, person?: User): Chat {
  if (chat.type === 'private') return { id: chat.id, type: 'private', first_name: person?.first_name ?? chat.title };
  return { id: chat.id, type: chat.type, title: chat.title, ...(chat.forum && { is_forum: true }) } as Chat;
}

export const markupOf = (message: FakeMessage): InlineKeyboardMarkup | undefined =>
  message.buttons.length === 0
    ? undefined
    : { inline_keyboard: message.buttons.map((row) => row.map(({ label, data }) => ({ text: label, callback_data: data }))) };

/** How the Bot API shows a message's thread: replies of supergroups have one that is no topic. */
function threadJson({ chat, topic, replyTo }: FakeMessage): Partial<Message> {
  if (topic !== undefined) return { message_thread_id: topic, is_topic_message: true };
  return chat.type === 'supergroup' && replyTo !== undefined ? { message_thread_id: rootOf(chat, replyTo) } : {};
}

/** The message that began a thread of replies. */
function rootOf(chat: FakeChat, id: number): number {
  const before = chat.written.find((one) => one.id === id)?.replyTo;
  return before === undefined ? id : rootOf(chat, before);
}

/** The message as the Bot API shows it. */
export function messageJson(message: FakeMessage, depth = 0): Message {
  const replied = depth === 0 ? message.chat.written.find((one) => one.id === message.replyTo) : undefined;
  const markup = markupOf(message);
  return {
    message_id: message.id,
    date: message.date,
    chat: chatJson(message.chat, message.byBot ? undefined : message.from),
    from: userJson(message.from),
    ...(message.text !== '' && (message.file === undefined ? { text: message.text } : { caption: message.text })),
    ...(message.entities.length > 0 && { entities: [...message.entities] }),
    ...(replied && { reply_to_message: messageJson(replied, 1) }),
    ...(markup && { reply_markup: markup }),
    ...threadJson(message),
    ...message.extra,
  } as Message;
}

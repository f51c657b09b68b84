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
  deleted: boolean;
  /** Resolves with the first message of the bot here that matches, standing now or written or edited later. */
  shows(what: string | RegExp | ((message: FakeMessage) => boolean)): Promise<FakeMessage>;
  /** Resolves with the bot's next message that no `nextMessage` has given out yet. */
  nextMessage(): Promise<FakeMessage>;
}

export const userJson = (user: User): User => ({ ...user });

export function chatJson(chat: FakeChat, person?: User): Chat {
  if (chat.type === 'private') return { id: chat.id, type: 'private', first_name: person?.first_name ?? chat.title };
  return { id: chat.id, type: chat.type, title: chat.title };
}

export const markupOf = (message: FakeMessage): InlineKeyboardMarkup | undefined =>
  message.buttons.length === 0
    ? undefined
    : { inline_keyboard: message.buttons.map((row) => row.map(({ label, data }) => ({ text: label, callback_data: data }))) };

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
    ...message.extra,
  } as Message;
}

/** Parses Telegram updates: a message, a press or a change of membership becomes an `Incoming`, or nothing. */
import type { CallbackQuery, Chat, ChatMember, ChatMemberUpdated, MaybeInaccessibleMessage, Message, User } from 'grammy/types';
import { decodeAction, type ChatId, type Incoming, type MessageRef, type Person } from '../../handlers/message.ts';
import { readContent, readText, holdsCode } from './content.ts';

/** Telegram's placeholder senders for anonymous people: GroupAnonymousBot and Channel_Bot. */
const ANONYMOUS = new Set([1087968824, 136817688]);

/** The language of the person's app, where Telegram tells it. */
const spoken = (from: User | undefined): Pick<Incoming, 'language'> =>
  from?.language_code === undefined ? {} : { language: from.language_code };

/** The thread of the General topic, which Telegram does not find when something is sent to it by this id. */
const GENERAL = 1;

const nameOf = (user: User): string => [user.first_name, user.last_name].filter(Boolean).join(' ');

/** The chat id in our form, such as `telegram:-100123`. Throws a TypeError for anything but an integer. */
export function chatId(id: number): ChatId {
  if (!Number.isSafeInteger(id)) throw new TypeError('not a chat id');
  return `telegram:${id}`;
}

/** Telegram's numeric id of a chat or person; undefined for one of another channel. */
export function numberOf(id: string): number | undefined {
  const match = /^telegram:(-?\d{1,16})$/.exec(id);
  return match ? Number(match[1]) : undefined;
}

/**
 * The topic of a message, as an event or a reference names it. Only `is_topic_message` says that a thread is a topic: replies
 * in ordinary groups and in the General topic have threads as well, to which nothing can be sent.
 */
function topicOf(message: Partial<Pick<Message, 'message_thread_id' | 'is_topic_message'>>): { readonly topic?: string } {
  const { message_thread_id: thread, is_topic_message: isTopic } = message;
  return isTopic && thread !== undefined && thread !== GENERAL ? { topic: String(thread) } : {};
}

const refTo = (message: MaybeInaccessibleMessage): MessageRef => ({
  chat: chatId(message.chat.id),
  message: String(message.message_id),
  ...topicOf(message),
});

/**
 * The sender of a message. Anonymous administrators and people who write as a channel are marked `anonymous`: they have no
 * rights.
 */
function speaker(from: User | undefined, as?: Chat): Person | undefined {
  if (as || (from && ANONYMOUS.has(from.id))) {
    return { id: chatId(as?.id ?? from!.id), name: as?.title ?? (from ? nameOf(from) : ''), anonymous: true };
  }
  return from && !from.is_bot ? { id: chatId(from.id), name: nameOf(from) } : undefined;
}

/** The fields that all kinds of events share. */
function about(chat: Chat, from: Person, at: number): Pick<Incoming, 'chat' | 'group' | 'title' | 'from' | 'at'> {
  const group = chat.type !== 'private';
  return { chat: chatId(chat.id), group, title: group ? (chat.title ?? '') : from.name, from, at };
}

/** A group's upgrade to a supergroup. Telegram announces it in the old and in the new group; both give the same event id. */
function readMove(message: Message): Incoming | undefined {
  const { chat } = message;
  const [from, to] =
    message.migrate_to_chat_id === undefined ? [message.migrate_from_chat_id, chat.id] : [chat.id, message.migrate_to_chat_id];
  if (from === undefined) return undefined;
  const person = speaker(message.from, message.sender_chat) ?? { id: chatId(from), name: '', anonymous: true };
  return {
    ...about(chat, person, message.date * 1000),
    id: `telegram:moved:${from}:${to}`,
    chat: chatId(to),
    content: { kind: 'moved', from: chatId(from) },
    addressed: false,
  };
}

/** A message of a private chat or group. Undefined for messages from bots, service messages and commands to other bots. */
export function readMessage(update: number, message: Message, me: User): Incoming | undefined {
  const move = readMove(message);
  if (move) return move;
  // An automatic forward from a linked channel: nobody in the group wrote it.
  if (message.is_automatic_forward) return undefined;
  const from = speaker(message.from, message.sender_chat);
  const said = readText(message.text ?? message.caption ?? '', me.username ?? '');
  const read = said && readContent(message, said.text, me);
  if (!from || !read) return undefined;
  const { content, quoted, asked = false } = read;
  return {
    ...about(message.chat, from, message.date * 1000),
    id: `telegram:${update}`,
    content,
    ...(quoted && { quoted }),
    message: refTo(message),
    ...topicOf(message),
    ...spoken(message.from),
    addressed: message.chat.type === 'private' || said.named || asked || message.reply_to_message?.from?.id === me.id,
  };
}

/** The time for which an edit still mends a message, ms. Later ones are about something else. */
const MENDED_WITHIN_MS = 15 * 60_000;

/**
 * A code that was mistyped and mended by editing. Undefined for all other edits: the answer to an earlier question would be
 * taken for the answer to the present one.
 */
export function readEdit(update: number, message: Message, me: User): Incoming | undefined {
  const editedAt = (message.edit_date ?? 0) * 1000;
  if (editedAt - message.date * 1000 > MENDED_WITHIN_MS) return undefined;
  const read = readMessage(update, message, me);
  return read?.content.kind === 'text' && holdsCode(read.content.text) ? { ...read, at: editedAt, edited: true } : undefined;
}

const PRESS = 'telegram:press:';

/**
 * A press, with the callback query's id as event id: the same event in whatever update it arrives. Undefined for data that is
 * no action of ours.
 */
export function readPress(query: CallbackQuery, at: number): Incoming | undefined {
  const action = decodeAction(query.data);
  const from = speaker(query.from);
  const { message } = query;
  if (!action || !from || !message || message.chat.type === 'channel') return undefined;
  return {
    ...about(message.chat, from, at),
    id: `${PRESS}${query.id}`,
    content: { kind: 'press', action, on: refTo(message) },
    ...topicOf(message),
    ...spoken(query.from),
    addressed: true,
  };
}

/** The callback query id of a press event; undefined for other events. */
export const pressOf = (event: Incoming): string | undefined =>
  event.id.startsWith(PRESS) ? event.id.slice(PRESS.length) : undefined;

const belongs = (member: ChatMember): boolean =>
  member.status === 'restricted' ? member.is_member : member.status !== 'left' && member.status !== 'kicked';

/** The bot was added or removed, or in a private chat unblocked or blocked. Undefined for a mere change of its rights. */
export function readMembership(update: number, change: ChatMemberUpdated): Incoming | undefined {
  const [before, after] = [belongs(change.old_chat_member), belongs(change.new_chat_member)];
  if (before === after || change.chat.type === 'channel') return undefined;
  const from = speaker(change.from) ?? { id: chatId(change.from.id), name: nameOf(change.from), anonymous: true };
  return {
    ...about(change.chat, from, change.date * 1000),
    id: `telegram:${update}`,
    content: { kind: after ? 'joined' : 'left' },
    ...spoken(change.from),
    addressed: after,
  };
}

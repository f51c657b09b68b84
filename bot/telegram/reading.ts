/** Reads what Telegram tells: a message, a press or a change of membership becomes an `Incoming`, or nothing. */
import type { CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, User } from 'grammy/types';
import { decodeAction, type ChatId, type Content, type Incoming, type MessageRef, type Person } from '../../handlers/message.ts';

/** Telegram's stand-ins for people who do not show themselves: GroupAnonymousBot and Channel_Bot. */
const MASKS = new Set([1087968824, 136817688]);

/** What a person can send that holds neither text nor a picture. All other messages are Telegram's own notices. */
const UNREADABLE = [
  'sticker',
  'voice',
  'video',
  'video_note',
  'audio',
  'animation',
  'document',
  'contact',
  'location',
  'venue',
  'poll',
  'dice',
  'story',
  'game',
  'paid_media',
  'checklist',
] as const satisfies readonly (keyof Message)[];

const nameOf = (user: User): string => [user.first_name, user.last_name].filter(Boolean).join(' ');

/** `telegram:-100123`. Throws for what is no id. */
export function chatId(id: number): ChatId {
  if (!Number.isSafeInteger(id)) throw new TypeError('not a chat id');
  return `telegram:${id}`;
}

/** Telegram's number of a chat or person of this channel, or nothing for another channel's. */
export function numberOf(id: string): number | undefined {
  const match = /^telegram:(-?\d{1,16})$/.exec(id);
  return match ? Number(match[1]) : undefined;
}

const refTo = (chat: { id: number }, message: number): MessageRef => ({ chat: chatId(chat.id), message: String(message) });

/** Whoever speaks; a group's anonymous administrators and people who write as a channel have no rights. */
function speaker(from: User | undefined, as?: Chat): Person | undefined {
  if (as || (from && MASKS.has(from.id))) {
    return { id: chatId(as?.id ?? from!.id), name: as?.title ?? (from ? nameOf(from) : ''), anonymous: true };
  }
  return from && !from.is_bot ? { id: chatId(from.id), name: nameOf(from) } : undefined;
}

/** The same wherever the event comes from. */
function about(chat: Chat, from: Person, at: number): Pick<Incoming, 'chat' | 'group' | 'title' | 'from' | 'at'> {
  const group = chat.type !== 'private';
  return { chat: chatId(chat.id), group, title: group ? (chat.title ?? '') : from.name, from, at };
}

/**
 * Text as it was meant: without this bot's name, and whether it was named. Nothing for a command to another bot.
 * Names of Telegram bots are letters, digits and underscores, in either case.
 */
export function readText(raw: string, bot: string): { text: string; named: boolean } | undefined {
  const text = raw.trim();
  const command = /^(\/\w+)@(\w+)(?=\s|$)/.exec(text);
  if (command) {
    if (command[2]!.toLowerCase() !== bot.toLowerCase()) return undefined;
    return { text: command[1]! + text.slice(command[0].length), named: true };
  }
  const mention = new RegExp(`(?<![\\w@.])@${bot}(?!\\w)`, 'i');
  if (!mention.test(text)) return { text, named: false };
  const atStart = new RegExp(`^@${bot}(?!\\w)[\\s,，:：、]{0,8}`, 'i');
  const atEnd = new RegExp(`[\\s,，:：、]{0,8}(?<![\\w@.])@${bot}$`, 'i');
  return { text: text.replace(atStart, '').replace(atEnd, '').trim(), named: true };
}

/** The group's move to a supergroup, told by a notice in the old and one in the new: the same event from either. */
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

function readContent(message: Message, text: string): Content | undefined {
  const picture = message.photo?.at(-1) ?? (message.document?.mime_type?.startsWith('image/') ? message.document : undefined);
  if (picture) return { kind: 'photo', file: picture.file_id, caption: text };
  if (message.text !== undefined || text !== '') return { kind: 'text', text };
  return UNREADABLE.some((key) => message[key] !== undefined) ? { kind: 'other' } : undefined;
}

/** A message of a private chat or group. Nothing for bots, Telegram's notices and commands to other bots. */
export function readMessage(update: number, message: Message, me: User): Incoming | undefined {
  const move = readMove(message);
  if (move) return move;
  // What a linked channel posts appears in its group by itself; nobody there said it.
  if (message.is_automatic_forward) return undefined;
  const from = speaker(message.from, message.sender_chat);
  const said = readText(message.text ?? message.caption ?? '', me.username ?? '');
  const content = said && readContent(message, said.text);
  if (!from || !content) return undefined;
  return {
    ...about(message.chat, from, message.date * 1000),
    id: `telegram:${update}`,
    content,
    message: refTo(message.chat, message.message_id),
    addressed: message.chat.type === 'private' || said.named || message.reply_to_message?.from?.id === me.id,
  };
}

const PRESS = 'telegram:press:';

/** A press, the same event under whatever update it comes. Nothing for data that is not an action of ours. */
export function readPress(query: CallbackQuery, at: number): Incoming | undefined {
  const action = decodeAction(query.data);
  const from = speaker(query.from);
  const { message } = query;
  if (!action || !from || !message || message.chat.type === 'channel') return undefined;
  return {
    ...about(message.chat, from, at),
    id: `${PRESS}${query.id}`,
    content: { kind: 'press', action, on: refTo(message.chat, message.message_id) },
    addressed: true,
  };
}

/** Telegram's id of the press that this event is, if it is one. */
export const pressOf = (event: Incoming): string | undefined =>
  event.id.startsWith(PRESS) ? event.id.slice(PRESS.length) : undefined;

const belongs = (member: ChatMember): boolean =>
  member.status === 'restricted' ? member.is_member : member.status !== 'left' && member.status !== 'kicked';

/** The bot came or went; a mere change of its rights is nothing. In a private chat: blocked, or let in again. */
export function readMembership(update: number, change: ChatMemberUpdated): Incoming | undefined {
  const [before, after] = [belongs(change.old_chat_member), belongs(change.new_chat_member)];
  if (before === after || change.chat.type === 'channel') return undefined;
  const from = speaker(change.from) ?? { id: chatId(change.from.id), name: nameOf(change.from), anonymous: true };
  return {
    ...about(change.chat, from, change.date * 1000),
    id: `telegram:${update}`,
    content: { kind: after ? 'joined' : 'left' },
    addressed: after,
  };
}

/** Bot API methods of the fake Telegram, which validate as strictly as Telegram does. */
import type { InlineKeyboardMarkup, Message, MessageEntity, User } from 'grammy/types';
import { refuse } from './answers.ts';
import { messageJson, type FakeChat, type FakeMessage } from './chats.ts';
import { isPicture, type FormPart } from '../multipart.ts';
import { parseHtml } from './html.ts';
import { topicFor } from './topics.ts';
import type { Delivery } from './updates.ts';

export interface Payload {
  readonly [name: string]: unknown;
}

/** A press and what the bot answered to it. */
export interface FakePress {
  readonly id: string;
  readonly message: FakeMessage;
  readonly by: User;
  answer: { text: string; alert: boolean } | undefined;
}

/** The state that the methods act upon. */
export interface Scene {
  readonly bot: User & { readonly username: string };
  readonly chats: Map<number, FakeChat>;
  readonly people: Map<number, User>;
  readonly presses: Map<string, FakePress>;
  /** Command menus by `scope/language`. */
  readonly menus: Map<string, { command: string; description: string }[]>;
  readonly files: Map<string, Uint8Array>;
  readonly delivery: Delivery;
  readonly privacy: boolean;
  write(chat: FakeChat, message: Pick<FakeMessage, 'from' | 'byBot' | 'text'> & Partial<FakeMessage>): FakeMessage;
  /** A chat of its own, empty. */
  makeChat(id: number, type: FakeChat['type'], title: string): FakeChat;
  newId(): string;
  /** Seconds since the epoch. */
  seconds(): number;
  changed(): void;
}

const MB = 1024 * 1024;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => Number(value ?? Number.NaN);
const structured = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

function chatFor(scene: Scene, id: unknown): FakeChat {
  const chat = scene.chats.get(number(id));
  if (!chat) refuse(400, 'Bad Request: chat not found');
  if (chat.movedTo !== undefined) {
    refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.movedTo });
  }
  if (chat.deleted) refuse(403, 'Forbidden: the group chat was deleted');
  const status = chat.members.get(scene.bot.id);
  if (chat.type === 'private') {
    if (status === 'kicked') refuse(403, 'Forbidden: bot was blocked by the user');
    if (status === 'left') refuse(403, "Forbidden: bot can't initiate conversation with a user");
  } else if (status === 'left' || status === 'kicked') {
    refuse(403, `Forbidden: bot was kicked from the ${chat.type === 'group' ? 'group' : 'supergroup'} chat`);
  }
  if (chat.botMuted) refuse(400, 'Bad Request: not enough rights to send text messages to the chat');
  return chat;
}

function parse(source: unknown, mode: unknown, limit: number): { text: string; entities: readonly MessageEntity[] } {
  const raw = text(source).replaceAll('\0', '');
  const parsed = text(mode).toUpperCase() === 'HTML' ? parseHtml(raw) : { text: raw.trim(), entities: [] };
  if (parsed.text.length > limit)
    refuse(400, limit === 4096 ? 'Bad Request: message is too long' : 'Bad Request: message caption is too long');
  return parsed;
}

function parseText(payload: Payload): { text: string; entities: readonly MessageEntity[] } {
  const parsed = parse(payload['text'], payload['parse_mode'], 4096);
  if (parsed.text === '') refuse(400, 'Bad Request: message text is empty');
  return parsed;
}

function buttonsIn(payload: Payload): FakeMessage['buttons'] {
  const markup = structured(payload['reply_markup']) as Partial<InlineKeyboardMarkup> | undefined;
  return (markup?.inline_keyboard ?? []).map((row) =>
    row.map((button) => {
      const data = 'callback_data' in button ? button.callback_data : '';
      if (!button.text) refuse(400, 'Bad Request: inline keyboard button text must be non-empty');
      if (Buffer.byteLength(data) < 1 || Buffer.byteLength(data) > 64) refuse(400, 'Bad Request: BUTTON_DATA_INVALID');
      return { label: button.text, data };
    }),
  );
}

function replyIn(chat: FakeChat, payload: Payload): number | undefined {
  const reply = structured(payload['reply_parameters']) as
    { message_id: number; allow_sending_without_reply?: boolean } | undefined;
  if (!reply) return undefined;
  if (chat.messages.some((message) => message.id === reply.message_id)) return reply.message_id;
  if (!reply.allow_sending_without_reply) refuse(400, 'Bad Request: message to be replied not found');
  return undefined;
}

function send(scene: Scene, payload: Payload, more: Pick<FakeMessage, 'text' | 'entities'> & Partial<FakeMessage>): Message {
  const chat = chatFor(scene, payload['chat_id']);
  const markup = structured(payload['reply_markup']) as { force_reply?: boolean } | undefined;
  const replyTo = replyIn(chat, payload);
  const administers = chat.members.get(scene.bot.id) === 'administrator';
  const message = scene.write(chat, {
    from: scene.bot,
    byBot: true,
    buttons: buttonsIn(payload),
    replyTo,
    topic: topicFor(chat, payload['message_thread_id'], replyTo, administers),
    forceReply: markup?.force_reply === true,
    ...more,
  });
  return messageJson(message);
}

/** A file that came with the call. */
const isUpload = (value: unknown): value is FormPart => typeof value === 'object' && value !== null && 'bytes' in value;

function sendFile(scene: Scene, payload: Payload, kind: 'photo' | 'document'): Message {
  const given = payload[kind];
  const id = typeof given === 'string' ? given : `file-${scene.newId()}`;
  if (isUpload(given)) scene.files.set(id, given.bytes);
  const bytes = scene.files.get(id);
  if (!bytes) refuse(400, 'Bad Request: wrong file identifier/HTTP URL specified');
  if (bytes.length === 0) refuse(400, 'Bad Request: file must be non-empty');
  if (bytes.length > 50 * MB) refuse(413, 'Request Entity Too Large');
  if (kind === 'photo') {
    if (bytes.length > 10 * MB)
      refuse(400, `Bad Request: file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${10 * MB} bytes`);
    if (!isPicture(Buffer.from(bytes))) refuse(400, 'Bad Request: IMAGE_PROCESS_FAILED');
  }
  const file = { file_id: id, file_unique_id: id, file_size: scene.files.get(id)!.byteLength };
  const extra: Partial<Message> =
    kind === 'photo'
      ? { photo: [{ ...file, width: 800, height: 600 }] }
      : { document: { ...file, file_name: (isUpload(given) && given.filename) || id } };
  return send(scene, payload, { ...parse(payload['caption'], payload['parse_mode'], 1024), file: id, extra });
}

export type Method = (scene: Scene, payload: Payload, gone: AbortSignal) => unknown;

export const METHODS: Readonly<Record<string, Method>> = {
  getMe: ({ bot, privacy }) => ({
    ...bot,
    can_join_groups: true,
    can_read_all_group_messages: !privacy,
    supports_inline_queries: false,
  }),

  getUpdates: ({ delivery }, payload, gone) => delivery.getUpdates(payload, gone),

  setWebhook({ delivery }, payload) {
    const url = text(payload['url']);
    const secret = payload['secret_token'];
    const loopback = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
    if (url && !loopback && !url.startsWith('https://'))
      refuse(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(text(secret))) {
      refuse(400, 'Bad Request: secret token contains unallowed characters');
    }
    const allowed = structured(payload['allowed_updates']) as string[] | undefined;
    delivery.setWebhook(
      url ? { url, ...(secret !== undefined && { secret: text(secret) }), ...(allowed && { allowed }) } : undefined,
    );
    return true;
  },

  deleteWebhook({ delivery }) {
    delivery.setWebhook(undefined);
    return true;
  },

  getWebhookInfo: ({ delivery }) => ({
    url: delivery.webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: delivery.waiting,
  }),

  sendMessage: (scene, payload) => send(scene, payload, parseText(payload)),
  sendPhoto: (scene, payload) => sendFile(scene, payload, 'photo'),
  sendDocument: (scene, payload) => sendFile(scene, payload, 'document'),
  sendChatAction: (scene, payload) => Boolean(chatFor(scene, payload['chat_id'])),

  editMessageText(scene, payload) {
    const chat = chatFor(scene, payload['chat_id']);
    const message = chat.messages.find((one) => one.id === number(payload['message_id']));
    if (!message) refuse(400, 'Bad Request: message to edit not found');
    if (!message.byBot || message.locked) refuse(400, "Bad Request: message can't be edited");
    if (message.file !== undefined) refuse(400, 'Bad Request: there is no text in the message to edit');
    const next = { ...parseText(payload), buttons: buttonsIn(payload) };
    const same =
      JSON.stringify([next.text, next.entities, next.buttons]) ===
      JSON.stringify([message.text, message.entities, message.buttons]);
    if (same) {
      refuse(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
      );
    }
    Object.assign(message, next, { edits: message.edits + 1 });
    scene.changed();
    return messageJson(message);
  },

  deleteMessage(scene, payload) {
    const chat = chatFor(scene, payload['chat_id']);
    const message = chat.messages.find((one) => one.id === number(payload['message_id']));
    if (!message) refuse(400, 'Bad Request: message to delete not found');
    if (!message.byBot && chat.type !== 'private' && !chat.botMayDelete) refuse(400, "Bad Request: message can't be deleted");
    message.deleted = true;
    scene.changed();
    return true;
  },

  answerCallbackQuery(scene, payload) {
    const press = scene.presses.get(text(payload['callback_query_id']));
    if (!press || press.answer) refuse(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
    if (text(payload['text']).length > 200) refuse(400, 'Bad Request: MESSAGE_TOO_LONG');
    press.answer = { text: text(payload['text']), alert: payload['show_alert'] === true };
    scene.changed();
    return true;
  },

  getChatMember(scene, payload) {
    const chat = chatFor(scene, payload['chat_id']);
    const user = scene.people.get(number(payload['user_id']));
    if (!user) refuse(400, 'Bad Request: PARTICIPANT_ID_INVALID');
    return { status: chat.members.get(user.id) ?? 'left', user };
  },

  setMyCommands(scene, payload) {
    const commands = structured(payload['commands']) as { command: string; description: string }[];
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) refuse(400, 'Bad Request: BOT_COMMAND_INVALID');
      if (description.length < 1 || description.length > 256) refuse(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    }
    const scope = structured(payload['scope']) as { type: string } | undefined;
    scene.menus.set(`${scope?.type ?? 'default'}/${text(payload['language_code'])}`, commands);
    scene.changed();
    return true;
  },

  getFile({ files }, payload) {
    const id = text(payload['file_id']);
    const bytes = files.get(id);
    if (!bytes) refuse(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
    return { file_id: id, file_unique_id: id, file_size: bytes.byteLength, file_path: `photos/${id}` };
  },
};

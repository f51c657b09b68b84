/** People of the fake Telegram: they write, press and block. */
import type { Message, User } from 'grammy/types';
import { chatJson, messageJson, type FakeChat, type FakeMessage, type Status } from './chats.ts';
import type { FakePress, Scene } from './methods.ts';

/** Telegram's stand-in for administrators who stay anonymous. */
export const ANONYMOUS: User = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };

interface Saying {
  /** The private chat unless told. */
  readonly in?: FakeChat;
  readonly replyTo?: FakeMessage;
  /** In a forum: the thread of the topic; that of `replyTo`, or General, unless told. */
  readonly topic?: number;
  /** In a group: as an anonymous administrator. */
  readonly anonymous?: boolean;
}

export interface FakePerson {
  readonly id: number;
  /** `telegram:<id>`. */
  readonly ref: `telegram:${number}`;
  readonly user: User;
  readonly chat: FakeChat;
  says(text: string, saying?: Saying): FakeMessage;
  /** Sends a picture: as a photo, or as a file with `asFile`. Those of one `album` are messages of their own with its id. */
  shows(bytes: Uint8Array, options?: Saying & { caption?: string; asFile?: boolean; album?: string }): FakeMessage;
  /** Sends something else: `{ sticker: … }`. */
  sends(extra: Partial<Message>, saying?: Saying): FakeMessage;
  /** Edits a message of one's own; the bot is told as of a new one. */
  edits(message: FakeMessage, text: string): void;
  /** Presses a button by its label; throws when the message has none of that name. */
  presses(message: FakeMessage, label: string, as?: { anonymous?: boolean }): FakePress;
  /** Presses a button that is not there: made-up data. */
  forges(message: FakeMessage, data: string): FakePress;
  /** Opens `https://t.me/<bot>?start=<word>`. */
  opens(link: string): FakeMessage;
  blocks(): void;
  unblocks(): void;
}

/** Whether Telegram shows this message to the bot. */
function heard({ bot, privacy }: Scene, message: FakeMessage): boolean {
  const status = message.chat.members.get(bot.id);
  if (message.chat.type === 'private') return true;
  if (status === 'left' || status === 'kicked' || status === undefined) return false;
  if (!privacy || status === 'administrator') return true;
  const replied = message.chat.written.find((one) => one.id === message.replyTo);
  const command = /^\/\w+(?:@(\w+))?/.exec(message.text);
  return replied?.byBot === true || (command !== null && (command[1] ?? bot.username) === bot.username);
}

/** The bot comes, goes, or gets other rights. */
export function membership(scene: Scene, chat: FakeChat, by: User, before: Status, after: Status): void {
  const { bot } = scene;
  chat.members.set(bot.id, after);
  scene.delivery.happen({
    my_chat_member: {
      chat: chatJson(chat, by),
      from: by,
      date: scene.seconds(),
      old_chat_member: { status: before, user: bot } as never,
      new_chat_member: { status: after, user: bot } as never,
    },
  });
}

/** Somebody with a private chat of his own, who has not written to the bot yet. */
export function createPerson(scene: Scene, name: string, about: Partial<User> = {}): FakePerson {
  const { bot, delivery } = scene;
  const nextId = (): number => Number(scene.newId());
  const user: User = { id: nextId() + 5_000_000, is_bot: false, first_name: name, language_code: 'zh-hans', ...about };
  scene.people.set(user.id, user);
  const home = scene.makeChat(user.id, 'private', name);
  home.members.set(bot.id, 'left').set(user.id, 'member');

  function writes(text: string, saying: Saying, more: Partial<FakeMessage> = {}): FakeMessage {
    const chat = saying.in ?? home;
    if (chat === home && home.members.get(bot.id) === 'left') home.members.set(bot.id, 'member');
    const mask: Partial<Message> = saying.anonymous ? { sender_chat: chatJson(chat) } : {};
    const message = scene.write(chat, {
      from: saying.anonymous ? ANONYMOUS : user,
      byBot: false,
      text,
      replyTo: saying.replyTo?.id,
      topic: saying.topic ?? saying.replyTo?.topic,
      ...more,
      extra: { ...mask, ...more.extra },
    });
    if (heard(scene, message)) delivery.happen({ message: messageJson(message) as never });
    return message;
  }

  function press(message: FakeMessage, data: string, from: User = user): FakePress {
    const made: FakePress = { id: `${nextId()}00000000000000`, message, by: from, answer: undefined };
    scene.presses.set(made.id, made);
    delivery.happen({
      callback_query: { id: made.id, from, chat_instance: '1', data, message: messageJson(message) },
    });
    return made;
  }

  return {
    id: user.id,
    ref: `telegram:${user.id}`,
    user,
    chat: home,
    says: (text, saying = {}) => writes(text, saying),
    edits(message, text) {
      message.text = text;
      if (heard(scene, message))
        delivery.happen({ edited_message: { ...messageJson(message), edit_date: scene.seconds() } as never });
    },
    sends: (extra, saying = {}) => writes('', saying, { extra }),
    shows(bytes, { caption = '', asFile = false, album, ...saying } = {}) {
      const id = `file-${nextId()}`;
      scene.files.set(id, bytes);
      const file = { file_id: id, file_unique_id: id, file_size: bytes.byteLength };
      const extra: Partial<Message> = asFile
        ? { document: { ...file, file_name: 'picture.png', mime_type: 'image/png' } }
        : {
            photo: [
              { ...file, file_id: `${id}-small`, width: 90, height: 90 },
              { ...file, width: 800, height: 600 },
            ],
          };
      return writes(caption, saying, { file: id, extra: { ...extra, ...(album !== undefined && { media_group_id: album }) } });
    },
    presses(message, label, as = {}) {
      const button = message.buttons.flat().find((one) => one.label === label);
      if (!button)
        throw new Error(
          `no button ${label} under: ${message.text}\n${message.buttons
            .flat()
            .map((one) => one.label)
            .join(' | ')}`,
        );
      return press(message, button.data, as.anonymous ? ANONYMOUS : user);
    },
    forges: (message, data) => press(message, data),
    opens: (link) => writes(`/start ${new URL(link).searchParams.get('start') ?? ''}`.trim(), {}),
    blocks: () => membership(scene, home, user, 'member', 'kicked'),
    unblocks: () => membership(scene, home, user, 'kicked', 'member'),
  };
}

/**
 * A fake Telegram: a Bot API server on loopback, with people and groups that a test acts for.
 *
 *     const telegram = await startTelegram();
 *     const zhang = telegram.person('张三');
 *     await zhang.says('123456');                            // in the private chat; `{ in: group }` for a group
 *     const card = await zhang.chat.shows('确认核销');        // waits for a text or button of the bot
 *     const press = await zhang.presses(card, '确认核销');
 *     await telegram.answered(press);                        // { text, alert }
 *
 * Functions wait for events, not for time: they resolve when the event happens, and fail after four seconds.
 */
import type { Message, Update, User } from 'grammy/types';
import { createFaults, createWatch, type Fault } from './telegram/answers.ts';
import { chatJson, messageJson, type FakeChat, type FakeMessage, type Status } from './telegram/chats.ts';
import type { FakePress, Payload, Scene } from './telegram/methods.ts';
import { ANONYMOUS, createPerson, membership, type FakePerson } from './telegram/people.ts';
import { listen } from './telegram/server.ts';
import { createDelivery } from './telegram/updates.ts';

export type { Fault } from './telegram/answers.ts';
export type { FakeChat, FakeMessage } from './telegram/chats.ts';
export type { FakePress } from './telegram/methods.ts';
export type { FakePerson } from './telegram/people.ts';

export interface Call {
  readonly method: string;
  readonly payload: Payload;
  readonly at: number;
}

export type FakeTelegram = Awaited<ReturnType<typeof startTelegram>>;

/**
 * Starts the server. `privacy`: in groups the bot hears only commands, replies to itself and notices, unless it
 * administers the group (Telegram's default; here off unless told). `last`: the last number it has given to a message or an update before.
 */
export async function startTelegram(options: { username?: string; privacy?: boolean; now?: () => number; last?: number } = {}) {
  const { username = 'HexiaoBot', privacy = false, now = Date.now, last } = options;
  const token = '7000000001:AAE-double_of_the_bot_api_0123456789';
  const bot = { id: 7_000_000_001, is_bot: true, first_name: '核销助手', username } as const;
  const watch = createWatch();
  const faults = createFaults();
  const delivery = createDelivery(watch, last);
  const calls: Call[] = [];
  const given = new Map<FakeChat, number>();
  let lastId = last ?? 100;
  const nextId = (): number => (lastId += 1);

  const scene: Scene = {
    bot,
    privacy,
    chats: new Map(),
    people: new Map([[bot.id, bot]]),
    presses: new Map(),
    menus: new Map(),
    files: new Map(),
    delivery,
    newId: () => String(nextId()),
    changed: () => watch.changed(),
    seconds: () => Math.floor(now() / 1000),
    makeChat,
    write(chat, message) {
      const written: FakeMessage = {
        id: nextId(),
        chat,
        entities: [],
        buttons: [],
        replyTo: undefined,
        topic: undefined,
        forceReply: false,
        file: undefined,
        edits: 0,
        deleted: false,
        locked: false,
        date: scene.seconds(),
        extra: {},
        ...message,
      };
      chat.written.push(written);
      watch.changed();
      return written;
    },
  };

  function makeChat(id: number, type: FakeChat['type'], title: string): FakeChat {
    const written: FakeMessage[] = [];
    const describe = (): string =>
      written.map((one) => `${one.byBot ? 'bot' : one.from.first_name}: ${one.text}`).join('\n') || '(nothing)';
    const matches = (message: FakeMessage, what: string | RegExp | ((message: FakeMessage) => boolean)): boolean => {
      if (typeof what === 'function') return what(message);
      const seen = [message.text, ...message.buttons.flat().map(({ label }) => label)].join('\n');
      return typeof what === 'string' ? seen.includes(what) : what.test(seen);
    };
    const chat: FakeChat = {
      id,
      ref: `telegram:${id}`,
      type,
      title,
      written,
      get messages() {
        return written.filter((message) => !message.deleted);
      },
      members: new Map(),
      botMayDelete: false,
      botMuted: false,
      movedTo: undefined,
      forum: undefined,
      deleted: false,
      shows: (what) =>
        watch.until(
          () => chat.messages.find((message) => message.byBot && matches(message, what)),
          () => `nothing like ${String(what)} in ${title}:\n${describe()}`,
        ),
      nextMessage: () =>
        watch.until(
          () => {
            const message = written.filter((one) => one.byBot)[given.get(chat) ?? 0];
            if (message) given.set(chat, (given.get(chat) ?? 0) + 1);
            return message;
          },
          () => `no further message in ${title}:\n${describe()}`,
        ),
    };
    scene.chats.set(id, chat);
    return chat;
  }

  function notice(chat: FakeChat, from: User, extra: Partial<Message>): void {
    delivery.happen({ message: messageJson(scene.write(chat, { from, byBot: false, text: '', extra })) as never });
  }

  /** A group with the bot in it (as an administrator with `botIs`), told of nobody. The first administrator is its creator. */
  function group(
    title: string,
    members: {
      id?: number;
      admins?: readonly FakePerson[];
      members?: readonly FakePerson[];
      supergroup?: boolean;
      botIs?: Status;
    } = {},
  ): FakeChat {
    const chat = makeChat(
      members.id ?? (members.supergroup ? -1_000_000_000_000 - nextId() : -nextId()),
      members.supergroup ? 'supergroup' : 'group',
      title,
    );
    for (const one of members.members ?? []) chat.members.set(one.id, 'member');
    for (const [index, one] of (members.admins ?? []).entries())
      chat.members.set(one.id, index === 0 ? 'creator' : 'administrator');
    chat.members.set(bot.id, members.botIs ?? 'member');
    return chat;
  }

  const server = await listen({
    token,
    scene,
    called(method, payload) {
      calls.push({ method, payload, at: now() });
      watch.changed();
      return faults.next(method);
    },
  });

  return {
    apiRoot: server.root,
    token,
    bot,
    /** Somebody with a private chat of his own, who has not written to the bot yet. */
    person: (name: string, about?: Partial<User>): FakePerson => createPerson(scene, name, about),
    group,
    /** Any chat by number or by its id in the program. */
    chat(id: number | string): FakeChat {
      const found = scene.chats.get(typeof id === 'number' ? id : Number(id.replace('telegram:', '')));
      if (!found) throw new Error(`no chat ${id}`);
      return found;
    },
    addBot: (chat: FakeChat, by: FakePerson, as: 'member' | 'administrator' = 'member') =>
      membership(scene, chat, by.user, 'left', as),
    removeBot: (chat: FakeChat, by: FakePerson) =>
      membership(scene, chat, by.user, chat.members.get(bot.id) ?? 'member', 'kicked'),
    /** The bot's rights change; it stays where it is. */
    promoteBot: (chat: FakeChat, by: FakePerson) => membership(scene, chat, by.user, 'member', 'administrator'),
    /** Makes a group a supergroup: both notices come, the old group is closed. */
    migrate(old: FakeChat, by: FakePerson): FakeChat {
      const chat = makeChat(-1_000_000_000_000 - nextId(), 'supergroup', old.title);
      for (const [id, status] of old.members) chat.members.set(id, status);
      notice(old, by.user, { migrate_to_chat_id: chat.id });
      notice(chat, ANONYMOUS, { migrate_from_chat_id: old.id, sender_chat: chatJson(chat) });
      old.movedTo = chat.id;
      return chat;
    },
    /** Any update a test makes up. */
    happen: (what: Omit<Update, 'update_id'>) => delivery.happen(what),
    /** A notice in a chat: `{ new_chat_title: … }`. */
    notice: (chat: FakeChat, by: FakePerson, extra: Partial<Message>) => notice(chat, by.user, extra),
    updates: delivery.all,
    webhookFailures: delivery.failures,
    menus: scene.menus,
    /** Bytes of pictures and files, by file id. */
    files: scene.files,
    calls,
    callsOf: (method: string) => calls.filter((call) => call.method === method),
    /** Resolves when that many calls of this method have come in. */
    called: (method: string, times = 1): Promise<Call> =>
      watch.until(
        () => calls.filter((call) => call.method === method)[times - 1],
        () => `${method} was called ${calls.filter((call) => call.method === method).length} times, not ${times}`,
      ),
    /** Resolves with what the bot answered to a press. */
    answered: (press: FakePress): Promise<{ text: string; alert: boolean }> =>
      watch.until(
        () => press.answer,
        () => 'the press was not answered',
      ),
    /** Updates not yet acknowledged. */
    get waiting() {
      return delivery.waiting;
    },
    /** Resolves when every update so far has been acknowledged. */
    acknowledged: async (): Promise<void> => {
      await watch.until(
        () => (delivery.waiting === 0 ? true : undefined),
        () => `${delivery.waiting} updates were not acknowledged`,
      );
    },
    get webhook() {
      return delivery.webhook;
    },
    /** Orders a fault for the next `times` calls of `method` (`*`: any). */
    fault: (method: string, fault: Fault, times = 1) => faults.order(method, fault, times),
    faultsEnd: () => faults.clear(),
    /** The same update once more; the last one unless told. */
    repeat: (update: Update = delivery.all.at(-1)!) => delivery.repeat(update),
    /** The same press under a new update id, as a phone sends it that was closed before the answer. */
    pressAgain(press: FakePress): void {
      const { update_id: _, ...what } = delivery.all.findLast((update) => update.callback_query?.id === press.id)!;
      delivery.happen(what);
    },
    /** Keeps updates back until `release`. */
    hold: delivery.hold,
    release: (order: 'as-happened' | 'reversed' = 'as-happened') => delivery.release(order),
    async close(): Promise<void> {
      delivery.close();
      await server.close();
    },
  };
}

/** The channel of WeCom's 智能机器人 over its WebSocket connection: staff chats and internal groups, without a public address. */
import type { ChatId, Incoming, PersonId } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import type { Collection } from '../../../services/database/collections.ts';
import { createChunks } from '../../../services/database/chunks.ts';
import type { Channel, Hear } from '../../channel/channel.ts';
import { createNumberedMenu, type NumberedList } from '../../channel/numbered-menu.ts';
import { createOrderedIntake } from './ordered-intake.ts';
import { createConnection, type ConnectionOptions } from './connection.ts';
import { isBusy } from './fault.ts';
import { createMedia } from './media.ts';
import { createMentions } from './mentions.ts';
import type { Names } from '../names.ts';
import { createRateLimit } from '../rate-limit.ts';
import { createPresses } from './presses.ts';
import { nativeId, PREFIX, readEvent, readMessage, type Heard } from './reading.ts';
import { createSending } from './sending.ts';

/** Lifetime of a picture in the cache. */
export const PHOTO_MS = 15 * 60_000;
/** Lifetime of the record that somebody wrote in a chat. */
export const CHAT_MS = 400 * 24 * 3_600_000;
/** After `stop`, replies under way are still sent for so long. */
const LINGER_MS = 15_000;
/** Chats already recorded by this process, to spare writes. */
const MOST_SEEN = 10_000;

export interface SmartBotOptions extends ConnectionOptions {
  /** Pictures are also fetched from addresses with this prefix: an emulator's. */
  readonly mediaBase: string | undefined;
  /** Pictures in chunks, each under a handle of its own. */
  readonly photos: Collection<string>;
  /** Chats in which somebody wrote to the bot. */
  readonly chats: Collection<{ readonly group: boolean }>;
  readonly lists: Collection<NumberedList>;
  readonly words: (chat: ChatId) => Promise<Words>;
  /** Names of members, by userid: the robot's own protocol has none. Left out where no app of the corporation can be asked. */
  readonly names?: Names;
  /** The person who bound a chat to a store; undefined for an unbound chat. */
  readonly boundBy: (chat: ChatId) => Promise<PersonId | undefined>;
  /** Letters and digits, never repeated. */
  readonly newId: () => string;
  readonly now: () => number;
  /** Resolves after `ms`; settles early, either way, when `signal` aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface SmartBot extends Channel {
  /** Gives the picture of a photo's `file`. Rejects when it expired or could not be fetched. */
  fetch(file: string): Promise<Uint8Array>;
}

/** Creates the channel of the bot with this id. `start` waits for the network and rejects when WeCom refuses the secret. */
export function createSmartBot(options: SmartBotOptions): SmartBot {
  const { words, newId, now, log, wait } = options;
  const photos = createChunks(options.photos);
  const connection = createConnection(options);
  const rateLimit = createRateLimit({ now, wait: (ms) => wait(ms), isBusy });
  const numbered = createNumberedMenu({ lists: options.lists, newId });
  const fetchPhoto = createMedia({ base: options.mediaBase });
  const mentions = createMentions();
  const seen = new Set<ChatId>();
  let stopping = new AbortController();
  let lingering = new AbortController();

  const presses = createPresses({
    async update(request, card, userids) {
      await connection.call((client) => client.updateTemplateCard({ headers: { req_id: request } }, card, userids));
    },
    busy: async ({ chat }) => ({ title: (await words(chat)).say('title-working'), fields: [], tone: 'busy', buttons: [] }),
    below: async ({ chat }) => (await words(chat)).say('wecom-result-below'),
    wait,
    now,
  });

  /** From now on the bot may push to the chat. */
  async function remember({ chat, group }: Pick<Incoming, 'chat' | 'group'>): Promise<void> {
    if (seen.has(chat)) return;
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.add(chat);
    await options.chats.set(chat, { group });
  }

  async function keepPhoto(picture: Heard['pictures'][number]): Promise<string> {
    const file = newId();
    try {
      await photos.set(file, await fetchPhoto(picture));
    } catch (error) {
      log.warn('a picture could not be fetched from WeCom', { error });
    }
    return file;
  }

  /** Calls a person by name, where it is known; a private chat as well. */
  async function named<T extends Pick<Incoming, 'from' | 'group' | 'title'>>(event: T): Promise<T> {
    const { from, group, title } = event;
    const user = nativeId(from.id);
    const name = user === undefined ? undefined : (await options.names?.([user]))?.get(user);
    return name === undefined ? event : { ...event, from: { ...from, name }, title: group ? title : name };
  }

  /** Turns a number that answers a list into a press; makes each picture an event of its own, the first with the text. */
  async function asEvents({ text, worded, pictures, ...heard }: Heard): Promise<readonly Incoming[]> {
    const facts = await named(heard);
    await remember(facts).catch((error: unknown) => log.warn('a chat could not be written down', { error }));
    if (pictures.length > 0) {
      const files = await Promise.all(pictures.map(keepPhoto));
      return files.map((file, n) => ({
        ...facts,
        id: n === 0 ? facts.id : `${facts.id}/${n + 1}`,
        content: { kind: 'photo', file, caption: n === 0 ? text : '' },
      }));
    }
    if (!worded) return [{ ...facts, content: { kind: 'other' } }];
    const choice = await numbered.read(facts.chat, text).catch(() => undefined);
    if (!choice) return [{ ...facts, content: { kind: 'text', text } }];
    return [{ ...facts, content: { kind: 'press', action: choice.action, on: { chat: facts.chat, message: choice.list } } }];
  }

  async function start(hear: Hear): Promise<void> {
    stopping = new AbortController();
    lingering.abort();
    const { signal } = stopping;
    const intake = createOrderedIntake({ hear, log, wait, signal });
    await connection.open({
      message(frame) {
        if (signal.aborted) return;
        const heard = readMessage(frame, now(), mentions);
        if (!heard) return log.warn('WeCom sent a message that makes no sense; it was dropped');
        intake.take(heard.chat, () => asEvents(heard));
      },
      event(frame) {
        const event = signal.aborted ? undefined : readEvent(frame, now());
        if (!event) return;
        if (event.content.kind === 'press') presses.heard(event);
        intake.take(event.chat, async () => [await named(event)]);
      },
    });
  }

  async function linger(signal: AbortSignal): Promise<void> {
    await wait(LINGER_MS, signal).catch(() => undefined);
    if (!signal.aborted) connection.close();
  }

  return {
    name: PREFIX.slice(0, -1),
    start,
    stop() {
      stopping.abort();
      connection.letGo();
      lingering.abort();
      lingering = new AbortController();
      void linger(lingering.signal);
      return Promise.resolve();
    },
    send: createSending({
      connection,
      rateLimit,
      presses,
      numbered,
      words,
      isGroup: async (chat) => (await options.chats.get(chat))?.group,
      newId,
      now,
    }),
    trouble() {
      const at = connection.replacedAt();
      return at === undefined
        ? undefined
        : `${PREFIX.slice(0, -1)} hears nothing since ${new Date(at).toISOString()}: another program has connected with the same WECOM_BOT_ID`;
    },
    /** WeCom does not name a group's administrators: before it is bound any member may bind it, afterwards the person who did. */
    async administers(chat, person) {
      if (chat === person) return true;
      const owner = await options.boundBy(chat);
      return owner === undefined || owner === person;
    },
    async fetch(file) {
      const kept = await photos.get(file);
      if (kept === undefined) throw new Error('the picture is kept no longer, or could not be fetched');
      return kept;
    },
  };
}

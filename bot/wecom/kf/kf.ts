/** The channel of 微信客服: customers (and staff) write from WeChat; it has menus instead of cards, a quota of messages, no edits. */
import type { CustomerLink } from '../../../handlers/self-service/links.ts';
import type { ChatId, Content, Incoming } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import type { Log } from '../../../services/log.ts';
import type { Collections } from '../../../services/database/collections.ts';
import type { Mutex } from '../../../services/database/locks/mutex.ts';
import type { Api } from '../api.ts';
import { mediaOf } from '../attaching.ts';
import type { Channel, Hear } from '../../channel/channel.ts';
import type { WordInstead } from '../../channel/instead.ts';
import { hasCode } from '../fault.ts';
import { createNumberedMenu, LIST_MS, type NumberedList } from '../../channel/numbered-menu.ts';
import { partOf, type MenuWords } from './compose.ts';
import { createDelivery } from './delivery.ts';
import { chatOf, readClick, whose } from './ids.ts';
import { contactLink, listAccounts } from './links.ts';
import { createMedia, MEDIA_MS, type KeptMedia } from './media.ts';
import { createNames, customerNames, NAME_MS } from '../names.ts';
import { readEntry, type Entry } from './reading.ts';
import { createSync, CURSOR_MS } from './sync.ts';
import { createConversations, entering, failing, hearing, CONVERSATION_MS, type Conversation } from './conversations.ts';

export interface KfParts {
  readonly api: Pick<Api, 'call' | 'download' | 'upload'>;
  readonly collections: Collections;
  readonly mutex: Mutex;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** WeCom may refuse a picture or file long after it was queued. */
  readonly wordInstead: WordInstead;
  /** At most 20 lower-case letters and digits, random. */
  readonly newId: () => string;
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

export interface Kf extends Channel {
  /** Handles a callback `kf_msg_or_event`, which announces something to fetch. Returns at once. */
  notify(called: { readonly openKfid: string; readonly token: string }): void;
  /** Gives a link to each account: see `contactLink`. */
  customerLinks(word: string): Promise<readonly Omit<CustomerLink, 'channel'>[]>;
  /** Resolves when nothing is being fetched. */
  fetched(): Promise<void>;
  /** Resolves when every event is stored and every reply sent or queued. */
  settled(): Promise<void>;
}

/** Validity of a greeting, less the latency to WeCom: https://developer.work.weixin.qq.com/document/path/95122 */
const WELCOME_MS = 18_000;
/** Reasons of a failed delivery that allow a retry: unknown, 48 hours over, ended, quota of five used up. */
const SENT_AGAIN: ReadonlySet<number> = new Set([0, 4, 5, 6]);
/** 微信客服 is not granted to the app. */
const NOT_OURS = 48002;
/** The customer refuses messages. */
const REFUSES = 10;

const deaf: Hear = () => Promise.reject(new Error('nobody is listening'));

export function createKf({ api, collections, mutex, wordsOf, wordInstead, newId, now, wait, log }: KfParts): Kf {
  const conversations = createConversations({
    conversations: collections<Conversation>('kf-talk', CONVERSATION_MS),
    lists: collections<readonly ChatId[]>('kf-unsent', CONVERSATION_MS),
    mutex,
  });
  const numbered = createNumberedMenu({ lists: collections<NumberedList>('kf-list', LIST_MS), newId });
  const names = createNames({ ask: customerNames(api), names: collections<string>('kf-name', NAME_MS), now, wait });
  const media = createMedia({ api, kept: collections<KeptMedia>('kf-media', MEDIA_MS), wordInstead });
  const delivery = createDelivery({
    api,
    conversations,
    media,
    numbered,
    wordsOf: async (chat) => menuWords(await wordsOf(chat)),
    newId,
    now,
    wait,
    log,
  });
  const sync = createSync({ api, cursors: collections<string>('kf-cursor', CURSOR_MS), take, now, wait, log });
  let hear: Hear = deaf;
  let stopped = false;

  async function take(items: readonly unknown[]): Promise<void> {
    const entries = items.flatMap((item) => readEntry(item) ?? []);
    const known = await names(entries.filter(({ kind }) => kind !== 'failed').map(({ user }) => user));
    for (const entry of entries) await takeOne(entry, known.get(entry.user) ?? '');
  }

  async function takeOne(entry: Entry, name: string): Promise<void> {
    const chat = chatOf(entry);
    const change = (step: (conversation: Conversation) => Conversation): Promise<Conversation> =>
      conversations.change(chat, step);
    switch (entry.kind) {
      case 'wrote': {
        const { scene, sceneAt } = await conversations.get(chat);
        const most = entry.content.kind === 'text' ? await numbered.beyond(chat, entry.content.text) : undefined;
        if (most !== undefined) {
          await change((conversation) => hearing(conversation, entry.at, entry.msgid));
          const { chooseNumber } = menuWords(await wordsOf(chat));
          await delivery.say(chat, { ref: newId(), text: chooseNumber(most), buttons: [] });
          return;
        }
        await hear(incoming(entry, chat, { name, scene, sceneAt, content: await meant(chat, entry.content) }));
        // The queue is sent with or before the answer.
        await change((conversation) => hearing(conversation, entry.at, entry.msgid));
        return delivery.resume(chat);
      }
      case 'entered': {
        const until = entry.at + WELCOME_MS;
        const welcome = entry.code !== '' && until > now() ? { code: entry.code, until } : undefined;
        const { scene, sceneAt } = await change((conversation) => entering(conversation, entry.scene, entry.at, welcome));
        // No greeting for a known customer, or where it would be too late.
        if (welcome) await hear(incoming(entry, chat, { name, scene, sceneAt, content: { kind: 'joined' } }));
        return;
      }
      case 'failed':
        log.warn('微信客服: a message was accepted and not delivered', { chat, why: entry.why });
        if (entry.why === REFUSES) await change((conversation) => ({ ...conversation, gone: true, waiting: [] }));
        else if (SENT_AGAIN.has(entry.why)) await change((conversation) => failing(conversation, entry.message, newId()));
    }
  }

  /** Turns a click, or a number typed at a list, into its press. */
  async function meant(chat: ChatId, content: Extract<Entry, { kind: 'wrote' }>['content']): Promise<Content> {
    if (content.kind === 'click') {
      const clicked = readClick(content.id);
      return clicked ? { kind: 'press', action: clicked.action, on: { chat, message: clicked.message } } : { kind: 'other' };
    }
    const chosen = content.kind === 'text' ? await numbered.read(chat, content.text) : undefined;
    return chosen ? { kind: 'press', action: chosen.action, on: { chat, message: chosen.list } } : content;
  }

  /** Resumes after a restart: sends queued messages and fetches missed events. */
  async function catchUp(): Promise<void> {
    for (const chat of await conversations.unsent()) delivery.resume(chat);
    for (const { openKfid } of await listAccounts(api)) sync.notify(openKfid);
  }

  return {
    name: 'wecom-kf',
    start(to) {
      hear = to;
      sync.start();
      void catchUp().catch((error: unknown) => {
        // Most apps never serve customers.
        if (hasCode(error, NOT_OURS)) log.info('微信客服 is not open to this app: see npm run doctor');
        else log.warn('微信客服: cannot look for what was missed', { error });
      });
      return Promise.resolve();
    },
    async stop() {
      await sync.stop();
      hear = deaf;
      stopped = true;
      delivery.hurry();
      await delivery.settled();
    },
    async send(chat, reply, answering) {
      if (!whose(chat)) return { kind: 'gone' };
      const ref = newId();
      const attaching = reply.kind === 'picture' || reply.kind === 'file' ? reply : undefined;
      const found = attaching && mediaOf(attaching);
      if (attaching && !found) return { kind: 'not-carried' };
      if (found) await media.keep(ref, found, attaching?.about);
      if (!(await delivery.say(chat, partOf(reply, ref, answering, found?.kind)))) return { kind: 'gone' };
      // No instance would be left to send it later.
      if (stopped) await delivery.settled();
      return { kind: 'sent', ref: { chat, message: ref } };
    },
    fetch: async (file) => (await api.download(file)).bytes,
    administers: (chat, person) => Promise.resolve(chat === person && whose(chat) !== undefined),
    notify: ({ openKfid, token }) => sync.notify(openKfid, token),
    async customerLinks(word) {
      const accounts = await listAccounts(api).catch((error: unknown) => {
        if (hasCode(error, NOT_OURS)) return [];
        throw error;
      });
      return await Promise.all(
        accounts.map(async ({ openKfid, name }) => ({ name, url: await contactLink(api, openKfid, word) })),
      );
    },
    fetched: sync.settled,
    async settled() {
      // A sending may cause further events.
      do {
        await sync.settled();
        await delivery.settled();
      } while (sync.busy());
    },
  };
}

/** A customer is a person and a chat in one. */
const incoming = (
  { msgid, at }: Entry,
  chat: ChatId,
  { name, scene, sceneAt, content }: { name: string; scene: string | undefined; sceneAt: number | undefined; content: Content },
): Incoming => ({
  id: `${chat.split(':', 2).join(':')}:${msgid}`,
  chat,
  group: false,
  title: name,
  from: { id: chat, name },
  at,
  content,
  message: { chat, message: msgid },
  ...(scene !== undefined && { viaStoreLink: scene }),
  ...(sceneAt !== undefined && { viaStoreLinkAt: sceneAt }),
  addressed: true,
});

const menuWords = (words: Words): MenuWords => ({
  choose: (count) => words.say('kf-choose', { count }),
  chooseNumber: (count) => words.say('kf-choose-number', { count }),
  more: words.say('kf-more'),
});

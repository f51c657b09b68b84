/** The group webhook as a channel: an owner group that is written to and never heard. */
import type { GroupWebhook } from '../../../handlers/report-groups.ts';
import type { Card, ChatId, Reply } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import { PlatformFault } from '../../../services/platforms/platform.ts';
import type { Wire } from '../../../services/platforms/wire.ts';
import type { Collection } from '../../../services/store/expiring.ts';
import { NotSent, type Channel, type Sent } from '../../channel.ts';
import { chatOf, idOf, readKey, sendAddress, tailOf } from './address.ts';
import { markdown } from './markdown.ts';
import { createRoom } from './room.ts';

/** A webhook somebody pasted; the key is a secret: whoever has it writes to the group. */
export interface Webhook {
  readonly key: string;
}

/** A webhook is kept until it is removed. Its collection seals what it holds and needs some end: this is none anybody meets. */
export const KEPT_MS = 100 * 365 * 24 * 3_600_000;

export interface RobotParts {
  /** Without a slash at the end. */
  readonly apiBase: string;
  /** A collection for `KEPT_MS`, by the id in the chat's id. */
  readonly webhooks: Collection<Webhook>;
  readonly wire: Wire;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** The group's robot was removed: told each time a message finds it so. */
  readonly lost: (chat: ChatId) => Promise<void>;
  readonly now: () => number;
}

export interface Robot extends Channel {
  readonly webhook: GroupWebhook;
}

/** WeCom's words for a webhook that is no more: wrong address or robot removed, disabled, not in the group. */
const GONE: ReadonlySet<number> = new Set([93000, 93004, 93008]);
/** Too many messages in the last minute; too many at the same time. */
const FULL: ReadonlySet<number> = new Set([45009, 45033]);

export function createRobot({ apiBase, webhooks, wire, wordsOf, lost, now }: RobotParts): Robot {
  const room = createRoom(now);

  /** Posts one message; resolves with WeCom's errcode, 0 when it was taken. Rejects with a `PlatformFault`. */
  async function post(key: string, content: string): Promise<number> {
    const { json } = await wire({
      method: 'POST',
      url: sendAddress(key, apiBase),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ msgtype: 'markdown_v2', markdown_v2: { content } }),
      writes: true,
    });
    const code = typeof json === 'object' && json !== null && 'errcode' in json ? json.errcode : undefined;
    if (typeof code !== 'number') throw new PlatformFault('nonsense', 'unknown', 'an answer without errcode');
    if (FULL.has(code)) room.full(key);
    return code;
  }

  async function deliver(key: string, messages: readonly string[]): Promise<'sent' | 'gone'> {
    if (!room.take(key, messages.length)) throw new NotSent('20 messages went to this group within a minute');
    for (const [at, message] of messages.entries()) {
      const code = await post(key, message).catch((error: unknown) => {
        if (at === 0 && error instanceof PlatformFault && error.outcome === 'not-done') throw new NotSent(error.message);
        throw error;
      });
      if (GONE.has(code)) return 'gone';
      if (code === 0) continue;
      const what = `WeCom does not take the message (errcode ${code})`;
      throw at === 0 ? new NotSent(what) : new Error(`${what}; a part of it went out`);
    }
    return 'sent';
  }

  return {
    name: 'wecom-robot',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    administers: () => Promise.resolve(false),

    async send(chat, reply): Promise<Sent> {
      const id = idOf(chat);
      const prepared = await prepare(id).catch((cause: unknown) => {
        throw new NotSent('the webhook could not be looked up', { cause });
      });
      const outcome = prepared ? await deliver(prepared.key, markdown(plainText(reply), prepared.columns)) : 'gone';
      if (outcome === 'sent') return { kind: 'sent' };
      await lost(chat);
      if (id !== undefined) await webhooks.delete(id);
      return { kind: 'gone' };

      async function prepare(known: string | undefined) {
        const webhook = known === undefined ? undefined : await webhooks.get(known);
        const words = await wordsOf(chat);
        return webhook && { ...webhook, columns: { count: words.say('field-count'), amount: words.say('field-amount') } };
      }
    },

    webhook: {
      async connect(address, hello) {
        const key = readKey(address, apiBase);
        if (key === undefined) return { problem: 'not-one' };
        if (!room.take(key, 1)) return { problem: 'busy' };
        const code = await post(key, hello).catch((error: unknown) => {
          if (error instanceof PlatformFault) return undefined;
          throw error;
        });
        if (code === undefined) return { problem: 'unreachable' };
        if (GONE.has(code)) return { problem: 'wrong-key' };
        if (code !== 0) return { problem: FULL.has(code) || code === -1 ? 'busy' : 'refused' };
        const chat = chatOf(key);
        await webhooks.set(idOf(chat) ?? '', { key });
        return { chat, tail: tailOf(key) };
      },
      async disconnect(chat) {
        const id = idOf(chat);
        if (id !== undefined) await webhooks.delete(id);
      },
    },
  };
}

/** A group webhook knows no buttons and edits nothing: every reply is its words. */
function plainText(reply: Reply): string {
  switch (reply.kind) {
    case 'say':
    case 'whisper':
      return reply.text;
    case 'forget':
      return reply.sorry;
    case 'card':
    case 'settle':
      return cardText(reply.card);
  }
}

const cardText = ({ title, fields, note }: Card): string =>
  [title, ...fields.map(({ label, value }) => `${label}：${value}`), ...(note ? [note] : [])].join('\n');

/** The channel of WeCom's group webhooks: owner groups that receive messages and send none. */
import type { GroupWebhook } from '../../../handlers/reports/owner-groups.ts';
import type { ChatId, Reply } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import type { Collection } from '../../../services/database/collections.ts';
import { attachment, type Attachment } from '../../channel/attachments.ts';
import { NotSent, Undeliverable, type Channel, type NotCarried, type Sent } from '../../channel/channel.ts';
import { judge, mediaIdIn, type Answer } from '../envelope.ts';
import { createWecomHttp, type Asked, type WecomHttp } from '../http.ts';
import { BUSY, hasCode, MESSAGE_REFUSED, NOT_TAKEN, TOO_OFTEN, WecomFault } from '../fault.ts';
import { multipart } from '../multipart.ts';
import { chatOf, idOf, readKey, sendAddress, tailOf, uploadAddress } from './address.ts';
import { captioned, fileBody, imageBody, inMarkdown, LIMITS, plainText, type Message } from './messages.ts';
import { createQuota } from './quota.ts';

/** A pasted webhook; the key is a secret: its holder can write to the group. */
export interface Webhook {
  readonly key: string;
}

/** Lifetime of a webhook in its collection: 100 years, for it is kept until removed and the collection requires an end. */
export const KEPT_MS = 100 * 365 * 24 * 3_600_000;

export interface GroupWebhookParts {
  /** Base address without a trailing slash. */
  readonly apiBase: string;
  /** A collection with lifetime `KEPT_MS`, by the storage key in the chat id. */
  readonly webhooks: Collection<Webhook>;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** Called each time a message finds the group's robot removed. */
  readonly lost: (chat: ChatId) => Promise<void>;
  readonly now: () => number;
  /** Time limit of one exchange; an upload has three times as long. */
  readonly timeoutMs?: number;
}

export interface GroupWebhookChannel extends Channel {
  readonly webhook: GroupWebhook;
}

/** WeCom's errcodes for a dead webhook: wrong address, or robot removed, disabled or not in the group. */
const GONE: ReadonlySet<number> = new Set([93000, 93004, 93008]);
const ANSWER_LIMIT = 1_048_576;

export function createGroupWebhook({
  apiBase,
  webhooks,
  wordsOf,
  lost,
  now,
  timeoutMs = 10_000,
}: GroupWebhookParts): GroupWebhookChannel {
  const quota = createQuota(now);
  const quick = createWecomHttp({ timeoutMs });
  const patient = createWecomHttp({ timeoutMs: timeoutMs * 3 });

  /** Posts one message. Rejects with a `WecomFault`. */
  async function ask(key: string, http: WecomHttp, asked: Pick<Asked, 'url' | 'headers' | 'body'>): Promise<Answer> {
    const about = 'webhook';
    try {
      return judge(about, await http({ method: 'POST', maxBytes: ANSWER_LIMIT, ...asked }, about), [key]);
    } catch (error) {
      if (hasCode(error, TOO_OFTEN)) quota.full(key);
      throw error;
    }
  }

  const post = (key: string, body: object): Promise<Answer> =>
    ask(key, quick, {
      url: sendAddress(key, apiBase),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  /** Uploads an attachment and builds its message; undefined where the group refuses it. A failure here has shown nothing. */
  async function carry(key: string, found: Attachment): Promise<object | undefined> {
    if (found.as === 'picture') return imageBody(found.bytes);
    try {
      const answer = await ask(key, patient, { url: uploadAddress(key, apiBase), ...multipart(found) });
      return fileBody(mediaIdIn('webhook', answer));
    } catch (error) {
      if (hasCode(error, NOT_TAKEN)) return undefined;
      throw error instanceof WecomFault && !hasCode(error, GONE) ? new NotSent(error.message) : error;
    }
  }

  /** Undefined where the group does not take the attachment. */
  async function messagesOf(
    key: string,
    reply: Reply,
    columns: Parameters<typeof inMarkdown>[1],
  ): Promise<readonly Message[] | undefined> {
    if (reply.kind !== 'picture' && reply.kind !== 'file') return inMarkdown(plainText(reply), columns);
    const found = attachment(reply, LIMITS);
    const body = found && (await carry(key, found));
    return body && captioned(reply, body, columns);
  }

  async function deliver(key: string, messages: readonly Message[]): Promise<Sent | NotCarried> {
    if (!quota.take(key, messages.length)) throw new NotSent('20 messages went to this group within a minute');
    let said = 0;
    for (const { body, attached } of messages) {
      try {
        await post(key, body);
        said += 1;
      } catch (error) {
        if (attached && hasCode(error, NOT_TAKEN)) return { kind: 'not-carried', ...(said > 0 && { captioned: true }) };
        if (!(error instanceof WecomFault) || error.outcome === 'unknown' || hasCode(error, GONE)) throw error;
        if (hasCode(error, MESSAGE_REFUSED)) throw new Undeliverable(error.message);
        throw said === 0 ? new NotSent(error.message) : new Error(`${error.message}; a part of it went out`);
      }
    }
    return { kind: 'sent' };
  }

  return {
    name: 'wecom-robot',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    administers: () => Promise.resolve(false),

    async send(chat, reply): Promise<Sent | NotCarried> {
      const id = idOf(chat);
      const prepared = await prepare(id).catch((cause: unknown) => {
        throw new NotSent('the webhook could not be looked up', { cause });
      });
      try {
        if (prepared) {
          const messages = await messagesOf(prepared.key, reply, prepared.columns);
          return messages ? await deliver(prepared.key, messages) : { kind: 'not-carried' };
        }
      } catch (error) {
        if (!hasCode(error, GONE)) throw error;
      }
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
        if (!quota.take(key, 1)) return { problem: 'busy' };
        try {
          await post(key, { msgtype: 'markdown_v2', markdown_v2: { content: hello } });
        } catch (error) {
          if (!(error instanceof WecomFault)) throw error;
          if (error.errcode === undefined) return { problem: 'unreachable' };
          if (hasCode(error, GONE)) return { problem: 'wrong-key' };
          return { problem: hasCode(error, TOO_OFTEN) || hasCode(error, BUSY) ? 'busy' : 'refused' };
        }
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

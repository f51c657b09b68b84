/** Sends pictures and files: a picture that Telegram refuses is sent as a file. */
import { InputFile, type RawApi } from 'grammy';
import type { Message } from 'grammy/types';
import { attachment, type Attaching, type Attachment } from '../channel/attachments.ts';
import type { NotCarried, Sent } from '../channel/channel.ts';
import { patiently, TelegramFault, type Wait } from './calls.ts';
import { literal, parts, type Text } from './markup.ts';
import { placed, topicGone, type Place } from './place.ts';
import { chatId } from './reading.ts';

/** Bytes, https://core.telegram.org/bots/api#sending-files */
const LIMITS = { picture: 10 * 1024 * 1024, file: 50 * 1024 * 1024 } as const;
/** Characters: https://core.telegram.org/bots/api#sendphoto */
const CAPTION_LIMIT = 1024;

/**
 * A refusal of this attachment: too many pixels, too narrow, no right to send media here. A fault of the whole chat shows
 * with the next call.
 */
const refused = (error: unknown): boolean =>
  error instanceof TelegramFault && (error.code === 400 || error.code === 413) && !topicGone(error);

/** `say` sends texts, the first one as a reply. Rejects with a `TelegramFault`. */
export function createAttaching({
  api,
  wait,
  say,
}: {
  api: RawApi;
  wait: Wait;
  say: (chat: number, texts: readonly Text[], place: Place) => Promise<Sent>;
}): (chat: number, reply: Attaching, place: Place) => Promise<Sent | NotCarried> {
  function upload({ as, name, bytes }: Attachment, about: object & { chat_id: number }): Promise<Message> {
    const source = new InputFile(bytes, name);
    return as === 'picture'
      ? patiently('sendPhoto', () => api.sendPhoto({ ...about, photo: source }), wait)
      : patiently('sendDocument', () => api.sendDocument({ ...about, document: source }), wait);
  }

  /** Undefined when Telegram refuses it as a picture and as a file. */
  async function uploadOrFallBack(
    found: Attachment | undefined,
    about: object & { chat_id: number },
  ): Promise<Message | undefined> {
    for (let next = found; next; next = next.as === 'picture' ? { ...next, as: 'file' } : undefined) {
      try {
        return await upload(next, about);
      } catch (error) {
        if (!refused(error)) throw error;
      }
    }
    return undefined;
  }

  return async (chat, reply, place) => {
    const caption = literal(reply.caption.trim()).plain;
    const within = caption.length <= CAPTION_LIMIT;
    const message = await uploadOrFallBack(attachment(reply, LIMITS), {
      chat_id: chat,
      ...(within && caption !== '' && { caption }),
      ...placed(place),
    });
    if (!message) return { kind: 'not-carried' };
    if (!within) {
      await say(chat, parts(caption).map(literal), { ...place, replyTo: undefined }).catch(() => {
        throw new TelegramFault('sendMessage', 'unknown', 'only a part of a long message went out');
      });
    }
    return { kind: 'sent', ref: { chat: chatId(chat), message: String(message.message_id) } };
  };
}

/** Posts pictures and files. What Telegram does not take as a picture goes as a file; what it does not take at all is told in words. */
import { InputFile, type RawApi } from 'grammy';
import type { Message } from 'grammy/types';
import { attachment, inWords, type Attaching, type Attachment } from '../channel/attachments.ts';
import type { Sent } from '../channel/channel.ts';
import { patiently, TelegramFault, type Wait } from './calls.ts';
import { literal, parts, type Text } from './markup.ts';
import { chatId } from './reading.ts';

/** Bytes, https://core.telegram.org/bots/api#sending-files */
const LIMITS = { picture: 10 * 1024 * 1024, file: 50 * 1024 * 1024 } as const;
/** Characters: https://core.telegram.org/bots/api#sendphoto */
const CAPTION_LIMIT = 1024;

/** Not like that: too many pixels, too narrow, no right to send such here. What ails the whole chat shows with the next call. */
const refused = (error: unknown): boolean => error instanceof TelegramFault && (error.code === 400 || error.code === 413);

/** `say` posts texts, the first of them as a reply. Rejects with a `TelegramFault`. */
export function createAttaching({
  api,
  wait,
  say,
}: {
  api: RawApi;
  wait: Wait;
  say: (chat: number, texts: readonly Text[], replyTo?: number) => Promise<Sent>;
}): (chat: number, reply: Attaching, replyTo: number | undefined) => Promise<Sent> {
  function upload({ as, name, bytes }: Attachment, about: object & { chat_id: number }): Promise<Message> {
    const source = new InputFile(bytes, name);
    return as === 'picture'
      ? patiently('sendPhoto', () => api.sendPhoto({ ...about, photo: source }), wait)
      : patiently('sendDocument', () => api.sendDocument({ ...about, document: source }), wait);
  }

  /** Nothing when Telegram takes it neither as a picture nor as a file. */
  async function insist(found: Attachment | undefined, about: object & { chat_id: number }): Promise<Message | undefined> {
    for (let next = found; next; next = next.as === 'picture' ? { ...next, as: 'file' } : undefined) {
      try {
        return await upload(next, about);
      } catch (error) {
        if (!refused(error)) throw error;
      }
    }
    return undefined;
  }

  return async (chat, reply, replyTo) => {
    const caption = literal(reply.caption.trim()).plain;
    const within = caption.length <= CAPTION_LIMIT;
    const message = await insist(attachment(reply, LIMITS), {
      chat_id: chat,
      ...(within && caption !== '' && { caption }),
      ...(replyTo !== undefined && { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
    });
    if (!message) return await say(chat, parts(inWords(reply)).map(literal), replyTo);
    if (!within) {
      await say(chat, parts(caption).map(literal)).catch(() => {
        throw new TelegramFault('sendMessage', 'unknown', 'only a part of a long message went out');
      });
    }
    return { kind: 'sent', ref: { chat: chatId(chat), message: String(message.message_id) } };
  };
}

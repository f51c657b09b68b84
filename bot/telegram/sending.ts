/** Sends a `Reply` to Telegram and reports its outcome. */
import type { RawApi } from 'grammy';
import type { InlineKeyboardMarkup, ForceReply } from 'grammy/types';
import type { ChatId, Incoming, MessageRef, Reply } from '../../handlers/message.ts';
import { NotSent, Undeliverable, type Channel, type NotCarried, type Sent } from '../channel/channel.ts';
import { createAttaching } from './attaching.ts';
import { patiently, TelegramFault, type Wait } from './calls.ts';
import { alertText, cardText, keyboard, literal, naming, NAMING_ROOM, parts, type Text } from './markup.ts';
import { OUTSIDE, placed, placeOf, topicGone, type Place } from './place.ts';
import type { Presses } from './presses.ts';
import { chatId, numberOf, pressOf } from './reading.ts';

type Say = Extract<Reply, { kind: 'say' }>;
type Replace = Extract<Reply, { kind: 'replace' }>;

/** Telegram's descriptions (with 400) of a chat that no longer exists; a 403 means the same. */
const GONE = /chat not found|group chat was deactivated|PEER_ID_INVALID|user is deactivated/i;
/** Telegram's descriptions of a message that cannot be edited: deleted, too old, or not text. */
const NOT_EDITABLE = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|no text in the message to edit/i;

/**
 * Maps a fault to an outcome of the send. Throws `Undeliverable` for a bad request, which stays one (no right to write in the
 * group, a text that is not taken), `NotSent` when certainly nothing was delivered, the fault itself otherwise.
 */
function outcome(error: unknown): Sent {
  if (!(error instanceof TelegramFault)) throw error;
  if (error.movedTo !== undefined) return { kind: 'moved', to: chatId(error.movedTo) };
  if (error.code === 403 || (error.code === 400 && GONE.test(error.description))) return { kind: 'gone' };
  if (error.code === 400) throw new Undeliverable(error.message);
  throw error.applied === 'no' ? new NotSent(error.message) : error;
}

const isBadRequest = (error: unknown, words: RegExp): boolean =>
  error instanceof TelegramFault && error.code === 400 && error.movedTo === undefined && words.test(error.description);

/** Creates `Channel.send` for Telegram. `uploads` makes the calls that carry files; its timeout is longer. */
export function createSending({
  api,
  uploads,
  presses,
  wait,
}: {
  api: RawApi;
  uploads: RawApi;
  presses: Presses;
  wait: Wait;
}): Channel['send'] {
  const attach = createAttaching({
    api: uploads,
    wait,
    say: (chat, texts, place) => postAll(chat, texts, undefined, place),
  });

  /** Sends HTML, and plain text if Telegram cannot parse it. The HTML is well-formed by construction; the text matters more. */
  async function asHtmlOrPlain<T>(method: string, text: Text, call: (text: string, mode: { parse_mode?: 'HTML' }) => Promise<T>) {
    try {
      return await patiently(method, () => call(text.html, { parse_mode: 'HTML' }), wait);
    } catch (error) {
      if (!isBadRequest(error, /can't parse entities/)) throw error;
      return await patiently(method, () => call(text.plain, {}), wait);
    }
  }

  async function post(
    chat: number,
    text: Text,
    markup: InlineKeyboardMarkup | ForceReply | undefined,
    place: Place,
  ): Promise<Sent> {
    const message = await asHtmlOrPlain('sendMessage', text, (words, mode) =>
      api.sendMessage({
        chat_id: chat,
        text: words,
        ...mode,
        link_preview_options: { is_disabled: true },
        ...(markup && { reply_markup: markup }),
        ...placed(place),
      }),
    );
    return { kind: 'sent', ref: { chat: chatId(chat), message: String(message.message_id) } };
  }

  /**
   * Sends a text as several messages in one topic, the first as a reply, the last with the buttons; resolves with the last
   * one's reference.
   */
  async function postAll(chat: number, texts: readonly Text[], markup: Parameters<typeof post>[2], place: Place): Promise<Sent> {
    let sent: Sent = { kind: 'sent' };
    for (const [index, text] of texts.entries()) {
      const last = index === texts.length - 1;
      try {
        sent = await post(chat, text, last ? markup : undefined, index === 0 ? place : { ...place, replyTo: undefined });
      } catch (error) {
        if (index === 0) throw error;
        throw new TelegramFault('sendMessage', 'unknown', 'only a part of a long message went out');
      }
    }
    return sent;
  }

  function say(chat: number, reply: Say, answering: Incoming | undefined, place: Place): Promise<Sent> {
    const buttons = keyboard(reply.buttons ?? []);
    // Replies to the bot reach it in groups even in privacy mode. Telegram allows either buttons or a forced reply.
    const forced = reply.ask && answering?.group && !buttons;
    if (!forced) return postAll(chat, parts(reply.text).map(literal), buttons, place);
    // A selective forced reply applies to the author of the message it answers; after a press there is none, so a mention
    // names the person.
    const texts =
      place.replyTo === undefined
        ? parts(reply.text, NAMING_ROOM).map((part) => naming(answering.from, part))
        : parts(reply.text).map(literal);
    return postAll(chat, texts, { force_reply: true, selective: true }, place);
  }

  async function replace(chat: number, { card, silent }: Replace, on: MessageRef | undefined, place: Place): Promise<Sent> {
    const [text, buttons] = [cardText(card), keyboard(card.buttons)];
    const [there, message] = [on && numberOf(on.chat), Number(on?.message)];
    if (!on || there === undefined || !Number.isSafeInteger(message)) return await post(chat, text, buttons, place);
    try {
      await asHtmlOrPlain('editMessageText', text, (words, mode) =>
        api.editMessageText({
          chat_id: there,
          message_id: message,
          text: words,
          ...mode,
          link_preview_options: { is_disabled: true },
          // Left out, the buttons go.
          ...(buttons && { reply_markup: buttons }),
        }),
      );
      return { kind: 'sent', ref: on };
    } catch (error) {
      if (isBadRequest(error, /message is not modified/)) return { kind: 'sent', ref: on };
      // After a move to a supergroup the card is in the old group, where it cannot be edited.
      const outOfReach = there !== chat && error instanceof TelegramFault && error.applied === 'no';
      if (!outOfReach && !isBadRequest(error, NOT_EDITABLE)) throw error;
      return silent ? { kind: 'sent' } : await post(chat, text, buttons, place);
    }
  }

  async function whisper(chat: number, text: string, answering: Incoming | undefined, place: Place): Promise<Sent> {
    const press = answering && pressOf(answering);
    if (press !== undefined && (await presses.answer(press, alertText(text)))) return { kind: 'sent' };
    if (!answering?.group) return await postAll(chat, parts(text).map(literal), undefined, place);
    return await postAll(
      chat,
      parts(text, NAMING_ROOM).map((part) => naming(answering.from, part)),
      undefined,
      place,
    );
  }

  async function forget(chat: number, sorry: string, answering: Incoming | undefined, place: Place): Promise<Sent> {
    const secret = answering?.message;
    const there = secret && numberOf(secret.chat);
    if (secret && there !== undefined) {
      try {
        await patiently('deleteMessage', () => api.deleteMessage({ chat_id: there, message_id: Number(secret.message) }), wait);
        return { kind: 'sent' };
      } catch (error) {
        if (isBadRequest(error, /message to delete not found/)) return { kind: 'sent' };
        if (!(error instanceof TelegramFault) || (error.code !== 400 && error.code !== 403)) throw error;
      }
    }
    return await postAll(chat, parts(sorry).map(literal), undefined, place);
  }

  function dispatch(to: number, reply: Reply, answering: Incoming | undefined, place: Place): Promise<Sent | NotCarried> {
    switch (reply.kind) {
      case 'say':
        return say(to, reply, answering, place);
      case 'card':
        return post(to, cardText(reply.card), keyboard(reply.card.buttons), place);
      case 'replace':
        return replace(to, reply, reply.on ?? pressedIn(answering), place);
      case 'whisper':
        return whisper(to, reply.text, answering, place);
      case 'forget':
        return forget(to, reply.sorry, answering, place);
      case 'picture':
      case 'file':
        return attach(to, reply, place);
      default:
        throw new Error(`no such reply: ${(reply satisfies never as Reply).kind}`);
    }
  }

  return async (chat: ChatId, reply: Reply, answering?: Incoming): Promise<Sent | NotCarried> => {
    const to = numberOf(chat);
    if (to === undefined) throw new Error('not a Telegram chat');
    const press = answering && pressOf(answering);
    if (press !== undefined && reply.kind !== 'whisper') void presses.answer(press);
    const place = placeOf(chat, reply, answering);
    try {
      return await dispatch(to, reply, answering, place).catch((error: unknown) => {
        if (place.topic === undefined || !topicGone(error)) throw error;
        // Nothing was sent. The people of the group are the same ones outside of the topic.
        return dispatch(to, reply, answering, OUTSIDE);
      });
    } catch (error) {
      return outcome(error);
    }
  };
}

const pressedIn = (answering: Incoming | undefined): MessageRef | undefined =>
  answering?.content.kind === 'press' ? answering.content.on : undefined;

/** Reads what a message of Telegram's says: its words, the links hidden behind them, its picture, and what it replies to. */
import type { Message, User } from 'grammy/types';
import type { Content } from '../../handlers/message.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { asksAboutQuote } from '../channel/quote.ts';

/** Message kinds from people without text or picture. All other kinds are Telegram's service messages. */
const UNREADABLE = [
  'sticker',
  'voice',
  'video',
  'video_note',
  'audio',
  'animation',
  'document',
  'contact',
  'location',
  'venue',
  'poll',
  'dice',
  'story',
  'game',
  'paid_media',
  'checklist',
] as const satisfies readonly (keyof Message)[];

/**
 * The text without this bot's name, and whether the name was in it. Undefined for a command to another bot. A bot's name
 * is letters, digits and underscores, in either case.
 */
export function readText(raw: string, bot: string): { text: string; named: boolean } | undefined {
  const text = raw.trim();
  const command = /^(\/\w+)@(\w+)(?=\s|$)/.exec(text);
  if (command) {
    if (command[2]!.toLowerCase() !== bot.toLowerCase()) return undefined;
    return { text: command[1]! + text.slice(command[0].length), named: true };
  }
  const mention = new RegExp(`(?<![\\w@.])@${bot}(?!\\w)`, 'i');
  if (!mention.test(text)) return { text, named: false };
  const atStart = new RegExp(`^@${bot}(?!\\w)[\\s,，:：、]{0,8}`, 'i');
  const atEnd = new RegExp(`[\\s,，:：、]{0,8}(?<![\\w@.])@${bot}$`, 'i');
  return { text: text.replace(atStart, '').replace(atEnd, '').trim(), named: true };
}

/** The text holds a code, or a link that only a platform can read. */
export function holdsCode(text: string): boolean {
  const { codes, douyin } = readCodes(text);
  return codes.length > 0 || douyin !== undefined;
}

/** The links behind words, where they lead to a coupon: people see the words alone. */
const hiddenLinks = ({ entities = [], caption_entities: captions = [] }: Message): string[] =>
  [...entities, ...captions].flatMap((entity) => (entity.type === 'text_link' && holdsCode(entity.url) ? [entity.url] : []));

/** Names of pictures, for files that are sent without a media type. */
const PICTURE_NAME = /\.(?:jpe?g|png|webp|gif|hei[cf]|avif)$/i;

/** A file may be a picture by its media type, or by its name where the client knows no type. */
function fileOf({ photo, document }: Message): string | undefined {
  const { mime_type: type = '', file_name: name = '' } = document ?? {};
  const untyped = type === '' || type === 'application/octet-stream';
  const picture = type.startsWith('image/') || (untyped && PICTURE_NAME.test(name));
  return photo?.at(-1)?.file_id ?? (picture ? document?.file_id : undefined);
}

/** The message that words like 核销 are about: what was quoted of it, or all of it. Never one of the bot's own. */
function quoteOf({ reply_to_message: replied, quote }: Message, me: User): Content | undefined {
  if (!replied || replied.from?.id === me.id) return undefined;
  const text = quote?.text ?? [replied.text ?? replied.caption ?? '', ...hiddenLinks(replied)].join('\n').trim();
  const file = fileOf(replied);
  if (file !== undefined) return { kind: 'photo', file, caption: text };
  return text === '' ? undefined : { kind: 'text', text };
}

/**
 * `said`: its words without the bot's name. `asked`: they ask about a picture or a number that somebody else sent, so they are
 * said to the bot. `quoted`: the content is somebody else's, quoted or forwarded. Undefined for service messages.
 */
export function readContent(
  message: Message,
  said: string,
  me: User,
): { readonly content: Content; readonly asked?: true; readonly quoted?: true } | undefined {
  const forwarded = message.forward_origin ? { quoted: true as const } : {};
  const text = [said, ...hiddenLinks(message)].join('\n').trim();
  const file = fileOf(message);
  if (file !== undefined) return { content: { kind: 'photo', file, caption: text }, ...forwarded };
  const quoted = message.text !== undefined && asksAboutQuote(text) ? quoteOf(message, me) : undefined;
  if (quoted) return { content: quoted, quoted: true, ...(holdsCoupon(quoted) && { asked: true }) };
  if (message.text !== undefined || text !== '') return { content: { kind: 'text', text }, ...forwarded };
  return UNREADABLE.some((key) => message[key] !== undefined) ? { content: { kind: 'other' } } : undefined;
}

/** Whether a quoted message may be a coupon: any picture, and a text with a number that may be a code. */
const holdsCoupon = (quoted: Content): boolean =>
  quoted.kind === 'photo' || (quoted.kind === 'text' && (holdsCode(quoted.text) || readCodes(quoted.text).doubtful.length > 0));

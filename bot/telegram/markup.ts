/** How words and cards look in Telegram: HTML that is always well-formed, within Telegram's lengths; keyboards. */
import type { InlineKeyboardMarkup } from 'grammy/types';
import { encodeAction, type Button, type Card, type Person } from '../../handlers/message.ts';
import { numberOf } from './reading.ts';

/** Characters of one message after its markup is taken away: https://core.telegram.org/bots/api#sendmessage */
const MESSAGE_LIMIT = 4096;
/** Of the window a press can open: https://core.telegram.org/bots/api#answercallbackquery */
const ALERT_LIMIT = 200;
const TITLE_LIMIT = 256;
const LABEL_LIMIT = 64;
const VALUE_LIMIT = 512;
const NOTE_LIMIT = 1024;

/** One text, twice: marked up, and as it reads. */
export interface Text {
  readonly html: string;
  readonly plain: string;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Text that means nothing but itself. */
export function literal(text: string): Text {
  const plain = text.replaceAll('\0', '');
  return { html: escape(plain), plain };
}

const within = (tag: string, { html, plain }: Text): Text => ({ html: `<${tag}>${html}</${tag.split(' ', 1)[0]}>`, plain });

const joined = (texts: readonly Text[], between: string): Text => ({
  html: texts.map((text) => text.html).join(between),
  plain: texts.map((text) => text.plain).join(between),
});

/** Where to cut so that at most `limit` UTF-16 units stay and no character is halved. */
const cutAt = (text: string, limit: number): number => (/[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit);

const clip = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, cutAt(text, limit - 1))}…`);

/** What a press's own window can hold. */
export const alertText = (text: string): string => clip(text, ALERT_LIMIT);

/** One text in as few messages as hold it, parted at line ends where there are any. `room` is kept free in each. */
export function parts(text: string, room = 0): string[] {
  const limit = MESSAGE_LIMIT - room;
  const found: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const line = rest.lastIndexOf('\n', limit);
    const cut = line > 0 ? line : cutAt(rest, limit);
    found.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).replace(/^\n/, '');
  }
  found.push(rest);
  const shown = found.filter((part) => part.trim() !== '');
  // Telegram takes no empty message, and silence would look like a fault.
  return shown.length > 0 ? shown : ['…'];
}

/** A person's name that rings for him. Anonymous ones have none that could. */
export function mention(person: Person): Text {
  const name = literal(clip(person.name.trim() || '…', LABEL_LIMIT));
  return person.anonymous ? name : within(`a href="tg://user?id=${numberOf(person.id) ?? 0}"`, name);
}

/** `name: text`. */
export const naming = (person: Person, text: string): Text => joined([mention(person), literal(text)], ': ');
/** What `naming` adds at most. */
export const NAMING_ROOM = LABEL_LIMIT + 2;

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** A card in one message: long values are cut, and fields that find no room are left out with a mark. */
export function cardText(card: Card): Text {
  const title = joined(
    [literal(card.tone ? TONES[card.tone] : ''), within('b', literal(clip(card.title.trim() || '…', TITLE_LIMIT)))],
    '',
  );
  const note = card.note ? [literal(`\n${clip(card.note, NOTE_LIMIT)}`)] : [];
  const fields = card.fields.map((field) => literal(`${clip(field.label, LABEL_LIMIT)}: ${clip(field.value, VALUE_LIMIT)}`));
  for (let shown = fields.length; ; shown -= 1) {
    const rest = shown < fields.length ? [literal('…')] : [];
    const text = joined([title, ...fields.slice(0, shown), ...rest, ...note], '\n');
    if (text.plain.length <= MESSAGE_LIMIT) return text;
  }
}

/** Buttons under a message; nothing where there are none. Telegram shows no styles. */
export function keyboard(rows: readonly (readonly Button[])[]): InlineKeyboardMarkup | undefined {
  const shown = rows.filter((row) => row.length > 0);
  if (shown.length === 0) return undefined;
  return {
    inline_keyboard: shown.map((row) => row.map((button) => ({ text: button.label, callback_data: encodeAction(button) }))),
  };
}

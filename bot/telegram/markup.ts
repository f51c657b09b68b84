/** Renders texts, cards and keyboards for Telegram: well-formed HTML within Telegram's length limits. */
import type { InlineKeyboardMarkup } from 'grammy/types';
import { encodeAction, type Button, type Card, type Person } from '../../handlers/message.ts';
import { colonAfter } from '../channel/field-line.ts';
import { numberOf } from './reading.ts';

/** Length limit of one message without its markup, characters: https://core.telegram.org/bots/api#sendmessage */
const MESSAGE_LIMIT = 4096;
/** Length limit of a press's alert, characters: https://core.telegram.org/bots/api#answercallbackquery */
const ALERT_LIMIT = 200;
const TITLE_LIMIT = 256;
const LABEL_LIMIT = 64;
const VALUE_LIMIT = 512;
const NOTE_LIMIT = 1024;

/** One text in two forms: HTML and plain. */
export interface Text {
  readonly html: string;
  readonly plain: string;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Escapes a text, so that nothing in it is markup. */
export function literal(text: string): Text {
  const plain = text.replaceAll('\0', '');
  return { html: escape(plain), plain };
}

const within = (tag: string, { html, plain }: Text): Text => ({ html: `<${tag}>${html}</${tag.split(' ', 1)[0]}>`, plain });

const joined = (texts: readonly Text[], between: string): Text => ({
  html: texts.map((text) => text.html).join(between),
  plain: texts.map((text) => text.plain).join(between),
});

/** The cut position for at most `limit` UTF-16 units that splits no surrogate pair. */
const cutAt = (text: string, limit: number): number => (/[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit);

const clip = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, cutAt(text, limit - 1))}…`);

/** Shortens a text to the limit of a press's alert. */
export const alertText = (text: string): string => clip(text, ALERT_LIMIT);

/** Splits a text into as few messages as possible, at line ends where there are any. `room` characters stay free in each. */
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
  // Telegram refuses an empty message, and no answer at all would look like a fault.
  return shown.length > 0 ? shown : ['…'];
}

/** A mention that notifies the person; the plain name for anonymous people, whom nothing can notify. */
export function mention(person: Person): Text {
  const name = literal(clip(person.name.trim() || '…', LABEL_LIMIT));
  return person.anonymous ? name : within(`a href="tg://user?id=${numberOf(person.id) ?? 0}"`, name);
}

/** `name: text`. */
export const naming = (person: Person, text: string): Text => joined([mention(person), literal(text)], ': ');
/** The most characters `naming` adds. */
export const NAMING_ROOM = LABEL_LIMIT + 2;

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** A whole code, which a tap copies. */
const CODE = /^\d{8,20}$/;

/** Renders a card as one message: long values are cut, and fields beyond the limit give way to an ellipsis. */
export function cardText(card: Card): Text {
  const title = joined(
    [literal(card.tone ? TONES[card.tone] : ''), within('b', literal(clip(card.title.trim() || '…', TITLE_LIMIT)))],
    '',
  );
  const note = card.note ? [literal(`\n${clip(card.note, NOTE_LIMIT)}`)] : [];
  const fields = card.fields.map(({ label, value }) => {
    const shown = literal(clip(value, VALUE_LIMIT));
    return joined([literal(clip(label, LABEL_LIMIT)), CODE.test(value) ? within('code', shown) : shown], colonAfter(label));
  });
  for (let shown = fields.length; ; shown -= 1) {
    const rest = shown < fields.length ? [literal('…')] : [];
    const text = joined([title, ...fields.slice(0, shown), ...rest, ...note], '\n');
    if (text.plain.length <= MESSAGE_LIMIT) return text;
  }
}

/** The inline keyboard of a message; undefined without buttons. Button styles are dropped: Telegram has none. */
export function keyboard(rows: readonly (readonly Button[])[]): InlineKeyboardMarkup | undefined {
  const shown = rows.filter((row) => row.length > 0);
  if (shown.length === 0) return undefined;
  return {
    inline_keyboard: shown.map((row) => row.map((button) => ({ text: button.label, callback_data: encodeAction(button) }))),
  };
}

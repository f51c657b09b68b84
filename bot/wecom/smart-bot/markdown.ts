/** Escapes text for the smart bot's markdown and splits it to size. */
import type { Card } from '../../../handlers/message.ts';
import { fieldLine } from '../../channel/field-line.ts';
import { pieces } from '../bytes.ts';

/** Plain bytes of one message. WeCom takes 20,480 with the escapes, and no character needs more than twice its bytes. */
const LIMIT = 10_000;

const URL = /https?:\/\/[^\s<>"'，。；）]+/g;

/** Matches the beginning of a heading, a quotation, a list or a rule. */
const LINE_START = /^(\s*)([#>]|[-+](?=\s|[-+]*$)|=(?==*\s*$))/;

const escapePart = (text: string): string => text.replaceAll(/[\\`*_[<|]|~(?=~)|&(?=#?\w+;)/g, String.raw`\$&`);

/** Escapes one line so that it shows exactly these characters. Addresses stay unescaped and can be tapped. */
function escapeLine(line: string): string {
  let escaped = '';
  let from = 0;
  for (const { 0: url, index } of line.matchAll(URL)) {
    escaped += escapePart(line.slice(from, index)) + url;
    from = index + url.length;
  }
  return (escaped + escapePart(line.slice(from))).replace(LINE_START, String.raw`$1\$2`);
}

/** Plain text as markdown. */
export const literal = (text: string): string =>
  text
    .replaceAll(/[\0\r]/g, '')
    .split('\n')
    .map(escapeLine)
    .join('\n');

/** One line in bold; never empty. */
export const bold = (text: string): string => `**${escapeLine(text.replaceAll(/[\0\s]+/g, ' ').trim() || '…')}**`;

/**
 * Splits plain text at line ends into messages of markdown. Never none: WeCom refuses an empty message, and no answer looks
 * like a fault.
 */
export function messages(text: string): string[] {
  const shown = pieces(text.trim(), LIMIT).filter((piece) => piece.trim() !== '');
  return shown.length > 0 ? shown.map(literal) : ['…'];
}

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** Words a card without buttons as one message of markdown. */
export function cardMarkdown({ tone, title, fields, note }: Card): string {
  const lines = [...fields.map(fieldLine), ...(note ? [note] : [])];
  return [`${tone ? TONES[tone] : ''}${bold(title)}`, ...lines.map(literal)].join('\n');
}

/** Text in the robot's markdown: it means nothing but itself, and fits in the messages that hold it. */
import type { Card } from '../../../handlers/message.ts';
import { pieces } from '../bytes.ts';

/** Plain bytes of one message. WeCom takes 20,480 with the marks, and no character needs more than twice its bytes. */
const LIMIT = 10_000;

const URL = /https?:\/\/[^\s<>"'，。；）]+/g;

/** What begins a heading, a quotation, a list or a line across. */
const LINE_START = /^(\s*)([#>]|[-+](?=\s|[-+]*$)|=(?==*\s*$))/;

const escapePart = (text: string): string => text.replaceAll(/[\\`*_[<|]|~(?=~)|&(?=#?\w+;)/g, String.raw`\$&`);

/** One line that shows exactly these characters. Addresses stay as they are, so that they can be tapped. */
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

/** Plain text as markdown messages, parted at line ends. Never none: WeCom takes no empty message, and silence looks like a fault. */
export function messages(text: string): string[] {
  const shown = pieces(text.trim(), LIMIT).filter((piece) => piece.trim() !== '');
  return shown.length > 0 ? shown.map(literal) : ['…'];
}

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** A card as one message of markdown, for what needs no buttons. */
export function cardMarkdown({ tone, title, fields, note }: Card): string {
  const lines = [...fields.map(({ label, value }) => `${label}：${value}`), ...(note ? [note] : [])];
  return [`${tone ? TONES[tone] : ''}${bold(title)}`, ...lines.map(literal)].join('\n');
}

/** Plain texts of the app: messages split to size, and cards as text. */
import type { Card } from '../../../handlers/message.ts';
import { fieldLine } from '../../channel/field-line.ts';
import { pieces } from '../bytes.ts';

/** Bytes of one text: https://developer.work.weixin.qq.com/document/path/90236; WeCom cuts the rest off. */
const TEXT_LIMIT = 2048;

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** Splits a text into as few messages as hold it, and neutralises links, WeCom's only markup. */
export function texts(text: string): string[] {
  const plain = text
    .replaceAll('\0', '')
    .replaceAll(/<(?=\/?a[\s>])/gi, '＜')
    .trim();
  const shown = pieces(plain, TEXT_LIMIT).filter((piece) => piece.trim() !== '');
  // WeCom refuses an empty text, and no answer would look like a fault.
  return shown.length > 0 ? shown : ['…'];
}

/** Words a card as text, where it has no buttons or more than a card holds. */
export function cardText({ tone, title, fields, note }: Card): string {
  const lines = fields.map(fieldLine);
  return [`${tone ? TONES[tone] : ''}${title}`, ...lines, ...(note ? [note] : [])].join('\n');
}

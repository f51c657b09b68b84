/** Words and cards as the app's plain texts. */
import type { Card } from '../../../handlers/message.ts';
import { pieces } from '../bytes.ts';

/** Bytes of one text: https://developer.work.weixin.qq.com/document/path/90236; what is longer would be cut. */
const TEXT_LIMIT = 2048;

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

/** One text in as few messages as hold it. Links are the only markup there is; what would become one does not. */
export function texts(text: string): string[] {
  const plain = text
    .replaceAll('\0', '')
    .replaceAll(/<(?=\/?a[\s>])/gi, '＜')
    .trim();
  const shown = pieces(plain, TEXT_LIMIT).filter((piece) => piece.trim() !== '');
  // WeCom takes no empty text, and silence would look like a fault.
  return shown.length > 0 ? shown : ['…'];
}

/** A card as text, for what needs no buttons or has more than a card can bear. */
export function cardText({ tone, title, fields, note }: Card): string {
  const lines = fields.map(({ label, value }) => `${label}：${value}`);
  return [`${tone ? TONES[tone] : ''}${title}`, ...lines, ...(note ? [note] : [])].join('\n');
}

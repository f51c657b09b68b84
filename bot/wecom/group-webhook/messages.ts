/**
 * Builds messages for a group webhook: https://developer.work.weixin.qq.com/document/path/91770. There are no buttons and no
 * edits.
 */
import { createHash } from 'node:crypto';
import type { Card, Reply } from '../../../handlers/message.ts';
import { fieldLine } from '../../channel/field-line.ts';
import type { Attaching } from '../../channel/attachments.ts';
import { markdown } from './markdown.ts';

/** Bytes before base64. */
export const LIMITS = { picture: 2_097_152, file: 20_971_520 } as const;

/** One message; `attached`: the group may not take it. */
export interface Message {
  readonly body: object;
  readonly attached?: true;
}

/** Headings of counts and amounts in a table. */
type Columns = Parameters<typeof markdown>[1];

export const inMarkdown = (text: string, columns: Columns): Message[] =>
  markdown(text, columns).map((content) => ({ body: { msgtype: 'markdown_v2', markdown_v2: { content } } }));

/** Words a reply as text. */
export function plainText(reply: Exclude<Reply, Attaching>): string {
  switch (reply.kind) {
    case 'say':
    case 'whisper':
      return reply.text;
    case 'forget':
      return reply.sorry;
    case 'card':
    case 'replace':
      return cardText(reply.card);
  }
}

const cardText = ({ title, fields, note }: Card): string => [title, ...fields.map(fieldLine), ...(note ? [note] : [])].join('\n');

/** Puts the caption above the attachment. */
export const captioned = ({ caption }: Attaching, body: object, columns: Columns): Message[] => [
  ...(caption.trim() === '' ? [] : inMarkdown(caption, columns)),
  { body, attached: true },
];

export const imageBody = (bytes: Buffer): object => ({
  msgtype: 'image',
  image: { base64: bytes.toString('base64'), md5: createHash('md5').update(bytes).digest('hex') },
});

export const fileBody = (mediaId: string): object => ({ msgtype: 'file', file: { media_id: mediaId } });

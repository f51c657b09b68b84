/** Parses Telegram's HTML as its server does: into plain text and entities, or its error. */
import type { MessageEntity } from 'grammy/types';
import { refuse } from './answers.ts';

const TYPES: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  s: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
  a: 'text_link',
};

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

const decode = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|(lt|gt|amp|quot));/g, (_, code: string | undefined, name: string | undefined) =>
    code === undefined ? NAMED[name!]! : String.fromCodePoint(Number(code)),
  );

export interface Parsed {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

export function parseHtml(source: string): Parsed {
  const entities: MessageEntity[] = [];
  const open: { tag: string; offset: number; href: string }[] = [];
  let text = '';
  for (let at = 0; at < source.length;) {
    const next = source.indexOf('<', at);
    text += decode(source.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    const tag = /^<(\/?)([a-zA-Z0-9-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/.exec(source.slice(next));
    const name = tag?.[2]?.toLowerCase() ?? '';
    const offset = Buffer.byteLength(source.slice(0, next));
    if (!tag || !(name in TYPES))
      refuse(400, `Bad Request: can't parse entities: Unsupported start tag "${name}" at byte offset ${offset}`);
    if (tag[1] === '') {
      open.push({ tag: name, offset: text.length, href: decode(/href="([^"]*)"/.exec(tag[3]!)?.[1] ?? '') });
    } else {
      const start = open.pop();
      if (start?.tag !== name) refuse(400, `Bad Request: can't parse entities: Unmatched end tag at byte offset ${offset}`);
      const length = text.length - start.offset;
      if (length > 0)
        entities.push({
          type: TYPES[name],
          offset: start.offset,
          length,
          ...(start.href && { url: start.href }),
        } as MessageEntity);
    }
    at = next + tag[0].length;
  }
  if (open.length > 0)
    refuse(400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1)!.tag}"`);
  return { text: text.trim(), entities };
}

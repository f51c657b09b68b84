/** Sanitizes an event before it is stored, once for all channels: no null and bidi characters, no endless text, names on one line. */
import type { Content, Incoming } from '../../handlers/message.ts';
import { nameOf } from '../../services/one-line.ts';

/** PostgreSQL takes no null characters; bidi controls would turn round the amount beside a name. */
const UNWANTED = /[\0\p{Bidi_Control}]/gu;

/** Telegram's limit for a message, characters; no other channel carries more. */
const LONGEST_TEXT = 4096;

/** The event with clean names, title, text and caption. Text is cut before anybody reads it. */
export function sanitize(heard: Incoming): Incoming {
  return {
    ...heard,
    title: nameOf(heard.title),
    from: { ...heard.from, name: nameOf(heard.from.name) },
    content: sanitizeContent(heard.content),
  };
}

function sanitizeContent(content: Content): Content {
  if (content.kind === 'text') return { ...content, text: clean(content.text.slice(0, LONGEST_TEXT)) };
  if (content.kind === 'photo') return { ...content, caption: clean(content.caption.slice(0, LONGEST_TEXT)) };
  return content;
}

const clean = (text: string): string => text.replaceAll(UNWANTED, '');

/** The visitors of the practice page: a person, and the ids of the two chats. */
import type { ChatId, Person } from '../../../handlers/message.ts';
import type { Locale } from '../../../locales/index.ts';
import type { Side } from '../page/visitor-page.ts';
import words from '../public/words.json' with { type: 'json' };

const CHAT = /^web:([A-Za-z0-9_-]{16,64})(\/owners)?$/;

export function chatOf(visitor: string, side: Side): ChatId {
  return side === 'store' ? `web:${visitor}` : `web:${visitor}/owners`;
}

/** The visitor as a person. All visitors have the same name. */
export function personOf(visitor: string, locale: Locale): Person {
  return { id: `web:${visitor}`, name: words[locale].visitor };
}

/** The visitor and side of a chat; undefined for chats of other channels. */
export function whose(chat: ChatId): { readonly visitor: string; readonly side: Side } | undefined {
  const match = CHAT.exec(chat);
  return match ? { visitor: match[1]!, side: match[2] ? 'owners' : 'store' } : undefined;
}

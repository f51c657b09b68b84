/** Names the visitor of a place's page: the ids of his chat and person, and what he is called. */
import type { ChatId, Person } from '../../../handlers/message.ts';
import type { Side } from '../page/visitor-page.ts';
import words from '../public/words.json' with { type: 'json' };

export const CHANNEL = 'web-place';

const CHAT = /^web-place:([A-Za-z0-9_-]{16,64})$/;

/** A guest has one chat, under his own id. */
export const chatOf = (visitor: string): ChatId => `${CHANNEL}:${visitor}`;

/** The guest as a person: nobody says his name, so some signs of his id tell him from the others of an evening. */
export function guestOf(visitor: string): Person {
  const sign = visitor
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 4)
    .toUpperCase();
  return { id: chatOf(visitor), name: `${words['zh-CN'].guest} ${sign}` };
}

/** The visitor of a chat; undefined for chats of other channels. */
export function whose(chat: ChatId): { readonly visitor: string; readonly side: Side } | undefined {
  const match = CHAT.exec(chat);
  return match ? { visitor: match[1]!, side: 'store' } : undefined;
}

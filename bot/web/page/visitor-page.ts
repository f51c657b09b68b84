/** The state of one visitor's page: two chats with their messages. Pure; every change gives a new page with a higher revision. */
import type { Action, Button, Card, MessageRef } from '../../../handlers/message.ts';

/** The store's chat on the left, the owner group on the right. */
export type Side = 'store' | 'owners';

export type Body =
  /** `picture` is the event of a sent picture; `text` is its alternative text then. */
  | { readonly kind: 'mine'; readonly text: string; readonly picture?: string }
  | { readonly kind: 'said'; readonly text: string; readonly buttons?: readonly (readonly Button[])[] }
  | { readonly kind: 'card'; readonly card: Card }
  /** The bytes are stored under the message's id; `text` is the caption. */
  | { readonly kind: 'picture'; readonly text: string }
  | { readonly kind: 'file'; readonly text: string; readonly name: string; readonly bytes: number }
  /** A reply for this person only. */
  | { readonly kind: 'whisper'; readonly text: string };

export type Message = Body & {
  readonly id: string;
  /** ms. */
  readonly at: number;
  /** The page's revision at the last change of this message. */
  readonly rev: number;
};

export interface Chat {
  readonly messages: readonly Message[];
  /** The input the bot waits for; a secret is never stored in clear. */
  readonly ask?: 'text' | 'secret';
}

export interface Page {
  /** Time of creation, ms; together with `rev` it identifies a state of this page and of no other. */
  readonly since: number;
  readonly rev: number;
  /** The revision of the last removal: a browser that is behind it needs the full page. */
  readonly erased: number;
  /** Time of the last visit, ms. */
  readonly seenAt: number;
  /** Events already submitted, newest last. */
  readonly heard: readonly string[];
  /** The event that the bot answered last. */
  readonly answered?: string;
  readonly chats: { readonly [S in Side]: Chat };
}

/** The difference a browser needs. `full`: the whole page, replacing whatever the browser shows. */
export interface Change {
  readonly full: boolean;
  readonly chats: { readonly [S in Side]: { readonly messages: readonly Message[]; readonly ask: 'text' | 'secret' | null } };
}

/** Messages kept per chat. */
const KEPT = 200;
/** Characters kept per chat: long messages cannot grow the page without bound. */
const KEPT_CHARACTERS = 200_000;
/** Events remembered as submitted: a POST is retried within seconds only. */
const HEARD = 100;
/** An answer is waited for so long, ms; some events get none. */
const ANSWER_MS = 30_000;
/** An outcome is waited for so long after its card was shown, ms. */
const OUTCOME_MS = 60 * 60_000;

export function emptyPage(now: number): Page {
  return { since: now, rev: 0, erased: 0, seenAt: now, heard: [], chats: { store: { messages: [] }, owners: { messages: [] } } };
}

function withChat(page: Page, side: Side, chat: Chat): Page {
  return { ...page, rev: page.rev + 1, chats: { ...page.chats, [side]: chat } };
}

export function find(page: Page, side: Side, id: string): Message | undefined {
  return page.chats[side].messages.find((message) => message.id === id);
}

/** Adds a message, or replaces the one with its id. */
export function put(page: Page, side: Side, id: string, body: Body, at: number): Page {
  const chat = page.chats[side];
  const before = find(page, side, id);
  const message: Message = { ...body, id, at: before?.at ?? at, rev: page.rev + 1 };
  const messages = before
    ? chat.messages.map((other) => (other === before ? message : other))
    : newest([...chat.messages, message]);
  return withChat(page, side, { ...chat, messages });
}

export function remove(page: Page, side: Side, id: string): Page {
  if (!find(page, side, id)) return page;
  const chat = page.chats[side];
  const after = withChat(page, side, { ...chat, messages: chat.messages.filter((message) => message.id !== id) });
  return { ...after, erased: after.rev };
}

/** Sets or clears the input the bot waits for in this chat. */
export function asking(page: Page, side: Side, ask: 'text' | 'secret' | undefined): Page {
  const { messages, ask: before } = page.chats[side];
  return before === ask ? page : withChat(page, side, ask ? { messages, ask } : { messages });
}

export function heard(page: Page, event: string, now: number): Page {
  return { ...page, seenAt: now, heard: [...page.heard.filter((other) => other !== event), event].slice(-HEARD) };
}

/** Notes that the bot has begun to answer an event. */
export const answered = (page: Page, event: string): Page => (page.answered === event ? page : { ...page, answered: event });

/** Whether something is to come: the answer to the latest event, or the outcome of a verification under way. */
export function pending(page: Page, now: number): boolean {
  const latest = page.heard.at(-1);
  if (latest !== undefined && latest !== page.answered && now - page.seenAt < ANSWER_MS) return true;
  return Object.values(page.chats).some(({ messages }) =>
    messages.some((message) => message.kind === 'card' && message.card.tone === 'busy' && now - message.at < OUTCOME_MS),
  );
}

/** Whether a message of this chat carries a button with this action. */
export function carries(page: Page, side: Side, on: MessageRef, action: Action): boolean {
  const message = find(page, side, on.message);
  const rows = message?.kind === 'card' ? message.card.buttons : message?.kind === 'said' ? message.buttons : undefined;
  return rows?.flat().some((button) => button.verb === action.verb && button.id === action.id) ?? false;
}

/** The identifier of a page's state, sent as the id of a server-sent event. */
export function mark(page: Page): string {
  return `${page.since}-${page.rev}`;
}

/** The changes since the state `seen` (a mark; anything else gives the full page); undefined when up to date. */
export function changeSince(page: Page, seen: string | undefined): Change | undefined {
  const [since, rev] = (seen ?? '').split('-').map(Number);
  const known = since === page.since && rev !== undefined && rev <= page.rev ? rev : undefined;
  if (known === page.rev) return undefined;
  const full = known === undefined || known < page.erased;
  const lacking = (chat: Chat) => ({
    messages: full ? chat.messages : chat.messages.filter((message) => message.rev > known),
    ask: chat.ask ?? null,
  });
  return { full, chats: { store: lacking(page.chats.store), owners: lacking(page.chats.owners) } };
}

function newest(messages: readonly Message[]): readonly Message[] {
  let characters = 0;
  const kept = messages.slice(-KEPT).toReversed();
  const tooMany = kept.findIndex((message, i) => (characters += JSON.stringify(message).length) > KEPT_CHARACTERS && i > 0);
  return (tooMany < 0 ? kept : kept.slice(0, tooMany)).toReversed();
}

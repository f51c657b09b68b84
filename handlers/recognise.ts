/** Recognises who says something in which chat: the chat with its store, the person by his name there, his role and language. */
import { isLocale, words as wordsIn, type Locale, type Words } from '../locales/index.ts';
import type { Chat, Chats } from '../services/accounts/chats.ts';
import type { Identities } from '../services/accounts/identities.ts';
import type { Members } from '../services/accounts/members.ts';
import { seenIn, type Stores } from '../services/accounts/stores.ts';
import type { Asker } from './handler.ts';
import { newcomersLocale } from './language.ts';
import type { Incoming, Person } from './message.ts';
import type { Entry } from './self-service/entry.ts';

/** The language of a chat: its own choice, or the installation's. */
export const wordsOfChat = (chat: Chat, fallback: Locale): Words => wordsIn(isLocale(chat.locale) ? chat.locale : fallback);

export interface RecogniseParts {
  readonly chats: Pick<Chats, 'get'>;
  readonly members: Pick<Members, 'role'>;
  readonly identities: Pick<Identities, 'personOf'>;
  readonly stores: Pick<Stores, 'get'>;
  readonly entry: Pick<Entry, 'where'>;
  readonly defaultLocale: Locale;
}

/** `deadLink`: the person came by a link of a place that is no more. */
export type Recognise = (incoming: Incoming) => Promise<Asker & { readonly deadLink?: true }>;

export function createRecognise(parts: RecogniseParts): Recognise {
  const { chats, members, identities, stores, entry } = parts;

  /** The person whose identity speaks, by the name that an owner of the chat's store gave, or of his first identity. */
  const called = async (from: Person, { store }: Chat): Promise<Person> => {
    if (from.anonymous) return from;
    const { id, name } = await identities.personOf(from.id, store?.accountId);
    return { ...from, id, ...(name !== undefined && { name }), ...(id !== from.id && { via: from.id }) };
  };

  return async (incoming) => {
    const found = await chats.get(incoming.chat);
    const chat: Chat = { ...found, store: found.store === undefined ? undefined : seenIn(found.store, incoming) };
    const person = await called(incoming.from, chat);
    const known = chat.store && !person.anonymous;
    const { viaStoreLink } = incoming;
    const asker = {
      person,
      chat: { ...chat, group: incoming.group },
      words: wordsOfChat(chat, newcomersLocale(incoming, chat) ?? parts.defaultLocale),
      store: chat.store,
      visitedStore: chat.store || viaStoreLink === undefined ? undefined : await stores.get(viaStoreLink),
      visit: undefined,
      role: known ? await members.role(person.id, chat.store, { ...chat, group: incoming.group }) : ('stranger' as const),
    };
    if (incoming.group || person.anonymous || asker.role !== 'stranger') return asker;
    const visit = await entry.where(incoming);
    if (visit === undefined) return asker;
    if (visit === 'dead') return { ...asker, deadLink: true };
    // Who owns the place or works there keeps that role.
    const own = await members.role(person.id, visit.store, asker.chat);
    return { ...asker, store: visit.store, visitedStore: undefined, visit, role: own === 'stranger' ? 'customer' : own };
  };
}

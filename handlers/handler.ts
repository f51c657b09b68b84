/** The interface of all handlers: an event and its asker go in, replies come out. */
import type { Words } from '../locales/index.ts';
import type { Chat } from '../services/accounts/chats.ts';
import type { Role } from '../services/accounts/members.ts';
import type { Store } from '../services/accounts/stores.ts';
import { asPerson, type Principal } from '../services/facts/by.ts';
import type { Visit } from '../services/self-service/visits.ts';
import type { Incoming, Person, PersonId, Reply } from './message.ts';
import type { Verb } from './verb.ts';

export interface Asker {
  readonly person: Person;
  readonly chat: Chat;
  readonly words: Words;
  /** The store this chat is bound to, or where it visits one, that one. */
  readonly store: Store | undefined;
  /** The store whose link for customers brought this person here; only where the chat has no store. */
  readonly visitedStore: Store | undefined;
  /** Where a link of a place led this private chat, whose person has no role in a store of the chat's own. */
  readonly visit: Visit | undefined;
  /** The person's role in that store; `stranger` where there is none. */
  readonly role: Role;
}

/** The person as the author of a change. */
export const byPerson: (person: Person) => Principal = asPerson;

/**
 * The identity by which a person speaks: its private chat has its id, and its channel knows it. Limits are its own, and so is
 * the right of an operator; everything else is the person's.
 */
export const identityOf = ({ id, via }: Person): PersonId => via ?? id;

/** A person in a chat with a store. */
export type StoreAsker = Asker & { readonly store: Store };

/**
 * Answers one command or press with a stream of replies: a card says 处理中 before the platform is called, so a handler yields
 * more than once. It sends nothing itself. `rest` is the argument of the command, or the id of the button.
 */
export type Handler<A extends Asker = Asker> = (incoming: Incoming, asker: A, rest: string) => AsyncIterable<Reply>;

/** The handlers of buttons, by verb: each conversation brings its own, and together they answer every `Verb`. */
export type Presses<V extends Verb = Verb> = Readonly<Record<V, Handler>>;

/** A plain message. */
export const say = (text: string): Reply => ({ kind: 'say', text });

/** A message that only the presser sees. */
export const whisper = (text: string): Reply => ({ kind: 'whisper', text });

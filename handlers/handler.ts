/** Who is asking, from where: what every handler is given, and what it gives back. */
import type { Words } from '../locales/index.ts';
import type { Chat } from '../services/accounts/chats.ts';
import type { Role } from '../services/accounts/members.ts';
import type { Store } from '../services/accounts/stores.ts';
import type { Incoming, Person, Reply } from './message.ts';
import type { Verb } from './verb.ts';

export interface Asker {
  readonly person: Person;
  readonly chat: Chat;
  readonly words: Words;
  /** The store this chat is bound to. */
  readonly store: Store | undefined;
  /** The store this person came to as a customer, by its link; only where the chat is bound to none. */
  readonly visitedStore: Store | undefined;
  /** What the person may do with that store; a stranger where there is none. */
  readonly role: Role;
}

/** A person in a chat with a store. */
export type StoreAsker = Asker & { readonly store: Store };

/**
 * One thing a person can do. Replies are given as they become known: a card says 处理中 before the platform is asked, so
 * a handler yields more than once. It sends nothing itself. `rest` is what follows the command, or the pressed id.
 */
export type Handler<A extends Asker = Asker> = (incoming: Incoming, asker: A, rest: string) => AsyncIterable<Reply>;

/** The handlers of buttons, by verb: each conversation brings its own, and together they answer every `Verb`. */
export type Presses<V extends Verb = Verb> = Readonly<Record<V, Handler>>;

/** A plain message. */
export const say = (text: string): Reply => ({ kind: 'say', text });

/** For the one who pressed. */
export const whisper = (text: string): Reply => ({ kind: 'whisper', text });

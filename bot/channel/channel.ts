/** The port that every chat platform implements. A channel makes up for what it cannot do; handlers never ask. */
import type { CustomerLink } from '../../handlers/self-service/links.ts';
import type { ChatId, Incoming, MessageRef, PersonId, Reply } from '../../handlers/message.ts';
import type { GroupWebhook } from '../../handlers/reports/owner-groups.ts';

/**
 * Takes an event that a channel heard. Resolves once the event is stored (then it may be acknowledged to the other side);
 * rejects when it could not be stored (then it must not be). Answers come later through `Channel.send`.
 */
export type Hear = (incoming: Incoming) => Promise<void>;

/**
 * The outcome of a send.
 * `gone`: the chat cannot be reached and will not be (blocked, deleted, kicked): do not try again.
 * `moved`: the chat lives on under another id; nothing was sent.
 */
export type Sent =
  | { readonly kind: 'sent'; readonly ref?: MessageRef }
  | { readonly kind: 'gone' }
  | { readonly kind: 'moved'; readonly to: ChatId };

/** The answer to a picture or file that the other side does not take; `captioned`: only its caption was said. */
export interface NotCarried {
  readonly kind: 'not-carried';
  readonly captioned?: true;
}

export interface Channel {
  /** The part of chat ids before the colon: `telegram`, `web`. */
  readonly name: string;
  /** Begins to hear. Rejects with a sentence for the operator when it cannot (a wrong token). */
  start(hear: Hear): Promise<void>;
  /** A sentence for the operator while the channel, once started, hears nothing for a reason that somebody has to mend. */
  trouble?(): string | undefined;
  /** Stops hearing; messages can still be sent. */
  stop(): Promise<void>;
  /**
   * Delivers one reply. `answering` is the event it answers, when there is one.
   * Waits out the other side's own limits (429 with retry_after). Rejects when it was not delivered:
   * with `NotSent` when certainly nothing was delivered, with `Undeliverable` when this message never will be, with anything
   * else when nobody can say. What stands in place of a picture or file that is not carried is worded for all channels alike.
   */
  send(chat: ChatId, reply: Reply, answering?: Incoming): Promise<Sent | NotCarried>;
  /** Messages can be edited without limit. Elsewhere a silent edit does not happen. */
  readonly edits?: true;
  /** People type slash commands here; elsewhere they are told the words that mean the same. */
  readonly slash?: true;
  /** The bot can delete people's messages, in groups as far as it has that right; elsewhere people are told so before they type a secret. */
  readonly deletes?: true;
  /** Asks the channel now whether this person administers this group. In private chats always true. */
  administers(chat: ChatId, person: PersonId): Promise<boolean>;
  /**
   * The bytes of a picture that was heard, by its `file`. Rejects where they cannot be had, without saying anything secret;
   * with `TooLarge` where they are more than the channel gives or the reader takes.
   */
  fetch?(file: string): Promise<Uint8Array>;
  /** Makes links that bring a person to the bot with a word, where the channel has such. Rejects where it cannot know its own name now. */
  links?(): Promise<(word: string) => string>;
  /**
   * Links that bring customers to the bot with this word (at most 32 letters, digits, `_` and `-`), where the channel has such
   * besides `links`: an event that comes by one says so in `Incoming.viaStoreLink`. None where nobody has set them up yet; rejects where they cannot be had now.
   */
  customerLinks?(word: string): Promise<readonly Omit<CustomerLink, 'channel'>[]>;
  /** Writes to groups by a secret address, where the channel can. */
  readonly webhook?: GroupWebhook;
}

/** `telegram` of `telegram:123`. */
export const channelOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf(':')));

/** A file is larger than may be fetched. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** The chat's channel is not set up at this start: nothing was tried. */
export class NoChannel extends Error {
  override readonly name = 'NoChannel';
}

/** Certainly nothing was delivered: safe to try again. */
export class NotSent extends Error {
  override readonly name: string = 'NotSent';
}

/** The other side refuses this message for good (it may not be written there, it is not taken as it is): another try is in vain. */
export class Undeliverable extends NotSent {
  override readonly name = 'Undeliverable';
}

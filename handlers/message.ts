/** The messages that all channels share: incoming events and replies. Plain data that survives JSON. */

import type { Picture } from '../services/charts/charts.ts';
import type { About } from '../services/files/kept-files.ts';
import type { PlatformName } from '../services/platforms/platform.ts';
import type { Verb } from './verb.ts';

/** A chat: `telegram:-100123`, `web:<visitor>`, `web:<visitor>/owners`. */
export type ChatId = string;
/** A person: `telegram:123`, `web:<visitor>`. In a private Telegram chat it equals the chat's id. */
export type PersonId = string;

/** Points at one message of a chat, so that it can be edited or deleted later. */
export interface MessageRef {
  readonly chat: ChatId;
  /** The channel's own id of the message, as text. */
  readonly message: string;
  /** The topic that it stands in, as `Incoming.topic`. */
  readonly topic?: string;
}

export interface Person {
  readonly id: PersonId;
  /** As the channel shows it; may be empty. Never trusted for rights. */
  readonly name: string;
  /** Of a person who linked several identities: the one that speaks, where it is not the first, whose id `id` is. */
  readonly via?: PersonId;
  /** Set where the channel hides who speaks (an anonymous Telegram administrator): such a person has no rights. */
  readonly anonymous?: true;
}

export type Content =
  | { readonly kind: 'text'; readonly text: string }
  /** A button was pressed. `on` is the message that carries it. */
  | { readonly kind: 'press'; readonly action: Action; readonly on: MessageRef }
  /** A picture, by the channel's own handle; `caption` may hold a code. */
  | { readonly kind: 'photo'; readonly file: string; readonly caption: string }
  /** Something the bot cannot read: a sticker, a voice message. */
  | { readonly kind: 'other' }
  /** The bot was added to the chat, or a person opened it for the first time. */
  | { readonly kind: 'joined' }
  /** The bot was removed or blocked. */
  | { readonly kind: 'left' }
  /** A merchant came back from a platform's authorisation page with its answer; `dialogue` is the binding it belongs to. */
  | {
      readonly kind: 'authorised';
      readonly platform: PlatformName;
      readonly answer: string;
      readonly dialogue: string;
      /** The grant that records the outcome, for the page: `Grants`. */
      readonly grant: string;
    }
  /** The chat lives on under another id (Telegram: a group became a supergroup). `from` is the old id. */
  | { readonly kind: 'moved'; readonly from: ChatId };

/** One thing that happened in a chat. */
export interface Incoming {
  /** The idempotency key of the event, the same at every redelivery: `telegram:update:42`. */
  readonly id: string;
  readonly chat: ChatId;
  readonly group: boolean;
  /** The chat's title or the person's name, for lists. */
  readonly title: string;
  readonly from: Person;
  /** ms since the epoch, by the channel's clock. */
  readonly at: number;
  readonly content: Content;
  /** The message itself, where it can be deleted or replied to. */
  readonly message?: MessageRef;
  /** The topic of the chat, where the channel has topics (Telegram's forums): every answer goes there. The channel's own id. */
  readonly topic?: string;
  /** The store whose link for customers brought this person here last, as long as the channel remembers. It gives no right. */
  readonly viaStoreLink?: string;
  /** When that link was opened, ms; left out by earlier programs. */
  readonly viaStoreLinkAt?: number;
  /** The language of the person's app as a BCP 47 tag (`en`, `zh-hans`), where the channel says it. */
  readonly language?: string;
  /** It is an edit of an earlier message, of which only what the edit changed is answered. */
  readonly edited?: true;
  /** Its content is that of a message which it quotes: words like 核销 were said about it. */
  readonly quoted?: true;
  /** In a group: the bot was mentioned or replied to, so it must answer. */
  readonly addressed: boolean;
}

/** A button's verb and id, at most 40 bytes; never a code, a price or a token. A pressed one may be forged or old. */
export interface Action {
  readonly verb: string;
  readonly id: string;
}

export interface Button extends Action {
  readonly verb: Verb;
  readonly label: string;
  readonly style?: 'primary' | 'danger';
}

export interface Field {
  readonly label: string;
  readonly value: string;
}

/** A card: data only, already worded. Channels decide how it looks. */
export interface Card {
  readonly title: string;
  readonly fields: readonly Field[];
  /** A sentence under the fields. */
  readonly note?: string;
  readonly tone?: 'open' | 'busy' | 'good' | 'bad';
  /** Rows of buttons. */
  readonly buttons: readonly (readonly Button[])[];
}

/** The verification that a card shows. Such a card is worded anew where it is delivered later. */
export interface Shown {
  readonly verification: string;
  /** It is the card of another lookup of the coupon: `verificationCard`. */
  readonly elsewhere?: true;
  /** It is the card of a code that another customer brought: `othersCard`. */
  readonly others?: true;
  /** The verification that the card itself begins: once it has begun, that one is shown. */
  readonly own?: string;
  /** It is the question before an undo; where that is not possible any more, the verification's own card takes its place. */
  readonly asks?: 'undo';
}

/** Whether it is the verification's own card, which is noted and shown what becomes of it. */
export const isOwnCard = ({ elsewhere, others, asks }: Shown): boolean => !elsewhere && !others && !asks;

export type Reply =
  /** A message of its own. `ask` wants a typed answer next (Telegram groups: a forced reply), `secret` one that is deleted. */
  | {
      readonly kind: 'say';
      readonly text: string;
      readonly buttons?: readonly (readonly Button[])[];
      readonly ask?: 'text' | 'secret';
      /** Printed below a question for a secret: the fate of the answer, by whether the channel can delete messages. */
      readonly secrecy?: { readonly deleted: string; readonly kept: string };
      /** The text holds a secret and is said once: where it cannot be delivered now, this is kept in its place. */
      readonly once?: string;
      /** Of a message that answers nothing: the topic it belongs to, as `Incoming.topic`. */
      readonly topic?: string;
    }
  /** A new message with a card; `tag` (a verification's id) names it for a later `replace`. */
  | { readonly kind: 'card'; readonly card: Card; readonly tag?: string; readonly shows?: Shown }
  /** Replaces the pressed message, or the one named by `on`. Where it cannot be edited any more, a new message. */
  /** `silent`: without a notification; where the message cannot be edited, nothing happens. */
  /** `tag`: the card that this same answer sent before under it, where that can be edited. */
  | {
      readonly kind: 'replace';
      readonly card: Card;
      readonly tag?: string;
      readonly on?: MessageRef;
      readonly silent?: true;
      readonly shows?: Shown;
    }
  /** Shown to the presser alone; where the channel cannot, a message that names the presser. */
  | { readonly kind: 'whisper'; readonly text: string }
  /** Deletes the incoming message: it held a secret. Where the channel cannot, it says `sorry` instead. */
  | { readonly kind: 'forget'; readonly sorry: string }
  /**
   * A picture, PNG or JPEG; `bytes` is base64. Where the channel cannot carry it, a link to it is said below the caption, and
   * `sorry` where there can be none, as without `about`.
   */
  | {
      readonly kind: 'picture';
      readonly bytes: string;
      readonly caption: string;
      readonly sorry: string;
      readonly about?: About;
      /** As of `say`. */
      readonly topic?: string;
    }
  /** A file to be kept, under its name; `type` is its media type. The rest is as of a picture. */
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly type: string;
      readonly bytes: string;
      readonly caption: string;
      readonly sorry: string;
      readonly about?: About;
    };

/**
 * Tells of a verification; it is worded when it is sent, by what is true then. `card`: shows its card, on the message `on` or
 * as a new one. `line`: tells its outcome in a sentence, as an edited card makes no sound.
 */
export interface VerificationNotice extends Shown {
  readonly kind: 'verification';
  readonly as: 'card' | 'line';
  readonly on?: MessageRef;
  /** Of a card without `on`: it is shown on the message that the verification's card is by then, where there is one. */
  readonly silent?: true;
  /** `newsOf` the verification. Once there is other news, a line and a new card are not sent, and a card is shown silently. */
  readonly news?: string;
}

/** A picture that is drawn when it is sent. It goes with a text that says the same: where it cannot be drawn or shown, nothing is missing. */
export interface Drawing {
  readonly kind: 'drawing';
  readonly picture: Picture;
  /** As of a picture. */
  readonly sorry: string;
  readonly about?: About;
  readonly topic?: string;
}

/** A message for the outbox: a summary, or a result that was settled later. It is written once per `key`. */
export interface Outgoing {
  readonly key: string;
  readonly chat: ChatId;
  readonly reply: Reply | VerificationNotice | Drawing;
}

/** Writes messages to the outbox, all of them or none. */
export type Enqueue = (messages: readonly Outgoing[]) => Promise<void>;

const ACTION = /^(?=.{3,40}$)([a-z][a-z-]{0,15}):([A-Za-z0-9_-]{1,38})$/;

/** Writes `verb:id`, at most 40 bytes (Telegram takes 64, WeCom keys are shown to clients). Throws when it does not fit. */
export function encodeAction(action: Action): string {
  const text = `${action.verb}:${action.id}`;
  if (!ACTION.test(text)) throw new Error(`not an action: ${action.verb}`);
  return text;
}

/** Reads the action in a pressed button's data; undefined for data that we never sent (forged, or of an older version). */
export function decodeAction(data: unknown): Action | undefined {
  const match = typeof data === 'string' ? ACTION.exec(data) : null;
  return match ? { verb: match[1]!, id: match[2]! } : undefined;
}

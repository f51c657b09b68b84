/** Makes the sentences of the audit trail, each from a fact: fields are read one by one, and nothing else of it is said. */
import type { Sentences, Words } from '../../locales/index.ts';
import { PICTURES } from '../../services/ledger/owner-groups.ts';
import { PERIODS } from '../../services/ledger/periods.ts';
import type { Fact } from '../../services/facts/facts.ts';
import { channelName } from '../channel-name.ts';
import { OPTIONAL } from '../settings/alerts.ts';

/** A fact, and the end of the code of the coupon that it is about, where that is known. */
export interface Told {
  readonly fact: Fact;
  readonly tail?: string | undefined;
}

export type Sentence = (told: Told, words: Words) => string;
type Value = (value: string, words: Words) => string;

/** Keys of sentences with no argument, and with a name alone. */
type PlainKey = { [K in keyof Sentences]: Sentences[K] extends null ? K : never }[keyof Sentences];
type NamedKey = {
  [K in keyof Sentences]: Sentences[K] extends { name: string | number }
    ? keyof Sentences[K] extends 'name'
      ? K
      : never
    : never;
}[keyof Sentences];

/** A text of the detail; `''` where it has none. */
export const field = ({ fact: { detail } }: Told, name: string): string => {
  const value = Object.hasOwn(detail, name) ? detail[name] : undefined;
  return typeof value === 'string' ? value : '';
};
const nameIn = (told: Told, words: Words, name = 'name'): string => field(told, name) || words.say('nameless');

/** Words a value that has a word of its own; another one stands as it is. */
export const among =
  <V extends string>(values: readonly V[], word: (value: V, words: Words) => string): Value =>
  (value, words) => {
    const known = values.find((one) => one === value);
    return known === undefined ? value : word(known, words);
  };

export const plain =
  (key: PlainKey): Sentence =>
  (_, words) =>
    words.say(key);

export const named =
  (key: NamedKey, of = 'name'): Sentence =>
  (told, words) =>
    words.say(key, { name: nameIn(told, words, of) });

/** Words a fact about a chat: the person's own private chat, which has the person's id, or another. */
export const about =
  (own: PlainKey, other: Sentence): Sentence =>
  (told, words) =>
    told.fact.subject === told.fact.by?.id ? words.say(own) : other(told, words);

/** Says what a setting is now, and what it was. */
export const setting =
  (label: Extract<PlainKey, `setting-${string}`>, value: Value): Sentence =>
  ({ fact: { from = '', to = '' } }, words) =>
    words.say('trail-setting', { label: words.say(label), to: value(to, words), from: value(from, words) });

export const renamed =
  (key: 'trail-person-renamed' | 'trail-place-renamed'): Sentence =>
  ({ fact: { from, to } }, words) =>
    words.say(key, { from: from || words.say('nameless'), to: to || words.say('nameless') });

/** Says who became an owner, by what he did himself or by another owner. */
export const ownerAdded: Sentence = (told, words) => {
  const { by, subject } = told.fact;
  const self = by?.id === subject || by?.name === field(told, 'name');
  return self ? words.say('trail-owner-became') : words.say('trail-owner-added', { name: nameIn(told, words) });
};

export const identity =
  (key: 'trail-person-linked' | 'trail-person-unlinked'): Sentence =>
  (told, words) =>
    words.say(key, { channel: channelName(field(told, 'identity'), words), name: nameIn(told, words) });

export const apiKey =
  (key: 'trail-key-made' | 'trail-key-revoked'): Sentence =>
  (told, words) =>
    words.say(key, { name: nameIn(told, words), last: field(told, 'last-four') });

/** Which alerts were turned off, or on again. */
export const alerts: Sentence = ({ fact: { from = '', to = '' } }, words) => {
  const off = to.length > from.length;
  const [some, others] = (off ? [to, from] : [from, to]).map((kinds) => kinds.split(' '));
  const turned = OPTIONAL.filter((kind) => some!.includes(kind) && !others!.includes(kind));
  const listed = turned.map((kind) => words.say(`alert-kind-${kind}`)).join(words.say('list-comma'));
  return words.say(off ? 'trail-alerts-off' : 'trail-alerts-on', { alerts: listed });
};

export const extras: Sentence = (told, words) => {
  const picture = among(PICTURES, (one) => words.say(`setting-picture-${one}`))(field(told, 'picture'), words);
  const periods = among(PERIODS, (one) => words.say(`setting-periods-${one}`))(field(told, 'periods'), words);
  return words.say('trail-summary-extras', { picture, periods });
};

/** Names a coupon by the end of its code, in every chat. */
const coupon = ({ tail }: Told, words: Words): string => (tail === undefined ? words.say('nameless-coupon') : `…${tail}`);

/** Says what somebody decided about a use, or about an undo. */
export const decided =
  (use: 'trail-decide-yes' | 'trail-decide-no', undo: 'trail-decide-undone' | 'trail-decide-not-undone'): Sentence =>
  (told, words) =>
    words.say(told.fact.from === 'undo-unsure' ? undo : use, { coupon: coupon(told, words) });

/** Says what an owner answered, who was asked for an undo, or for a use while the store is closed. */
export const answered =
  (undo: 'trail-undo-agreed' | 'trail-undo-declined', closed: 'trail-closed-agreed' | 'trail-closed-declined'): Sentence =>
  (told, words) =>
    words.say(field(told, 'wanted') === 'verify' ? closed : undo, {
      name: nameIn(told, words, 'asked-name'),
      coupon: coupon(told, words),
    });

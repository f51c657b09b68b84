/** Words what owners are told of each other: who became one, who is one no more, and that a password was changed. */
import { isLocale, words as wordsIn, type Locale, type Words } from '../../locales/index.ts';
import type { Proven, Saved } from '../../services/accounts/accounts.ts';
import { PROVE_MS } from '../../services/accounts/owners.ts';
import type { Ended, Recipient } from '../../services/lifecycle/end-ownership.ts';
import type { Collection } from '../../services/collection.ts';
import type { Incoming, Outgoing, Person } from '../message.ts';
import type { Removal } from '../staff/person.ts';

/** How long owners may take to prove a changed password, days. */
export const PROVE_DAYS = PROVE_MS / 86_400_000;

/** Saves an account that a person has proved in a chat, and tells the other owners in the same transaction. */
export type SaveAccount = (proven: Proven, incoming: Pick<Incoming, 'group' | 'title'>, person: Person) => Promise<Saved>;

const nameIn = (words: Words, { name }: { readonly name: string }): string => name || words.say('nameless');

/** The words of a chat that has perhaps chosen a language. */
const wordsOf = ({ locale }: { readonly locale: string | undefined }, fallback: Locale): Words =>
  wordsIn(isLocale(locale) ? locale : fallback);

export function createSaveAccount(parts: {
  /** Saves, with the messages in the same transaction. */
  save: (proven: Proven, person: Person, messages: (saved: Saved) => readonly Outgoing[]) => Promise<Saved>;
  removals: Collection<Removal>;
  defaultLocale: Locale;
  newId: () => string;
}): SaveAccount {
  const { save, removals, defaultLocale, newId } = parts;

  return async (proven, { group, title }, person) => {
    const removal = newId();
    /** Whose button that is, is known once the account is saved; nobody presses it before that. */
    const told = ({ platform, secretChanged }: Saved, words: Words): Extract<Outgoing['reply'], { kind: 'say' }> => {
      const facts = {
        person: nameIn(words, person),
        chat: group ? words.say('chat-group', { title }) : words.say('chat-private'),
        platform: words.say(`platform-${platform}`),
      };
      // An owner who proved only the former password cannot remove one who proved the new one, so there is no button.
      if (secretChanged) return { kind: 'say', text: words.say('told-secret-changed', { ...facts, days: PROVE_DAYS }) };
      const label = words.say('button-remove', { name: facts.person });
      const buttons = [[{ verb: 'staff-remove', id: removal, label, style: 'danger' }]] as const;
      return { kind: 'say', text: words.say('told-new-owner', facts), buttons };
    };
    const saved = await save(proven, person, (now) =>
      now.newOwner || now.secretChanged
        ? now.others.map((other) => ({
            key: `owner:${removal}:${other.id}`,
            chat: other.id,
            reply: told(now, wordsOf(other, defaultLocale)),
          }))
        : [],
    );
    if (saved.newOwner && saved.others.length > 0)
      await removals.set(removal, { kind: 'owner', accountId: saved.id, person: person.id, name: person.name });
    return saved;
  };
}

/** Words the end of an ownership: for the person, for the chats unbound with it, and for the owners who remain. */
export function createWordEnded({ defaultLocale, newId }: { defaultLocale: Locale; newId: () => string }) {
  return ({ why, person, by, chats, others, keys, heir }: Ended): readonly Outgoing[] => {
    const end = newId();
    const tell = (recipient: Recipient, text: (words: Words) => string): Outgoing => ({
      key: `ended:${end}:${recipient.chat}`,
      chat: recipient.chat,
      reply: { kind: 'say', text: text(wordsOf(recipient, defaultLocale)) },
    });
    const toOthers = (words: Words): string =>
      [ended(words), ...(keys > 0 ? [words.say('told-keys-ended', { count: keys })] : [])].join('\n');
    const ended = (words: Words): string => {
      const name = nameIn(words, person);
      if (why === 'left') return words.say('told-owner-left', { name });
      if (heir) return words.say('told-handed-over', { name, heir: nameIn(words, heir) });
      if (why === 'lapsed') return words.say('told-owner-lapsed', { name });
      return words.say('told-owner-removed', { name, by: nameIn(words, by) });
    };
    const toWhom = (words: Words): string => {
      if (heir) return words.say('told-succeeded', { heir: nameIn(words, heir) });
      return words.say(why === 'lapsed' ? 'told-lapsed' : 'told-disowned');
    };
    const unbound = chats.map((chat) => tell(chat, (words) => words.say('told-unbound')));
    const toPerson = why === 'left' || chats.some(({ chat }) => chat === person.chat) ? [] : [person];
    // What was taken back is told by the one who hears of it first.
    const remaining = why === 'taken-back' ? [] : others.filter(({ chat }) => chat !== by.id && (chat !== heir?.id || keys > 0));
    return [
      ...unbound,
      ...toPerson.map((one) => tell(one, (words) => toWhom(words))),
      ...remaining.map((other) => tell(other, toOthers)),
    ];
  };
}

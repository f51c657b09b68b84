/** Deletes a secret that is typed again within a day after it was asked for, when no question is open any more. */
import { readCodes } from '../../services/coupons/read-text.ts';
import { lettersAsDigits } from '../../services/coupons/spelling.ts';
import type { Collection } from '../../services/collection.ts';
import type { Incoming, Reply } from '../message.ts';
import { say, type Asker } from '../handler.ts';

/** How long after the question a message may be such a secret. */
export const ASKED_MS = 24 * 3_600_000;
/** The same, once a secret was right: nobody types it again, but the message may have been sent twice. */
const RIGHT_MS = 10 * 60_000;

export interface StraySecrets {
  /** Records that this person is asked for a secret in this chat. */
  asked(asker: Asker): Promise<void>;
  /** Notes that what this person typed was accepted. */
  right(asker: Asker): Promise<void>;
  /** Catches a message that looks like a secret, of a person who was asked for one. Undefined for any other. */
  caught(text: string, incoming: Incoming, asker: Asker): Promise<{ readonly forget: Reply; readonly why: Reply } | undefined>;
}

/** `asked` keeps for `ASKED_MS` that there was a question, by chat and person; never the answer. */
export function createStraySecrets({ asked }: { asked: Collection<true> }): StraySecrets {
  const keyOf = ({ chat, person }: Asker): string => `${chat.id}|${person.id}`;
  return {
    asked: (asker) => asked.set(keyOf(asker), true),
    right: (asker) => asked.set(keyOf(asker), true, RIGHT_MS),
    async caught(text, { group }, asker) {
      if (!looksSecret(text) || !(await asked.get(keyOf(asker)))) return undefined;
      const { words, person } = asker;
      const sorry = group
        ? words.say('secret-stray-stays-group', { person: person.name || words.say('nameless') })
        : words.say('secret-stray-stays');
      const digits = DIGITS.test(text.trim()) ? text.trim().length : 0;
      const why = digits > 0 ? `${words.say('odd-digits', { count: digits })}\n${words.say('secret-stray-digits')}` : undefined;
      return { forget: { kind: 'forget', sorry }, why: say(why ?? words.say('secret-stray')) };
    },
  };
}

/** Deletes the message with a secret; where the channel cannot, asks the person to delete it. */
export function forgetting(secret: string, group: boolean, { words, person }: Asker): Reply {
  const sorry = group
    ? words.say('bind-delete-yourself-group', { secret, person: person.name || words.say('nameless') })
    : words.say('bind-delete-yourself', { secret });
  return { kind: 'forget', sorry };
}

/** The fewest characters of a password, and of one after the word 密码. */
const SHORTEST = 6;
const SHORTEST_NAMED = 4;
const LONGEST = 4000;

/** Tells whether a message may be a password or a key: one Latin word that is no code, no address and no small talk. */
export function looksSecret(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return false;
  if (PEM.test(trimmed)) return true;
  const name = NAMED.exec(trimmed)?.[0] ?? '';
  const word = trimmed.slice(name.length).normalize('NFKC');
  if (!/^[!-~]+$/.test(word) || !/[a-z\d]/i.test(word)) return false;
  if (name !== '') return word.length >= SHORTEST_NAMED;
  if (/^\d+$/.test(word)) return DIGITS.test(word);
  return word.length >= SHORTEST && !ADDRESS.test(word) && !FIGURES.test(word) && !TALK.test(word) && !isCode(word);
}

const PEM = /^-----BEGIN [A-Z ]+-----/;
const NAMED = /^(?:我的|新)?(?:密码|口令|密钥|私钥|(?:password|passwd|pwd)(?=[\s:：=]))\s*(?:是|为|[:：=])?\s*/i;
/** A password of digits only; longer ones are codes or pieces of codes. */
const DIGITS = /^\d{6,9}$/;
/** The address of a person, a page or a chat. */
const ADDRESS =
  /^(?:[^@\s]+@[^@\s]+\.[a-z]+|https?:.*|www\..*|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|me|jpe?g|png|pdf|xlsx?)(?:\/.*)?|[@#/]\w+)$/i;
/** A date, a time, a price, an amount. */
const FIGURES = /^[¥$]?\d+(?:[.,:/_~x*+-]\d+)+%?$/i;
/** Small talk: repeated syllables, and common English words. */
const TALK =
  /^(?:(\D{1,3}?)\1{2,}|(?:thanks?|thankyou|hello|hi+|welcome|please|sorry|morning|goodnight|goodbye|received|english|chinese|language|cancel|perfect|really|okay)[.,!?~]*)$/i;

/** Recognises a coupon's code, also with letters that look like digits. */
function isCode(word: string): boolean {
  const { codes, doubtful } = readCodes(word);
  if (codes.length > 0 || doubtful.length > 0) return true;
  const digits = lettersAsDigits(word);
  return digits !== undefined && word.replace(/\D/g, '').length >= 7 && readCodes(digits).codes.length > 0;
}

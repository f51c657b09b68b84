/** Offers codes as buttons: those of one message, or a number that may be a code. */
import type { Words } from '../../locales/index.ts';
import type { Beside } from '../../services/verification/lookup.ts';
import type { Collection } from '../../services/collection.ts';
import type { Reply } from '../message.ts';
import type { Asker } from '../handler.ts';

/** Codes behind buttons. A button carries an id and an index, never the code. */
export interface Offered {
  readonly codes: readonly string[];
  /** To be looked up at every gateway of the store, also where codes have another look. */
  readonly anywhere?: true;
  /** What was written beside the only code. */
  readonly beside?: Beside;
}

/** Codes offered from one message. */
const MOST_OFFERED = 10;

export interface OfferCodes {
  /** A number that may be a code: asks before it is looked up. */
  ask(question: string, code: string, asker: Asker, beside?: Beside): AsyncIterable<Reply>;
  /** A button for each code, under the question where there is one. */
  several(codes: readonly string[], asker: Asker, question?: string): AsyncIterable<Reply>;
  /** A code that no gateway with such codes knows: offers the other gateways. */
  elsewhere(text: string, code: string, asker: Asker): AsyncIterable<Reply>;
  /** The code of a pressed button, `<id>-<index>`; nothing when the offer is over. */
  chosen(rest: string): Promise<{ readonly code: string; readonly anywhere: boolean; readonly beside: Beside } | undefined>;
}

export function createOfferCodes({ offers, newId }: { offers: Collection<Offered>; newId: () => string }): OfferCodes {
  async function* offer(text: string, offered: Offered, label: (code: string) => string): AsyncIterable<Reply> {
    const id = newId();
    await offers.set(id, offered);
    yield {
      kind: 'say',
      text,
      buttons: offered.codes.map((code, n) => [{ verb: 'find', id: `${id}-${n}`, label: label(code) }]),
    };
  }

  const listed = (count: number, words: Words): string =>
    count > MOST_OFFERED ? words.say('many-codes', { count, shown: MOST_OFFERED }) : words.say('several-codes', { count });

  return {
    ask: (question, code, { words }, beside = {}) =>
      offer(question, { codes: [code], beside }, () => words.say('button-find-anyway')),
    several: (codes, { words }, question) =>
      offer(question ?? listed(codes.length, words), { codes: codes.slice(0, MOST_OFFERED) }, (code) => code),
    elsewhere: (text, code, { words }) =>
      offer(text, { codes: [code], anywhere: true }, () => words.say('button-find-elsewhere')),
    async chosen(rest) {
      const [id = '', n = ''] = rest.split('-');
      const offered = await offers.get(id);
      const code = offered?.codes[Number(n)];
      return code === undefined ? undefined : { code, anywhere: offered?.anywhere ?? false, beside: offered?.beside ?? {} };
    },
  };
}

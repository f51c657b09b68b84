/** Offers codes as buttons: those of one message, or a number that may be a code. */
import type { Words } from '../../locales/index.ts';
import type { Beside } from '../../services/verification/lookup.ts';
import type { Collection } from '../../services/collection.ts';
import type { Button, Reply } from '../message.ts';
import type { Asker } from '../handler.ts';
import { mayVerify } from '../rights.ts';

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
  /** A button for each code, under the question where there is one; for staff 全部核销 where there is none. */
  several(codes: readonly string[], asker: Asker, question?: string): AsyncIterable<Reply>;
  /** For a code that no gateway with such codes knows: the other gateways. */
  elsewhereButton(code: string, asker: Asker): Promise<Button>;
  /** For a code that could not be looked up. */
  againButton(code: string, asker: Asker, beside: Beside): Promise<Button>;
  /** All codes of one message, by the id of its offer; nothing when it is over. */
  offered(id: string): Promise<readonly string[] | undefined>;
  /** The code of a pressed button, `<id>-<index>`; nothing when the offer is over. */
  chosen(rest: string): Promise<{ readonly code: string; readonly anywhere: boolean; readonly beside: Beside } | undefined>;
}

export function createOfferCodes({ offers, newId }: { offers: Collection<Offered>; newId: () => string }): OfferCodes {
  const button = async (code: string, offered: Omit<Offered, 'codes'>, label: string): Promise<Button> => {
    const id = newId();
    await offers.set(id, { codes: [code], ...offered });
    return { verb: 'find', id: `${id}-0`, label };
  };

  const listed = (count: number, words: Words): string =>
    count > MOST_OFFERED ? words.say('many-codes', { count, shown: MOST_OFFERED }) : words.say('several-codes', { count });

  return {
    async *ask(text, code, { words }, beside = {}) {
      yield { kind: 'say', text, buttons: [[await button(code, { beside }, words.say('button-find-anyway'))]] };
    },
    async *several(codes, { words, role }, question) {
      const id = newId();
      const shown = codes.slice(0, MOST_OFFERED);
      await offers.set(id, { codes: shown });
      // Where a question is open, not all of them need be coupons.
      const all = question === undefined && mayVerify(role);
      yield {
        kind: 'say',
        text: question ?? listed(codes.length, words),
        buttons: [
          ...shown.map((code, n): Button[] => [{ verb: 'find', id: `${id}-${n}`, label: code }]),
          ...(all ? [[{ verb: 'find-all' as const, id, label: words.say('button-find-all') }]] : []),
        ],
      };
    },
    elsewhereButton: (code, { words }) => button(code, { anywhere: true }, words.say('button-find-elsewhere')),
    againButton: (code, { words }, beside) => button(code, { beside }, words.say('button-again')),
    offered: async (id) => (await offers.get(id))?.codes,
    async chosen(rest) {
      const [id = '', n = ''] = rest.split('-');
      const offered = await offers.get(id);
      const code = offered?.codes[Number(n)];
      return code === undefined ? undefined : { code, anywhere: offered?.anywhere ?? false, beside: offered?.beside ?? {} };
    },
  };
}

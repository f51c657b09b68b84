/** Words the questions of the binding dialogue, and validates their answers. */
import type { Words } from '../../locales/index.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import type { Question } from '../../services/platforms/platform.ts';
import type { Button, Reply } from '../message.ts';

/** Words the fate of a message with a secret, before it is typed. */
export function secrecy(group: boolean, words: Words): { readonly deleted: string; readonly kept: string } {
  return group
    ? { deleted: words.say('secret-will-go-group'), kept: words.say('secret-will-stay-group') }
    : { deleted: words.say('secret-will-go'), kept: words.say('secret-will-stay') };
}

/** Words a question, below the sentences in `before`. */
export function asking({ name, secret }: Question, group: boolean, words: Words, before: readonly string[] = []): Reply {
  return {
    kind: 'say',
    text: [...before, words.say(`bind-ask-${name}`)].join('\n\n'),
    ask: secret ? 'secret' : 'text',
    ...(secret && { secrecy: secrecy(group, words) }),
  };
}

/** The longest answer without a shape of its own, characters. */
const LONGEST_ANSWER = 200;
/** The shapes of answers; an answer without one has 200 characters at most. */
const SHAPES: Partial<Record<Question['name'], RegExp>> = {
  email: /^[^\s@]{1,64}@[^\s@]{1,190}$/,
  'shop-id': /^\d{1,18}$/,
  'account-id': /^\d{1,20}$/,
  // A private key in PEM is the longest.
  'private-key': /^[^]{1,4000}$/,
};
/** Questions whose answers may be digits only, like a coupon's code. */
const OF_DIGITS: ReadonlySet<string> = new Set<Question['name']>(['account-id', 'app-id', 'shop-id', 'operator']);

/** Validates a typed answer; undefined where it cannot be one. */
export function answerIn({ name, secret }: Question, text: string): string | undefined {
  const answer = secret ? text : text.trim();
  const shape = SHAPES[name];
  const fits = shape ? shape.test(answer) : answer.length <= LONGEST_ANSWER;
  return fits && answer !== '' ? answer : undefined;
}

/** Tells a coupon's code from an answer to this question. A secret may look like anything, so it is never a code. */
export function isCoupon(question: Question, text: string): boolean {
  if (question.secret || (OF_DIGITS.has(question.name) && /^\d+$/.test(text.trim()))) return false;
  const { codes, doubtful, bare } = readCodes(text);
  // A name like `o123456789` only resembles a code.
  if (bare) return codes.length > 0 || doubtful.some(({ why }) => why !== 'spelling');
  return codes.length > 0 && answerIn(question, text) === undefined;
}

/** Makes a button for each given answer that is no secret, to change it. */
export function changes(questions: readonly Question[], answers: object, dialogue: string, words: Words): Button[] {
  return questions.flatMap((question, n) =>
    question.secret || !(question.name in answers)
      ? []
      : [{ verb: 'bind-change', id: `${dialogue}-${n}`, label: words.say(`bind-change-${question.name}`) }],
  );
}

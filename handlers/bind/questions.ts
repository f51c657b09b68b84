/** The questions of the binding dialogue: how one is worded, what answers it, and how an answer is changed. */
import type { Words } from '../../locales/index.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import type { Question } from '../../services/platforms/platform.ts';
import type { Button, Reply } from '../message.ts';

/** What is told of a secret before it is typed. */
export function secrecy(group: boolean, words: Words): { readonly deleted: string; readonly kept: string } {
  return group
    ? { deleted: words.say('secret-will-go-group'), kept: words.say('secret-will-stay-group') }
    : { deleted: words.say('secret-will-go'), kept: words.say('secret-will-stay') };
}

/** The question, below sentences that go before it. */
export function asking({ name, secret }: Question, group: boolean, words: Words, before: readonly string[] = []): Reply {
  return {
    kind: 'say',
    text: [...before, words.say(`bind-ask-${name}`)].join('\n\n'),
    ask: secret ? 'secret' : 'text',
    ...(secret && { secrecy: secrecy(group, words) }),
  };
}

/** Answers longer than this are none. */
const LONGEST_ANSWER = 200;
/** What answers look like where they have a look; others are 200 characters at most. */
const SHAPES: Partial<Record<Question['name'], RegExp>> = {
  email: /^[^\s@]{1,64}@[^\s@]{1,190}$/,
  'shop-id': /^\d{1,18}$/,
  // A private key in PEM is the longest.
  'private-key': /^[^]{1,4000}$/,
};
/** Questions whose answers may be nothing but digits, as a coupon's code is. */
const OF_DIGITS: ReadonlySet<string> = new Set<Question['name']>(['app-id', 'shop-id', 'operator']);

/** The answer in what was typed, or nothing where it cannot be one. */
export function answerIn({ name, secret }: Question, text: string): string | undefined {
  const answer = secret ? text : text.trim();
  const shape = SHAPES[name];
  const fits = shape ? shape.test(answer) : answer.length <= LONGEST_ANSWER;
  return fits && answer !== '' ? answer : undefined;
}

/** Whether a coupon was sent while this question was open: a code that answers it no better. Secrets may look like anything. */
export function isCoupon(question: Question, text: string): boolean {
  if (question.secret || (OF_DIGITS.has(question.name) && /^\d+$/.test(text.trim()))) return false;
  const { codes, doubtful, bare } = readCodes(text);
  if (bare) return codes.length + doubtful.length > 0;
  return codes.length > 0 && answerIn(question, text) === undefined;
}

/** A button for each answer that was given and can be told openly: another is asked for instead. */
export function changes(questions: readonly Question[], answers: object, dialogue: string, words: Words): Button[] {
  return questions.flatMap((question, n) =>
    question.secret || !(question.name in answers)
      ? []
      : [{ verb: 'bind-change', id: `${dialogue}-${n}`, label: words.say(`bind-change-${question.name}`) }],
  );
}

/**
 * Finds numbers of a code's length that a person would read as one: with letters or Chinese numerals for digits, or in groups that
 * no app prints. They are asked about, never looked up by themselves. Linear in the length of the text.
 */
import { LENGTHS } from './code-rules.ts';
import { COUNTED, type Written } from './plain-numbers.ts';
import { SPELLED_WORD, wordAsDigits } from './spelling.ts';

/** One word of a spelled number: its digits, its position, and whether a letter or numeral stood for one. */
interface Word {
  readonly digits: string;
  readonly at: number;
  readonly end: number;
  readonly letters: number;
  readonly numerals: boolean;
}

const SEPARATORS = /^[ \n,、;/_-]{1,3}$/;
const LONGEST = 18;
/** Letters among digits; more are a serial number or a word. */
const MOST_LETTERS = 3;
/** Groups of one number; more are figures beside each other. */
const MOST_GROUPS = 6;

export function* spelledNumbers(prose: string): Generator<Written> {
  let run: Word[] = [];
  for (const word of wordsIn(prose)) {
    const last = run.at(-1);
    if (last && !(word.at - last.end <= 3 && SEPARATORS.test(prose.slice(last.end, word.at)))) {
      yield* numbersOf(run, prose);
      run = [];
    }
    run.push(word);
  }
  yield* numbersOf(run, prose);
}

/** Yields the words of nothing but digits and what stands for them. */
function* wordsIn(prose: string): Generator<Word> {
  for (const { 0: word, index: at } of prose.matchAll(SPELLED_WORD)) {
    if (word.length > LONGEST) continue;
    const digits = wordAsDigits(word);
    const numerals = /\p{Script=Han}|[〇○]/u.test(word);
    const letters = word.replace(/[^A-Za-z|]/g, '').length;
    if (digits !== undefined && letters < word.length) yield { digits, at, end: at + word.length, letters, numerals };
  }
}

/** Joins a run of words: into one number, or else those on each line. A word of a code's length is a number by itself. */
function* numbersOf(run: readonly Word[], prose: string): Generator<Written> {
  const whole = run.filter(({ digits }) => digits.length >= 10);
  if (whole.length > 0) return yield* whole.flatMap((word) => joined([word], prose) ?? []);
  const one = joined(run, prose);
  if (one) return yield one;
  const lines: Word[][] = [];
  for (const word of run) {
    const line = lines.at(-1);
    const last = line?.at(-1);
    if (line && last && !prose.slice(last.end, word.at).includes('\n')) line.push(word);
    else lines.push([word]);
  }
  if (lines.length > 1) yield* lines.flatMap((line) => joined(line, prose) ?? []);
}

function joined(words: readonly Word[], prose: string): Written | undefined {
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last) return undefined;
  const digits = words.map((word) => word.digits).join('');
  const letters = words.reduce((sum, word) => sum + word.letters, 0);
  const plain = letters === 0 && !words.some(({ numerals }) => numerals);
  if (!LENGTHS.has(digits.length) || letters > MOST_LETTERS || (plain && !isOneNumber(words, prose))) return undefined;
  if (COUNTED.test(prose.slice(last.end, last.end + 4))) return undefined;
  return { groups: words.map((word) => word.digits), at: first.at, end: last.end, spelled: true };
}

/** Tells groups of one number from figures beside each other: prices, sizes, draws of a lottery. */
function isOneNumber(words: readonly Word[], prose: string): boolean {
  const lengths = words.map(({ digits }) => digits.length);
  const [first = 0] = lengths;
  const rest = lengths.slice(1);
  if (words.length < 2 || words.length > MOST_GROUPS) return false;
  if (rest.every((length) => length === 3) && words.slice(1).every(({ at }) => prose[at - 1] === ',')) return true;
  if (lengths.every((length) => length === 2)) return !isAscending(words) && words.some(({ digits }) => digits > '35');
  return first >= 3 && rest.slice(0, -1).every((length) => length >= 2) && lengths.some((length) => length >= 4);
}

const isAscending = (words: readonly Word[]): boolean =>
  words.every(({ digits }, n) => n === 0 || digits >= words[n - 1]!.digits);

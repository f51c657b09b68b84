/** Finds coupon codes in messages of people. Linear in the length of the text. */
import { readBeside, type BesideCode } from './beside-code.ts';
import { judge, LENGTHS, type Doubt, type NumberInText } from './code-rules.ts';
import { plainNumbers } from './plain-numbers.ts';
import { LINK, readLink } from './read-link.ts';
import { spelledNumbers } from './spelled-numbers.ts';
import { normalise, wordAsDigits } from './spelling.ts';

export interface DoubtfulNumber {
  readonly code: string;
  readonly why: Doubt;
  /** Worth a question in a group, where it was not said to the bot. */
  readonly overheard: boolean;
}

export interface CodesInText {
  /** Without repeats, those in links first, else in order of appearance; digits only, leading zeros kept. */
  readonly codes: readonly string[];
  /** Numbers of a code's length that may be something else, or may be meant: confirm them before a lookup. Disjoint from `codes`. */
  readonly doubtful: readonly DoubtfulNumber[];
  /** The digits of a message of nothing but digits and blanks, where no code has that length. */
  readonly odd: string | undefined;
  /** A number that a spreadsheet shortened, as sent: `1.04686E+14`. Its last digits are lost. */
  readonly shortened: string | undefined;
  /** The message holds codes or doubtful numbers, and no other word or number. */
  readonly bare: boolean;
  /** The first Douyin link, as sent: only Douyin can tell the coupon behind it. */
  readonly douyin: string | undefined;
  /** The message holds a link of any kind. */
  readonly linked: boolean;
  /** The uses that are asked for beside the only number, 1 to 99. A person still presses. */
  readonly uses: number | undefined;
  /** A note behind the only number: a table, a name; one line of at most 30 characters. */
  readonly note: string | undefined;
}

/** Reads any text and never throws. */
export function readCodes(text: string): CodesInText {
  const codes = new Set<string>();
  const doubts = new Map<string, DoubtfulNumber>();
  const keep = (number: NumberInText): boolean => {
    const { digits: code } = number;
    const { verdict, why = 'other' } = judge(number);
    if (verdict === 'code') codes.add(code);
    else if (verdict !== 'none') doubts.set(code, { code, why, overheard: verdict === 'ask' });
    return verdict !== 'none';
  };

  const plain = normalise(text);
  let shared: string | undefined;
  let linked = false;
  const prose = plain.replace(LINK, (address) => {
    const { douyin, digits, named } = readLink(address);
    linked = true;
    if (douyin) shared ??= address;
    if (digits && LENGTHS.has(digits.length)) keep({ ...alone(digits), link: named ? 'own' : 'other' });
    return '。';
  });

  const kept = numbersIn(prose).filter(keep);
  for (const code of codes) doubts.delete(code);
  const found = codes.size + doubts.size > 0;
  const digits = /^\s*\d[\d\s]*$/.test(plain) ? plain.replace(/\s/g, '') : '';
  return {
    codes: [...codes],
    doubtful: [...doubts.values()],
    odd: !found && digits !== '' && !LENGTHS.has(digits.length) ? digits : undefined,
    shortened: found ? undefined : SHORTENED.exec(plain)?.[0],
    bare: found && isBare(prose, kept),
    douyin: shared,
    linked,
    ...besideOnly(prose, kept, linked),
  };
}

/** What is written beside the number, where there is one. */
function besideOnly(prose: string, [only, ...others]: readonly Placed[], linked: boolean): BesideCode {
  if (!only || others.length > 0 || linked) return { uses: undefined, note: undefined };
  return readBeside(prose.slice(0, only.at), prose.slice(only.end));
}

/**
 * Reads a caption under a picture of a coupon: a number of uses, and the note beside it. Words without a number are talk about
 * the picture, and no note. What is written beside a code in the caption counts as beside the picture's.
 */
export function readRequest(caption: string): { readonly uses?: number; readonly note?: string } {
  const plain = normalise(caption);
  const { codes, doubtful, ...written } = readCodes(caption);
  const { uses, note } = codes.length + doubtful.length > 0 ? written : readBeside('', plain);
  return uses === undefined ? {} : { uses, ...(note !== undefined && { note }) };
}

const SHORTENED = /(?<![\w.])\d(?:\.\d{1,14})?e\+?0?1[0-7](?![\w.])/i;

const alone = (digits: string): NumberInText => ({
  digits,
  groups: [digits],
  written: digits,
  before: '',
  after: '',
  line: '',
  spelled: false,
});

interface Placed extends NumberInText {
  readonly at: number;
  readonly end: number;
}

/** The numbers in a text without links, with what stands around them, in their order. */
function numbersIn(prose: string): Placed[] {
  const plain = [...plainNumbers(prose)];
  let rest = '';
  // Digits may be the rest of a spelled number: `O13541450619`.
  const whole = plain.filter(
    ({ at, end }) => ![prose[at - 1], prose[end]].some((beside = '?') => wordAsDigits(beside) !== undefined),
  );
  for (const { at, end } of whole) rest += prose.slice(rest.length, at) + '。'.repeat(end - at);
  const spelled = [...spelledNumbers(rest + prose.slice(rest.length))];
  return [...plain, ...spelled]
    .toSorted((a, b) => a.at - b.at)
    .map((number) => ({
      ...number,
      digits: number.groups.join(''),
      written: prose.slice(number.at, number.end),
      before: prose.slice(Math.max(0, number.at - 24), number.at),
      after: prose.slice(number.end, number.end + 24),
      line:
        /.*$/.exec(prose.slice(Math.max(0, number.at - 40), number.at))![0] +
        /^.*/.exec(prose.slice(number.end, number.end + 40))![0],
    }));
}

const WORD = /[\p{L}\p{N}]/u;

function isBare(prose: string, numbers: readonly Placed[]): boolean {
  let end = 0;
  for (const number of numbers) {
    if (WORD.test(prose.slice(end, number.at))) return false;
    ({ end } = number);
  }
  return !WORD.test(prose.slice(end));
}

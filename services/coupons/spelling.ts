/** Normalises the spelling of digits: width, blanks, dashes, marks nobody sees; letters and Chinese numerals that stand for digits. */

/** Characters that NFKC turns into digits and separators. NFKC of all text is unbounded: one character can become eighteen. */
const WIDE = /[\uFE50-\uFE6F\uFF00-\uFFEF\u{1D7CE}-\u{1D7FF}\u{1FBF0}-\u{1FBF9}]+/gu;
/** Raised and lowered digits; one or two are a footnote or a square. */
const RAISED = /[\u00B2\u00B3\u00B9\u2070\u2074-\u2079\u2080-\u2089]{4,}/g;
/** Digits on keys: one alone numbers a line of a list. */
const KEYS = /(?:\d\u20E3 ?){4,}/g;

/**
 * Gives half-width digits, `-` for dashes, `.` for dots, one kind of blank and of line end, single blanks, no invisible
 * characters. List numbers (`2.`) become `。`, lest they be read as part of a code; `①` is no digit here.
 */
export function normalise(text: string): string {
  return text
    .replace(WIDE, (characters) => characters.normalize('NFKC'))
    .replace(RAISED, (digits) => digits.normalize('NFKC'))
    .replace(/[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[\t\p{Zs}\u2800]/gu, ' ')
    .replace(/[\p{Cf}\p{Variation_Selector}\u034F]|(?!\n)\p{Cc}/gu, '')
    .replace(KEYS, (keys) => keys.replaceAll('\u20E3', ''))
    .replace(/ {2,}/g, ' ')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[·•‧∙⋅・]/g, '.')
    .replace(/^ *1?\d\. ?(?=\d{4})(?!\d+e[+\d])/gim, '。');
}

/** Digit → the letters that people, and keyboards, put for it. */
const LETTERS = { 0: 'oO', 1: 'iIlL|', 2: 'zZ', 5: 'sS', 8: 'bB' };
/** Digit → Chinese numerals as they are spoken, dictated, and written on receipts. */
const NUMERALS = ['零〇○', '一幺壹', '二贰貳', '三叁參', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖'];

/** Inverts a table of digits, character by character. */
const byCharacter = (table: object): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(table).flatMap(([digit, characters]) =>
      String(characters)
        .split('')
        .map((one) => [one, digit] as const),
    ),
  );

const LETTER_DIGITS = byCharacter(LETTERS);
const ALL_DIGITS = new Map([...LETTER_DIGITS, ...byCharacter(NUMERALS)]);

/** Gives a word with its letters as digits; undefined where a letter stands for none. */
export const lettersAsDigits = (word: string): string | undefined => spelledOut(word, LETTER_DIGITS);

/** Gives a word with its letters or its Chinese numerals as digits; undefined where a character stands for none. */
export const wordAsDigits = (word: string): string | undefined => spelledOut(word, ALL_DIGITS);

function spelledOut(word: string, digitOf: ReadonlyMap<string, string>): string | undefined {
  let digits = '';
  for (const character of word) {
    const digit = /\d/.test(character) ? character : digitOf.get(character);
    if (digit === undefined) return undefined;
    digits += digit;
  }
  return digits;
}

/** Matches the words of which a spelled number can be made. */
export const SPELLED_WORD = new RegExp(`[A-Za-z\\d|${NUMERALS.join('')}]+`, 'g');

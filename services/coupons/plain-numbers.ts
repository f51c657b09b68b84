/** Finds numbers of a code's length in a message, as the apps print them: whole or in even groups. Linear in its length. */
import { NAMED } from './code-labels.ts';
import { LENGTHS } from './code-rules.ts';
import { isProduct } from './look-alikes.ts';

const SHORTEST = 10;
const LONGEST = 18;

/** A number as written: its groups of digits and its position. */
export interface Written {
  readonly groups: readonly string[];
  readonly at: number;
  readonly end: number;
  readonly spelled: boolean;
}

/** Yields the numbers that may be codes, in their order. */
export function* plainNumbers(prose: string): Generator<Written> {
  const wordless = wordlessLines(prose);
  for (const number of numbersIn(prose)) {
    if (number.groups.length === 1) yield number;
    else {
      const before = prose.slice(Math.max(0, number.at - 24), number.at);
      const code = joined(number, prose.slice(number.end, number.end + 4), NAMED.test(before) || wordless(number.at));
      if (code) yield code;
    }
  }
}

/** Answers whether the line around a position has no letters; positions must ascend. */
function wordlessLines(prose: string): (at: number) => boolean {
  let line = { end: -1, wordless: true };
  return (at) => {
    if (at > line.end) {
      const end = prose.indexOf('\n', at);
      const text = prose.slice(prose.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
      line = { end: end < 0 ? prose.length : end, wordless: !/\p{L}/u.test(text) };
    }
    return line.wordless;
  };
}

/**
 * Yields runs of digits on one line, split at blanks where other separators bind closer: `8-12 1234` is `8-12` and `1234`, and
 * `49.00 7992 6974 94` a price and a code.
 */
function* numbersIn(prose: string): Generator<Written> {
  for (const run of prose.matchAll(/\d+(?:[ .-]\d+)*/g)) {
    let at = run.index;
    for (const piece of piecesOf(run[0])) {
      if (piece.length >= SHORTEST) yield* numbersOf(piece, at);
      at += piece.length + 1;
    }
  }
}

function piecesOf(run: string): string[] {
  if (!/[.-]/.test(run)) return [run];
  const pieces: string[] = [];
  let blanksOnly = false;
  for (const piece of run.split(' ')) {
    const plain = /^\d+$/.test(piece);
    if (plain && blanksOnly) pieces.push(`${pieces.pop()} ${piece}`);
    else pieces.push(piece);
    blanksOnly = plain;
  }
  return pieces;
}

/** Splits a piece into numbers: ten digits or more are one, shorter groups with one kind of separator belong together. */
function* numbersOf(piece: string, start: number): Generator<Written> {
  if (piece.length > 2 * LONGEST && !/\d{10}/.test(piece)) return;
  const groups = piece.split(/[ .-]/);
  const long = groups.filter((group) => group.length >= SHORTEST);
  if (long.length === 0) {
    const digits = piece.length - groups.length + 1;
    if (digits >= SHORTEST && groups.length <= LONGEST) yield { groups, at: start, end: start + piece.length, spelled: false };
    return;
  }
  // A spreadsheet's whole number ends in `.0`; 31.2304160000 is a measure, not a code.
  const figure = groups.length === 2 && piece.endsWith('.0');
  if (piece.includes('.') && long.length < groups.length && !figure) return;
  let at = start;
  for (const group of groups) {
    const end = figure ? start + piece.length : at + group.length;
    if (LENGTHS.has(group.length)) yield { groups: [group], at, end, spelled: figure };
    at += group.length + 1;
  }
}

/**
 * Joins the groups of a code as the apps print it (4-4-2, 4-4-4, 4-3-4 …); any even groups where it is called a code or its
 * line has no letters. A table or list number of one or two digits in front is dropped.
 */
function joined(number: Written, after: string, free: boolean): Written | undefined {
  if (COUNTED.test(after)) {
    // `7992 6974 94 2张`: the last group counts uses.
    const last = number.groups.at(-1) ?? '';
    const counted = { ...number, groups: number.groups.slice(0, -1), end: number.end - last.length - 1 };
    return last.length <= 2 && /^[张份次]/.test(after) && isPrinted(counted.groups, free) ? counted : undefined;
  }
  if (isProduct(number.groups.join(''), number.groups)) return number;
  if (isPrinted(number.groups, free)) return number;
  const [first = '', ...rest] = number.groups;
  if (first.length > 2 || rest.length < 2 || !isPrinted(rest, free)) return undefined;
  return { ...number, groups: rest, at: number.at + first.length + 1 };
}

/** Matches behind groups of digits that count something or end in a time. */
export const COUNTED = /^(?::\d|[年月日号点时折张份次人桌位岁分天个])/;

function isPrinted(groups: readonly string[], free: boolean): boolean {
  const lengths = groups.map((group) => group.length);
  if (!LENGTHS.has(lengths.reduce((sum, length) => sum + length, 0))) return false;
  if (['4,3,4', '3,4,4'].includes(String(lengths))) return true;
  const last = lengths.pop() ?? 0;
  const even = (size: number): boolean => lengths.every((length) => length === size);
  if (lengths.length > 1 && even(4) && last <= 4) return true;
  if (!free) return false;
  const size = lengths[0] ?? 0;
  if (lengths.length === 1) return size >= 4 && last >= 4;
  return even(size) && (size >= 3 ? last <= size + 1 : size === 1 && last === 1);
}

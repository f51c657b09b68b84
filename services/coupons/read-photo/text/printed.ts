/** Finds printed numbers in lines of text and classifies them by the words around them. */
import { CALLED_ELSE, NAMED } from '../../code-labels.ts';
import { judgeDigits, LENGTHS } from '../../code-rules.ts';
import { seenFrom, span, type Box } from './box.ts';
import type { Spread } from './intact.ts';
import type { Line } from './page.ts';
import type { Raster } from '../image/raster.ts';

export interface Printed {
  readonly digits: string;
  /** The box of the digits, as high as their line. */
  readonly box: Box;
  /** The label before, above or below it. `code-like`: a label that was hard to read. */
  readonly called: 'code' | 'code-like' | 'else' | 'nothing';
  /** It has the length of a code, and looks like nothing else. */
  readonly whole: boolean;
  /** Far enough from the picture's edge that no digit can be missing unnoticed. */
  readonly inside: boolean;
  /** A second reading, from a box of another size, gave the same digits. */
  readonly twice: boolean;
  readonly spread: Spread;
  /** Nothing covers it or its ends, as far as can be seen. */
  readonly intact: boolean;
  /** Certainty of the least certain digit, and the mean of all. */
  readonly least: number;
  readonly mean: number;
}

/** Matches digits in groups: any with blanks, with dashes only as codes have them (4-4-4, 4-4-2, 4-3-4, 5-5-2), unlike dates. */
const NUMBER = /\d{4,5}(?: ?- ?\d{3,5}){1,3}(?: ?- ?\d{1,5})?(?!\d|-)|\d+(?: +\d+)*/g;
/** The fewest digits of a part of a code. */
const FEWEST = 4;
/** Matches the instruction that apps print under a code in place of a label. */
const SHOW_IT = /(?:出示|此码|扫码).{0,8}(?:核销|验证|使用|码)|(?:核销|验证)时出示/;
/** Matches the end of a label that was hard to read. */
const SOME_CODE = /码\W{0,3}$/;
/** Match beside digits of a price, a date, a time, a masked number or a word. */
const PART_BEFORE = /[A-Za-z_@\-/.*¥￥$#+] ?$|\d: ?$/;
const PART_AFTER = /^ ?[A-Za-z_@\-/.:*%元块年月日张折]/;

/** Thresholds of certainty, least and mean; digits below were hard to read (measured on blurred, dark and far pictures: wrong ones lie below). */
const LEAST = 0.85;
const MEAN = 0.93;

/** Tells whether all digits were read well. */
export const clear = ({ least, mean }: Printed): boolean => least >= LEAST && mean >= MEAN;

/** Tells whether only the completeness of the number is in doubt. */
export const wellRead = (one: Printed): boolean => clear(one) && one.twice && one.called === 'code';

/** Finds the numbers in all lines; `twice` and `intact` are still to be found out. */
export function printedIn(lines: readonly Line[], raster: Raster): Printed[] {
  return lines.flatMap((line) =>
    numbersOf(line).map((number) => ({
      ...number,
      called: callOf(line, number.before, number.box, lines),
      spread: { centres: number.centres, room: Math.min(number.room, roomBefore(line, number.box, lines)) },
      whole: number.whole && !nearEdge(number.box, raster, 0.3),
      inside: !nearEdge(number.box, raster, 0.8),
      twice: false,
      intact: false,
    })),
  );
}

/** Finds the numbers in one line, digits only. */
export function numbersOf({ text, box, characters: all }: Line) {
  return [...text.matchAll(NUMBER)].flatMap((match) => {
    const groups = match[0].split(/[ -]+/);
    const digits = groups.join('');
    if (digits.length < FEWEST) return [];
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    const characters = all.slice(match.index, match.index + match[0].length).filter((one) => /\d/.test(one.text));
    const from = characters[0]?.at ?? 0;
    const to = characters.at(-1)?.at ?? 1;
    const half = (to - from) / Math.max(1, characters.length - 1) / 2;
    const own = span(box, Math.max(0, from - half), Math.min(1, to + half));
    const { along: middle } = seenFrom(box, own.x, own.y);
    const word = all.slice(0, match.index).findLast((one) => one.text.trim() !== '');
    const part = PART_BEFORE.test(before) || PART_AFTER.test(after);
    const rule = judgeDigits(digits, groups);
    const doubt = rule.verdict !== 'code' && rule.verdict !== 'ask';
    return [
      {
        digits,
        before,
        box: own,
        centres: characters.map(({ at }) => ((at - 0.5) * box.width - middle) / box.height),
        // A character reaches half its height to the right, and a little is left free.
        room: word ? ((from - word.at) * box.width) / box.height - 0.6 : Infinity,
        whole: LENGTHS.has(digits.length) && !part && !doubt,
        least: Math.min(...characters.map(({ sure }) => sure)),
        mean: characters.reduce((sum, { sure }) => sum + sure, 0) / characters.length,
      },
    ];
  });
}

/** Classifies a number by the words before it on its line, else to its left, else above it, else below it. */
function callOf(line: Line, before: string, box: Box, lines: readonly Line[]): Printed['called'] {
  const own = verdict(before);
  if (own) return own;
  if (/\p{L}/u.test(before)) return 'nothing';
  const others = lines.filter((other) => other !== line).map((other) => ({ other, ...seenFrom(box, other.box.x, other.box.y) }));
  const left = others
    .filter(({ along, across }) => Math.abs(across) < 0.7 * box.height && along < 0)
    .toSorted((a, b) => b.along - a.along)[0];
  if (left) return verdict(left.other.text) ?? (/\p{L}/u.test(left.other.text) ? 'nothing' : whatIsAbove());
  return whatIsAbove();

  function whatIsAbove(): Printed['called'] {
    const near = others
      .filter(({ other, along, across }) => {
        const overlap = Math.abs(along) < (box.width + other.box.width) / 2 + box.height;
        return overlap && Math.abs(across) < 3.5 * box.height && Math.abs(across) > 0.5 * box.height;
      })
      .toSorted((a, b) => Math.abs(a.across) - Math.abs(b.across));
    const above = near.find(({ across }) => across < 0)?.other.text;
    const said = above === undefined ? undefined : verdict(above);
    if (said) return said;
    return near.some(({ other }) => SHOW_IT.test(other.text)) ? 'code' : 'nothing';
  }
}

function verdict(words: string): 'code' | 'code-like' | 'else' | undefined {
  // 券码1, 券码2 …
  const text = words.replace(/[*\s]+$/, '').replace(/(?<=[码号券])\d{1,2}$/, '');
  if (CALLED_ELSE.test(text)) return 'else';
  if (NAMED.test(text)) return 'code';
  return SOME_CODE.test(text) ? 'code-like' : undefined;
}

/** The gap between a number and the next line to its left, in heights. */
function roomBefore(line: Line, box: Box, lines: readonly Line[]): number {
  const gaps = lines
    .filter((other) => other !== line)
    .map((other) => ({ other, ...seenFrom(box, other.box.x, other.box.y) }))
    .filter(({ along, across }) => along < 0 && Math.abs(across) < 0.6 * box.height)
    .map(({ other, along }) => (-along - (box.width + other.box.width) / 2) / box.height);
  return Math.max(0, Math.min(...gaps));
}

/** Tells whether a number is within `times` its height of the picture's edge, which may have cut a digit off. */
function nearEdge(box: Box, { width, height }: Raster, times: number): boolean {
  const margin = times * box.height;
  return [-0.5, 0.5].some((end) => {
    const x = box.x + end * box.ux * box.width;
    const y = box.y + end * box.uy * box.width;
    const [sideways, down] = [margin * Math.abs(box.ux), margin * Math.abs(box.uy)];
    return x < sideways || x > width - sideways || y < down || y > height - down;
  });
}

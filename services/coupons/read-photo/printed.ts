/** Numbers printed in a picture, and what the words around them call them. */
import { doubtAbout, isIdentityNumber } from '../look-alikes.ts';
import { CALLED_ELSE, LENGTHS, NAMED } from '../read-text.ts';
import { seenFrom, span, type Box } from './box.ts';
import type { Line } from './page.ts';
import type { Raster } from './picture.ts';

export interface Printed {
  readonly digits: string;
  /** Where the digits are, and the height of their line. */
  readonly box: Box;
  /** By the words before it, above it or below it. `code-like`: words that were hard to read. */
  readonly called: 'code' | 'code-like' | 'else' | 'nothing';
  /** As long as a code, and looks like nothing else. */
  readonly whole: boolean;
  /** How sure the least sure digit is, and all of them on average. */
  readonly least: number;
  readonly mean: number;
}

/** Fewer digits are no part of a code. */
const FEWEST = 4;
/** In place of a label: what apps print under a code. */
const SHOW_IT = /(?:出示|此码|扫码).{0,8}(?:核销|验证|使用|码)|(?:核销|验证)时出示/;
/** The end of a label that was hard to read. */
const SOME_CODE = /码\W{0,3}$/;
/** Beside a digit: a price, a date, a time, a masked number, a word. */
const PART_BEFORE = /[A-Za-z_@\-/.*¥￥$#+] ?$|\d: ?$/;
const PART_AFTER = /^ ?[A-Za-z_@\-/.:*%元块年月日张折]/;

export function printedIn(lines: readonly Line[], raster: Raster): Printed[] {
  return lines.flatMap((line) => [...numbersIn(line, lines, raster)]);
}

function* numbersIn(line: Line, lines: readonly Line[], raster: Raster): Generator<Printed> {
  for (const match of line.text.matchAll(/\d+(?: +\d+)*/g)) {
    const groups = match[0].split(/ +/);
    const digits = groups.join('');
    if (digits.length < FEWEST) continue;
    const from = match.index;
    const to = from + match[0].length;
    const before = line.text.slice(0, from);
    const characters = line.characters.slice(from, to).filter(({ text }) => text !== ' ');
    const step = characters.length > 1 ? (characters.at(-1)!.at - characters[0]!.at) / (characters.length - 1) : 0;
    const box = span(line.box, Math.max(0, characters[0]!.at - step / 2), Math.min(1, characters.at(-1)!.at + step / 2));
    const part = PART_BEFORE.test(before) || PART_AFTER.test(line.text.slice(to));
    const doubt = doubtAbout(digits, groups) !== undefined || isIdentityNumber(digits);
    yield {
      digits,
      box,
      called: callOf(line, before, box, lines),
      whole: LENGTHS.has(digits.length) && !part && !doubt && !atEdge(box, raster),
      least: Math.min(...characters.map(({ sure }) => sure)),
      mean: characters.reduce((sum, { sure }) => sum + sure, 0) / characters.length,
    };
  }
}

/** The words before it on its line, else to its left, else above it; else what is said under it. */
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
  const text = words.replace(/[*\s]+$/, '');
  if (CALLED_ELSE.test(text)) return 'else';
  if (NAMED.test(text)) return 'code';
  return SOME_CODE.test(text) ? 'code-like' : undefined;
}

/** A digit may have been cut off. */
function atEdge(box: Box, { width, height }: Raster): boolean {
  const margin = 0.6 * box.height;
  return [-1, 1].some((end) => {
    const x = box.x + (end * box.ux * box.width) / 2;
    const y = box.y + (end * box.uy * box.width) / 2;
    return x < margin || y < margin * Math.abs(box.uy) || x > width - margin || y > height - margin * Math.abs(box.uy);
  });
}

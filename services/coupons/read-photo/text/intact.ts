/** Checks that a line of digits is complete: nothing covers it or its ends, and no digit is pale, short or missing. */
import type { Box } from './box.ts';
import type { Raster } from '../image/raster.ts';
import { createStrip, DIGITS, median, planeThrough, ROWS, SCALE, type Strip } from './strip.ts';

/** Positions of a number's digits, in heights of its line. */
export interface Spread {
  /** The middle of each digit, from the middle of the box. */
  readonly centres: readonly number[];
  /** The free space to the left of the first digit. */
  readonly room: number;
}

/**
 * Limits of the paper's deviation as shares of the digits' contrast: above and below the line, at its ends; on grainy paper a
 * multiple of its grain; the last is the upper bound. (Measured on drawn fingers, stickers, folds and glare.)
 */
const UNEVEN = 0.07;
const UNEVEN_END = 0.08;
const GRAIN = 6;
const MOST_UNEVEN = 0.2;
/** The least contrast of a digit as a share of the median, and the largest distance of its top or bottom from the others', in heights. */
const PALE = 0.8;
const SHORT = 0.15;
/** Distance from a digit's middle to the paper; a digit is about 0.6 wide. */
const HALF_DIGIT = 0.36;
/** The multiple of the usual gap that divides groups. */
const GAP = 1.3;

export function intact(raster: Raster, box: Box, { centres, room }: Spread): boolean {
  const [first = 0, last = 0] = [centres[0], centres.at(-1)];
  const steps = centres.slice(1).map((at, n) => at - centres[n]!);
  // The next digit would be within the widest step between two of them.
  const reach = Math.min(1.8, Math.max(0.6, ...steps)) + 0.3;
  const strip = createStrip(raster, box, first - reach, last + reach);
  const leftEnd = strip.columnOf(first - Math.min(reach, room));
  const { noise, uneven } = strip.paper(leftEnd);
  const digits = digitsOf(strip, centres, median(steps));
  const contrast = median(digits.map(({ strength }) => strength));
  if (contrast <= 0) return false;

  const allowed = (least: number): number => contrast * Math.min(MOST_UNEVEN, Math.max(least, (GRAIN * noise) / contrast));
  const ends = [
    strays(strip, leftEnd, strip.columnOf(first - HALF_DIGIT)),
    strays(strip, strip.columnOf(last + HALF_DIGIT), strip.columns),
  ];
  return (
    uneven < allowed(UNEVEN) &&
    ends.every((end) => end < allowed(UNEVEN_END)) &&
    digits.every(({ strength }) => strength > PALE * contrast) &&
    [digits.map(({ top }) => top), digits.map(({ bottom }) => bottom)].every((edge) => offLine(digits, edge) < SHORT * SCALE) &&
    grouped(digits.map(({ middle }) => middle))
  );
}

interface Digit {
  /** Position of its ink, in columns and rows. */
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
  /** Contrast of its ink with the paper, of 255 steps. */
  readonly strength: number;
}

function digitsOf(strip: Strip, centres: readonly number[], step: number): Digit[] {
  const half = Math.max(4, Math.min(10, Math.round((step * SCALE) / 2)));
  const cells = centres.map((along) => {
    const middle = strip.columnOf(along);
    return { from: Math.max(0, middle - half), to: Math.min(strip.columns - 1, middle + half) };
  });
  const inks = cells.map(({ from, to }) => {
    const all: number[] = [];
    for (let row = DIGITS.top; row <= DIGITS.bottom; row++)
      for (let column = from; column <= to; column++) all.push(strip.at(row, column));
    all.sort((a, b) => a - b);
    // Not the very ends: they are noise.
    return { dark: -all[Math.floor(all.length * 0.04)]!, light: all[Math.floor(all.length * 0.96)]! };
  });
  const dark = median(inks.map((ink) => ink.dark)) >= median(inks.map((ink) => ink.light));
  const strengths = inks.map((ink) => (dark ? ink.dark : ink.light));
  const contrast = median(strengths);

  return cells.map(({ from, to }, n) => {
    let [top, bottom, sum, weight] = [ROWS, 0, 0, 0];
    for (let row = DIGITS.top - 6; row <= DIGITS.bottom + 6; row++)
      for (let column = from; column <= to; column++) {
        const ink = (dark ? -1 : 1) * strip.at(row, column);
        if (ink < contrast / 2) continue;
        top = Math.min(top, row);
        bottom = Math.max(bottom, row);
        sum += ink * column;
        weight += ink;
      }
    return { middle: weight > 0 ? sum / weight : (from + to) / 2, top, bottom, strength: strengths[n]! };
  });
}

/** The largest distance of an edge from the line through most edges, in rows. */
function offLine(digits: readonly Digit[], edge: readonly number[]): number {
  const line = planeThrough(digits.map(({ middle }, n) => ({ x: middle, y: 0, light: edge[n]! })));
  return Math.max(...digits.map(({ middle }, n) => Math.abs(edge[n]! - line(middle, 0))));
}

/** The largest deviation from the paper's brightness between two columns, averaged over small patches. */
function strays(strip: Strip, from: number, to: number): number {
  const [wide, high] = [4, 6];
  let most = 0;
  for (let column = Math.max(0, from); column + wide <= to; column += wide)
    for (let row = DIGITS.top - 4; row + high <= DIGITS.bottom + 4; row += high) {
      let sum = 0;
      for (let n = 0; n < wide; n++) for (let m = 0; m < high; m++) sum += strip.at(row + m, column + n);
      most = Math.max(most, Math.abs(sum / (wide * high)));
    }
  return most;
}

/** Tells whether digits stand in one piece or in groups as apps print them: equal ones with a last that may be shorter, or 4-3-4. */
function grouped(middles: readonly number[]): boolean {
  const steps = middles.slice(1).map((at, n) => at - middles[n]!);
  const usual = median(steps);
  const groups = [1];
  for (const step of steps) {
    if (step > GAP * usual) groups.push(1);
    else groups[groups.length - 1]!++;
  }
  const [size = 0] = groups;
  const even = groups.slice(1, -1).every((one) => one === size) && (groups.at(-1) ?? 0) <= size;
  return even || String(groups) === '4,3,4';
}

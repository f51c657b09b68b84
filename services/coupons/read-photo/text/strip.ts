/** Samples a line of digits upright with its paper, and gives the brightness of each place relative to the paper. */
import { lookInto, type Box } from './box.ts';
import type { Raster } from '../image/raster.ts';

export interface Strip {
  readonly columns: number;
  /** Gives the column of a place `along` from the middle of the box, in heights of the box. */
  columnOf(along: number): number;
  /** Brightness relative to the paper there, of 255 steps. */
  at(row: number, column: number): number;
  /** Deviation of the paper's brightness above and below the line, usual and largest, from a column on. */
  paper(from: number): { readonly noise: number; readonly uneven: number };
}

/** Rows per height of the line; its digits stand in the middle rows. */
export const SCALE = 32;
export const ROWS = 48;
export const DIGITS = { top: 12, bottom: 36 } as const;
/** Rows of paper above and below the line. */
const ABOVE = [2, 8] as const;
const BELOW = [40, 46] as const;
/** Columns averaged into one patch against grain. */
const TOGETHER = 8;

interface Patch {
  readonly x: number;
  readonly y: number;
  readonly light: number;
}

/** Samples a strip; `from` and `to` are distances from the middle of the box, in its heights. */
export function createStrip(raster: Raster, box: Box, from: number, to: number): Strip {
  const middle = ((from + to) / 2) * box.height;
  const columns = Math.round((to - from) * SCALE);
  const seen = lookInto(
    raster,
    {
      ...box,
      x: box.x + box.ux * middle,
      y: box.y + box.uy * middle,
      width: (to - from) * box.height,
      height: (ROWS / SCALE) * box.height,
    },
    columns,
    ROWS,
  );
  const plane = columns * ROWS;
  const light = (row: number, column: number): number => {
    const n = row * columns + column;
    return (seen[n]! + seen[plane + n]! + seen[2 * plane + n]!) / 3;
  };
  const patches: Patch[] = [];
  for (let column = 0; column + TOGETHER <= columns; column += TOGETHER)
    for (const [top, bottom] of [ABOVE, BELOW]) {
      let sum = 0;
      for (let row = top; row < bottom; row++) for (let n = 0; n < TOGETHER; n++) sum += light(row, column + n);
      patches.push({ x: column + TOGETHER / 2, y: (top + bottom) / 2, light: sum / ((bottom - top) * TOGETHER) });
    }
  const plain = planeThrough(patches);

  return {
    columns,
    columnOf: (along) => Math.round((along - from) * SCALE),
    at: (row, column) => light(row, column) - plain(column, row),
    paper(start) {
      const strays = patches.filter(({ x }) => x >= start).map(({ x, y, light: l }) => Math.abs(l - plain(x, y)));
      // Of a normal distribution, half lies within 0.67 of its deviation.
      return { noise: median(strays) / 0.67, uneven: Math.max(0, ...strays) };
    },
  };
}

/** Fits a plane to patches by robust regression: light falls off evenly over a page, a finger is an outlier. */
export function planeThrough(patches: readonly Patch[]): (x: number, y: number) => number {
  const [mx, my] = [median(patches.map(({ x }) => x)), median(patches.map(({ y }) => y))];
  let [a, b, c] = [median(patches.map(({ light }) => light)), 0, 0];
  for (let round = 0; round < 8; round++) {
    const strays = patches.map(({ x, y, light }) => light - (a + b * (x - mx) + c * (y - my)));
    const scale = Math.max(0.5, 2 * median(strays.map(Math.abs)));
    let [s, sx, sy, sxx, syy, sxy, sl, sxl, syl] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (const [n, { x: px, y: py, light }] of patches.entries()) {
      const weight = 1 / (1 + (strays[n]! / scale) ** 2) ** 2;
      const [x, y] = [px - mx, py - my];
      s += weight;
      sx += weight * x;
      sy += weight * y;
      sxx += weight * x * x;
      syy += weight * y * y;
      sxy += weight * x * y;
      sl += weight * light;
      sxl += weight * x * light;
      syl += weight * y * light;
    }
    const spread = s * sxx - sx * sx;
    if (spread < 1e-6) break;
    if (syy > 1e-6) c = (syl - a * sy - b * sxy) / syy;
    b = (s * (sxl - c * sxy) - sx * (sl - c * sy)) / spread;
    a = (sl - c * sy - b * sx) / s;
  }
  return (x, y) => a + b * (x - mx) + c * (y - my);
}

/** The upper median; 0 of nothing. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

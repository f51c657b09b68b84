/** Rotated rectangles around lines of text, and sampling of the pixels in one. */
import type { Raster } from '../image/raster.ts';

/** A rotated rectangle in pixels: its middle, the direction of its text, and its size along and across it. */
export interface Box {
  readonly x: number;
  readonly y: number;
  /** A vector of length one; across it is `(-uy, ux)`, downwards where the text is upright. */
  readonly ux: number;
  readonly uy: number;
  readonly width: number;
  readonly height: number;
}

type Point = readonly [x: number, y: number];

/** Computes the smallest rectangle around points; its width is the longer side, its direction to the right or down. */
export function boxAround(points: readonly Point[]): Box {
  const hull = convexHull(points);
  let best: Box = { x: 0, y: 0, ux: 1, uy: 0, width: Infinity, height: Infinity };
  for (let n = 0; n < hull.length; n++) {
    const [ax, ay] = hull[n]!;
    const [bx, by] = hull[(n + 1) % hull.length]!;
    const length = Math.hypot(bx - ax, by - ay);
    const ux = length ? (bx - ax) / length : 1;
    const uy = length ? (by - ay) / length : 0;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const along = x * ux + y * uy;
      const across = y * ux - x * uy;
      left = Math.min(left, along);
      right = Math.max(right, along);
      top = Math.min(top, across);
      bottom = Math.max(bottom, across);
    }
    const width = right - left + 1;
    const height = bottom - top + 1;
    if (width * height >= best.width * best.height) continue;
    const along = (left + right) / 2;
    const across = (top + bottom) / 2;
    best = { x: along * ux - across * uy, y: along * uy + across * ux, ux, uy, width, height };
  }
  if (best.height > best.width) best = quarter(best);
  return best.ux + best.uy * 1e-6 < 0 ? turned(best) : best;
}

/** The same rectangle with its text upside down. */
export const turned = (box: Box): Box => ({ ...box, ux: -box.ux, uy: -box.uy });

/** The same rectangle with its text turned by a quarter. */
export const quarter = (box: Box): Box => ({ ...box, ux: -box.uy, uy: box.ux, width: box.height, height: box.width });

/** The rectangle with a margin on each side, along and across its text. */
export const grown = (box: Box, along: number, across: number): Box => ({
  ...box,
  width: box.width + 2 * along,
  height: box.height + 2 * across,
});

/** Cuts a part of a box along its text; `from` and `to` are shares of its width. */
export function span(box: Box, from: number, to: number): Box {
  const shift = ((from + to) / 2 - 0.5) * box.width;
  return { ...box, x: box.x + box.ux * shift, y: box.y + box.uy * shift, width: (to - from) * box.width };
}

/** Gives a point's distance from the middle of a box, along its text and across it. */
export const seenFrom = (box: Box, x: number, y: number): { readonly along: number; readonly across: number } => ({
  along: (x - box.x) * box.ux + (y - box.y) * box.uy,
  across: (y - box.y) * box.ux - (x - box.x) * box.uy,
});

/** Computes the convex hull by Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted(([ax, ay], [bx, by]) => ax - bx || ay - by);
  if (sorted.length < 3) return sorted;
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && !leftTurn(chain.at(-2)!, chain.at(-1)!, point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

const leftTurn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean => (bx - ax) * (cy - ay) > (by - ay) * (cx - ax);

/** Samples a box upright into `rows` by `columns`: planes of blue, green and red, 0–255. Beyond the picture the nearest edge repeats. */
export function lookInto({ width: w, height: h, data }: Raster, box: Box, columns: number, rows: number): Float32Array {
  const seen = new Float32Array(3 * rows * columns);
  const plane = rows * columns;
  const stepX = box.width / columns;
  const stepY = box.height / rows;
  // A box larger than its samples takes several looks per pixel, lest fine strokes be lost.
  const looks = Math.min(4, Math.max(1, Math.ceil(Math.max(stepX, stepY) - 0.3)));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [red, green, blue] = [0, 0, 0];
      for (let look = 0; look < looks * looks; look++) {
        const along = (column + ((look % looks) + 0.5) / looks) * stepX - box.width / 2;
        const across = (row + (Math.floor(look / looks) + 0.5) / looks) * stepY - box.height / 2;
        const x = Math.min(w - 1, Math.max(0, box.x + along * box.ux - across * box.uy));
        const y = Math.min(h - 1, Math.max(0, box.y + along * box.uy + across * box.ux));
        const left = Math.floor(x);
        const top = Math.floor(y);
        const fx = x - left;
        const fy = y - top;
        const a = (top * w + left) * 3;
        const b = left + 1 < w ? a + 3 : a;
        const down = top + 1 < h ? w * 3 : 0;
        const p = (1 - fx) * (1 - fy);
        const q = fx * (1 - fy);
        const r = (1 - fx) * fy;
        const s = fx * fy;
        red += data[a]! * p + data[b]! * q + data[a + down]! * r + data[b + down]! * s;
        green += data[a + 1]! * p + data[b + 1]! * q + data[a + 1 + down]! * r + data[b + 1 + down]! * s;
        blue += data[a + 2]! * p + data[b + 2]! * q + data[a + 2 + down]! * r + data[b + 2 + down]! * s;
      }
      const at = row * columns + column;
      const count = looks * looks;
      seen[at] = blue / count;
      seen[plane + at] = green / count;
      seen[2 * plane + at] = red / count;
    }
  }
  return seen;
}

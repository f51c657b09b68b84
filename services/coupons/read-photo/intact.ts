/** Whether something lies on a line of digits: a finger, a fold, glare. What is half hidden reads like another digit. */
import { lookInto, type Box } from './box.ts';
import type { Raster } from './picture.ts';

/** The line and a little more is looked at in so many rows; the outer ones show the paper above and below the digits. */
const MORE = 1.3;
const ROWS = 40;
const PAPER = [1, 2, 37, 38] as const;
/** The paper may differ by this share of the digits' contrast (a shadow over a whole screen mostly stays below). */
const UNEVEN = 0.15;
/** A digit has at least this share of the usual digit's contrast. */
const PALE = 0.6;

export function intact(raster: Raster, box: Box, digits: number): boolean {
  const columns = Math.max(digits * 4, Math.round((ROWS * box.width) / box.height));
  const seen = lookInto(raster, { ...box, height: MORE * box.height }, columns, ROWS);
  const plane = columns * ROWS;
  const light = (row: number, column: number): number => {
    const at = row * columns + column;
    return (seen[at]! + seen[plane + at]! + seen[2 * plane + at]!) / 3;
  };
  const paper = Array.from({ length: columns }, (_, column) => PAPER.map((row) => light(row, column)));
  const usual = median(paper.flat());
  const contrasts = Array.from({ length: digits }, (_, n) => {
    const [from, to] = [Math.round((n * columns) / digits), Math.round(((n + 1) * columns) / digits)];
    let most = 0;
    for (let column = from; column < to; column++)
      for (let row = 8; row < ROWS - 8; row++) most = Math.max(most, Math.abs(usual - light(row, column)));
    return most;
  });
  const contrast = median(contrasts);
  const even = paper.every((rows) => rows.every((row) => Math.abs(row - usual) < UNEVEN * contrast));
  return even && contrasts.every((one) => one > PALE * contrast);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Reads all lines of text in a picture, whichever way it was held. */
import { quarter, seenFrom, turned, type Box } from './box.ts';
import type { FindText } from './find-text.ts';
import type { Raster } from '../image/raster.ts';
import type { Character, ReadLine } from './read-line.ts';

export interface Line {
  readonly box: Box;
  readonly characters: readonly Character[];
  readonly text: string;
}

export type ReadPage = (raster: Raster, side: number) => Promise<readonly Line[]>;

/** Mean certainty below which the picture may be upside down. */
const UPRIGHT = 0.75;
/** Lines read to tell. */
const SAMPLE = 6;

export function createReadPage(findText: FindText, readLine: ReadLine): ReadPage {
  return async (raster, side) => {
    const read = async (boxes: readonly Box[]): Promise<Line[]> => {
      const lines: Line[] = [];
      for (const box of boxes) lines.push(await line(raster, box));
      return lines;
    };
    const line = async (at: Raster, box: Box): Promise<Line> => {
      const characters = await readLine(at, box);
      return { box, characters, text: characters.map(({ text }) => text).join('') };
    };

    const boxes = oneWay(await findText(raster, side)).toSorted((a, b) => b.width - a.width);
    const first = await read(boxes.slice(0, SAMPLE));
    let rest = boxes.slice(SAMPLE);
    let lines = first;
    if (sureness(first) < UPRIGHT) {
      const other = await read(boxes.slice(0, SAMPLE).map(turned));
      if (sureness(other) > sureness(first)) {
        lines = other;
        rest = rest.map(turned);
      }
    }
    lines = [...lines, ...(await read(rest))].filter(({ text }) => text.trim() !== '');
    return await joined(lines, (box) => line(raster, box));
  };
}

function sureness(lines: readonly Line[]): number {
  const all = lines.flatMap(({ characters }) => characters);
  return all.reduce((sum, { sure }) => sum + sure, 0) / Math.max(1, all.length);
}

/** Turns all boxes one way: to the right, or down where most text runs down. */
function oneWay(boxes: readonly Box[]): Box[] {
  const long = boxes.filter(({ width, height }) => width > 2 * height);
  const share = long.reduce((sum, { width, ux }) => sum + width * (Math.abs(ux) > Math.SQRT1_2 ? 1 : -1), 0);
  const down = share < 0;
  return boxes.map((box) => {
    const across = Math.abs(box.ux) > Math.SQRT1_2 === down;
    const set = across && box.width < 1.6 * box.height ? quarter(box) : box;
    return (down ? set.uy : set.ux) < 0 ? turned(set) : set;
  });
}

/** Reads the pieces of one number again as one line: a piece sees only half of the digits at its ends. */
async function joined(lines: readonly Line[], read: (box: Box) => Promise<Line>): Promise<readonly Line[]> {
  const left = [...lines];
  for (let n = 0; n < left.length; n++) {
    for (;;) {
      const next = left.findIndex((other, m) => m !== n && follows(left[n]!, other));
      if (next < 0) break;
      const whole = await read(around(left[n]!.box, left[next]!.box));
      if (!/\d/.test(whole.text)) break;
      left[n] = whole;
      left.splice(next, 1);
      if (next < n) n--;
    }
  }
  return left;
}

/** Tells whether one piece continues another: to the right, on the same line, of the same size, digits to digits. */
function follows(one: Line, other: Line): boolean {
  if (!/\d$/.test(one.text) || !/^\d/.test(other.text)) return false;
  const { along, across } = seenFrom(one.box, other.box.x, other.box.y);
  const gap = along - (one.box.width + other.box.width) / 2;
  const size = other.box.height / one.box.height;
  return Math.abs(across) < 0.5 * one.box.height && along > 0 && gap < one.box.height && size > 0.6 && size < 1.7;
}

/** The smallest box around two pieces of one line. */
function around(a: Box, b: Box): Box {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [ux, uy] = length > a.height ? [(b.x - a.x) / length, (b.y - a.y) / length] : [a.ux, a.uy];
  const from = Math.min(-a.width / 2, length - b.width / 2);
  const to = Math.max(a.width / 2, length + b.width / 2);
  const shift = (from + to) / 2;
  return { x: a.x + ux * shift, y: a.y + uy * shift, ux, uy, width: to - from, height: Math.max(a.height, b.height) };
}

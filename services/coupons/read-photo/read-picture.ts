/** Reads a picture from bytes to codes: decode, find barcodes, read printed numbers, decide. */
import type { Barcode, FindBarcodes } from './barcodes.ts';
import { decide, type Sight } from './decide.ts';
import { grown, seenFrom } from './text/box.ts';
import type { ReadPage } from './text/page.ts';
import type { PhotoReading } from './photo-reading.ts';
import { decode, type Picture } from './image/picture.ts';
import { cut, type Raster } from './image/raster.ts';
import { intact } from './text/intact.ts';
import { clear, printedIn, wellRead, type Printed } from './text/printed.ts';
import type { ReadLine } from './text/read-line.ts';

export type ReadPicture = (bytes: Uint8Array) => Promise<PhotoReading>;

/** Long side in pixels for the text detector: of the whole picture, and of an enlarged part. */
const SIDE = 960;
const CLOSER = 1280;
/** Most pixels of an enlarged part: the detector's memory grows with them. */
const MOST_CLOSER = 900_000;
/** The largest enlargement; beyond it noise grows. */
const MOST_LARGER = 3;
/** Screenshots of scrolled pages are read in overlapping tiles; all three in widths of the picture, the overlap in tiles. */
const TALL = 2.5;
const TILE = 2;
const OVERLAP = 0.4;

export interface ReadPictureParts {
  readonly findBarcodes: FindBarcodes;
  readonly readPage: ReadPage;
  readonly readLine: ReadLine;
}

export function createReadPicture({ findBarcodes, readPage, readLine }: ReadPictureParts): ReadPicture {
  return async (bytes) => {
    const picture = await decode(bytes);
    if (typeof picture === 'string') return { kind: 'refused', why: picture };
    const sight = await look(picture.raster);
    if (plain(sight)) return decide(sight);
    const again = await closer(picture, sight.printed);
    return decide(again ? together(sight, again) : sight);
  };

  async function look(raster: Raster): Promise<Sight> {
    const { width, height } = raster;
    if (height < TALL * width) return { barcodes: await findBarcodes(raster), printed: await read(raster, SIDE) };
    const barcodes: Barcode[] = [];
    const printed: Printed[] = [];
    const tile = Math.round(width * TILE);
    for (let top = 0; top === 0 || top + OVERLAP * tile < height; top += Math.round(tile * (1 - OVERLAP))) {
      const piece = cut(raster, top, Math.min(tile, height - top));
      for (const one of await findBarcodes(piece)) barcodes.push({ ...one, y: one.y + top });
      for (const one of await read(piece, SIDE)) printed.push({ ...one, box: { ...one.box, y: one.box.y + top } });
    }
    return { barcodes, printed };
  }

  /** Reads printed numbers; a number that may be a code is read twice, the second time with more around it. */
  async function read(raster: Raster, side: number): Promise<Printed[]> {
    const found: Printed[] = [];
    for (const one of printedIn(await readPage(raster, side), raster)) {
      const matters = one.whole && one.called !== 'else' && clear(one);
      found.push(matters ? { ...one, twice: await sayAgain(raster, one), intact: intact(raster, one.box, one.spread) } : one);
    }
    return found;
  }

  async function sayAgain(raster: Raster, { box, digits }: Printed): Promise<boolean> {
    const wider = grown(box, 0.5 * box.height, 0.1 * box.height);
    const characters = await readLine(raster, wider);
    return characters
      .map(({ text }) => text)
      .join('')
      .replace(/[ -]/g, '')
      .includes(digits);
  }

  /** Reads the part with the numbers again, enlarged: small print may be legible there. */
  async function closer({ raster, part: partOf }: Picture, printed: readonly Printed[]): Promise<Sight | undefined> {
    const area = raster.height < TALL * raster.width ? areaOf(printed, raster) : undefined;
    if (!area) return undefined;
    const long = Math.max(area.width, area.height);
    const side = long * Math.min(CLOSER / long, MOST_LARGER, Math.sqrt(MOST_CLOSER / (area.width * area.height)));
    const part = await partOf(area.left, area.top, area.width, area.height, Math.round(side));
    const back = area.width / part.width;
    const place = <T extends { readonly x: number; readonly y: number }>(at: T): T => ({
      ...at,
      x: area.left + at.x * back,
      y: area.top + at.y * back,
    });
    const barcodes = (await findBarcodes(part)).map((code) => ({ ...place(code), reach: code.reach * back }));
    const numbers = (await read(part, side)).map((one) => ({
      ...one,
      box: { ...place(one.box), width: one.box.width * back, height: one.box.height * back },
    }));
    return { barcodes, printed: numbers };
  }
}

/** Tells whether an enlarged look is needless: there is a barcode, or the numbers were read well, complete or not. */
function plain(sight: Sight): boolean {
  const first = decide(sight);
  const well = (code: string): boolean => sight.printed.some((one) => one.digits === code && wellRead(one));
  if (first.kind === 'read')
    return first.sure.length > 0 || first.unsure.every(({ code, why }) => why !== 'unclear' || well(code));
  return sight.printed.every((one) => clear(one) && (one.called === 'else' || one.digits.length < 8));
}

/** Merges two looks: the second wins where both saw a number; the labels of both count. */
function together(first: Sight, again: Sight): Sight {
  const seen = again.printed.flatMap((one) => {
    const before = first.printed.filter((other) => samePlace(one, other));
    if (before.length === 0 && first.printed.length > 0 && one.called === 'nothing') return [];
    const called = CALLS.find((call) => one.called === call || before.some((other) => other.called === call)) ?? 'nothing';
    const other = before.find(({ whole, digits }) => whole && digits !== one.digits);
    // The looks disagree: a person chooses.
    if (other && one.whole) return [other, one].map((look) => ({ ...look, called, twice: false }));
    return [{ ...(other ?? one), called }];
  });
  const kept = first.printed.filter((one) => !again.printed.some((other) => samePlace(one, other)));
  return { barcodes: [...first.barcodes, ...again.barcodes], printed: [...kept, ...seen] };
}

const CALLS: readonly Printed['called'][] = ['else', 'code', 'code-like'];

function samePlace(one: Printed, other: Printed): boolean {
  const { along, across } = seenFrom(one.box, other.box.x, other.box.y);
  return Math.abs(across) < 0.7 * one.box.height && Math.abs(along) < (one.box.width + other.box.width) / 2;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The area around the numbers that may be codes, with room for their labels; else around all numbers. */
function areaOf(printed: readonly Printed[], { width, height }: Raster): Area | undefined {
  const meant = printed.filter(({ called }) => called === 'code' || called === 'code-like');
  const around = meant.length > 0 ? meant : printed;
  if (around.length === 0) return undefined;
  const room = Math.max(...around.map(({ box }) => box.height)) * 5;
  const xs = around.flatMap(({ box }) => [-1, 1].map((end) => box.x + (end * Math.abs(box.ux) * box.width) / 2));
  const ys = around.flatMap(({ box }) => [-1, 1].map((end) => box.y + (end * Math.abs(box.uy) * box.width) / 2));
  const left = Math.max(0, Math.min(...xs) - room);
  const top = Math.max(0, Math.min(...ys) - room);
  return {
    left,
    top,
    width: Math.min(width, Math.max(...xs) + room) - left,
    height: Math.min(height, Math.max(...ys) + room) - top,
  };
}

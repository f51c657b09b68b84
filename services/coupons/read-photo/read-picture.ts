/** From bytes to codes: barcodes first, then what is printed, then what both together allow to say. */
import type { Barcode, FindBarcodes } from './barcodes.ts';
import { decide } from './decide.ts';
import type { ReadPage } from './page.ts';
import type { PhotoReading } from './photo-reading.ts';
import { cut, decode, type Picture, type Raster } from './picture.ts';
import { printedIn, type Printed } from './printed.ts';

export type ReadPicture = (bytes: Uint8Array) => Promise<PhotoReading>;

/** How large the detector sees the long side of a picture, and of a part that is looked at again. */
const SIDE = 960;
const CLOSER = 1280;
/** A screenshot of a scrolled page is read in pieces so tall, which overlap by so much. */
const TILE = 1.5;
const OVERLAP = 0.25;

/** What was seen, in the pixels of the whole picture. */
export interface Sight {
  readonly barcodes: readonly Barcode[];
  readonly printed: readonly Printed[];
}

export function createReadPicture(parts: { readonly findBarcodes: FindBarcodes; readonly readPage: ReadPage }): ReadPicture {
  const { findBarcodes, readPage } = parts;

  return async (bytes) => {
    const picture = await decode(bytes);
    if (typeof picture === 'string') return { kind: 'refused', why: picture };
    const { raster } = picture;
    const barcodes = await findBarcodes(raster);
    const printed = await page(raster);
    const first = decide({ barcodes, printed });
    if (first.kind === 'read' && first.unsure.length === 0) return first;
    const again = await closer(picture, printed);
    if (!again) return first;
    return decide({ barcodes: [...barcodes, ...again.barcodes], printed }, again.printed);
  };

  async function page(raster: Raster): Promise<Printed[]> {
    const { width, height } = raster;
    if (height < 2.5 * width) return printedIn(await readPage(raster, SIDE), raster);
    const found: Printed[] = [];
    const tile = Math.round(width * TILE);
    for (let top = 0; top === 0 || top + OVERLAP * tile < height; top += Math.round(tile * (1 - OVERLAP))) {
      const piece = cut(raster, top, Math.min(tile, height - top));
      for (const one of printedIn(await readPage(piece, SIDE), piece))
        found.push({ ...one, box: { ...one.box, y: one.box.y + top } });
    }
    return found;
  }

  /** The part with the text, enlarged: what is small or hard to read may be read there. */
  async function closer(picture: Picture, printed: readonly Printed[]): Promise<Sight | undefined> {
    const { width, height } = picture.raster;
    if (height > 2.5 * width) return undefined;
    const area = areaOf(printed, picture.raster);
    if (!area) return undefined;
    const part = await picture.part(area.left, area.top, area.width, area.height, CLOSER);
    const back = area.width / part.width;
    const place = <T extends { readonly x: number; readonly y: number }>(at: T): T => ({
      ...at,
      x: area.left + at.x * back,
      y: area.top + at.y * back,
    });
    const barcodes = (await findBarcodes(part)).map((code) => ({ ...place(code), reach: code.reach * back }));
    const lines = await readPage(part, CLOSER);
    const again = printedIn(lines, part).map((one) => ({
      ...one,
      box: { ...place(one.box), width: one.box.width * back, height: one.box.height * back },
    }));
    return { barcodes, printed: again };
  }
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Around the numbers that may be codes, with room for the words that say so; else around all numbers. */
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

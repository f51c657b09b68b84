/** A folder of pictures, and what `expected.json` beside them says is in each. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** Per coupon all that may be read for it, the digits first. */
const EXPECTED = z.object({
  files: z.record(
    z.string(),
    z.object({
      category: z.string(),
      coupons: z.array(z.tuple([z.string()], z.string())),
      barcodes: z.array(z.object({ text: z.string() })),
    }),
  ),
});

export interface Picture {
  readonly bytes: Uint8Array;
  readonly category: string;
  /** The digits of its coupons. */
  readonly codes: readonly string[];
  /** What its barcodes say, each once. */
  readonly barcodes: readonly string[];
}

export async function readSet(folder: string): Promise<readonly Picture[]> {
  const { files } = EXPECTED.parse(JSON.parse(await readFile(path.join(folder, 'expected.json'), 'utf8')));
  return await Promise.all(
    Object.entries(files).map(async ([file, { category, coupons, barcodes }]) => ({
      bytes: new Uint8Array(await readFile(path.join(folder, file))),
      category,
      codes: coupons.map(([code]) => code),
      barcodes: [...new Set(barcodes.map(({ text }) => text))],
    })),
  );
}

/** The codes that no barcode carries: only OCR can find them. */
export const printedOnly = ({ codes, barcodes }: Picture): readonly string[] =>
  codes.filter((code) => !barcodes.some((text) => text.includes(code)));

/** Barcodes that scanners were seen to misread: read to the letter here, or not at all. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { createFindBarcodes } from '../../../../services/coupons/read-photo/barcodes.ts';

const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
const findBarcodes = createFindBarcodes();

type Format = 'Code128' | 'EAN13' | 'ITF' | 'Code39';

/** The texts found in a barcode as a phone sees it; `cut` is the share that the picture's edge takes away. */
async function found(text: string, format: Format, { angle = 0, blur = 0, cut = 0 } = {}): Promise<readonly string[]> {
  const { svg } = await writeBarcode(text, { format, scale: 4 });
  const code = await sharp(Buffer.from(svg))
    .resize({ width: 500, height: 120, fit: 'fill' })
    .flatten({ background: 'white' })
    .toBuffer();
  const whole = await sharp(code).extend({ top: 60, bottom: 60, left: 60, right: 60, background: 'white' }).toBuffer();
  const width = Math.round(620 * (1 - cut));
  const part = await sharp(whole).extract({ left: 0, top: 0, width, height: 240 }).toBuffer();
  const turned = sharp(part).rotate(angle, { background: 'white' });
  const image = sharp(await (blur > 0 ? turned.blur(blur) : turned).png().toBuffer())
    .removeAlpha()
    .toColourspace('srgb')
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return (await findBarcodes({ width: info.width, height: info.height, data })).map((barcode) => barcode.text);
}

const SEEN_MISREAD = [
  ['4001599', 'Code128'],
  ['X000WDQ1V3', 'Code128'],
  ['03360016016606242001', 'Code128'],
  ['104686126200130', 'Code128'],
  ['8991389730867', 'EAN13'],
] as const;

describe.each(SEEN_MISREAD)('%s as %s', (text, format) => {
  it('is read to the letter at any angle', async () => {
    for (const angle of [7, 90]) expect(await found(text, format, { angle }), `${angle}°`).toEqual([text]);
  });

  it('is never read as another, however blurred', async () => {
    for (const blur of [2, 4])
      for (const one of await found(text, format, { angle: 7, blur })) expect(one, `blurred by ${blur}`).toBe(text);
  });

  it('is not read where the edge cuts it', async () => {
    for (const cut of [0.2, 0.5]) expect(await found(text, format, { cut }), `${cut} missing`).toEqual([]);
  });
});

it.each([99, 100, 101, 133, 250])('a QR code is read at %d % of its size, as screens and zooms show it', async (percent) => {
  const { svg } = await writeBarcode('384150627719', { format: 'QRCode', scale: 4 });
  const { width } = await sharp(Buffer.from(svg)).metadata();
  const shown = await sharp(Buffer.from(svg))
    .resize({ width: Math.round((width * percent) / 100) })
    .flatten({ background: 'white' })
    .extend({ top: 40, bottom: 40, left: 40, right: 40, background: 'white' })
    .png()
    .toBuffer();
  const { data, info } = await sharp(shown).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const read = await findBarcodes({ width: info.width, height: info.height, data });
  expect(read.map((barcode) => barcode.text)).toEqual(['384150627719']);
});

it.each(['ITF', 'Code39'] as const)('%s, of which a part looks like a whole, is not read', async (format) => {
  for (const cut of [0, 0.3]) expect(await found('00461868612620', format, { cut })).toEqual([]);
});

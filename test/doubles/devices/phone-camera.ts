/** Scans a QR code as a phone does, by another implementation than the one that drew it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

// Without this it would be fetched from the network.
const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** The codes in a picture, each with its level of error correction. */
export async function scan(picture: Uint8Array): Promise<{ readonly text: string; readonly level: string }[]> {
  const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const image = { width, height, data: new Uint8ClampedArray(data), colorSpace: 'srgb', pixelFormat: 'rgba-unorm8' } as const;
  return (await readBarcodes(image, { formats: ['QRCode'] })).map(({ text, ecLevel }) => ({ text, level: ecLevel }));
}

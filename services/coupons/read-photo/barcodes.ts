/** Finds QR codes and barcodes in a picture with ZXing and ZBar: each finds some that the other misses. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scanGrayBuffer, ZBarConfigType, ZBarScanner, ZBarSymbolType } from '@undecaf/zbar-wasm';
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import type { Raster } from './image/raster.ts';

export interface Barcode {
  readonly text: string;
  /** EAN and UPC are products, not coupons. */
  readonly product: boolean;
  /** Its middle and about half its extent, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

/** Without ITF and Codabar: they have no check digit, and a part of one reads like a whole one. */
const OPTIONS: ReaderOptions = {
  formats: ['QRCode', 'MicroQRCode', 'DataMatrix', 'Aztec', 'PDF417', 'Code128', 'Code93', 'EAN13', 'EAN8', 'UPCA', 'UPCE'],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  textMode: 'Plain',
  maxNumberOfSymbols: 16,
};

export type FindBarcodes = (raster: Raster) => Promise<readonly Barcode[]>;

export function createFindBarcodes(): FindBarcodes {
  // The package would fetch it from the network.
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  const scanner = createScanner();

  return async (raster) => {
    const found = await byZXing(raster);
    const also = await byZBar(raster, await scanner);
    // In one place ZXing is right more often.
    const missed = also.filter((b) => !found.some((a) => a.text === b.text || Math.hypot(a.x - b.x, a.y - b.y) < a.reach));
    return [...found, ...missed];
  };
}

export async function byZXing({ width, height, data }: Raster): Promise<Barcode[]> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
    rgba[to + 3] = 255;
  }
  const image = { width, height, data: rgba, colorSpace: 'srgb' as const, pixelFormat: 'rgba-unorm8' as const };
  const results = await readBarcodes(image, OPTIONS);
  return results
    .filter(({ isValid }) => isValid)
    .map(({ text, format, position: p }) => ({
      text,
      product: /^(?:EAN|UPC)/.test(format),
      ...around([p.topLeft, p.topRight, p.bottomRight, p.bottomLeft]),
    }));
}

export async function createScanner(): Promise<ZBarScanner> {
  const scanner = await ZBarScanner.create();
  scanner.setConfig(ZBarSymbolType.ZBAR_NONE, ZBarConfigType.ZBAR_CFG_ENABLE, 0);
  for (const symbol of [ZBarSymbolType.ZBAR_QRCODE, ZBarSymbolType.ZBAR_CODE128])
    scanner.setConfig(symbol, ZBarConfigType.ZBAR_CFG_ENABLE, 1);
  scanner.setConfig(ZBarSymbolType.ZBAR_NONE, ZBarConfigType.ZBAR_CFG_TEST_INVERTED, 1);
  return scanner;
}

export async function byZBar({ width, height, data }: Raster, scanner: ZBarScanner): Promise<Barcode[]> {
  const gray = new Uint8Array(width * height);
  for (let n = 0, at = 0; n < gray.length; n++, at += 3)
    gray[n] = (data[at]! * 77 + data[at + 1]! * 151 + data[at + 2]! * 28) >> 8;
  const symbols = await scanGrayBuffer(gray.buffer, width, height, scanner);
  return symbols.map((symbol) => ({ text: symbol.decode(), product: false, ...around(symbol.points) }));
}

function around(points: readonly { readonly x: number; readonly y: number }[]): Pick<Barcode, 'x' | 'y' | 'reach'> {
  const count = Math.max(1, points.length);
  const x = points.reduce((sum, point) => sum + point.x, 0) / count;
  const y = points.reduce((sum, point) => sum + point.y, 0) / count;
  return { x, y, reach: Math.max(0, ...points.map((point) => Math.hypot(point.x - x, point.y - y))) };
}

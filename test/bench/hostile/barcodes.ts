/** QR codes and barcodes, drawn under the digits of a screen. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import type { Place } from './screens.ts';

const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

export type Symbology = 'QRCode' | 'Code128';

/** On white paper of its own, below `top`. */
export async function drawnBarcode(
  text: string,
  format: Symbology,
  top: number,
): Promise<{ readonly svg: string; readonly place: Place }> {
  const place = format === 'QRCode' ? { x: 230, y: top, width: 260, height: 260 } : { x: 90, y: top, width: 540, height: 120 };
  const { svg } = await writeBarcode(text, { format, scale: 4 });
  const [, wide = '1', high = '1'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const inner = svg.replace(/^[^]*?<svg[^>]*>/, '').replace('</svg>', '');
  const paper = `<rect x="${place.x - 24}" y="${place.y - 16}" width="${place.width + 48}" height="${place.height + 32}" fill="#fff"/>`;
  const frame = `x="${place.x}" y="${place.y}" width="${place.width}" height="${place.height}" viewBox="0 0 ${wide} ${high}"`;
  return { svg: `${paper}<svg ${frame} preserveAspectRatio="none">${inner}</svg>`, place };
}

import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { placeSheet, type PlaceCard } from '../../../services/printing/place-sheet.ts';
import { scan } from '../../doubles/devices/phone-camera.ts';

const HOW = ['扫码 → 发券码或券的照片 → 点“确认核销”', 'Scan, send your coupon code or a photo of it, press Verify'];
const URL_OF = (n: number): string => `https://shop.example/s/AbCdEfGhIjKlMnOpQrSt${String(n).padStart(2, '0')}`;

const card = (n: number, more: Partial<PlaceCard> = {}): PlaceCard => ({
  store: '大声發24小时自助棋牌室',
  place: `${n} 号桌`,
  codes: [{ label: '网页', url: URL_OF(n) }],
  how: HOW,
  ...more,
});

/** The drawings of the pages, in order. */
const drawingsIn = (pdf: Buffer): string[] =>
  [...pdf.toString('latin1').matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)]
    .map(([, stream]) => {
      try {
        return inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1');
      } catch {
        return '';
      }
    })
    .filter((drawing) => / re\b/.test(drawing));

/** The rectangles of a page as a picture, at three dots a point: what a printer makes of its QR codes. */
async function printed(drawing: string): Promise<Buffer> {
  const shapes: string[] = [];
  let matrix = 'matrix(1 0 0 1 0 0)';
  const stack: string[] = [];
  for (const [, numbers, operator] of drawing.matchAll(/((?:-?[\d.]+ )*)(q|Q|cm|re)\b/g)) {
    const values = numbers!.trim().split(' ');
    if (operator === 'q') stack.push(matrix);
    else if (operator === 'Q') matrix = stack.pop()!;
    else if (operator === 'cm') matrix += ` matrix(${values.join(' ')})`;
    else {
      const [x, y, width, height] = values;
      shapes.push(
        `<rect transform="${matrix}" x="${x}" y="${y}" width="${width}" height="${height}" shape-rendering="crispEdges"/>`,
      );
    }
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595.28 841.89" width="1786" height="2526"><rect width="100%" height="100%" fill="#fff"/>${shapes.join('')}</svg>`;
  return await sharp(Buffer.from(svg)).png().toBuffer();
}

it('holds every place with its code, four on a page, each of which a phone reads', async () => {
  const pdf = await placeSheet(
    '二维码',
    [1, 2, 3, 4, 5].map((n) => card(n)),
  );
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = drawingsIn(pdf);
  expect(pages).toHaveLength(2);
  const read = await Promise.all(pages.map(async (page) => await scan(await printed(page))));
  expect(read.map((codes) => codes.map(({ text }) => text).toSorted())).toEqual([[1, 2, 3, 4].map(URL_OF), [URL_OF(5)]]);
});

it('prints a code for each of three ways in, and no more', async () => {
  const codes = [1, 2, 3, 4].map((n) => ({ label: `入口 ${n}`, url: URL_OF(n) }));
  const [page] = drawingsIn(await placeSheet('二维码', [card(1, { codes })]));
  expect((await scan(await printed(page!))).map(({ text }) => text).toSorted()).toEqual([1, 2, 3].map(URL_OF));
});

it('embeds the characters it needs and no more; what no font has is left out', async () => {
  const pdf = await placeSheet('二维码', [card(1, { store: '撸猫馆 🐈‍⬛ 𠮷', place: '一号球道一号球道一号球道一号球道一号' })]);
  const text = pdf.toString('latin1');
  expect(text).toMatch(/\/FontFile2 \d+ 0 R/);
  expect(text).toContain('NotoSansSC');
  expect(pdf.length).toBeLessThan(80_000);
});

/** Barcodes found by both libraries together and by each alone, subset by subset; and the digits anywhere in what OCR reads. */
import { byZBar, byZXing, createFindBarcodes, createScanner } from '../../services/coupons/read-photo/barcodes.ts';
import { createFindText } from '../../services/coupons/read-photo/text/find-text.ts';
import { createReadPage } from '../../services/coupons/read-photo/text/page.ts';
import { decode } from '../../services/coupons/read-photo/image/picture.ts';
import type { Raster } from '../../services/coupons/read-photo/image/raster.ts';
import { createReadLine } from '../../services/coupons/read-photo/text/read-line.ts';
import type { Figure } from './ledger.ts';
import { within } from './load.ts';
import { printedOnly, type Picture } from './photo-set.ts';

/** Where blur, motion, shadow, fingers, folds and cuts are the subject: not among the clean and moderate ones. */
const HARD = /hard|fold|motion|cut|finger|^x_|crop|adv/;

/** What one way found and what it took, ms. */
interface Score {
  readonly found: Map<string, number>;
  readonly took: number[];
}

const score = (): Score => ({ found: new Map(), took: [] });

export async function byLibrary(pictures: readonly Picture[]): Promise<Figure[]> {
  const scanner = await createScanner();
  const findBarcodes = createFindBarcodes();
  const readPage = createReadPage(await createFindText(), await createReadLine());
  const ways: ReadonlyMap<string, (raster: Raster) => Promise<readonly { readonly text: string }[]>> = new Map([
    ['as the program reads', findBarcodes],
    ['zxing-wasm alone', byZXing],
    ['zbar-wasm alone', (raster: Raster) => byZBar(raster, scanner)],
  ]);
  const scores = new Map([...ways.keys()].map((name) => [name, score()]));
  const ocr = { ...score(), digits: 0, right: 0 };
  const wanted = new Map<string, number>();

  for (const picture of pictures) {
    const { barcodes, category } = picture;
    const decoded = await decode(picture.bytes);
    if (typeof decoded === 'string') continue;
    const { raster } = decoded;
    add(wanted, category, barcodes.length);
    for (const [name, way] of ways) {
      const { found, took } = scores.get(name)!;
      const texts = (await timed(took, () => way(raster))).map(({ text }) => text);
      add(found, category, barcodes.filter((text) => texts.includes(text)).length);
    }
    const texts = (await timed(ocr.took, () => readPage(raster, 960))).map(({ text }) => text.replace(/[ -]/g, ''));
    const printed = printedOnly(picture);
    ocr.digits += printed.length;
    ocr.right += printed.filter((code) => texts.some((text) => text.includes(code))).length;
  }

  const [together, ...alone] = [...scores.values()];
  const behind = [...wanted.keys()].filter((category) =>
    alone.some(({ found }) => found.get(category)! > together!.found.get(category)!),
  );
  const easy = (counts: ReadonlyMap<string, number>): number => sum(counts, (category) => !HARD.test(category));
  return [
    share('barcodes of clean and moderate pictures', easy(together!.found), easy(wanted), 0.99),
    {
      what: 'subsets where a library alone finds more',
      measured: behind.length === 0 ? `0 of ${wanted.size}` : behind.join(', '),
      promised: '0',
      held: behind.length === 0,
    },
    ...[...scores].map(([name, { found, took }]) => ({
      what: `barcodes ${name}`,
      measured: `${sum(found)} of ${sum(wanted)}, ${times(took)}`,
      promised: '',
      held: true,
    })),
    {
      what: 'digits somewhere in what PP-OCR alone reads',
      measured: `${ocr.right} of ${ocr.digits}, ${times(ocr.took)}`,
      promised: '',
      held: true,
    },
  ];
}

export function share(what: string, part: number, all: number, least: number): Figure {
  const percent = all === 0 ? 100 : (100 * part) / all;
  return {
    what,
    measured: `${part} of ${all}, ${percent.toFixed(1)} %`,
    promised: `≥ ${100 * least} %`,
    held: percent >= 100 * least,
  };
}

async function timed<T>(took: number[], work: () => Promise<T>): Promise<T> {
  const at = performance.now();
  const result = await work();
  took.push(performance.now() - at);
  return result;
}

const add = (counts: Map<string, number>, category: string, more: number): void => {
  counts.set(category, (counts.get(category) ?? 0) + more);
};

const sum = (counts: ReadonlyMap<string, number>, which: (category: string) => boolean = () => true): number =>
  [...counts].reduce((total, [category, count]) => total + (which(category) ? count : 0), 0);

const times = (took: readonly number[]): string =>
  `p50 / p95 ${within(took, 0.5).toFixed(0)} / ${within(took, 0.95).toFixed(0)} ms`;

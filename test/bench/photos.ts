/** How many coupons in pictures are read, how many wrongly, and what it costs; beside each library on its own, in one run. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { byZBar, byZXing, createFindBarcodes, createScanner } from '../../services/coupons/read-photo/barcodes.ts';
import { createFindText } from '../../services/coupons/read-photo/find-text.ts';
import { createReadPage } from '../../services/coupons/read-photo/page.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';
import { decode } from '../../services/coupons/read-photo/picture.ts';
import type { Raster } from '../../services/coupons/read-photo/raster.ts';
import { createReadLine } from '../../services/coupons/read-photo/read-line.ts';
import type { Figure } from './ledger.ts';
import { onItsWay } from './photo-kept.ts';
import { watchTurns } from './turns.ts';

/** What `expected.json` says beside the pictures: per coupon all that may be read for it, the digits first. */
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
type Expected = z.infer<typeof EXPECTED>['files'][string];

interface Picture extends Expected {
  readonly file: string;
  readonly bytes: Uint8Array;
}

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/photos');
/** Where blur, motion, shadow, fingers, folds and cuts are the subject: not among the clean and moderate ones. */
const HARD = /hard|fold|motion|cut|finger|^x_|crop|adv/;

/** The folder: an argument, or PHOTOS, or the project's own few pictures. */
export async function bench(folder: string = process.env['PHOTOS'] ?? FIXTURES): Promise<readonly Figure[]> {
  const { files } = EXPECTED.parse(JSON.parse(await readFile(path.join(folder, 'expected.json'), 'utf8')));
  const pictures: Picture[] = [];
  for (const [file, expected] of Object.entries(files))
    pictures.push({ ...expected, file, bytes: new Uint8Array(await readFile(path.join(folder, file))) });
  // The reader first: what the libraries take on their own is not its memory.
  const whole = await byReader(pictures);
  return [...whole, ...(await onItsWay()), ...(await byLibrary(pictures))];
}

/** One after the other through the threads, as the program does it. */
async function byReader(pictures: readonly Picture[]): Promise<Figure[]> {
  const silent = (): void => {};
  const reader = createPhotoReader({ log: { info: silent, warn: silent, error: silent } });
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const stop = watchTurns();
  let turns = { busiest: 0, longest: 0 };
  const [elapsed, spent]: [number[], number[]] = [[], []];
  const tally = { sure: 0, asked: 0, missed: 0, none: 0, askedForNone: 0, wrong: 0, digits: 0, digitsFound: 0 };
  try {
    await reader.read(pictures[0]?.bytes ?? new Uint8Array());
    for (const picture of pictures) {
      const [at, cpu] = [performance.now(), process.cpuUsage()];
      const reading = await reader.read(picture.bytes);
      elapsed.push(performance.now() - at);
      const { user, system } = process.cpuUsage(cpu);
      spent.push((user + system) / 1000);
      count(tally, picture, reading);
    }
  } finally {
    clearInterval(watch);
    turns = stop();
    await reader.close();
  }
  const { sure, asked, missed, wrong, digits, digitsFound } = tally;
  const coupons = sure + asked + missed;
  const p95 = quantile(spent, 0.95);
  return [
    { what: 'pictures', measured: `${pictures.length} with ${coupons} coupons`, promised: '', held: true },
    { what: 'sure and wrong', measured: String(wrong), promised: '0', held: wrong === 0 },
    { what: 'coupons read', measured: `${sure} sure, ${asked} asked, ${missed} not`, promised: '', held: true },
    share('printed digits read, where no barcode can be', digitsFound, digits, 0.95),
    { what: 'nothing there', measured: `${tally.none} none, ${tally.askedForNone} asked`, promised: '', held: true },
    {
      what: 'time of one core, p50 / p95',
      measured: `${quantile(spent, 0.5).toFixed(0)} / ${p95.toFixed(0)} ms`,
      promised: '1500 ms',
      held: p95 <= 1500,
    },
    {
      what: 'time on the clock, p50 / p95',
      measured: `${quantile(elapsed, 0.5).toFixed(0)} / ${quantile(elapsed, 0.95).toFixed(0)} ms`,
      promised: '',
      held: true,
    },
    { what: 'memory added at its peak', measured: `${((peak - before) / 1e6).toFixed(0)} MB`, promised: '', held: true },
    {
      what: 'event loop, longest turn',
      measured: `${turns.busiest.toFixed(0)} ms busy, ${turns.longest.toFixed(0)} ms on the clock`,
      promised: '20 ms',
      held: turns.busiest <= 20,
    },
  ];
}

type Tally = Record<'sure' | 'asked' | 'missed' | 'none' | 'askedForNone' | 'wrong' | 'digits' | 'digitsFound', number>;

function count(tally: Tally, { coupons, barcodes }: Picture, reading: PhotoReading): void {
  const sure: readonly string[] = reading.kind === 'read' ? reading.sure : [];
  const asked: readonly string[] = reading.kind === 'read' ? reading.unsure.map(({ code }) => code) : [];
  const wanted = coupons.map(([code]) => code);
  tally.wrong += sure.filter((code) => !wanted.includes(code)).length;
  if (wanted.length === 0) tally[asked.length === 0 ? 'none' : 'askedForNone']++;
  for (const code of wanted) {
    const found = sure.includes(code) ? 'sure' : asked.includes(code) ? 'asked' : 'missed';
    tally[found]++;
    if (barcodes.some(({ text }) => text.includes(code))) continue;
    tally.digits++;
    if (found !== 'missed') tally.digitsFound++;
  }
}

/** Barcodes found by both together and by each alone, subset by subset; and the digits that are anywhere in what OCR reads. */
async function byLibrary(pictures: readonly Picture[]): Promise<Figure[]> {
  const scanner = await createScanner();
  const texts = async (found: Promise<readonly { readonly text: string }[]>): Promise<string[]> =>
    (await found).map(({ text }) => text);
  const findBarcodes = createFindBarcodes();
  const readPage = createReadPage(await createFindText(), await createReadLine());
  const lines = (raster: Raster) => readPage(raster, 960);
  const ways = {
    'as the program reads': (raster: Raster) => texts(findBarcodes(raster)),
    'zxing-wasm alone': (raster: Raster) => texts(byZXing(raster)),
    'zbar-wasm alone': (raster: Raster) => texts(byZBar(raster, scanner)),
    'PP-OCR alone': async (raster: Raster) => (await texts(lines(raster))).map((text) => text.replace(/[ -]/g, '')),
  };
  type Way = keyof typeof ways;
  const names = Object.keys(ways) as Way[];
  const found = new Map<string, Record<Way, number>>();
  const took: Record<Way, number[]> = {
    'as the program reads': [],
    'zxing-wasm alone': [],
    'zbar-wasm alone': [],
    'PP-OCR alone': [],
  };
  const wanted = { barcodes: 0, easy: 0, digits: 0 };
  const right = { easy: 0, digits: 0 };

  for (const { bytes, barcodes, coupons, category } of pictures) {
    const decoded = await decode(bytes);
    if (typeof decoded === 'string') continue;
    const expected = [...new Set(barcodes.map(({ text }) => text))];
    const easy = !HARD.test(category);
    wanted.barcodes += expected.length;
    if (easy) wanted.easy += expected.length;
    const row = found.get(category) ?? {
      'as the program reads': 0,
      'zxing-wasm alone': 0,
      'zbar-wasm alone': 0,
      'PP-OCR alone': 0,
    };
    found.set(category, row);
    for (const name of names) {
      const at = performance.now();
      const seen = await ways[name](decoded.raster);
      took[name].push(performance.now() - at);
      if (name === 'PP-OCR alone') {
        const printed = coupons.map(([code]) => code).filter((code) => !expected.some((text) => text.includes(code)));
        wanted.digits += printed.length;
        right.digits += printed.filter((code) => seen.some((text) => text.includes(code))).length;
      } else {
        const hits = expected.filter((text) => seen.includes(text)).length;
        row[name] += hits;
        if (easy && name === 'as the program reads') right.easy += hits;
      }
    }
  }
  const behind = [...found].filter(
    ([, row]) => row['as the program reads'] < Math.max(row['zxing-wasm alone'], row['zbar-wasm alone']),
  );
  const total = (name: Way): number => [...found.values()].reduce((sum, row) => sum + row[name], 0);
  const times = (name: Way): string =>
    `p50 / p95 ${quantile(took[name], 0.5).toFixed(0)} / ${quantile(took[name], 0.95).toFixed(0)} ms`;
  return [
    share('barcodes of clean and moderate pictures', right.easy, wanted.easy, 0.99),
    {
      what: 'subsets where a library alone finds more',
      measured: behind.length === 0 ? `0 of ${found.size}` : behind.map(([category]) => category).join(', '),
      promised: '0',
      held: behind.length === 0,
    },
    ...names
      .filter((name) => name !== 'PP-OCR alone')
      .map((name) => ({
        what: `barcodes ${name}`,
        measured: `${total(name)} of ${wanted.barcodes}, ${times(name)}`,
        promised: '',
        held: true,
      })),
    {
      what: 'digits somewhere in what PP-OCR alone reads',
      measured: `${right.digits} of ${wanted.digits}, ${times('PP-OCR alone')}`,
      promised: '',
      held: true,
    },
  ];
}

function share(what: string, part: number, all: number, least: number): Figure {
  const percent = all === 0 ? 100 : (100 * part) / all;
  return {
    what,
    measured: `${part} of ${all}, ${percent.toFixed(1)} %`,
    promised: `≥ ${100 * least} %`,
    held: percent >= 100 * least,
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

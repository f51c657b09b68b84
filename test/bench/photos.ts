/** How many coupons in pictures are read, how many wrongly, and what it costs; beside each library on its own, in one run. */
import path from 'node:path';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';
import { children } from './children.ts';
import type { Figure } from './ledger.ts';
import { within } from './load.ts';
import { onItsWay } from './photo-kept.ts';
import { byLibrary, share } from './photo-libraries.ts';
import { said } from './photo-said.ts';
import { printedOnly, readSet, type Picture } from './photo-set.ts';
import { watchTurns } from './turns.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/photos');

/** The folder: PHOTOS, or the project's own few pictures. */
export async function bench(): Promise<readonly Figure[]> {
  const pictures = await readSet(process.env['PHOTOS'] ?? FIXTURES);
  // The reader first: what the libraries take on their own is not its memory.
  const whole = await byReader(pictures);
  return [...whole, ...(await onItsWay()), ...(await byLibrary(pictures))];
}

const ASKER = { person: 'a', practice: false };

/** One after the other through the process that reads them, as the program does it. */
async function byReader(pictures: readonly Picture[]): Promise<Figure[]> {
  const silent = (): void => {};
  const reader = createPhotoReader({ log: { info: silent, warn: silent, error: silent } });
  globalThis.gc?.();
  const taken = (): number => process.memoryUsage.rss() + children().rss;
  const before = taken();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, taken())), 20);
  const stop = watchTurns();
  let turns = { busiest: 0, longest: 0 };
  const [elapsed, spent]: [number[], number[]] = [[], []];
  const tally = {
    sure: 0,
    shown: 0,
    asked: 0,
    missed: 0,
    none: 0,
    askedForNone: 0,
    wrong: 0,
    wrongShown: 0,
    digits: 0,
    found: 0,
  };
  try {
    // The models are loaded with the first.
    await reader.read(pictures[0]?.bytes ?? new Uint8Array(), ASKER);
    for (const picture of pictures) {
      const [at, own, cpu] = [performance.now(), process.cpuUsage(), children().cpuMs];
      const reading = await reader.read(picture.bytes, ASKER);
      elapsed.push(performance.now() - at);
      const { user, system } = process.cpuUsage(own);
      spent.push((user + system) / 1000 + children().cpuMs - cpu);
      count(tally, picture, reading);
    }
  } finally {
    clearInterval(watch);
    turns = stop();
    await reader.close();
  }
  const { sure, shown, asked, missed, wrong, wrongShown, none, askedForNone } = tally;
  const coupons = sure + shown + asked + missed;
  const p95 = within(spent, 0.95);
  const told = (what: string, measured: string): Figure => ({ what, measured, promised: '', held: true });
  return [
    told('pictures', `${pictures.length} with ${coupons} coupons`),
    { what: 'sure and wrong', measured: String(wrong), promised: '0', held: wrong === 0 },
    told('shown to be compared, and wrong', String(wrongShown)),
    told('coupons found', `${sure} sure, ${shown} shown to be compared, ${asked} asked about; ${missed} not`),
    share('digits found, where no barcode says them', tally.found, tally.digits, 0.95),
    told('pictures without a coupon', `${none} nothing, ${askedForNone} asked about`),
    {
      what: 'time of one core, p50 / p95',
      measured: `${within(spent, 0.5).toFixed(0)} / ${p95.toFixed(0)} ms`,
      promised: '1500 ms',
      held: p95 <= 1500,
    },
    told('time on the clock, p50 / p95', `${within(elapsed, 0.5).toFixed(0)} / ${within(elapsed, 0.95).toFixed(0)} ms`),
    told('memory added at its peak', `${((peak - before) / 1e6).toFixed(0)} MB`),
    {
      what: 'event loop, longest turn',
      measured: `${turns.busiest.toFixed(0)} ms busy, ${turns.longest.toFixed(0)} ms on the clock`,
      promised: '20 ms',
      held: turns.busiest <= 20,
    },
  ];
}

type Tally = Record<
  'sure' | 'shown' | 'asked' | 'missed' | 'none' | 'askedForNone' | 'wrong' | 'wrongShown' | 'digits' | 'found',
  number
>;

function count(tally: Tally, picture: Picture, reading: PhotoReading): void {
  const { codes } = picture;
  const { sure, shown, unsure } = said(reading);
  tally.wrong += sure.filter((code) => !codes.includes(code)).length;
  if (shown !== undefined && !codes.includes(shown)) tally.wrongShown++;
  if (codes.length === 0) tally[sure.length + unsure.length === 0 ? 'none' : 'askedForNone']++;
  for (const code of codes)
    tally[sure.includes(code) ? 'sure' : shown === code ? 'shown' : unsure.includes(code) ? 'asked' : 'missed']++;
  const printed = printedOnly(picture);
  tally.digits += printed.length;
  tally.found += printed.filter((code) => sure.includes(code) || unsure.includes(code)).length;
}

/** How often pictures that are made to deceive are misread: fingers, stickers, glare, folds, cuts, blur, and numbers that are no codes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPhotoReader, type PhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';
import type { Figure } from './ledger.ts';
import { said } from './photo-said.ts';

const FONTS = path.resolve(import.meta.dirname, '../fixtures/fonts');
/** Pictures of each kind, and the seed: EACH and SEED. */
const EACH = Number(process.env['EACH'] ?? 40);
const SEED = Number(process.env['SEED'] ?? 7);
/** Drawn ahead of the reader. */
const AHEAD = 4;

export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-hostile-'));
  const silent = (): void => {};
  const open = (): PhotoReader => createPhotoReader({ log: { info: silent, warn: silent, error: silent }, timeMs: 120_000 });
  const readers = [open(), open()];
  try {
    await useFonts(folder);
    const { kindsOf } = await import('./hostile/kinds.ts');
    const tallies = new Map<string, Tally>();
    const underWay = new Set<Promise<void>>();
    for (const [kind, draw] of kindsOf(SEED)) {
      const tally = { pictures: 0, sure: 0, shown: 0, asked: 0, other: 0, nothing: 0, wrong: 0, wrongShown: 0 };
      tallies.set(kind, tally);
      for (let n = 0; n < EACH; n++) {
        const { bytes, code } = await draw(n);
        const read = async (): Promise<void> =>
          count(tally, code, await readers[n % readers.length]!.read(bytes, { person: `${kind} ${n}`, practice: false }));
        const one = read().finally(() => underWay.delete(one));
        underWay.add(one);
        if (underWay.size >= AHEAD) await Promise.race(underWay);
      }
    }
    await Promise.all(underWay);
    return figures(tallies);
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** The project's own, whatever the machine has: said before anything is drawn. */
async function useFonts(folder: string): Promise<void> {
  const file = path.join(folder, 'fonts.conf');
  const cache = path.join(folder, 'fonts');
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${FONTS}</dir><cachedir>${cache}</cachedir></fontconfig>`,
  );
  process.env['FONTCONFIG_FILE'] = file;
}

/** Each picture has one. */
const OUTCOMES = [
  ['wrong', 'sure and wrong'],
  ['wrongShown', 'shown and wrong'],
  ['sure', 'sure'],
  /** Printed digits whose card comes at once and says 请核对. */
  ['shown', 'shown'],
  /** The code is among those that are asked about. */
  ['asked', 'asked about'],
  ['other', 'asked about another number'],
  ['nothing', 'nothing'],
] as const;

type Tally = Record<(typeof OUTCOMES)[number][0] | 'pictures', number>;

function count(tally: Tally, code: string | undefined, reading: PhotoReading): void {
  const { sure, shown, unsure } = said(reading);
  tally.pictures++;
  if (sure.some((one) => one !== code)) tally.wrong++;
  else if (shown !== undefined && shown !== code) tally.wrongShown++;
  else if (code !== undefined && sure.includes(code)) tally.sure++;
  else if (shown !== undefined) tally.shown++;
  else if (code !== undefined && unsure.includes(code)) tally.asked++;
  else if (unsure.length > 0) tally.other++;
  else tally.nothing++;
}

function figures(tallies: ReadonlyMap<string, Tally>): Figure[] {
  const sum = (what: keyof Tally): number => [...tallies.values()].reduce((total, tally) => total + tally[what], 0);
  const all = sum('pictures');
  const percent = (part: number): string => `${part} of ${all}, ${((100 * part) / Math.max(1, all)).toFixed(2)} %`;
  const line = (tally: Tally): string =>
    OUTCOMES.filter(([outcome]) => tally[outcome] > 0)
      .map(([outcome, words]) => `${tally[outcome]} ${words}`)
      .join(', ');
  return [
    ...[...tallies].map(([kind, tally]) => ({ what: kind, measured: line(tally), promised: '', held: tally.wrong === 0 })),
    { what: 'sure and wrong', measured: percent(sum('wrong')), promised: '≤ 0.1 %', held: sum('wrong') <= 0.001 * all },
    { what: 'shown to be compared, and wrong', measured: percent(sum('wrongShown')), promised: '', held: true },
  ];
}

/** How often pictures that are made to deceive are misread: fingers, stickers, glare, folds, cuts, blur, and numbers that are no codes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import type { PhotoReading } from '../../services/coupons/read-photo/photo-reading.ts';
import type { Figure } from './ledger.ts';

const FONTS = path.resolve(import.meta.dirname, '../fixtures/fonts');
/** Pictures of each kind, and the seed: EACH and SEED. */
const EACH = Number(process.env['EACH'] ?? 40);
const SEED = Number(process.env['SEED'] ?? 7);
/** Drawn ahead of the reader. */
const AHEAD = 4;

export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-hostile-'));
  const silent = (): void => {};
  const reader = createPhotoReader({ log: { info: silent, warn: silent, error: silent }, workers: 2, timeMs: 120_000 });
  try {
    await useFonts(folder);
    const { kindsOf } = await import('./hostile/kinds.ts');
    const tallies = new Map<string, Tally>();
    const underWay = new Set<Promise<void>>();
    for (const [kind, draw] of kindsOf(SEED)) {
      const tally = { pictures: 0, sure: 0, card: 0, asked: 0, other: 0, nothing: 0, wrong: 0, wrongCard: 0 };
      tallies.set(kind, tally);
      for (let n = 0; n < EACH; n++) {
        const { bytes, code } = await draw(n);
        const read = async (): Promise<void> => count(tally, code, await reader.read(bytes));
        const one = read().finally(() => underWay.delete(one));
        underWay.add(one);
        if (underWay.size >= AHEAD) await Promise.race(underWay);
      }
    }
    await Promise.all(underWay);
    return figures(tallies);
  } finally {
    await reader.close();
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

interface Tally {
  pictures: number;
  sure: number;
  /** Printed digits that show their card at once, which says 请核对. */
  card: number;
  /** The code is among those that are asked about. */
  asked: number;
  /** Only other numbers are asked about. */
  other: number;
  nothing: number;
  wrong: number;
  wrongCard: number;
}

function count(tally: Tally, code: string | undefined, reading: PhotoReading): void {
  const sure: readonly string[] = reading.kind === 'read' ? reading.sure : [];
  const unsure = reading.kind === 'read' ? reading.unsure : [];
  const [only] = sure.length === 0 && unsure.length === 1 ? unsure : [];
  const shown = only?.why === 'digits' ? only.code : undefined;
  tally.pictures++;
  if (sure.some((one) => one !== code)) tally.wrong++;
  else if (shown !== undefined && shown !== code) tally.wrongCard++;
  else if (code !== undefined && sure.includes(code)) tally.sure++;
  else if (shown !== undefined) tally.card++;
  else if (unsure.some((one) => one.code === code)) tally.asked++;
  else if (unsure.length > 0) tally.other++;
  else tally.nothing++;
}

function figures(tallies: ReadonlyMap<string, Tally>): Figure[] {
  const sum = (what: keyof Tally): number => [...tallies.values()].reduce((total, tally) => total + tally[what], 0);
  const all = sum('pictures');
  const percent = (part: number): string => `${part} of ${all}, ${((100 * part) / Math.max(1, all)).toFixed(2)} %`;
  const line = (tally: Tally): string =>
    `${tally.sure} sure, ${tally.card} shown, ${tally.asked} asked, ${tally.other} asked about others, ${tally.nothing} nothing, ` +
    `${tally.wrong} sure and wrong, ${tally.wrongCard} shown and wrong`;
  return [
    ...[...tallies].map(([kind, tally]) => ({ what: kind, measured: line(tally), promised: '', held: tally.wrong === 0 })),
    { what: 'sure and wrong', measured: percent(sum('wrong')), promised: '≤ 0.1 %', held: sum('wrong') <= 0.001 * all },
    { what: 'shown with 请核对 and wrong', measured: percent(sum('wrongCard')), promised: '', held: true },
  ];
}

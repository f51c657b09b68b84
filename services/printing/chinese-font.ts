/** Gives fonts for a text in Chinese and Latin letters: Noto Sans SC, cut down to the characters that are printed. */
import { readFile } from 'node:fs/promises';

/** One font for part of the characters; the package holds some hundred, each with its ranges. */
export interface PrintFont {
  readonly name: string;
  /** A TrueType font. */
  readonly bytes: Buffer;
}

export interface PrintFonts {
  readonly fonts: readonly PrintFont[];
  /** The name of the font that has this character; undefined where none has, as for most emoji. */
  of(character: string): string | undefined;
}

/** The weight, of 100 to 900: between regular and bold, to be read at arm's length. */
const WEIGHT = 500;
const PACKAGE = new URL('.', import.meta.resolve('@fontsource-variable/noto-sans-sc/unicode.json'));

type Range = readonly [from: number, to: number];

/** The ranges of the package's table: `U+4e00,U+4e07-4e09`. */
const readRanges = (text: string): readonly Range[] =>
  text.split(',').map((range) => {
    const [from = '', to = from] = range.replace(/^U\+/i, '').split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  });

/** Cuts the fonts of a text; some ten for a few names. */
export async function fontsFor(text: string): Promise<PrintFonts> {
  // Loaded with the first sheet: most processes never print one.
  const { default: listed } = await import('@fontsource-variable/noto-sans-sc/unicode.json', { with: { type: 'json' } });
  const table = Object.entries(listed).map(([name, ranges]) => [name.replaceAll(/[[\]]/g, ''), readRanges(ranges)] as const);
  const [{ create }, { default: subsetFont }] = await Promise.all([import('fontkit'), import('subset-font')]);
  const names = new Map<string, string>();
  const fonts: PrintFont[] = [];
  const within = (at: number) => table.find(([, ranges]) => ranges.some(([from, to]) => from <= at && at <= to))?.[0];
  const parts = Map.groupBy(new Set(text), (character) => within(character.codePointAt(0)!));
  for (const [name, wanted] of parts) {
    if (name === undefined) continue;
    const whole = await readFile(new URL(`files/noto-sans-sc-${name}-wght-normal.woff2`, PACKAGE));
    const font = create(whole);
    // The table lists more than the font has.
    const characters = wanted.filter(
      (character) => 'hasGlyphForCodePoint' in font && font.hasGlyphForCodePoint(character.codePointAt(0)!),
    );
    if (characters.length === 0) continue;
    for (const character of characters) names.set(character, name);
    const bytes = await subsetFont(whole, characters.join(''), { targetFormat: 'truetype', variationAxes: { wght: WEIGHT } });
    fonts.push({ name, bytes });
  }
  return { fonts, of: (character) => names.get(character) };
}

/** Decides which codes a picture shows, from its barcodes and printed digits: sure, for a person to check, or none. */
import { judgeDigits, LENGTHS } from '../code-rules.ts';
import { readLink } from '../read-link.ts';
import { readCodes } from '../read-text.ts';
import type { Barcode } from './barcodes.ts';
import { seenFrom } from './text/box.ts';
import { isPrivate } from './text/kind-of-text.ts';
import type { PhotoReading, Uncertain } from './photo-reading.ts';
import { clear, wellRead, type Printed } from './text/printed.ts';

/** Findings of the detectors, in pixels of the whole picture. */
export interface Sight {
  readonly barcodes: readonly Barcode[];
  readonly printed: readonly Printed[];
}

/** Mean certainty below which a number is noise. */
const NOISE = 0.5;

export function decide({ barcodes, printed }: Sight): PhotoReading {
  const sure = new Set<string>();
  const unsure = new Map<string, Uncertain>();
  const products = barcodes.filter(({ product }) => product).map(({ text }) => text);
  const other = new Set([
    ...printed.filter(({ called }) => called === 'else').map(({ digits }) => digits),
    ...products,
    // A network's password or a telephone number is often printed beside its barcode.
    ...barcodes.filter(({ text }) => isPrivate(text)).flatMap(({ text }) => text.match(/\d+/g) ?? []),
  ]);

  for (const barcode of barcodes) {
    const { code, doubtful } = codeIn(barcode);
    if (code === undefined || other.has(code)) continue;
    const against = contradiction(barcode, code, printed, barcodes);
    if (against !== undefined) unsure.set(against, 'conflict').set(code, 'conflict');
    else if (doubtful) unsure.set(code, 'doubtful');
    else sure.add(code);
  }
  const scanned = sure.size + unsure.size > 0;
  for (const { digits, why } of readings(printed)) {
    // The first digit of a product's number is printed apart.
    if (other.has(digits) || sure.has(digits) || products.some((text) => text.includes(digits))) continue;
    // A code of a foreign link that is also printed counts as printed.
    if (unsure.get(digits) === 'doubtful' && why === 'digits') unsure.set(digits, why);
    if (unsure.has(digits)) continue;
    // Beside a barcode only well-read digits that are called a code are another code.
    if (!scanned || why === 'digits') unsure.set(digits, why);
  }
  for (const code of sure) unsure.delete(code);
  const rest = scannedIn(barcodes);
  if (sure.size + unsure.size === 0) return { kind: 'none', ...rest };
  return { kind: 'read', sure: [...sure], unsure: [...unsure].map(([code, why]) => ({ code, why })), ...rest };
}

/**
 * The code in a barcode. It is sure only where the barcode holds nothing but digits, or a platform's own link that calls them
 * a code; digits in other text may be anything. Douyin's links need Douyin's answer.
 */
function codeIn({ text, product }: Barcode): { readonly code?: string; readonly doubtful: boolean } {
  const none = { doubtful: false };
  const plain = text.trim();
  if (product || isPrivate(plain)) return none;
  if (/^\d+$/.test(plain)) {
    const { verdict, why } = judgeDigits(plain, [plain]);
    if (!LENGTHS.has(plain.length) || verdict === 'none' || why === 'hidden' || why === 'product') return none;
    return { code: plain, doubtful: why !== undefined && verdict === 'ask-if-addressed' && why !== 'date' };
  }
  const { codes, doubtful } = readCodes(plain);
  const asked = doubtful.filter(({ why, overheard }) => why === 'other' || (overheard && why !== 'spelling'));
  const [code, ...more] = [...codes, ...asked.map((one) => one.code)];
  return code !== undefined && more.length === 0 ? { code, doubtful: !readLink(plain).named } : none;
}

/** Characters; a longer text is a page, not a code. */
const LONGEST_SCAN = 200;

/** The text of a barcode without a code: a Douyin link before other texts. */
function scannedIn(barcodes: readonly Barcode[]): { readonly scanned?: string } {
  const texts = barcodes
    .filter((barcode) => !barcode.product && !isPrivate(barcode.text) && codeIn(barcode).code === undefined)
    .map(({ text }) => text.trim());
  const links = texts.flatMap((text) => readCodes(text).douyin ?? []);
  const scanned = [...links, ...texts.filter((text) => !/^\d*$/.test(text))].find(({ length }) => length <= LONGEST_SCAN);
  return scanned === undefined ? {} : { scanned };
}

/** Finds digits beside a barcode that differ from its code, where its code is printed nowhere. */
function contradiction(
  barcode: Barcode,
  code: string,
  printed: readonly Printed[],
  barcodes: readonly Barcode[],
): string | undefined {
  if (printed.some(({ digits }) => digits === code)) return undefined;
  const near = printed.filter((one) => {
    if (!one.whole || one.called === 'else' || one.mean < NOISE) return false;
    if (!clear(one) && !anotherAltogether(one.digits, code)) return false;
    if (barcodes.some(({ text }) => text.includes(one.digits))) return false;
    const { along, across } = seenFrom(one.box, barcode.x, barcode.y);
    return Math.hypot(along, across) < 2 * barcode.reach + 3 * one.box.height;
  });
  return near[0]?.digits;
}

/** Tells another number from the same one misread or partly hidden: from neither end do half of the digits agree. */
function anotherAltogether(digits: string, code: string): boolean {
  const least = digits.length / 2;
  const fromLeft = digits.split('').filter((digit, n) => digit === code.at(n));
  const fromRight = digits.split('').filter((digit, n) => digit === code.at(n - digits.length));
  return fromLeft.length < least && fromRight.length < least;
}

interface Reading {
  readonly digits: string;
  readonly why: Uncertain;
}

/**
 * Selects the printed numbers that may be codes. None is ever sure: white glare on white paper can hide digits without a
 * trace, and twelve of fifteen digits look like a code of twelve. Where a number that is called a code is incomplete, a clean
 * number elsewhere does not replace it.
 */
function readings(printed: readonly Printed[]): Reading[] {
  const named = printed.filter(({ called }) => called === 'code' || called === 'code-like');
  const among = named.length > 0 ? named : printed.filter(({ called }) => called === 'nothing');
  return among
    .filter(({ whole, mean }) => whole && mean >= NOISE)
    .map((one) => {
      return { digits: one.digits, why: wellRead(one) && one.inside && one.intact ? 'digits' : 'unclear' };
    });
}

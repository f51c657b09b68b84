/** What a picture's barcodes and digits together allow to say. A code is sure, or shown to a person, or not said at all. */
import { doubtAbout, isIdentityNumber, isPaymentCode } from '../look-alikes.ts';
import { readLink } from '../read-link.ts';
import { LENGTHS, readCodes } from '../read-text.ts';
import type { Barcode } from './barcodes.ts';
import { seenFrom } from './text/box.ts';
import { isPrivate } from './text/kind-of-text.ts';
import type { PhotoReading, Uncertain } from './photo-reading.ts';
import { clear, wellRead, type Printed } from './text/printed.ts';

/** What was seen, in the pixels of the whole picture. */
export interface Sight {
  readonly barcodes: readonly Barcode[];
  readonly printed: readonly Printed[];
}

/** Below this a number is noise. */
const NOISE = 0.5;

export function decide({ barcodes, printed }: Sight): PhotoReading {
  const sure = new Set<string>();
  const unsure = new Map<string, Uncertain>();
  const other = new Set([
    ...printed.filter(({ called }) => called === 'else').map(({ digits }) => digits),
    ...barcodes.filter(({ product }) => product).map(({ text }) => text),
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
    if (other.has(digits) || sure.has(digits)) continue;
    // What a stranger's link says and the coupon prints is as good as printed.
    if (unsure.get(digits) === 'doubtful' && why === 'digits') unsure.set(digits, why);
    if (unsure.has(digits)) continue;
    // Beside a barcode only what calls itself a code, and was read well, is another one.
    if (!scanned || why === 'digits') unsure.set(digits, why);
  }
  for (const code of sure) unsure.delete(code);
  const rest = scannedIn(barcodes);
  if (sure.size + unsure.size === 0) return { kind: 'none', ...rest };
  return { kind: 'read', sure: [...sure], unsure: [...unsure].map(([code, why]) => ({ code, why })), ...rest };
}

/**
 * The code a barcode carries. Without doubt only where it holds digits and nothing else, or a platform's own link that calls
 * them a code: part of another text may be anything. Douyin's links say nothing without Douyin.
 */
function codeIn({ text, product }: Barcode): { readonly code?: string; readonly doubtful: boolean } {
  const none = { doubtful: false };
  const plain = text.trim();
  if (product || isPrivate(plain)) return none;
  if (/^\d+$/.test(plain)) {
    const doubt = doubtAbout(plain, [plain]);
    if (!LENGTHS.has(plain.length) || doubt === 'hidden' || isIdentityNumber(plain)) return none;
    return { code: plain, doubtful: doubt === 'phone' || isPaymentCode(plain) };
  }
  const { codes, doubtful } = readCodes(plain);
  const [code, ...more] = [...codes, ...doubtful.filter(({ why }) => why === 'link').map((one) => one.code)];
  return code !== undefined && more.length === 0 ? { code, doubtful: !readLink(plain).named } : none;
}

/** Longer texts are somebody's page. */
const LONGEST_SCAN = 200;

/** What the barcodes say besides codes: a link of Douyin's before other texts. */
function scannedIn(barcodes: readonly Barcode[]): { readonly scanned?: string } {
  const texts = barcodes
    .filter((barcode) => !barcode.product && !isPrivate(barcode.text) && codeIn(barcode).code === undefined)
    .map(({ text }) => text.trim());
  const links = texts.flatMap((text) => readCodes(text).douyin ?? []);
  const scanned = [...links, ...texts.filter((text) => !/^\d*$/.test(text))].find(({ length }) => length <= LONGEST_SCAN);
  return scanned === undefined ? {} : { scanned };
}

/** Digits printed at a barcode that are not its own, though its own are nowhere. */
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

/** Not the same number misread, or with digits hidden: from neither end do half of them agree. */
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
 * The printed numbers that may be codes; none is ever sure: white glare on white paper can hide digits of which nothing is
 * left to see, and twelve of fifteen look like a code of twelve. Where one that calls itself a code is not whole, a clean
 * one elsewhere is not it.
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

/** Draws the QR codes of places as a PDF to print and cut: four cards on a sheet of A4, in vectors. */
import { qrModules } from '../qr-code.ts';
import { fontsFor, type PrintFonts } from './chinese-font.ts';

/** One card. Texts are lines; a long one is set smaller. */
export interface PlaceCard {
  readonly store: string;
  readonly place: string;
  /** At most three are printed, side by side. */
  readonly codes: readonly { readonly label: string; readonly url: string }[];
  /** How it is used, a line for each language. */
  readonly how: readonly string[];
}

/** Points of 1/72 inch: a quarter of A4. */
const WIDTH = 595.28 / 2;
const HEIGHT = 841.89 / 2;
const ON_PAGE = 4;
const MARGIN = 24;
const MOST_CODES = 3;
/** The side of a code, by how many stand on a card: the smallest, 29 mm, is scanned from a hand's breadth. */
const SIDES = [0, 200, 122, 82] as const;
const INK = '#111111';
const FAINT = '#9a9a9a';

/** A line of a card: its size where it fits, and where its foot stands below the card's top. */
interface Line {
  readonly text: string;
  readonly size: number;
  readonly y: number;
  readonly x?: number;
  readonly width?: number;
}

/** The bytes of the PDF. */
export async function placeSheet(title: string, cards: readonly PlaceCard[]): Promise<Buffer> {
  const { default: Pdf } = await import('pdfkit');
  const letters = cards.flatMap(({ store, place, how, codes }) => [store, place, ...how, ...codes.map(({ label }) => label)]);
  const fonts = await fontsFor(letters.join(''));
  const pdf = new Pdf({ size: 'A4', margin: 0, autoFirstPage: false, info: { Title: title } });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  for (const { name, bytes } of fonts.fonts) pdf.registerFont(name, bytes);
  for (const [i, card] of cards.entries()) {
    if (i % ON_PAGE === 0) drawPage(pdf);
    pdf.save();
    pdf.translate((i % 2) * WIDTH, Math.floor((i % ON_PAGE) / 2) * HEIGHT);
    drawCard(pdf, card, fonts);
    pdf.restore();
  }
  pdf.end();
  return await done;
}

/** A page with the lines to cut along. */
function drawPage(pdf: PDFKit.PDFDocument): void {
  pdf.addPage();
  pdf.lineWidth(0.5).strokeColor(FAINT).dash(4, { space: 4 });
  pdf.moveTo(WIDTH, 0).lineTo(WIDTH, 2 * HEIGHT);
  pdf.moveTo(0, HEIGHT).lineTo(2 * WIDTH, HEIGHT);
  pdf.stroke().undash();
}

function drawCard(pdf: PDFKit.PDFDocument, { store, place, codes, how }: PlaceCard, fonts: PrintFonts): void {
  const line = (one: Line): void => drawLine(pdf, one, fonts);
  line({ text: store, size: 15, y: 44 });
  line({ text: place, size: 34, y: 88 });
  const shown = codes.slice(0, MOST_CODES);
  const side = SIDES[shown.length] ?? 0;
  const gap = (WIDTH - side * shown.length) / (shown.length + 1);
  const top = 104 + (SIDES[1] - side) / 2;
  for (const [i, { label, url }] of shown.entries()) {
    const x = gap + i * (side + gap);
    drawCode(pdf, url, x, top, side);
    line({ text: label, size: 11, y: top + side + 14, x, width: side });
  }
  for (const [i, text] of how.entries()) line({ text, size: i === 0 ? 13 : 10, y: 350 + i * 20 });
}

/** A QR code, its quiet zone included: each run of dark modules is one rectangle. */
function drawCode(pdf: PDFKit.PDFDocument, url: string, left: number, top: number, side: number): void {
  const modules = qrModules(url);
  const unit = side / modules.length;
  for (const [y, row] of modules.entries())
    for (let from = 0; from < row.length; from += 1) {
      if (!row[from]) continue;
      let to = from;
      while (row[to + 1]) to += 1;
      pdf.rect(left + from * unit, top + y * unit, (to - from + 1) * unit, unit);
      from = to;
    }
  pdf.fill(INK);
}

/** Sets a line in the middle, character by character, as each has its font. */
function drawLine(pdf: PDFKit.PDFDocument, { text, size, y, x = 0, width = WIDTH }: Line, fonts: PrintFonts): void {
  const characters = Array.from(text).filter((character) => fonts.of(character) !== undefined);
  const widthOf = (character: string, points: number): number =>
    pdf.font(fonts.of(character)!).fontSize(points).widthOfString(character);
  const room = width - (x === 0 ? 2 * MARGIN : 0);
  const wide = characters.reduce((sum, character) => sum + widthOf(character, size), 0);
  const fit = wide > room ? (size * room) / wide : size;
  let at = x + (width - Math.min(wide, room)) / 2;
  pdf.fillColor(INK);
  for (const character of characters) {
    const advance = widthOf(character, fit);
    pdf.text(character, at, y, { lineBreak: false, baseline: 'alphabetic' });
    at += advance;
  }
}

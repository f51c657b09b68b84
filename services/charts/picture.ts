/** Draws a summary as a picture for a phone: the store and the time, its figures in large letters, and its charts. */
import sharp from 'sharp';
import { drawBars, heightOf, type Bars } from './bars.ts';
import { outlineText } from './outline-text.ts';
import { fitting, widthOf } from './text-width.ts';
import { COLOURS, type Theme } from './theme.ts';

/** All texts are ready to be read. */
export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Up to four, side by side: the first two are the largest. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  /** Below each other; without a `chart` the title is a sentence that says why. */
  readonly charts: readonly { readonly title: string; readonly chart?: Omit<Bars, 'theme' | 'width'> }[];
  readonly theme: Theme;
}

/** Width in pixels of a drawing, and how much finer the picture is: 1,080 pixels, the width of most phones. */
const WIDTH = 720;
const SCALE = 1.5;
const MARGIN = 32;
const INNER = WIDTH - 2 * MARGIN;
const HEAD = 196;
/** Shares of the width that figures take, by how many there are: money is the widest. */
const SHARES = [[1], [0.4, 0.6], [0.25, 0.45, 0.3], [0.23, 0.37, 0.2, 0.2]] as const;
const GAP = 16;
/** Room of a chart's title, and below a chart. */
const TITLE = 40;
const BELOW = 20;

/** Gives the PNG, at most some tens of kilobytes. */
export async function drawPicture(picture: Picture): Promise<Buffer> {
  const svg = await outlineText(compose(picture));
  return await sharp(Buffer.from(svg), { density: 72 * SCALE })
    .png({ compressionLevel: 9, palette: true })
    .toBuffer();
}

/** The whole drawing, with words as words. */
function compose({ title, subtitle, figures, charts, theme }: Picture): string {
  const { ground, text, faint, line } = COLOURS[theme];
  const words = (content: string, x: number, y: number, size: number, fill: string): string =>
    `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${escaped(fitting(content, (WIDTH - MARGIN - x) / size))}</text>`;
  const columns = SHARES[Math.min(figures.length, SHARES.length) - 1] ?? [];
  const left = (n: number): number => MARGIN + INNER * columns.slice(0, n).reduce((sum, share) => sum + share, 0);
  const sizes = figures.map(({ value }, n) => Math.min(n < 2 ? 38 : 30, sizeFor(value, INNER * (columns[n] ?? 0) - GAP)));
  const large = Math.min(...sizes.slice(0, 2));
  const small = Math.min(large, ...sizes.slice(2));
  const parts = [
    words(title, MARGIN, 54, 30, text),
    words(subtitle, MARGIN, 86, 18, faint),
    ...figures.flatMap(({ label, value }, n) => [
      words(value, left(n), 146, n < 2 ? large : small, text),
      words(label, left(n), 172, 16, faint),
    ]),
  ];
  let y = HEAD;
  for (const { title: heading, chart } of charts) {
    parts.push(`<path d="M${MARGIN} ${y}H${WIDTH - MARGIN}" stroke="${line}"/>`);
    parts.push(words(heading, MARGIN, y + 30, 18, text));
    y += TITLE;
    if (chart) {
      const bars = { ...chart, theme, width: INNER };
      parts.push(`<g transform="translate(${MARGIN} ${y})">${drawBars(bars)}</g>`);
      y += heightOf(bars);
    }
    y += BELOW;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}">` +
    `<rect width="${WIDTH}" height="${y}" fill="${ground}"/>${parts.join('')}</svg>`
  );
}

/** The size in which a text fits into a width. */
const sizeFor = (content: string, width: number): number => Math.floor(width / Math.max(1, widthOf(content)));

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

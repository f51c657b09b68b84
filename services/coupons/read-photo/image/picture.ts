/** Decodes the bytes of a picture into a raster of bounded size, and refuses what is no picture or too costly. */
import sharp, { type Sharp } from 'sharp';
import { decodeHeic, MOST_HEIF_PIXELS } from './heic.ts';
import type { Raster } from './raster.ts';

export interface Picture {
  /** Upright by EXIF. Photographs: long side at most 1600; tall screenshots: short side at most 1000. */
  readonly raster: Raster;
  /** Cuts a part, given in raster pixels, from the original; `side` is its long side, enlarged if need be. */
  part(left: number, top: number, width: number, height: number, side: number): Promise<Raster>;
}

type Size = Pick<Raster, 'width' | 'height'>;

export type Decoded = Picture | 'not-a-picture' | 'too-many-pixels' | 'too-long' | 'broken';

/** Pixel limit; a phone's largest usual photograph has 50 million. */
const MOST_PIXELS = 64_000_000;
const LONG_SIDE = 1600;
const SHORT_SIDE = 1000;
/** Ratio of sides from which a picture is a screenshot of a scrolled page. */
const TALL = 2.5;
const TALLEST = 16_000;
/** Limit of the ratio of sides. A screenshot of 1080 by 16,200, which is 15 times, is read in 5 s of one core; one of 28 times in 8 s. */
const LONGEST = 30;
/** Long side of a thumbnail, which is enlarged: it is read better so. */
const SMALL = 700;

// One picture is decoded at a time, and none twice.
sharp.cache(false);
sharp.concurrency(1);

/** A JPEG that lacks its end mark alone is whole, and browsers show it; what lacks more has a gap before the mark given here. */
export async function decode(bytes: Uint8Array): Promise<Decoded> {
  if (!looksLikePicture(bytes)) return 'not-a-picture';
  const decoded = await decodeWith(bytes, 'error');
  return decoded === 'broken' && isJpeg(bytes) ? await decodeWith(Buffer.concat([bytes, JPEG_END]), 'warning') : decoded;
}

const JPEG_END = Buffer.from([0xff, 0xd9]);
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

async function decodeWith(bytes: Uint8Array, failOn: 'error' | 'warning'): Promise<Decoded> {
  try {
    const { autoOrient, format, compression } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const refusal = beyond(autoOrient, format === 'heif' ? MOST_HEIF_PIXELS : MOST_PIXELS);
    if (refusal) return refusal;
    const heic = compression === 'hevc';
    const decoded = heic ? await decodeHeic(bytes) : undefined;
    if (heic && !decoded) return 'broken';
    const open = (): Sharp => (decoded ? opened(decoded) : openedFile(bytes, failOn));
    const { width: w, height: h } = decoded ?? autoOrient;
    const long = Math.max(w, h);
    const short = Math.min(w, h);
    const wanted =
      long > TALL * short
        ? Math.min(SHORT_SIDE / short, TALLEST / long, 1)
        : long < SMALL
          ? Math.min(2, SMALL / long + 0.5)
          : Math.min(LONG_SIDE / long, 1);
    const size = { width: Math.max(1, Math.round(w * wanted)), height: Math.max(1, Math.round(h * wanted)) };
    const raster = await pixels(open().resize({ ...size, fit: 'fill' }));
    return {
      raster,
      async part(left, top, width, height, side) {
        const back = w / raster.width;
        const x = clamp(Math.round(left * back), 0, w - 1);
        const y = clamp(Math.round(top * back), 0, h - 1);
        const area = {
          left: x,
          top: y,
          width: clamp(Math.round(width * back), 1, w - x),
          height: clamp(Math.round(height * back), 1, h - y),
        };
        return await pixels(open().extract(area).resize({ width: side, height: side, fit: 'inside', kernel: 'cubic' }));
      },
    };
  } catch (error) {
    // The decoder reports a missing codec only in words.
    return error instanceof Error && /unsupported|No decoding plugin|not been (?:built|compiled)/i.test(error.message)
      ? 'not-a-picture'
      : 'broken';
  }
}

/** Refuses by pixels and by shape: a long picture is read tile by tile, however few pixels it has. */
function beyond({ width, height }: Size, most: number): 'too-many-pixels' | 'too-long' | undefined {
  if (width * height > most) return 'too-many-pixels';
  return Math.max(width, height) > LONGEST * Math.min(width, height) ? 'too-long' : undefined;
}

const openedFile = (bytes: Uint8Array, failOn: 'error' | 'warning'): Sharp =>
  sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn, pages: 1 }).autoOrient().flatten({ background: 'white' });

const opened = ({ width, height, data }: Raster): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

async function pixels(image: Sharp): Promise<Raster> {
  const { data, info } = await image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { width: info.width, height: info.height, data };
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let n = 0; n < rgb.length; n++) rgb[n] = data[Math.floor(n / 3) * info.channels] ?? 0;
  return { width: info.width, height: info.height, data: rgb };
}

const clamp = (n: number, least: number, most: number): number => Math.max(least, Math.min(most, n));

/** Checks the magic bytes: SVG and documents are never opened, whatever their name. */
function looksLikePicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString('latin1');
  return /^(?:\xff\xd8\xff|\x89PNG\r\n|GIF8|RIFF[^]{4}WEBP|[^]{4}ftyp(?:avi[fs]|mif1|msf1|hei[cxsm]|hev[cx]))/.test(start);
}

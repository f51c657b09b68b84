/** A simulated camera: a screen on a table, seen from somewhere, through a lens, in some light. */
import sharp, { type Sharp } from 'sharp';
import type { Chance } from './chance.ts';

/** Red, green, blue, row by row. */
export interface Shot {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export async function developed(image: Sharp): Promise<Shot> {
  const { data, info } = await image
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const print = ({ width, height, data }: Shot): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

export interface View {
  /** How much of the picture's height the screen takes. */
  readonly share: number;
  /** How far its corners stray, as a share of its size; and how far it is turned, in degrees. */
  readonly stray: number;
  readonly turn: number;
  /** The picture's size. */
  readonly width: number;
  readonly height: number;
}

/** Every point of the picture looks up where it comes from on the screen; beyond it lies the table. */
export function seen(chance: Chance, screen: Shot, { share, stray, turn, width, height }: View): Shot {
  const scale = (share * height) / screen.height;
  const [w, h] = [screen.width * scale, screen.height * scale];
  const angle = (turn * Math.PI) / 180;
  const [middleX, middleY] = [width / 2 + chance.between(-0.05, 0.05) * width, height / 2 + chance.between(-0.05, 0.05) * height];
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([sx = 0, sy = 0]) => {
    const x = (sx * w) / 2 + chance.between(-stray, stray) * w;
    const y = (sy * h) / 2 + chance.between(-stray, stray) * h;
    return [middleX + x * Math.cos(angle) - y * Math.sin(angle), middleY + x * Math.sin(angle) + y * Math.cos(angle)] as const;
  });
  const back = inverse(square(corners));
  const table = [chance.whole(60, 190), chance.whole(60, 170), chance.whole(50, 150)];
  const grain = chance.between(0.02, 0.2);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const depth = back[6]! * x + back[7]! * y + back[8]!;
      const u = ((back[0]! * x + back[1]! * y + back[2]!) / depth) * (screen.width - 1);
      const v = ((back[3]! * x + back[4]! * y + back[5]!) / depth) * (screen.height - 1);
      const to = (y * width + x) * 3;
      const [left, top] = [Math.floor(u), Math.floor(v)];
      if (left < 0 || top < 0 || left >= screen.width - 1 || top >= screen.height - 1) {
        const wave = 1 + 0.1 * Math.sin(x * grain + 3 * Math.sin(y * 0.01));
        for (let c = 0; c < 3; c++) data[to + c] = Math.min(255, table[c]! * wave);
        continue;
      }
      const [fx, fy] = [u - left, v - top];
      const from = (top * screen.width + left) * 3;
      const below = from + screen.width * 3;
      for (let c = 0; c < 3; c++)
        data[to + c] =
          (screen.data[from + c]! * (1 - fx) + screen.data[from + 3 + c]! * fx) * (1 - fy) +
          (screen.data[below + c]! * (1 - fx) + screen.data[below + 3 + c]! * fx) * fy;
    }
  return { width, height, data };
}

/** The projective map of the unit square onto four corners (Heckbert 1989). */
function square(corners: readonly (readonly [number, number])[]): number[] {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners as readonly [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / area;
  const h = (dx1 * dy3 - dx3 * dy1) / area;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function inverse([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: readonly number[]): number[] {
  const by = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map((n) => n / by);
}

export const blurred = async (shot: Shot, sigma: number): Promise<Shot> =>
  sigma < 0.35 ? shot : await developed(print(shot).blur(sigma));

/** The hand moved so many pixels in that direction while it was taken. */
export async function moved(shot: Shot, length: number, degrees: number): Promise<Shot> {
  const size = 2 * Math.ceil(length / 2) + 1;
  const kernel = Array.from({ length: size * size }, () => 0);
  const [dx, dy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  for (let way = -length / 2; way <= length / 2; way += 0.25)
    kernel[(Math.round(way * dy) + (size >> 1)) * size + Math.round(way * dx) + (size >> 1)]! += 1;
  return await developed(print(shot).convolve({ width: size, height: size, kernel }));
}

/** So much light (1: as it was), and a sensor that adds noise of so many steps. */
export function exposed(chance: Chance, { width, height, data }: Shot, light: number, noise: number): Shot {
  // Light falls off to one side.
  const [sideX, sideY] = [chance.between(-0.25, 0.25), chance.between(-0.25, 0.25)];
  const grain = Float32Array.from({ length: 65_536 }, () => (chance.next() + chance.next() + chance.next() - 1.5) * 2 * noise);
  const out = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    let n = chance.whole(0, 65_535);
    for (let x = 0; x < width; x++) {
      const gain = light * (1 + sideX * (x / width - 0.5) + sideY * (y / height - 0.5));
      for (let c = 0; c < 3; c++, at++) {
        n = (n + 1) & 65_535;
        out[at] = Math.max(0, Math.min(255, data[at]! * gain + grain[n]!));
      }
    }
  }
  return { width, height, data: out };
}

/** The pixels of a screen against those of the sensor: waves, another one for each colour. */
export function waved(chance: Chance, { width, height, data }: Shot, depth: number): Shot {
  const waves = [0, 1, 2].map(() => ({ fx: chance.between(-0.6, 0.6), fy: chance.between(-0.6, 0.6), at: chance.between(0, 6) }));
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const [x, y] = [(at / 3) % width, Math.floor(at / 3 / width)];
    for (let c = 0; c < 3; c++) {
      const { fx, fy, at: phase } = waves[c]!;
      out[at + c] = Math.min(255, data[at + c]! * (1 - depth / 2 + (depth / 2) * Math.sin(fx * x + fy * y + phase)));
    }
  }
  return { width, height, data: out };
}

export const kept = async (shot: Shot, quality: number): Promise<Uint8Array> =>
  new Uint8Array(await print(shot).jpeg({ quality }).toBuffer());

/** A part of it, as a screenshot is cropped. */
export const cropped = async (shot: Shot, left: number, top: number, width: number, height: number): Promise<Shot> =>
  await developed(print(shot).extract({ left, top, width, height }));

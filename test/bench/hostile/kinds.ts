/** The kinds of pictures that a code can be misread from, each drawn from its own seed. */
import sharp from 'sharp';
import { drawnBarcode, type Symbology } from './barcodes.ts';
import { blurred, cropped, developed, exposed, kept, moved, seen, waved, type Shot } from './camera.ts';
import { createChance, type Chance } from './chance.ts';
import { finger, fold, glare, hidden, sticker, type Where } from './covers.ts';
import { couponScreen, otherScreen, type Place, type Screen } from './screens.ts';

export interface HostilePicture {
  readonly bytes: Uint8Array;
  /** What is printed on the page, hidden or not; nothing where there is no coupon. */
  readonly code: string | undefined;
}

/** Picture number `n` of a kind, the same one every time. */
export type Draw = (n: number) => Promise<HostilePicture>;

/** Twelve can be what is left of fifteen, ten what is left of twelve. */
const LENGTHS = [10, 12, 12, 15] as const;

const drawn = async (screen: Screen, more?: string, scale = 1): Promise<Shot> =>
  await developed(sharp(Buffer.from(screen.svg(more))).resize({ width: Math.round(screen.width * scale) }));

/** An ordinary photograph of a screen, taken by a steady hand. */
async function photographed(chance: Chance, shot: Shot): Promise<Shot> {
  const height = chance.whole(1200, 1600);
  const view = {
    share: chance.between(0.8, 1.05),
    stray: 0.02,
    turn: chance.between(-6, 6),
    width: Math.round(height * 0.75),
    height,
  };
  const far = await blurred(seen(chance, shot, view), chance.between(0.3, 0.8));
  return exposed(chance, far, chance.between(0.75, 1.05), chance.between(1, 5));
}

const taken = async (chance: Chance, screen: Screen, more?: string): Promise<HostilePicture> => {
  const shot = await drawn(screen, more, chance.between(0.9, 1.4));
  const photo = chance.often(0.6) ? await photographed(chance, shot) : shot;
  return { bytes: await kept(photo, chance.whole(60, 92)), code: screen.code };
};

type Make = (chance: Chance, screen: Screen) => Promise<HostilePicture>;
type Cover = (chance: Chance, place: ReturnType<typeof hidden>, screen: Screen) => string;

const covered =
  (cover: Cover, where: Where): Make =>
  async (chance, screen) =>
    await taken(chance, screen, cover(chance, hidden(chance, screen, where), screen));

/** The edge of the picture runs through the line or just beside a digit. */
const cut =
  (side: 'left' | 'right'): Make =>
  async (chance, screen) => {
    const scale = chance.between(0.9, 1.4);
    const shot = await drawn(screen, '', scale);
    const count = chance.whole(1, 5);
    const { digits } = screen;
    const at = digits[side === 'left' ? count : digits.length - count]!;
    const edge = Math.round((at.x + chance.between(-0.3, 0.5) * at.width) * scale);
    const part =
      side === 'left'
        ? await cropped(shot, edge, 0, shot.width - edge, shot.height)
        : await cropped(shot, 0, 0, Math.max(edge, 60), shot.height);
    return { bytes: await kept(part, chance.whole(60, 92)), code: screen.code };
  };

const throughCamera =
  (camera: (chance: Chance, shot: Shot) => Promise<readonly [Shot, number]>): Make =>
  async (chance, screen) => {
    const [shot, quality] = await camera(chance, await drawn(screen, '', 1.3));
    return { bytes: await kept(shot, quality), code: screen.code };
  };

const COUPONS: Readonly<Record<string, Make>> = {
  clean: async (chance, screen) => ({ bytes: await kept(await drawn(screen), chance.whole(75, 95)), code: screen.code }),
  photographed: throughCamera(async (chance, shot) => [await photographed(chance, shot), chance.whole(70, 90)]),
  'finger, first': covered(finger, 'first'),
  'finger, middle': covered(finger, 'middle'),
  'finger, last': covered(finger, 'last'),
  'sticker, first': covered(sticker, 'first'),
  'sticker, middle': covered(sticker, 'middle'),
  'sticker, last': covered(sticker, 'last'),
  'glare, first': covered(glare, 'first'),
  'glare, middle': covered(glare, 'middle'),
  'glare, last': covered(glare, 'last'),
  fold: covered(fold, 'middle'),
  'cut, left': cut('left'),
  'cut, right': cut('right'),
  motion: throughCamera(async (chance, shot) => [
    await moved(await photographed(chance, shot), chance.between(3, 16), chance.between(0, 180)),
    chance.whole(65, 90),
  ]),
  blur: throughCamera(async (chance, shot) => [
    await blurred(await photographed(chance, shot), chance.between(1, 4)),
    chance.whole(65, 90),
  ]),
  far: throughCamera(async (chance, shot) => {
    const view = { share: chance.between(0.18, 0.45), stray: 0.03, turn: chance.between(-10, 10), width: 1200, height: 1600 };
    const small = await blurred(seen(chance, shot, view), chance.between(0.4, 0.9));
    return [exposed(chance, small, chance.between(0.7, 1), chance.between(2, 8)), chance.whole(60, 88)];
  }),
  dark: throughCamera(async (chance, shot) => [
    exposed(chance, await photographed(chance, shot), chance.between(0.06, 0.3), chance.between(5, 20)),
    chance.whole(60, 88),
  ]),
  moire: throughCamera(async (chance, shot) => [
    await blurred(waved(chance, await photographed(chance, shot), chance.between(0.15, 0.6)), 0.5),
    chance.whole(60, 88),
  ]),
  'low quality': async (chance, screen) => {
    const shot = await drawn(screen, '', chance.between(0.4, 0.9));
    const once = await developed(sharp(await kept(shot, chance.whole(8, 35))));
    return { bytes: await kept(once, chance.whole(20, 60)), code: screen.code };
  },
  perspective: throughCamera(async (chance, shot) => {
    const view = {
      share: chance.between(0.7, 0.95),
      stray: chance.between(0.06, 0.16),
      turn: chance.between(-25, 25),
      width: 1200,
      height: 1500,
    };
    const leaning = await blurred(seen(chance, shot, view), chance.between(0.3, 0.9));
    return [exposed(chance, leaning, chance.between(0.7, 1), chance.between(1, 6)), chance.whole(65, 90)];
  }),
};

/** Under the digits, something lies on the barcode, and the camera is not kind either. */
const scanned =
  (format: Symbology, harm: (chance: Chance, place: Place) => string): Make =>
  async (chance, screen) => {
    const { svg, place } = await drawnBarcode(screen.code ?? '', format, screen.digits[0]!.y + 130);
    const shot = await photographed(chance, await drawn(screen, svg + harm(chance, place), 1.2));
    const worse = chance.often(0.5)
      ? await moved(shot, chance.between(2, 7), chance.between(0, 180))
      : await blurred(shot, chance.between(0.3, 1.6));
    return { bytes: await kept(worse, chance.whole(50, 88)), code: screen.code };
  };

/** A part of a barcode, at its edge or in its midst. */
const corner = (chance: Chance, { x, y, width, height }: Place): Place => {
  const share = chance.between(0.08, 0.35);
  return {
    x: x + chance.between(0, 1 - share) * width,
    y: y + chance.between(0, 0.6) * height,
    width: share * width,
    height: 0.4 * height,
  };
};

const BARCODES: Readonly<Record<string, Make>> = {
  'QR code, worn': scanned('QRCode', (chance, place) => sticker(chance, corner(chance, place))),
  'QR code, finger': scanned('QRCode', (chance, place) => finger(chance, corner(chance, place))),
  'barcode, worn': scanned('Code128', (chance, place) => sticker(chance, corner(chance, place))),
  'barcode, glare': scanned('Code128', (chance, place) => glare(chance, corner(chance, place))),
  // What it says and what is printed beside it are two things.
  'barcode of another': async (chance, screen) => {
    const { svg } = await drawnBarcode(chance.digits(12), 'Code128', screen.digits[0]!.y + 130);
    return await taken(chance, screen, svg);
  },
};

const OTHERS: Readonly<Record<string, Make>> = {
  'other numbers, screenshot': async (chance, screen) => ({
    bytes: await kept(await drawn(screen), chance.whole(70, 95)),
    code: undefined,
  }),
  'other numbers, photograph': throughCamera(async (chance, shot) => {
    const photo = await photographed(chance, shot);
    const worse = chance.often(0.5)
      ? await moved(photo, chance.between(3, 9), chance.between(0, 180))
      : await blurred(photo, chance.between(0.5, 2.5));
    return [worse, chance.whole(60, 90)];
  }),
  'barcode of a parcel or an order': async (chance, screen) => {
    const number = chance.digits(chance.pick([12, 13, 15]));
    const { svg } = await drawnBarcode(number, 'Code128', 560);
    const name = chance.pick(['运单号', '订单号', '会员卡号', '交易流水号']);
    const words = `<rect x="30" y="470" width="660" height="260" fill="#fff"/><text x="90" y="520" font-size="26" font-family="Noto Sans CJK SC">${name} ${number}</text>`;
    return await taken(chance, { ...screen, code: undefined }, words + svg);
  },
  // The words that say what a number is are hidden, the number is not.
  'other numbers, unnamed': async (chance, screen) =>
    await taken(
      chance,
      screen,
      `<rect x="30" y="180" width="170" height="800" fill="${chance.pick(['#d9a07e', '#cfcfcf', screen.paper])}"/>`,
    ),
};

const draws = (
  kinds: Readonly<Record<string, Make>>,
  screen: (chance: Chance, n: number) => Screen,
  seed: number,
): Map<string, Draw> =>
  new Map(
    Object.entries(kinds).map(([name, make], kind) => [
      name,
      async (n) => {
        const chance = createChance(seed + kind * 100_003 + n * 101);
        return await make(chance, screen(chance, n));
      },
    ]),
  );

export const kindsOf = (seed: number): ReadonlyMap<string, Draw> =>
  new Map([
    ...draws(BARCODES, (chance, n) => couponScreen(chance, LENGTHS[n % LENGTHS.length]!, 0), seed + 9_000_011),
    ...draws(COUPONS, (chance, n) => couponScreen(chance, LENGTHS[n % LENGTHS.length]!), seed),
    ...draws(OTHERS, otherScreen, seed + 5_000_011),
  ]);
